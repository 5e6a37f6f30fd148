"""Who is shown to get an e-mail is who gets it, on every way out, judged at a real SMTP server."""

import os

import pytest
import scenarios

SECONDS = 900 if os.environ.get("RECIPIENT_SENDS") else 7_200
pytestmark = pytest.mark.timeout(SECONDS + 300)


@pytest.fixture(scope="module")
def play(host):
    return scenarios.play(host, "recipients_sends", ["sends"], SECONDS)


def test_who_is_predicted_is_who_is_reached_in_every_send(play):
    end = play("sends")
    print(f"seed {end['seed']}: {end['sends']} sends, {end['sent']} sent, {end['seconds']} s")
    assert end["faults"] == [], "\n".join([f"seed {end['seed']}:", *end["faults"]])
    assert end["sent"] >= 0.5 * end["sends"]
    assert end["reached"] >= end["sent"]
    assert end["unused"] == [], "ways out by which nothing was sent"
