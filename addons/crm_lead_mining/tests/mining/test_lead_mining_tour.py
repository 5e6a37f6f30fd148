from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from ..common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestLeadMiningTour(KeptBrowser, LeadMiningCase, HttpCase):
    def test_newcomer_is_led_to_the_first_leads(self):
        others = self.env["lead.mining.provider"].search([("id", "!=", self.provider.id)])
        others.active = False
        self.salesperson.password = "salesperson-password"
        self.env.company.country_id = self.belgium
        self.start_tour("/odoo", "lead_mining_first_leads", login="salesperson")
        request = self.env["lead.mining.request"].search([("create_uid", "=", self.salesperson.id)])
        self.assertEqual((request.state, request.lead_number), ("queued", 2))

    def test_from_the_button_in_the_pipeline_to_the_leads(self):
        others = self.env["lead.mining.provider"].search([("id", "!=", self.provider.id)])
        others.active = False
        self.salesperson.password = "salesperson-password"
        self.env.company.country_id = self.belgium
        # Under tests no scheduler runs, so the trigger does the work itself.
        worker = type(self.env["lead.mining.worker"])
        with patch.object(worker, "_trigger_lanes", _run_at_once):
            self.start_tour("/odoo", "lead_mining_tour", login="salesperson")
        request = self.env["lead.mining.request"].search([("create_uid", "=", self.salesperson.id)])
        self.assertEqual((request.created_count, request.contact_count), (2, 2))
        self.assertPaid(4)


def _run_at_once(worker):
    worker.env.flush_all()
    worker.sudo()._run_lane()
