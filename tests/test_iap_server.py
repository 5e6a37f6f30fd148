"""An Odoo with stock addons alone gets leads, company data and credits from one with ours.

Two processes with two databases, over HTTP; the client is driven by Odoo's own API.
"""

import re

import pytest
import requests
from iap_client import client_and_server

CREDITS = 12
COMPANIES = 40
SPENT = """
    SELECT available::int, (SELECT count(*)::int FROM iap_credit_hold WHERE state = 'open')
      FROM iap_credit_balance WHERE account_id = %s
"""
FUND = """
account = env["iap.account"].browse({account})
account.purchase(10, reason="Bought", idempotency_key="bought")
env.cr.commit()
"""


@pytest.fixture(scope="module")
def served(host):
    """A server with ours and a client without, each a process of its own."""
    with client_and_server(host, "iap", companies=COMPANIES, credits=CREDITS) as served:
        yield served


def left(host, served):
    """Return what the client has, and how many holds are open."""
    [row] = host.sql(SPENT, database=served.server_name, parameters=[served.account])
    return tuple(row)


class TestAnUnmodifiedOdoo:
    """The steps of a client's first day, one after the other."""

    def test_1_it_has_no_addon_of_ours(self, host, served):
        rows = host.sql(
            "SELECT name FROM ir_module_module WHERE state = 'installed'"
            " AND (name LIKE 'crm_lead_%%' OR name LIKE 'crm_iap_%%')",
            database=served.client_name,
        )
        assert {name for (name,) in rows} <= {"crm_iap_mine", "crm_iap_enrich"}

    def test_2_leads_come_from_stocks_own_button(self, host, served):
        request = served.client.generate(3)
        assert (request["state"], request["lead_count"]) == ("done", 3)
        leads = served.client.leads(request["lead_ids"])
        first = min(leads, key=lambda lead: lead["reveal_id"])
        assert first["partner_name"].startswith("Synthetic ")
        assert first["email_from"].startswith("info@synthetic")
        assert first["website"].startswith("https://synthetic")
        assert first["country_id"][1] == "Belgium"
        assert first["city"] == "Bruxelles"
        assert left(host, served) == (CREDITS - 3, 0)

    def test_3_what_it_has_is_not_sold_again(self, host, served):
        request = served.client.generate(2, search_type="people", contact_number=2)
        assert (request["state"], request["lead_count"]) == ("done", 2)
        leads = served.client.user.call("crm.lead", "search_read", [["reveal_id", "!=", False]],
                                        ["reveal_id"])  # fmt: skip
        assert len({lead["reveal_id"] for lead in leads}) == len(leads) == 5
        assert left(host, served) == (CREDITS - 5, 0)

    def test_4_its_balance_and_its_list_of_accounts_are_told(self, served):
        assert served.client.balance() == CREDITS - 5
        account = served.client.accounts()["reveal"]
        assert account["balance"] == f"{CREDITS - 5} Credits"
        assert account["state"] == "registered"

    def test_5_a_lead_is_enriched(self, host, served):
        lead = served.client.enrich(email_from="jane@synthetic30.example")
        assert lead["partner_name"] == "Synthetic 30"
        assert lead["city"] == "Bruxelles"
        assert left(host, served) == (CREDITS - 6, 0)

    def test_6_what_nobody_knows_costs_nothing(self, host, served):
        lead = served.client.enrich(email_from="jane@nobody-knows-it.example")
        assert (lead["partner_name"], lead["iap_enrich_done"]) == (False, True)
        assert left(host, served) == (CREDITS - 6, 0)

    def test_6_leads_are_enriched_by_the_list_s_action(self, host, served):
        emails = ("joe@synthetic30.example", "joe@nobody-knows-it.example")
        known, unknown = served.client.enrich_in_list(*emails)
        assert (known["partner_name"], known["iap_enrich_done"]) == ("Synthetic 30", True)
        assert (unknown["partner_name"], unknown["iap_enrich_done"]) == (False, True)
        assert left(host, served) == (CREDITS - 6, 0)  # both were answered before

    def test_7_a_partner_is_completed(self, host, served):
        partners = "res.partner"
        found = served.client.user.call(partners, "autocomplete_by_name", "Synthetic 2", 0)
        assert "Synthetic 2" in {row["name"] for row in found}
        chosen = next(row for row in found if row["name"] == "Synthetic 2")
        data = served.client.user.call(partners, "enrich_by_duns", chosen["duns"])
        assert not data.get("error"), data
        assert (data["city"], data["country_id"]["display_name"]) == ("Bruxelles", "Belgium")
        # Whether it was mined before is for the ledger: no company is paid twice.
        assert left(host, served)[0] in (CREDITS - 6, CREDITS - 7)

    def test_8_a_number_that_nobody_knows_is_no_crash(self, served):
        assert (
            served.client.user.call("res.partner", "autocomplete_by_vat", "BE0000000097", 0) == []
        )

    def test_9_alerts_reach_the_server(self, host, served):
        user = served.client.user
        [account] = user.call("iap.account", "search", [["service_name", "=", "reveal"]])
        [admin] = user.call("res.users", "search", [["login", "=", "admin"]])
        user.call("iap.account", "write", [account],
                  {"warning_threshold": 5, "warning_user_ids": [[6, 0, [admin]]]})  # fmt: skip
        rows = host.sql(
            "SELECT warning_threshold FROM iap_account WHERE id = %s",
            database=served.server_name,
            parameters=[served.account],
        )
        assert rows == [[5.0]]

    def test_a_running_out_of_credits_is_stocks_own_banner(self, host, served):
        before = left(host, served)
        request = served.client.generate(20)
        assert (request["state"], request["error_type"]) == ("error", "credits")
        assert left(host, served) == before

    def test_b_the_link_to_buy_leads_to_the_packs(self, served):
        link = served.client.user.call("iap.account", "get_credits_url", "reveal")
        page = requests.get(link, timeout=60)
        assert page.status_code == 200
        assert re.search(r"\bTen\b", page.text)

    def test_c_with_bought_credits_it_goes_on(self, host, served):
        before, _held = left(host, served)
        host.shell(served.server_name, FUND.format(account=served.account))
        request = served.client.generate(before + 8)
        assert (request["state"], request["lead_count"]) == ("done", before + 8)
        assert left(host, served) == (2, 0)

    def test_d_a_server_that_is_away_is_a_sentence_and_costs_nothing(self, host, served):
        user = served.client.user
        user.call("ir.config_parameter", "set_param", "reveal.endpoint", "http://127.0.0.1:9")
        with pytest.raises(AssertionError, match="could not be executed"):
            served.client.generate(1)
        assert left(host, served) == (2, 0)

    def test_e_nothing_failed_on_the_server(self, served):
        assert not re.search(r" (ERROR|CRITICAL) ", served.server.log_path.read_text())
