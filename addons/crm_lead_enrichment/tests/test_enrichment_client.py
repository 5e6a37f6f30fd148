from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.providers import errors
from odoo.addons.crm_lead_mining.tests.common import synthetic_company
from odoo.addons.crm_lead_mining.tools.stock_answers import (
    autocomplete_answer,
    enrichment_answer,
    mining_answer,
)
from odoo.addons.iap.tools.iap_tools import InsufficientCreditError

from .common import EnrichmentCase, PaidProvider


@tagged("post_install", "-at_install")
class TestStockShapes(EnrichmentCase):
    EMPTY = Company("Acme", domain="acme.example")

    def test_keys_are_left_out_rather_than_empty(self):
        for shape in (
            enrichment_answer(self.EMPTY),
            autocomplete_answer(self.EMPTY, "domain:acme.example"),
        ):
            self.assertFalse([key for key, value in shape.items() if not value], shape)
        mined = mining_answer(self.EMPTY)
        self.assertEqual(mined.pop("country_code"), "")
        self.assertTrue(all(mined.values()))

    def test_types_are_those_that_stock_reads(self):
        company = synthetic_company(1, employees=None, employees_min=51, employees_max=200)
        for shape in (enrichment_answer(company), mining_answer(company)):
            self.assertEqual(shape["employees"], 51)
            self.assertIsInstance(shape["email"], list)
            self.assertIsInstance(shape["phone_numbers"], list)
            self.assertEqual(shape["country_code"], "BE")
            self.assertEqual(shape["linkedin"], "company/synthetic1")
        self.assertEqual(mining_answer(company)["website"], "www.synthetic1.example")
        self.assertEqual(mining_answer(company)["duns"], "reg:XX-TEST:000001")

    def test_stock_s_note_can_be_rendered_of_any_answer(self):
        lead = self.lead()
        for company in (self.EMPTY, synthetic_company(1, employees=None, employees_min=1)):
            for shape in (enrichment_answer(company), mining_answer(company)):
                lead.message_post_with_source(
                    "iap_mail.enrich_company",
                    render_values={**shape, "flavor_text": "x"},
                    subtype_xmlid="mail.mt_note",
                )
                self.assertIn(company.name, lead.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestStockClient(EnrichmentCase):
    def ask(self, **domains):
        return self.env["iap.enrich.api"]._request_enrich(domains)

    def test_its_price_can_be_shown_before_it_is_asked(self):
        client = self.env["iap.enrich.api"]
        self.parameters.set_param("crm_lead_enrichment.price", "3")
        self.assertEqual(client._get_company_price(), 3)
        # Odoo's own service takes one credit, whatever is set here.
        self.env["iap.service"].search([("technical_name", "=", "reveal")]).kept_by = "remote"
        self.assertEqual(client._get_company_price(), 1)

    def test_answer_costs_one_credit_and_none_when_asked_again_soon(self):
        answer = self.ask(key="synthetic1.example")["key"]
        self.assertEqual((answer["name"], answer["city"]), ("Synthetic 1", "Bruxelles"))
        self.assertEqual(answer["domain"], "synthetic1.example")
        self.assertPaid(1)
        self.assertEqual(self.ask(other="synthetic1.example")["other"], answer)
        self.assertEqual(PaidProvider.asked, ["synthetic1.example"])
        self.assertPaid(1)
        self.parameters.set_param("crm_lead_enrichment.cache_days", "0")
        self.ask(key="synthetic1.example")
        self.assertPaid(2)

    def test_what_a_lead_has_paid_is_free_for_the_mail_plugin(self):
        self.enrich(self.lead())
        self.ask(key="synthetic1.example")
        self.assertPaid(1)

    def test_every_question_has_an_end_that_can_be_read(self):
        self.ask(a="synthetic1.example", b="unknown.example")
        asked = self.env["lead.enrichment"].search([("origin", "=", "client")])
        self.assertEqual(
            {one.domain: (one.state, bool(one.finished_at)) for one in asked},
            {"synthetic1.example": ("done", True), "unknown.example": ("not_found", True)},
        )
        [unknown] = asked.filtered(lambda one: one.state == "not_found")
        self.assertIn("No credits were used", unknown.message)

    def test_every_key_that_is_sent_has_an_answer(self):
        answers = self.ask(a="synthetic1.example", b="unknown.example", c="gmail.com")
        self.assertEqual(set(answers), {"a", "b", "c"})
        self.assertIs(answers["b"], False)
        self.assertIs(answers["c"], False)
        self.assertPaid(1)

    def test_unknown_domains_are_asked_again_only_after_a_while(self):
        self.ask(b="unknown.example")
        self.ask(b="unknown.example")
        self.assertEqual(PaidProvider.asked, ["unknown.example"])
        self.assertPaid(0)

    def test_missing_credits_are_stock_s_error_with_stock_s_data(self):
        self._set_credits(0)
        with self.assertRaises(InsufficientCreditError) as caught:
            self.ask(key="synthetic1.example")
        data = caught.exception.data
        self.assertEqual((data["credit"], data["service_name"]), (1.0, "reveal"))
        self.assertIn("/iap/credits/", data["base_url"])
        self.assertIsInstance(data["message"], str)
        self.assertEqual(PaidProvider.asked, [])

    def test_provider_that_fails_is_an_access_error_as_of_stock_s_transport(self):
        PaidProvider.errors = [errors.ProviderTimeout()]
        with self.assertRaisesRegex(AccessError, "did not answer"):
            self.ask(key="synthetic1.example")
        self.assertPaid(0)
        self.ask(key="synthetic1.example")
        self.assertPaid(1)

    def test_history_lists_what_other_apps_have_asked(self):
        self.ask(key="synthetic1.example")
        attempt = self.Enrichment.search([], limit=1)
        self.assertRecordValues(
            attempt,
            [{"origin": "client", "state": "done", "credits": 1, "domain": "synthetic1.example"}],
        )

    def test_switched_off_in_the_settings_nobody_asks_and_nothing_is_paid(self):
        self.env["res.config.settings"].create({"lead_enrichment": False}).execute()
        with self.assertRaisesRegex(UserError, "Lead Enrichment is switched off"):
            self.ask(key="synthetic1.example")
        self.assertEqual(PaidProvider.asked, [])
        self.assertPaid(0)

    def test_stock_is_asked_where_it_keeps_the_credits(self):
        self.env.ref("iap.iap_service_reveal").kept_by = "remote"
        with self.assertRaisesRegex(AccessError, "Unavailable during tests"):
            self.ask(key="synthetic1.example")
