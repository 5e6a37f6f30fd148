"""Nobody is kept out of our main pages: axe finds nothing of ours on them, wide or narrow."""

import json
import sys

import pytest

from tests import axe
from tools import paths
from tools.browser import browser
from tools.commands import demo

sys.path.append(str(paths.REPO / "docs"))

from stations import PICTURES, SALESPERSON, Picture, Stage  # noqa: E402 - docs is no package

#: Width and height of a laptop's window, and of a phone.
SIZES = ((1440, 900), (390, 844))
#: Of the pictures' screens.
MAIN = (
    "generate-leads", "lead-mining-results", "lead-mining-search", "mined-lead", "report-bad-data",
    "get-companies", "credit-account", "buy-credits", "who-may-be-written-to", "wrong-customer",
    "protected-quotation", "lead-generation-settings", "recipient-settings", "recipient-log",
    "install-add-in", "connected-mailboxes", "gmail-add-on", "mined-contacts", "providers",
)  # fmt: skip
#: Those of them to which one comes by a row of a list or a button that a phone puts elsewhere.
WIDE = (
    "generate-leads", "lead-mining-results", "report-bad-data", "wrong-customer",
    "protected-quotation",
)  # fmt: skip
PUBLIC = """
import json
from urllib.parse import urlsplit
contact = env["lead.mining.contact"].search([], limit=1)
account = env["iap.account"]._get_local("reveal")
order = env["iap.credit.order"]._place(
    env["iap.credit.pack"].search([], limit=1), account, env.user.partner_id, user=env.user)
env.cr.commit()
links = (contact._objection_url(), account._get_signed_credits_url(), order._get_page_url())
print(json.dumps([urlsplit(link)._replace(scheme="", netloc="").geturl() for link in links]))
"""


@pytest.fixture(scope="module")
def scene(host):
    """A database with a little of everything; ids of its records."""
    with host.database("accessible") as database:
        made = demo.script(host, database, "scene", {"language": "en_US"})
        made["public"] = json.loads(host.shell(database, PUBLIC).splitlines()[-1])
        with host.server(database, cron=0) as server:
            yield database, server, made


@pytest.fixture(scope="module")
def source():
    return axe.script()


def dialog_on_a_phone(stage):
    stage.open("crm", ".o_kanban_record")
    stage.tab.tap("button.o-control-panel-adaptive-dropdown")
    stage.tab.tap(".o_button_lead_mining")
    stage.tab.wait_for(".modal .o_lead_mining_preview[data-ready='1'] .o_lead_mining_sample")


def results_on_a_phone(stage):
    stage.open("action-crm_lead_mining.lead_mining_result_action", ".o_kanban_record")


@pytest.mark.parametrize("width, height", SIZES)
def test_axe_finds_nothing_of_ours_in_the_backend(scene, source, width, height):
    database, server, made = scene
    found = {}
    shown = {name: PICTURES[name] for name in MAIN}
    if width < SIZES[0][0]:
        shown = {name: one for name, one in shown.items() if name not in WIDE}
        shown["dialog"] = Picture(SALESPERSON, dialog_on_a_phone, height)
        shown["results"] = Picture(SALESPERSON, results_on_a_phone, height)
    for name, picture in shown.items():
        with browser() as tab:
            tab.resize(width, height)
            tab.sign_in(server.url, database, picture.login, picture.login)
            picture.pose(Stage(tab, server.url, made))
            tab.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
            found[name] = axe.violations(tab, source)
    assert not any(found.values()), json.dumps(found, indent=1)


@pytest.mark.parametrize("width, height", SIZES)
def test_axe_finds_nothing_of_ours_on_pages_for_outsiders(scene, source, width, height):
    _database, server, made = scene
    found = {}
    with browser() as tab:
        tab.resize(width, height)
        for path in made["public"]:
            tab.open(server.url + path, "main")
            found[path] = axe.violations(tab, source)
    assert not any(found.values()), json.dumps(found, indent=1)


def test_axe_is_asked(scene, source):
    _database, server, _made = scene
    with browser() as tab:
        tab.open(f"{server.url}/web/login", ".oe_login_form")
        tab.evaluate("document.body.insertAdjacentHTML('afterbegin', '<input>')")
        assert [line.partition(":")[0] for line in axe.violations(tab, source)] == ["label"]
