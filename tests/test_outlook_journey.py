"""The Outlook add-in in a real browser: sign in, open an e-mail, log it, make a lead."""

import json
import time

import pytest

from tests import axe
from tests.mail_plugin_client import SET_UP
from tests.outlook_client import PANE, outlook, sign_in

#: The server is told, where it has read the address already.
ADDRESS = """
for name, value in (("web.base.url.freeze", "True"), ("web.base.url", {url!r})):
    env["ir.config_parameter"].set_param(name, value)
env.cr.commit()
"""
MESSAGES = """
    SELECT model, message_id, subject, body FROM mail_message
     WHERE message_id LIKE '<tea.%%' ORDER BY id
"""


@pytest.fixture(scope="module")
def database(host):
    with host.database("outlook") as name:
        host.shell(name, SET_UP)
        yield name


@pytest.fixture(scope="module")
def server(host, database):
    with host.server(database, cron=0) as server:
        host.shell(database, ADDRESS.format(url=server.url))
        yield server


@pytest.fixture
def tab(server, tmp_path):
    with outlook(tmp_path) as tab:
        tab.watch()
        tab.open(server.url + PANE, "button.main")
        yield tab


def text(tab, selector="body"):
    return tab.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")


def wait_until(tab, script):
    deadline = time.monotonic() + 90
    while not tab.evaluate(script):
        assert time.monotonic() < deadline, (script, text(tab))
        time.sleep(0.2)


def test_a_user_signs_in_opens_an_e_mail_logs_it_and_makes_a_lead(host, database, tab):
    assert "Connect Outlook with Odoo" in text(tab)
    source = axe.script()
    assert not axe.violations(tab, source)
    sign_in(tab, "sally", "sally-secret")
    tab.wait_for("h1 a")
    assert not axe.violations(tab, source)
    assert text(tab, "h1") == "Ann"
    assert "Acme" in text(tab, ".company")
    assert "Opportunities (1)" in text(tab)
    assert "Deal" in text(tab, ".rows")
    assert text(tab, ".people").split("\n")[-2:] == ["Ann", "Zoe Zebra"]
    assert tab.evaluate("window.isDialogClosed")

    tab.click("[data-key^='log crm.lead']")
    wait_until(tab, "!!document.querySelector('.rows .done')")
    assert "Deal" in text(tab, ".logged")

    tab.evaluate("window.openItem(1)")
    wait_until(tab, "document.querySelector('h1')?.innerText.includes('onerror')")
    assert not tab.evaluate("!!document.querySelector('img[src=x]')")
    assert "Not among your contacts yet" in text(tab)
    tab.click("[data-key='make crm.lead']")
    wait_until(tab, "document.body.innerText.includes('has the e-mail now')")
    assert "Opportunities (1)" in text(tab)

    [logged, made] = host.sql(MESSAGES, database=database)
    assert logged[:3] == ["crm.lead", "<tea.1@acme.test>", "Tea <b>for</b> two"]
    assert made[:2] == ["crm.lead", "<tea.2@acme.test>"]
    for body in (logged[3], made[3]):
        assert "<b>offer</b>" in body
        assert "<script" not in body
        assert "cid:" not in body
    names = "SELECT DISTINCT name FROM ir_attachment WHERE name IN ('price.txt', 'logo.png')"
    assert len(host.sql(names, database=database)) == 2
    [[contact]] = host.sql(
        "SELECT email FROM res_partner WHERE id = (SELECT partner_id FROM crm_lead"
        " ORDER BY id DESC LIMIT 1)",
        database=database,
    )
    assert contact == "new@beta.test"
    assert [fault for fault in tab.faults() if "favicon" not in fault] == []


def test_what_is_open_in_outlook_decides_and_disconnecting_ends_it(host, database, tab):
    sign_in(tab, "sally", "sally-secret")
    tab.wait_for("h1 a")
    tab.evaluate("window.openItem(2)")
    wait_until(tab, "document.body.innerText.includes('your own address')")
    tab.evaluate("window.openItem(3)")
    wait_until(tab, "document.body.innerText.includes('Open an e-mail')")
    [[before]] = host.sql("SELECT count(*) FROM mail_plugin_connection", database=database)
    tab.press("Disconnect")
    tab.wait_for("button.main")
    [[after]] = host.sql("SELECT count(*) FROM mail_plugin_connection", database=database)
    assert after == before - 1
    tab.call("Page.reload")
    tab.wait_for("button.main")
