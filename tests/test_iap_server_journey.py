"""What a user of an Odoo with stock addons alone sees, whose leads come from one with ours.

Two processes with two databases, over HTTP, in a browser; nothing in the client is ours.
"""

import json

import pytest
from iap_client import client_and_server
from test_lead_mining_journey import choose, fill, shows

from tools.browser import browser

CREDITS, COMPANIES = 6, 40
#: The server sells: packs are paid as Odoo's own demo provider pays, and its pages are Italian too.
SHOP = """
env.ref("payment.payment_provider_demo").write({"state": "test", "is_published": True})
env.ref("payment_demo.payment_method_demo").active = True
env["res.lang"]._activate_lang("it_IT")
env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
"""
BUYER = {"name": "Ada Admin", "email": "ops@alfa.example", "company": "Alfa SA",
         "street": "Rue Haute 1", "zip": "1000", "city": "Bruxelles"}  # fmt: skip
ROW, NAME = ".o_data_row", ".o_form_view [name=name] :is(textarea, input)"
LEADS = """
SELECT count(*)::int, count(DISTINCT reveal_id)::int FROM crm_lead WHERE reveal_id IS NOT NULL
"""
HELD = "SELECT count(*)::int FROM iap_credit_hold WHERE state = 'open'"


@pytest.fixture(scope="module")
def served(host):
    with client_and_server(
        host, "iap_journey", companies=COMPANIES, credits=CREDITS, more=SHOP
    ) as served:
        yield served


@pytest.fixture(scope="module")
def tab(served):
    with browser(1440, 900) as tab:
        tab.sign_in(url_of(served), served.client_name, "admin", "admin")
        yield tab


def url_of(served):
    """Return the client's address under a name of its own: a browser keeps cookies by host."""
    return served.running.url.replace("127.0.0.1", "localhost")


def go(tab, served, path, until):
    """Open a page of the client."""
    tab.open(f"{url_of(served)}/odoo/{path}", until)


def enter(tab, selector, text):
    """Click a field, and type."""
    tab.tap(selector)
    tab.type(text)


def ask_for_leads(tab, served, number):
    """Press stock's button in the pipeline, and fill its dialog in."""
    go(tab, served, "crm", ".o_button_generate_leads")
    tab.click(".o_button_generate_leads")
    fill(tab, "lead_number", str(number))
    enter(tab, ".modal [name=industry_ids] input", "Software")
    choose(tab, ".o-autocomplete--dropdown-item", "Software & Services")
    submit(tab)


def submit(tab):
    shows(tab, "Software & Services", selector=".modal [name=industry_ids]")
    tab.click(".modal footer button[name=action_submit]")


def shows_balance(tab, served, credits):
    """See the balance on the page that the settings lead to, and in the list of accounts."""
    go(tab, served, "action-crm.crm_config_settings_action", "[name=module_crm_iap_mine]")
    button = ".o_setting_box:has([name=module_crm_iap_mine]) .btn-link"
    choose(tab, button, "Manage Service & Buy Credits")
    shows_field(tab, "balance", f"{credits} Credits")
    go(tab, served, "iap-accounts", ROW)
    shows(tab, "Lead Generation", f"{credits} Credits", selector=ROW)


def shows_field(tab, name, value):
    """Wait until a field, which may be an input, has a value."""
    field = f".o_form_view .o_field_widget[name={name}]"
    tab.wait_until(
        f"""[...document.querySelectorAll({json.dumps(field)})].some((one) =>
            (one.querySelector("input, textarea")?.value ?? one.innerText) === {json.dumps(value)})
        """,
        f"{value} in {name}",
    )


