from tempfile import NamedTemporaryFile

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_lead_directory.importer import ended
from odoo.addons.crm_lead_enrichment.tests.common import EnrichmentCase, FreeProvider, PaidProvider
from odoo.addons.crm_lead_mining.tests.common import synthetic_company
from odoo.addons.crm_lead_mining.tests.kept_away_common import KeptAwayCase


@tagged("post_install", "-at_install")
class TestPartnerAutocomplete(EnrichmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dataset = cls.env["lead.directory.dataset"].create({"name": "Test Register"})
        cls.row = cls.env["lead.directory.company"].create(
            {
                "dataset_id": cls.dataset.id,
                "identity": "vat:BE0477472701",
                "name": "Autocomplete Brewery",
                "vat": "BE0477472701",
                "city": "Gent",
                "country_code": "BE",
                "industry": "11",
                "industries": "11",
            }
        )
        cls.Partner = cls.env["res.partner"].with_user(cls.salesperson)

    def test_suggestions_come_from_the_directory_for_free(self):
        (found,) = self.Partner.autocomplete_by_name("Complete Brew", self.belgium.id)
        self.assertEqual((found["name"], found["city"]), ("Autocomplete Brewery", "Gent"))
        self.assertEqual(found["country_id"]["id"], self.belgium.id)
        self.assertEqual(found["duns"], "vat:BE0477472701")
        self.assertTrue(self.Partner.autocomplete_by_name("Autocomplete", 0))
        self.assertFalse(self.Partner.autocomplete_by_name("Brewery", self.env.ref("base.fr").id))
        self.assertFalse(self.Partner.autocomplete_by_name("   ", 0))
        self.assertPaid(0)

    def test_the_name_typed_comes_first_then_what_begins_so_and_each_company_once(self):
        other = self.env["lead.directory.dataset"].create({"name": "Other Register"})

        def company(name, identity, dataset=self.dataset, **values):
            values |= {"dataset_id": dataset.id, "identity": identity, "name": name}
            values |= {"country_code": "BE", "industry": ""}
            return self.env["lead.directory.company"].create(values)

        for number in range(60):
            company(f"The Zwaan {number}", f"reg:BE-BCE_KBO:{number}")
        company("Zwaan Bakery", "domain:zwaan-bakery.example", domain="zwaan-bakery.example")
        company("ZWAAN", "vat:BE0403170701", vat="BE0403170701")
        company("Zwaan NV", "reg:BE-BCE_KBO:0403170701", other, vat="BE0403170701")
        found = self.Partner.autocomplete_by_name("zwaan", 0)
        self.assertEqual([one["name"] for one in found[:2]], ["ZWAAN", "Zwaan Bakery"])
        self.assertEqual(len(found), 10)
        self.assertNotIn("Zwaan NV", [one["name"] for one in found])

    def test_what_stands_for_anything_in_a_search_is_typed_as_it_is(self):
        for typed in ("%", "_", "Auto%", "A_tocomplete", "\\"):
            self.assertFalse(self.Partner.autocomplete_by_name(typed, 0), typed)

    def test_vat_number_finds_its_company(self):
        for vat in ("BE0477472701", "BE 0477.472.701"):
            (found,) = self.Partner.autocomplete_by_vat(vat, self.belgium.id)
            self.assertEqual(found["name"], "Autocomplete Brewery")

    def test_datasets_of_other_companies_suggest_nothing(self):
        self.dataset.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.Partner.autocomplete_by_name("Autocomplete", 0))
        self.assertTrue(self.Partner.enrich_by_duns("vat:BE0477472701")["error"])

    def test_a_company_that_has_ceased_is_not_suggested(self):
        self.row.status = "ceased"
        self.env.flush_all()
        self.assertFalse(self.Partner.autocomplete_by_name("Autocomplete", 0))
        self.assertFalse(self.Partner.autocomplete_by_vat("BE0477472701", self.belgium.id))
        self.assertTrue(self.Partner.enrich_by_duns("vat:BE0477472701")["error"])
        self.assertPaid(0)

    def test_what_the_directory_tells_to_have_ceased_is_asked_of_nobody_and_not_paid(self):
        self.env["lead.mining.provider"].with_context(active_test=False).search(
            [("code", "=", "directory")]
        ).write({"active": True, "sequence": 0})
        self.row.write({"status": "insolvent", "domain": "synthetic1.example"})
        self.env.flush_all()
        ended.record_marked(self.env.cr, self.dataset.id, SQL("TRUE"))
        PaidProvider.asked.clear()
        self.assertTrue(self.Partner.enrich_by_domain("synthetic1.example")["error"])
        self.assertEqual(PaidProvider.asked, [])
        self.assertPaid(0)

    def test_chosen_suggestion_costs_one_credit_and_none_again(self):
        for _time in range(2):
            data = self.Partner.enrich_by_duns("vat:BE0477472701")
            self.assertNotIn("error", data)
            self.assertEqual((data["name"], data["vat"]), ("Autocomplete Brewery", "BE0477472701"))
            self.assertEqual(data["country_id"]["id"], self.belgium.id)
            industry = self.env.ref("base.res_partner_industry_C")
            self.assertEqual(data["industry_id"]["id"], industry.id)
            self.assertPaid(1)

    def test_free_providers_complete_the_suggestion(self):
        self.row.domain = "synthetic1.example"
        self.env.flush_all()
        known = synthetic_company(1, registry="", registry_id="", city="Liège")
        self.knows(known, provider=FreeProvider)
        data = self.Partner.enrich_by_duns("vat:BE0477472701")
        self.assertEqual((data["city"], data["phone"]), ("Gent", known.phone))

    def test_domain_is_enriched(self):
        data = self.Partner.enrich_by_domain("synthetic1.example")
        self.assertEqual((data["name"], data["city"]), ("Synthetic 1", "Bruxelles"))
        self.assertPaid(1)

    def test_unknown_companies_cost_nothing(self):
        for data in (
            self.Partner.enrich_by_duns("123456789"),
            self.Partner.enrich_by_duns(None),
            self.Partner.enrich_by_domain("unknown.example"),
            self.Partner.enrich_by_domain("gmail.com"),
            self.Partner.enrich_by_gst("22AAAAA0000A1Z5"),
        ):
            self.assertTrue(data["error"])
            self.assertIn("no credit was consumed", data["error_message"])
        self.assertPaid(0)

    def test_missing_credits_lead_to_our_account(self):
        self._set_credits(0)
        data = self.Partner.enrich_by_duns("vat:BE0477472701")
        self.assertEqual(data["error_message"], "Insufficient Credit")
        url = self.env["iap.account"].get_credits_url("partner_autocomplete")
        self.assertIn(f"/iap/credits/{self.account.id}", url)

    def test_new_company_of_the_database_is_completed_by_stock_s_code(self):
        company = self.env["res.company"].create(
            {"name": "Synthetic 1", "email": "info@synthetic1.example"}
        )
        company._enrich()
        self.assertEqual((company.city, company.country_id), ("Bruxelles", self.belgium))

    def test_switched_off_in_the_settings_suggestions_stay_and_nothing_is_bought(self):
        self.env["res.config.settings"].create({"lead_enrichment": False}).execute()
        self.assertTrue(self.Partner.autocomplete_by_name("Autocomplete", 0))
        for answer in (
            self.Partner.enrich_by_duns("vat:BE0477472701"),
            self.Partner.enrich_by_domain("synthetic1.example"),
        ):
            self.assertIn("Lead Enrichment is switched off", answer["error_message"])
        self.assertPaid(0)

    def test_stock_is_asked_where_it_keeps_the_credits(self):
        self.env.ref("iap.iap_service_reveal").kept_by = "remote"
        self.assertFalse(self.Partner.autocomplete_by_name("Autocomplete", 0))

    def test_who_is_never_mined_is_neither_suggested_nor_bought(self):
        Suppression = self.env["lead.mining.suppression"]
        Suppression.create({"kind": "vat", "value": "BE0477472701"})
        Suppression.create({"kind": "domain", "value": "synthetic1.example"})
        self.assertFalse(self.Partner.autocomplete_by_name("Autocomplete", 0))
        self.assertFalse(self.Partner.autocomplete_by_vat("BE0477472701", self.belgium.id))
        for answer in (
            self.Partner.enrich_by_duns("vat:BE0477472701"),
            self.Partner.enrich_by_domain("synthetic1.example"),
        ):
            self.assertTrue(answer["error"])
        self.assertPaid(0)


