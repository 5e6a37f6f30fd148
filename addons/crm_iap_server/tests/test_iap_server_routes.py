"""What data a client database gets, call by call."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_lead_enrichment.tests.common import PaidProvider
from odoo.addons.crm_lead_mining.providers.errors import ProviderTimeout
from odoo.addons.crm_lead_mining.tests.common import SyntheticProvider, synthetic_company

from ..models.iap_server_desk import IapServerDesk
from ..tools import shapes
from .common import SECOND, TOKEN, UUID, ServerCase


@tagged("post_install", "-at_install")
class TestMining(ServerCase):
    def test_leads_come_as_the_client_reads_them_and_each_costs_a_credit(self):
        answer = self.mine()
        self.assertFalse(answer["credit_error"])
        self.assertEqual(len(answer["data"]), 3)
        first = answer["data"][0]
        self.assertEqual(
            (first["duns"], first["country_code"], first["email"], first["employees"]),
            ("reg:XX-TEST:000001", "BE", ["info@synthetic1.example"], 41),
        )
        self.assertNotIn("people_data", first)
        self.assertSpent(3)

    def test_only_what_was_found_is_paid(self):
        self.provide(2)
        self.assertEqual(len(self.mine(lead_number=9)["data"]), 2)
        self.assertSpent(2)

    def test_the_same_question_gets_the_same_answer_for_nothing(self):
        first = self.mine()
        PaidProvider.asked = []
        self.assertEqual(self.mine(), first)
        self.assertEqual(PaidProvider.asked, [])
        self.assertSpent(3)
        self.assertEqual(self.client_db.answer_ids.repeats, 1)

    def test_what_a_client_has_is_not_sent_again(self):
        first = self.mine()
        known = [row["duns"] for row in first["data"]]
        more = self.mine(known=known)
        self.assertEqual(len(more["data"]), 2)
        self.assertTrue(set(known).isdisjoint(row["duns"] for row in more["data"]))
        self.assertSpent(5)

    def test_a_company_that_was_paid_and_lost_is_sent_again_for_nothing(self):
        self.mine(lead_number=2)
        self.assertEqual(len(self.mine(lead_number=4)["data"]), 4)
        self.assertSpent(4)

    def test_what_this_database_has_itself_says_nothing_about_a_client(self):
        super(ServerCase, self).mine(lead_number=2)
        self.assertEqual(len(self.mine(lead_number=9)["data"]), 5)

    def test_no_result_costs_nothing(self):
        self.provide()
        self.assertEqual(self.mine(), {"data": [], "credit_error": False})
        self.assertSpent(0)

    def test_missing_credits_are_an_error_or_a_flag_as_the_client_reads_it(self):
        answer = self.mine(lead_number=21)
        self.assertNoCredits(answer)
        self.assertIn("/iap/credits/", answer["base_url"])
        self.assertEqual(
            self.mine(lead_number=21, version="saas~19.2"), {"data": [], "credit_error": True}
        )
        self.assertEqual(
            self.mine(lead_number=21, sic_groups=[42]), {"data": [], "credit_error": True}
        )
        self.client_db.credit_signal = "error"
        self.assertNoCredits(self.mine(lead_number=21, version="saas~19.2"))
        self.assertEqual(PaidProvider.asked, [])
        self.assertSpent(0)

    def test_a_provider_that_fails_costs_nothing_and_may_be_asked_again(self):
        SyntheticProvider.errors = PaidProvider.errors = [ProviderTimeout()]
        answer = self.mine()
        self.assertTrue(answer["name"].endswith(".AccessError"))
        self.assertSpent(0)
        self.assertEqual(len(self.mine()["data"]), 3)
        self.assertSpent(3)

    def test_an_end_before_the_answer_is_stored_loses_nothing(self):
        ends = patch.object(IapServerDesk, "_store", side_effect=MemoryError("secret"))
        with ends, self.assertLogs("odoo.addons.crm_iap_server.controllers.rpc", "ERROR"):
            answer = self.mine()
        self.assertNotIn("secret", str(answer))
        self.assertSpent(0)
        self.assertEqual(len(self.mine()["data"]), 3)

    def test_older_clients_get_their_own_shape(self):
        for version, countries in ((2, [{"code": "BE", "states": []}]), (1, ["BE"])):
            answer = self.call(
                f"/iap/clearbit/{version}/lead_mining_request",
                account_token=TOKEN,
                dbuuid=UUID,
                data={"lead_number": 2, "search_type": "people", "countries": countries,
                      "states": [], "contact_number": 10, "contact_filter_type": "role",
                      "preferred_role": "CEO", "other_roles": []},
            )  # fmt: skip
            self.assertFalse(answer["credit_error"])
            company = answer["data"][0]["company_data"]
            self.assertEqual(company["clearbit_id"], "reg:XX-TEST:000001")
            self.assertEqual(company["domain"], "synthetic1.example")
            self.assertEqual(answer["data"][0]["people_data"], [])
        self.assertSpent(2)

    def test_a_blocked_client_is_told_so(self):
        self.mine()
        self.client_db.blocked = True
        answer = self.mine(lead_number=2)
        self.assertTrue(answer["name"].endswith(".AccessError"))
        self.assertIn("blocked", answer["message"])
        self.assertEqual(self.call("/iap/1/balance", dbuuid=UUID, account_token=TOKEN), 0)

    def test_a_client_spends_no_more_than_its_month_allows(self):
        self.client_db.monthly_limit = 4
        self.assertEqual(len(self.mine(lead_number=3)["data"]), 3)
        self.assertIn("limit", self.mine(lead_number=2)["message"])
        self.assertSpent(3)

    def test_a_client_has_prices_of_its_own(self):
        self.client_db.write({"own_price": True, "price_lead": 2})
        self.mine(lead_number=3)
        self.assertSpent(6)

    def test_questions_are_counted(self):
        self.env["ir.config_parameter"].set_param("crm_iap_server.rate", "2")
        self.mine(lead_number=1)
        self.mine(lead_number=2)
        self.assertIn("Too many", self.mine(lead_number=3)["message"])
        self.assertEqual(len(self.mine(lead_number=2)["data"]), 2, "what is stored is free")

    def test_who_is_never_mined_is_sent_to_no_client(self):
        self.mine()
        self.env["lead.mining.suppression"].create(
            {"kind": "domain", "value": "synthetic1.example"}
        )
        names = [row["name"] for row in self.mine()["data"]]
        self.assertEqual(names, ["Synthetic 2", "Synthetic 3"])


@tagged("post_install", "-at_install")
class TestEnrichment(ServerCase):
    def test_each_key_is_answered_and_what_was_found_is_paid(self):
        answer = self.enrich(**{"812": "synthetic1.example", "813": "nowhere.example"})
        self.assertEqual(answer.keys(), {"812", "813"})
        self.assertEqual(answer["812"]["name"], "Synthetic 1")
        self.assertEqual(answer["812"]["phone_numbers"], ["+32 2 290 34 90"])
        self.assertIs(answer["813"], False)
        self.assertSpent(1)

    def test_the_same_domain_is_told_again_for_nothing(self):
        first = self.enrich(**{"812": "synthetic1.example"})
        again = self.enrich(**{"900": "synthetic1.example"})
        self.assertEqual(first["812"], again["900"])
        self.assertSpent(1)

    def test_mail_add_ins_ask_by_the_domain_itself(self):
        answer = self.enrich(**{"synthetic1.example": "synthetic1.example"})
        self.assertEqual(answer["synthetic1.example"]["domain"], "synthetic1.example")

    def test_when_credits_end_what_was_answered_is_sent(self):
        self.client_account.adjust(-19, reason="Test", idempotency_key="adjust")
        domains = {str(n): f"synthetic{n}.example" for n in (1, 2, 3)}
        self.assertEqual(list(self.enrich(**domains)), ["1"])
        self.assertNoCredits(self.enrich(**{"2": "synthetic2.example"}))
        self.assertEqual(self.client_account.credits_available, 0)

    def test_a_mined_company_is_enriched_for_nothing(self):
        self.mine(lead_number=1)
        self.enrich(**{"1": "synthetic1.example"})
        self.assertSpent(1)

    def test_persons_are_not_handed_on(self):
        self.knows(synthetic_company(1))
        answer = self.enrich(**{"1": "synthetic1.example"})
        self.assertNotIn("person@", str(answer))
        stored = self.client_db.answer_ids.mapped("companies")
        self.assertNotIn("person@", str(stored))


@tagged("post_install", "-at_install")
class TestAutocomplete(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dataset = cls.env["lead.directory.dataset"].create({"name": "Test register"})
        cls.env["lead.directory.company"].create(
            [
                {
                    "dataset_id": dataset.id,
                    "identity": f"reg:XX-TEST:00000{n}",
                    "name": f"Synthetic {n}",
                    "registry": "XX-TEST",
                    "registry_id": f"00000{n}",
                    "vat": "BE0403170701" if n == 1 else False,
                    "domain": f"synthetic{n}.example",
                    "city": "Bruxelles",
                    "country_code": "BE",
                }
                for n in (1, 2)
            ]
        )

    def test_suggestions_are_free_and_lead_to_the_company(self):
        found = self.complete("search_by_name", query="Synth", query_country_code="BE")["data"]
        self.assertEqual({row["name"] for row in found}, {"Synthetic 1", "Synthetic 2"})
        self.assertSpent(0)

    def test_a_chosen_one_fills_the_contact_and_costs_a_credit_once(self):
        answer = self.complete("enrich_by_duns", duns="reg:XX-TEST:000001")
        self.assertFalse(answer["credit_error"])
        self.assertEqual(answer["data"]["city"], "Bruxelles")
        self.assertEqual(answer["data"]["duns"], "reg:XX-TEST:000001")
        self.complete("enrich_by_duns", duns="reg:XX-TEST:000001")
        self.assertSpent(1)

    def test_suggestions_are_for_clients_alone(self):
        self.mine(lead_number=1)
        self.client_db.sudo().open_until = "2020-01-01"
        found = self.complete("search_by_name", token=SECOND, query="Synth")
        self.assertEqual(found, {"data": []})

    def test_a_number_without_a_match_lets_the_client_ask_vies(self):
        self.mine(lead_number=1)
        self.assertEqual(self.complete("search_by_vat", query="BE0000000097"), {})
        found = self.complete("search_by_vat", query="BE0403170701", query_country_code="BE")
        self.assertEqual([row["name"] for row in found["data"]], ["Synthetic 1"])

    def test_a_domain_fills_the_contact(self):
        answer = self.complete("enrich_by_domain", domain="synthetic3.example")
        self.assertEqual(answer["data"]["name"], "Synthetic 3")

    def test_what_nobody_knows_costs_nothing(self):
        self.assertEqual(self.complete("enrich_by_duns", duns="123456789"), {"error": "not_found"})
        self.assertEqual(
            self.complete("enrich_by_domain", domain="nowhere.example"), {"error": "not_found"}
        )
        self.assertSpent(0)

    def test_missing_credits_are_a_flag(self):
        self.client_account.adjust(-20, reason="Test", idempotency_key="adjust")
        self.assertEqual(
            self.complete("enrich_by_domain", domain="synthetic3.example"),
            {"data": {}, "credit_error": True},
        )

    def test_clients_of_before_2025_ask_and_read_in_their_own_way(self):
        self.mine(lead_number=1)
        base = {"db_uuid": UUID, "account_token": TOKEN, "country_code": "BE", "zip": "1000"}
        found = self.call("/iap/partner_autocomplete/search", query="Synthetic 2", **base)
        [row] = found
        self.assertEqual((row["name"], row["website"]), ("Synthetic 2", "synthetic2.example"))
        self.assertNotIn("duns", row)
        answer = self.call("/iap/partner_autocomplete/enrich", domain=False, vat=False,
                           partner_gid=row["partner_gid"], **base)  # fmt: skip
        self.assertFalse(answer["credit_error"])
        self.assertEqual(answer["company_data"]["city"], "Bruxelles")
        self.assertLessEqual(answer["company_data"].keys(), shapes.OLD_COMPANY.optional.keys()
                             | {"name"})  # fmt: skip
        self.assertSpent(2)
        path = "/iap/partner_autocomplete/search_vat"
        self.assertIsNone(self.call(path, vat="BE0000000097", **base))
        self.assertEqual(self.call(path, vat="BE0403170701", **base)["name"], "Synthetic 1")
        self.assertIs(self.call("/iap/partner_autocomplete/update", partner_gid=1, **base), True)

    def test_what_clients_may_ask_some_day_is_answered_safely(self):
        self.mine(lead_number=1)
        self.assertEqual(self.complete("search_by_siret", query="1"), {})
        self.assertEqual(self.complete("enrich_by_moon"), {"error": "unsupported"})
