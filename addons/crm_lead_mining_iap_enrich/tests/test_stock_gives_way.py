from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_mining.tests.enrichment_common import EnrichmentCase, PaidProvider


@tagged("post_install", "-at_install")
class TestStockGivesWay(EnrichmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_action = cls.env.ref("crm_iap_enrich.action_enrich_mail")
        cls.our_action = cls.env.ref("crm_lead_mining.action_enrich_leads")
        cls.form = cls.env.ref("crm.crm_lead_view_form")

    def switch(self, on):
        self.env["res.config.settings"].create({"lead_enrichment": on}).execute()

    def arch(self):
        leads = self.env["crm.lead"].with_user(self.salesperson)
        return leads.get_view(self.form.id)["arch"]

    def actions(self):
        actions = self.env["ir.actions.actions"].with_user(self.salesperson)
        return {action["id"] for action in actions.get_bindings("crm.lead")["action"]}

    def test_one_button_and_one_list_action_while_ours_is_on(self):
        self.assertIn('"action_enrich"', self.arch())
        self.assertNotIn('"iap_enrich"', self.arch())
        self.assertIn(self.our_action.id, self.actions())
        self.assertNotIn(self.stock_action.id, self.actions())

    def test_stock_s_are_back_when_ours_is_off(self):
        self.switch(False)
        self.assertNotIn('"action_enrich"', self.arch())
        self.assertIn('"iap_enrich"', self.arch())
        self.assertIn(self.stock_action.id, self.actions())
        self.assertNotIn(self.our_action.id, self.actions())

    def test_stock_s_scheduled_action_does_nothing_while_ours_is_on(self):
        lead = self.lead()
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
        manager = new_test_user(self.env, "manager", "sales_team.group_sale_manager")
        lead, nobody = self.lead(1), self.lead(9)
        (lead + nobody).with_user(manager).iap_enrich()
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
