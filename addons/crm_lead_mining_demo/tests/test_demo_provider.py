from odoo.exceptions import UserError
from odoo.modules.neutralize import neutralize_database
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_mining.tests.common import LeadMiningCase

from ..hooks import uninstall_hook
from ..providers.companies import COMPANIES


@tagged("post_install", "-at_install")
class TestDemoProvider(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever the database has is not asked, but for the invented companies.
        cls.env["lead.mining.provider"].search([]).active = False
        cls.demo = cls.env.ref("crm_lead_mining_demo.provider_demo")
        cls.demo.active = True
        cls.italy = cls.env.ref("base.it")

    def chosen(self, **values):
        return {"provider_id": self.demo.id, "country_ids": [(6, 0, self.italy.ids)], **values}

    def preview(self, **values):
        Request = self.env["lead.mining.request"].with_user(self.salesperson)
        values = {"lead_number": 3, "target": "companies", **values}
        return Request.get_preview({**values, "country_ids": self.italy.ids})

    def test_who_chooses_it_sees_the_matches_and_the_price_and_gets_leads_with_people(self):
        italian = [company for company in COMPANIES if company.country_code == "IT"]
        preview = self.preview(provider_id=self.demo.id, target="contacts", contact_number=2)
        self.assertEqual((preview["count"], preview["at_least"]), (len(italian), False))
        self.assertEqual(preview["price"], 9)
        self.assertNotIn("Esempio", str(preview["sample"]))

        request = self.mine(**self.chosen(target="contacts", contact_number=2))
        self.assertEqual((request.state, request.created_count), ("done", 3))
        self.assertPaid(9)
        leads = request.lead_ids
        self.assertLessEqual(set(leads.mapped("partner_name")), {one.name for one in italian})
        self.assertEqual(leads.country_id, self.italy)
        self.assertEqual([len(lead.mining_contact_ids) for lead in leads], [2, 2, 2])

    def test_a_lead_says_that_it_was_invented(self):
        (lead,) = self.mine(**self.chosen(lead_number=1)).lead_ids
        self.assertEqual(lead.mining_provenance_ids.source, "Invented companies")
        note = lead.message_ids.filtered(lambda message: "Invented companies" in message.body)
        self.assertIn("There is no such company", note.body)

    def test_credits_of_what_was_not_found_come_back(self):
        request = self.mine(**self.chosen(lead_number=20))
        self.assertEqual((request.state, request.created_count), ("partial", 8))
        self.assertPaid(8)
        nothing = self.chosen(country_ids=[(6, 0, self.env.ref("base.is").ids)])
        self.assertEqual(self.mine(**nothing).created_count, 0)
        self.assertPaid(8)

    def test_nobody_gets_an_invented_company_without_choosing_them(self):
        with self.assertRaises(UserError):
            self.request(country_ids=[(6, 0, self.italy.ids)]).action_generate()
        self.assertIsNone(self.preview()["count"])
        self.provider.active = True  # which has companies of Belgium
        request = self.mine(country_ids=[(6, 0, self.italy.ids)], lead_number=20)
        self.assertEqual(request.result_ids.provider_id, self.provider)
        search = self.env["lead.mining.search"].create(
            {"name": "Every week", "country_ids": [(6, 0, self.italy.ids)]}
        )
        self.assertNotIn(self.demo, search._providers())
        search.provider_id = self.demo
        self.assertEqual(search._providers(), self.demo)

    def test_leads_are_those_of_the_company_that_asks(self):
        other = self.env["res.company"].create({"name": "Second"})
        self.env["iap.account"]._get_local("reveal", other)
        user = new_test_user(
            self.env, "second", "sales_team.group_sale_salesman", company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        request = self.request(user, **self.chosen(lead_number=1, company_id=other.id))
        self.assertEqual(request._providers(), self.demo)
        self.assertEqual(request.company_id, other)

    def test_a_copy_of_a_database_may_try_it_too(self):
        self.env.flush_all()
        neutralize_database(self.env.cr)
        self.env.invalidate_all(flush=False)
        self.assertTrue(self.demo.active)
        self.assertEqual(self.demo.action_test_connection()["params"]["type"], "success")

    def test_it_goes_with_its_addon_unless_something_names_it(self):
        uninstall_hook(self.env)
        self.assertFalse(self.demo.active)
        owned = self.env["ir.model.data"].search([("module", "=", "crm_lead_mining_demo")])
        self.assertIn((self.demo._name, self.demo.id), [(one.model, one.res_id) for one in owned])
        with self.assertRaisesRegex(UserError, "No provider is set up"):
            self.request(**self.chosen()).action_generate()

    def test_one_that_was_made_by_hand_goes_as_well(self):
        self.demo.unlink()
        made = self.env["lead.mining.provider"].create({"name": "Mine", "code": "demo"})
        uninstall_hook(self.env)
        self.assertEqual(self.env.ref("crm_lead_mining_demo.provider_demo"), made)
        self.assertFalse(made.active)

    def test_it_says_in_italian_too_that_the_companies_are_invented(self):
        self.env["res.lang"]._activate_lang("it_IT")
        module = self.env["ir.module.module"].search([("name", "=", "crm_lead_mining_demo")])
        module._update_translations(["it_IT"])
        demo = self.demo.with_context(lang="it_IT")
        self.assertEqual(demo.name, "Aziende inventate (demo)")
        self.assertIn("inventate", demo.note)
