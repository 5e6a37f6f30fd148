from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_enrichment.tests.common import EnrichmentCase, PaidProvider


@tagged("post_install", "-at_install")
class TestStockGivesWay(EnrichmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")
        cls.stock_action = cls.env.ref("crm_iap_enrich.action_enrich_mail")
        cls.our_action = cls.env.ref("crm_lead_enrichment.action_enrich_leads")
        cls.form = cls.env.ref("crm.crm_lead_view_form")

    def switch(self, on):
        self.env["res.config.settings"].create({"lead_enrichment": on}).execute()

    def arch(self, user=None):
        leads = self.env["crm.lead"].with_user(user or self.salesperson)
        return leads.get_view(self.form.id)["arch"]

    def actions(self, user=None):
        actions = self.env["ir.actions.actions"].with_user(user or self.salesperson)
        return {action["id"] for action in actions.get_bindings("crm.lead")["action"]}

    def test_one_button_and_one_list_action_while_ours_is_on(self):
        self.assertIn('"action_enrich"', self.arch())
        self.assertNotIn('"iap_enrich"', self.arch())
        self.assertIn(self.our_action.id, self.actions())
        self.assertNotIn(self.stock_action.id, self.actions())

    def test_unticked_there_is_no_button_and_no_list_action_for_anybody(self):
        self.switch(False)
        for user in (self.salesperson, self.manager, self.env.ref("base.user_admin")):
            self.assertNotIn('"action_enrich"', self.arch(user))
            self.assertNotIn('"iap_enrich"', self.arch(user))
            self.assertNotIn(self.stock_action.id, self.actions(user))
            self.assertNotIn(self.our_action.id, self.actions(user))

    def test_unticked_each_way_refuses_with_one_sentence_and_nothing_is_paid(self):
        lead = self.lead()
        self.switch(False)
        sentence = "Lead Enrichment is switched off in the CRM settings."
        for user in (self.salesperson, self.manager, self.env.ref("base.user_root")):
            record = lead.with_user(user)
            for way in (
                record.iap_enrich,
                record.action_enrich,
                record.action_open_enrichment,
                self.stock_action.with_user(user)
                .with_context(active_model="crm.lead", active_ids=lead.ids)
                .run,
            ):
                with self.assertRaisesRegex(UserError, sentence):
                    way()
        self.assertEqual(PaidProvider.asked, [])
        self.assertPaid(0)

    def test_settings_show_one_enrichment_which_is_ours(self):
        self.switch(False)
        view = self.env["res.config.settings"].get_view(
            self.env.ref("crm.res_config_settings_view_form").id
        )
        settings = etree.fromstring(view["arch"])
        [stock] = settings.xpath("//setting[field[@name='module_crm_iap_enrich']]")
        self.assertEqual(stock.get("invisible"), "1")

    def test_stock_s_scheduled_action_does_nothing_whether_ours_is_on_or_off(self):
        lead = self.lead()
        for on in (True, False):
            self.switch(on)
            self.env["crm.lead"]._iap_enrich_leads_cron()
        self.assertEqual(PaidProvider.asked, [])
        self.assertFalse(lead.iap_enrich_done)

    def test_lead_that_was_enriched_here_is_done_for_stock_too(self):
        lead = self.lead()
        self.enrich(lead)
        self.assertTrue(lead.iap_enrich_done)
        self.assertFalse(lead.show_enrich_button)
        self.switch(False)
        with self.enter_registry_test_mode():
            self.env["crm.lead"]._iap_enrich_leads_cron()
        self.assertPaid(1)

    def test_stock_s_own_code_reads_our_answers(self):
        lead, nobody = self.lead(1), self.lead(9)
        (lead + nobody).with_user(self.manager).iap_enrich()
        self.assertRecordValues(
            lead,
            [
                {
                    "partner_name": "Synthetic 1",
                    "street": "Rue de l'Exemple 1",
                    "city": "Bruxelles",
                    "zip": "1000",
                    "phone": "+32 2 290 34 90",
                    "country_id": self.belgium.id,
                    "reveal_id": "reg:XX-TEST:000001",
                    "iap_enrich_done": True,
                }
            ],
        )
        self.assertIn("PostgreSQL".title(), "".join(lead.message_ids.mapped("body")))
        self.assertTrue(nobody.iap_enrich_done)
        self.assertFalse(nobody.city)
        self.assertPaid(1)

    def test_stock_tells_about_missing_credits(self):
        self._set_credits(0)
        lead = self.lead()
        lead.iap_enrich()
        self.assertFalse(lead.iap_enrich_done)
        self.assertEqual(PaidProvider.asked, [])