@tagged("post_install", "-at_install")
class TestNoWayIn(EnrichmentCase, KeptAwayCase):
    def ways_in(self):
        yield "suggestion", self._by_suggestion
        yield "suggestion chosen", self._by_suggestion_chosen

    def test_nothing_of_a_person_who_is_kept_away_is_stored_by_any_way_in(self):
        self.patch(self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 1e9)
        self.assertKeptAway(self.ways_in())

    def _directory(self):
        """Fill the directory by a file that names Anna: what is never mined stays out of it."""
        dataset = self.env["lead.directory.dataset"].create({"name": "Test Register"})
        with NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(
                "name,vat,domain,country,email,description\n"
                f"Synthetic 1,BE0477472701,synthetic1.example,BE,{self.EMAIL},Ask {self.EMAIL}\n"
            )
            file.flush()
            self.env["lead.directory.import"]._import_path(dataset, file.name)

    def _by_suggestion(self):
        self._directory()
        found = self.env["res.partner"].autocomplete_by_name("Synthetic", 0)
        self.assertEqual(found[0]["name"], "Synthetic 1")
        self.assertNotIn(self.EMAIL, str(found).lower())

    def _by_suggestion_chosen(self):
        self._directory()
        told = synthetic_company(
            1, registry="", registry_id="", emails=(self.EMAIL, "info@synthetic1.example")
        )
        self.knows(told, provider=FreeProvider)
        data = self.env["res.partner"].enrich_by_duns("vat:BE0477472701")
        self.assertEqual(data["name"], "Synthetic 1")
        self.assertNotIn(self.EMAIL, str(data).lower())
        self.env["res.partner"].create({"name": data["name"], "email": data.get("email")})
