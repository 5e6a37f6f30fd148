"""From the open gallery of an empty database to the first leads of a register, in a browser.

`docs/first_hour.py` takes the documentation's pictures of it.
"""

import sys
from pathlib import Path

import pytest
from test_lead_mining_journey import shows

from tools import paths
from tools.browser import browser

sys.path.insert(0, str(paths.ADDONS / "crm_lead_directory/tests"))
import norway
import publisher

#: Companies of the file, and as many sole traders.
COMPANIES, LEADS = 400, 25
ADDONS = Path(__file__).parent / "addons"
SET_UP = """
from odoo.tests.common import new_test_user
new_test_user(env, login="otto", password="otto-secret", name="Otto Officer",
              email="otto@ours.example", groups="sales_team.group_sale_manager")
ours = ("model._cron_download()", "model._cron_import()")
env["ir.cron"].search([("code", "not like", "_run_lane"), ("code", "not in", ours)]).active = False
env.cr.commit()
"""
LEADS_MADE = """
SELECT count(*), count(DISTINCT reveal_id), min(country.code), max(country.code)
  FROM crm_lead AS lead JOIN res_country AS country ON country.id = lead.country_id
"""
CARD, NORWAY = ".o_kanban_record", "Enhetsregisteret"


@pytest.fixture(scope="module")
def norway_on_loopback(tmp_path_factory):
    rows = [norway.company(number) for number in range(COMPANIES)]
    rows += [norway.company(COMPANIES + number, "ENK") for number in range(COMPANIES)]
    with publisher.Publisher(tmp_path_factory.mktemp("publisher"), norway.HOST) as server:
        content = norway.packed(rows)
        server.files[norway.HOST + norway.PATH] = publisher.Published(
            content, cuts=[len(content) // 2]
        )
        yield server


@pytest.fixture
def tab(host, norway_on_loopback, monkeypatch):
    monkeypatch.setenv("REGISTER_PORT", str(norway_on_loopback.port))
    monkeypatch.setenv("REGISTER_CERTIFICATE", norway_on_loopback.certificate)
    addons = ",".join(map(str, (*host.addons_path, ADDONS)))
    extra = ("--load=base,rpc,web,register_loopback", f"--addons-path={addons}")
    with host.database("gallery") as database:
        host.shell(database, SET_UP)
        with host.server(database, cron=1, extra=extra) as server, browser(height=900) as tab:
            tab.sign_in(server.url, database, "otto", "otto-secret")
            tab.database, tab.url = database, server.url
            yield tab


def click(tab, button):
    """Click a button of Norway's card."""
    shows(tab, NORWAY, selector=CARD)
    tab.evaluate(
        f"[...document.querySelectorAll('{CARD}')]"
        f".find((one) => one.innerText.includes('{NORWAY}'))"
        f".querySelector('[name={button}]').click()"
    )


def test_three_clicks_lead_from_an_empty_directory_to_the_first_leads(host, tab):
    tab.open(f"{tab.url}/odoo/company-sources", CARD)
    tab.evaluate("window.journey = true")
    click(tab, "action_get")
    told = f"{COMPANIES} in the directory", f"{COMPANIES} · Sole traders"
    shows(tab, NORWAY, *told, selector=CARD)
    click(tab, "action_generate_leads")
    shows(tab, f"{COMPANIES} companies match", selector=".modal .o_lead_mining_preview")
    tab.click(".modal footer button[name=action_generate]")
    shows(tab, "Done", selector=".o_arrow_button_current")
    shows(tab, str(LEADS), selector=".o_field_widget[name=created_count]")
    assert tab.evaluate("window.journey"), "the page was loaded anew"
    [made] = host.sql(LEADS_MADE, database=tab.database)
    assert tuple(made) == (LEADS, LEADS, "NO", "NO")
