"""OCA's addons that reach into sending are installed beside ours, and who is shown to get an e-mail
still is who gets it."""

import dataclasses

import pytest
import scenarios
from installation import COMPLAINT, update

from tools import python_env

#: Their wheels ask for a distribution `odoo` that does not exist: they come without it.
WHEELS = [
    "odoo-addon-mail-tracking==19.0.1.0.6.2",
    "odoo-addon-mail-optional-autofollow==19.0.1.0.0.7",
    "odoo-addon-mail-optional-follower-notification==19.0.1.0.0.7",
    "odoo-addon-mail-post-defer==19.0.1.0.0.4",
]
ADDONS = [
    "mail_tracking",
    "mail_optional_autofollow",
    "mail_optional_follower_notification",
    "mail_post_defer",
]
SECONDS = 300


@pytest.fixture(scope="module")
def beside(host):
    folder = python_env.ensure_target("oca-mail", *WHEELS)
    return dataclasses.replace(host, python_path=(*host.python_path, str(folder)))


@pytest.fixture(scope="module")
def play(beside):
    def install(database):
        log = update(beside, database, "-i", ",".join(ADDONS))
        assert COMPLAINT.findall(log) == []

    return scenarios.play(beside, "recipients_beside", ["sends"], SECONDS, prepare=install)


def test_with_ocas_addons_beside_ours_who_is_predicted_is_who_is_reached(play):
    end = play("sends")
    print(f"seed {end['seed']}: {end['sends']} sends, {end['sent']} sent")
    assert end["faults"] == [], f"seed {end['seed']}"
    assert end["sent"] >= 0.5 * end["sends"]
    assert end["reached"] >= end["sent"]
