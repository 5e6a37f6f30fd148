from datetime import timedelta
from unittest.mock import patch

from psycopg2.pool import PoolError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import LeadMiningCase

LANE = "odoo.addons.crm_lead_mining.models.mining.lead_lane_mixin"


@tagged("post_install", "-at_install")
class TestLaneHealth(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.env["lead.mining.worker"]
        cls.env["lead.mining.run"].search([("state", "in", ("queued", "running"))]).state = "failed"
        cls.lanes = cls.worker._lanes().filtered("active")
        cls.lanes.lastcall = fields.Datetime.now()

    def told(self):
        """Return what is not well, and what is."""
        lines = self.worker._queue_health()
        return [
            " ".join(sentence for is_well, sentence in lines if is_well == wanted)
            for wanted in (False, True)
        ]

    def waiting(self, minutes):
        request = self.request()
        request.action_generate()
        request.sudo().run_id.queued_at = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()
        return request

    def test_lanes_that_were_seen_are_well(self):
        trouble, well = self.told()
        self.assertEqual(trouble, "")
        self.assertIn(f"lanes {len(self.lanes)}, at work 0, last seen", well)
        self.assertNotIn("waiting", well)

    def test_lanes_that_no_server_has_run_for_long_are_told(self):
        self.lanes.lastcall = fields.Datetime.now() - timedelta(hours=1)
        self.assertIn("max_cron_threads", self.told()[0])
        self.lanes.lastcall = False
        self.assertIn("never", self.told()[0])

    def test_a_lane_that_works_for_long_is_well(self):
        self.lanes.lastcall = fields.Datetime.now() - timedelta(hours=1)
        self.waiting(90)
        self.env["lead.mining.run"]._claim(600)
        trouble, well = self.told()
        self.assertEqual(trouble, "")
        self.assertIn("at work 1", well)

    def test_no_lane_at_all_is_told(self):
        self.lanes.active = False
        self.assertIn("no lane is switched on", self.told()[0])

    def test_a_request_that_waits_for_long_is_told(self):
        self.waiting(1)
        trouble, well = self.told()
        self.assertEqual(trouble, "")
        self.assertIn("has been waiting since", well)
        self.waiting(60)
        self.assertIn("has been waiting since", self.told()[0])

    def test_a_request_that_a_provider_asks_to_wait_is_no_trouble(self):
        request = self.waiting(60)
        request.sudo().run_id.resume_at = fields.Datetime.now() + timedelta(hours=1)
        self.assertEqual(self.told()[0], "")

    def test_a_request_without_a_connection_waits_and_is_told(self):
        request = self.waiting(1)
        with self.no_connection(), self.assertLogs(LANE, "WARNING") as logs:
            self.run_lane()
        self.assertIn("db_maxconn", logs.output[0])
        self.assertEqual((request.state, request.created_count), ("queued", 0))
        self.assertIn("waiting for a connection to the database: 1", self.told()[0])
        # Not again at once.
        self.run_lane()
        self.assertEqual(request.state, "queued")
        request.sudo().run_id.unconnected_at = fields.Datetime.now() - timedelta(minutes=1)
        self.run_lane()
        self.assertEqual(request.state, "done")
        self.assertFalse(request.sudo().run_id.unconnected_at)
        self.assertEqual(self.told()[0], "")

    @mute_logger(LANE)
    def test_a_lane_without_a_connection_leaves_the_rest_to_others(self):
        first, second = self.waiting(2), self.waiting(1)
        with self.no_connection():
            self.run_lane()
        self.assertTrue(first.sudo().run_id.unconnected_at)
        self.assertFalse(second.sudo().run_id.unconnected_at)

    def no_connection(self):
        def hold(*_args, **_options):
            raise PoolError("The Connection Pool Is Full")

        return patch.object(type(self.env["iap.account"]), "hold", hold)

    def test_administrators_see_it_in_the_settings(self):
        administrator = new_test_user(self.env, "administrator", "base.group_system")
        settings = self.env["res.config.settings"].with_user(administrator).create({})
        self.assertIn("Lead mining", settings.lead_mining_health)
        self.assertIn("fa-check", settings.lead_mining_health)
        with self.assertRaises(AccessError):
            settings.with_user(self.salesperson).read(["lead_mining_health"])