class TestAUserOfAnUnmodifiedOdoo:
    """One after the other, as on the first day."""

    def test_1_sees_the_balance(self, served, tab):
        shows_balance(tab, served, CREDITS)

    def test_2_generates_leads_with_stocks_own_button(self, host, served, tab):
        ask_for_leads(tab, served, 2)
        shows(tab, "Synthetic", selector=f".o_list_view {ROW}, .o_kanban_record")
        assert host.sql(LEADS, database=served.client_name) == [[2, 2]]
        tab.click(f".o_list_view {ROW} .o_data_cell, .o_kanban_record")
        shows(tab, "Opportunity created by Odoo Lead Generation", "Synthetic", "Bruxelles",
              selector=".o-mail-Message")  # fmt: skip

    def test_3_enriches_a_lead(self, served, tab):
        go(tab, served, "crm/new", NAME)
        enter(tab, NAME, "Question of Jane")
        enter(tab, ".o_form_view [name=email_from] input", "jane@synthetic30.example")
        tab.click(".o_form_button_save")
        tab.wait_for(".o_form_saved")
        tab.click("button[name=iap_enrich]:not(.d-none)")
        shows(tab, "Lead enriched based on email address", "Synthetic 30", "info@synthetic30",
              selector=".o-mail-Message")  # fmt: skip

    def test_4_completes_a_company_whose_name_is_typed(self, served, tab):
        go(tab, served, "contacts/new", ".o_form_view [name=company_type]")
        tab.click("[name=company_type] input[data-value=company]")
        enter(tab, NAME, "Synthetic 35")
        shows(tab, "Synthetic 35", selector=".o-autocomplete--dropdown-item")
        tab.tap(".o-autocomplete--dropdown-item:has(span)")
        shows_field(tab, "city", "Bruxelles")
        shows_field(tab, "name", "Synthetic 35")
        tab.click(".o_form_button_save")
        tab.wait_for(".o_form_saved")
        shows_balance(tab, served, CREDITS - 4)

    def test_5_runs_out_of_credits_buys_and_goes_on(self, host, served, tab):
        ask_for_leads(tab, served, 4)
        shows(tab, "You do not have enough credits", selector=".modal .alert")
        assert host.sql(HELD, database=served.server_name) == [[0]]
        tab.tap(".modal button[name=action_buy_credits]")
        self.buy(tab.opened(), served)
        tab.call("Page.bringToFront")  # behind another one it is not drawn
        ask_for_leads(tab, served, 4)
        tab.wait_until("!document.querySelector('.modal')", "the end of the dialog")
        shows(tab, "Synthetic", selector=f".o_list_view {ROW}, .o_kanban_record")
        assert host.sql(LEADS, database=served.client_name)[0][1] >= 6
        shows_balance(tab, served, CREDITS - 4 + 10 - 4)

    def buy(self, tab, served):
        """Buy ten credits in the tab that the client has opened, which is a page of ours."""
        tab.wait_for(".o_credits_packs [name=payer]")
        page = tab.evaluate("location.href")
        assert page.startswith(served.server.url)
        self.speak(tab, page, "it_IT")
        shows(tab, "Acquista crediti", "Azienda", selector=".o_credits_packs")
        self.speak(tab, page, "en_US")
        shows(tab, "Buy Credits", f"{CREDITS - 4} credits", "Company", selector=".o_credits_packs")
        for name, text in BUYER.items():
            enter(tab, f"[name=payer] input[name={name}]", text)
        tab.evaluate(
            """(() => {
                const country = document.querySelector("[name=payer] select[name=country_id]");
                country.value = country.querySelector("[data-code=BE]").value;
            })()"""
        )
        tab.tap(".o_credit_pack button[name=pack_id]")
        tab.wait_for(".o_credits_order[data-state=pay] #customer_input")
        shows(tab, "Alfa SA", selector=".o_credits_summary")
        enter(tab, "#customer_input", "4242 4242 4242 4242")
        tab.tap("button[name=o_payment_submit_button]:enabled")
        tab.wait_for(".o_credits_order[data-state=paid]")
        shows(tab, "10 credits were added", selector=".o_credits_order")

    def speak(self, tab, page, lang):
        """See the page in another language."""
        tab.call("Network.setCookie", name="frontend_lang", value=lang, url=page)
        tab.open("about:blank", "body")
        tab.open(page, ".o_credits_packs [name=payer]")

    def test_6_nothing_failed_in_the_browser_or_on_either_side(self, served):
        for side in (served.server, served.running):
            assert " ERROR " not in side.log_path.read_text()
