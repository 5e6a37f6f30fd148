"""What clients send that is odd: answered by what the client reads, and for nothing more."""

import json

from odoo.tests import tagged

from odoo.addons.crm_lead_enrichment.tests.common import PaidProvider

from .common import CREDITS, QUERY, SECOND, TOKEN, UUID, ServerCase


@tagged("post_install", "-at_install")
class TestBadInput(ServerCase):
    def test_five_thousand_industries_narrow_nothing_and_find_what_is_there(self):
        answer = self.mine(lead_number=1, industry_ids=[str(number) for number in range(5000)])
        self.assertEqual(len(answer["data"]), 1)
        for odd in ([None, {}, [], True, "x" * 9000, "-1"], "165", 165, {"165": True}, None):
            self.assertIn("data", self.mine(lead_number=1, industry_ids=odd), odd)
        self.assertSpent(1)

    def test_keys_that_nobody_knows_yet_change_nothing(self):
        query = {"lead_number": 1, "revenue_bands": [[1, 2]], "sic_groups_v2": {"a": None}}
        answer = self.call(
            "/api/dnb/1/search_by_criteria",
            account_token=TOKEN, db_uuid=UUID, db_version="saas~27.4+e", db_lang="tlh_KX",
            reveal_ids=None, surprise={"deep": [1]}, query={**QUERY, **query},
        )  # fmt: skip
        self.assertEqual(len(answer["data"]), 1)
        self.assertSpent(1)

    def test_two_hundred_domains_are_answered_key_by_key_and_more_are_a_sentence(self):
        # By default a client asks sixty times a minute; what is beyond it is left for the next try.
        self.env["ir.config_parameter"].set_param("crm_iap_server.rate", "1000")
        domains = {str(number): f"nowhere{number}.example" for number in range(200)}
        domains["7"] = "synthetic1.example"
        answer = self.enrich(**domains)
        self.assertEqual(answer.keys(), domains.keys())
        self.assertEqual({key for key, company in answer.items() if company}, {"7"})
        self.assertSpent(1)
        answer = self.enrich(**domains, **{"200": "nowhere.example"})
        self.assertTrue(answer["name"].endswith(".AccessError"))
        self.assertSpent(1)

    def test_countries_that_are_none_bring_nothing_and_cost_nothing(self):
        for countries in ([{"code": "ZZZ"}], [{"code": None}], ["?"], [{}], [[]]):
            answer = self.mine(countries=countries)
            self.assertEqual(answer, {"data": [], "credit_error": False}, countries)
        for code in ("XX", "ZZ", "be"):
            self.assertIn("data", self.mine(countries=[{"code": code}], lead_number=1))
        self.assertFalse([one for one in self.client_db.answer_ids if one.credits > 1])

    def test_a_request_beyond_the_client_s_budget_is_a_sentence(self):
        self.client_db.monthly_limit = 2
        PaidProvider.asked = []
        answer = self.mine(lead_number=3)
        self.assertTrue(answer["name"].endswith(".AccessError"))
        self.assertIn("limit of 2", answer["message"])
        self.assertEqual(PaidProvider.asked, [])
        self.assertSpent(0)
        self.assertEqual(len(self.mine(lead_number=2)["data"]), 2)

    def test_a_copy_with_the_same_token_and_uuid_pays_no_company_twice(self):
        """Nothing tells it from its original; one that was neutralized says so by its token."""
        first = self.mine(lead_number=2)
        self.assertEqual(self.mine(lead_number=2), first)
        self.assertSpent(2)
        self.assertNoCredits(self.mine(token=f"{TOKEN}+disabled"))
        self.assertSpent(2)

    def test_a_copy_that_made_a_token_of_its_own_is_nobody_after_the_first_day(self):
        self.mine(lead_number=1)
        self.client_db.open_until = "2020-01-01"
        self.assertNoCredits(self.mine(token=SECOND))
        self.assertEqual(self.call("/iap/1/balance", account_token=SECOND, dbuuid=UUID), 0)
        self.assertSpent(1)

    def test_a_client_whose_clock_is_a_year_off_gets_and_pays_the_same(self):
        """No call tells the client's time but for a header, and the date of its build."""
        for year in (2025, 2027):
            body = {"params": {"account_token": TOKEN, "db_uuid": UUID,
                               "db_version": f"19.0-{year}1130", "reveal_ids": [],
                               "query": {**QUERY, "lead_number": 1}}}  # fmt: skip
            answer = self.url_open(
                "/api/dnb/1/search_by_criteria",
                data=json.dumps(body).encode(),
                headers={
                    "Content-Type": "application/json",
                    "Date": f"Mon, 30 Nov {year} 10:00:00 GMT",
                },
            )
            self.assertEqual(len(answer.json()["result"]["data"]), 1)
        self.assertSpent(1)

    def test_a_token_that_was_changed_is_nobody_until_it_is_taken(self):
        self.mine(lead_number=1)
        self.client_db.open_until = "2020-01-01"
        self.assertNoCredits(self.mine(token=SECOND, lead_number=2))
        self.client_db.action_take_tokens()
        self.client_db.token_ids.unlink()
        self.assertEqual(len(self.mine(token=SECOND, lead_number=2)["data"]), 2)
        self.assertSpent(2)

    def test_numbers_of_leads_that_are_none_are_one(self):
        for number in (None, "3", [], {}, 1.5, True, -5, 0):
            self.assertLessEqual(len(self.mine(lead_number=number)["data"]), 1, number)
        self.assertSpent(1)

    def test_a_huge_number_of_leads_asks_for_no_more_than_there_may_be(self):
        self.client_account.grant(1000, reason="Test", idempotency_key="more")
        answer = self.mine(lead_number=10**12)
        self.assertEqual(len(answer["data"]), 5)
        self.assertEqual(self.client_account.credits_available, CREDITS + 1000 - 5)
