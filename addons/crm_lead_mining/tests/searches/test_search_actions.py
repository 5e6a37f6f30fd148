"""What the buttons of a saved search do."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestSearchActions(LeadMiningCase):
    def setUp(self):
        super().setUp()
        self.search = self.env["lead.mining.search"].with_user(self.salesperson).create(
            {"name": "Search", "country_ids": [(6, 0, self.belgium.ids)], "schedule": "weekly"}
        )  # fmt: skip

    def test_a_paused_search_waits_for_somebody_and_says_no_reason(self):
        self.search.sudo().pause_reason = "Earlier"
        self.search.action_pause()
        self.assertEqual((self.search.paused, self.search.pause_reason), (True, False))

    def test_a_resumed_search_begins_anew_and_catches_nothing_up(self):
        now = self.env.cr.now()
        for next_run, is_kept in ((now - timedelta(days=9), False), (now + timedelta(9), True)):
            self.search.sudo().write(
                {
                    "paused": True, "pause_reason": "Why", "failure_count": 2,
                    "next_run": next_run.replace(microsecond=0),
                }
            )  # fmt: skip
            self.search.action_resume()
            self.assertEqual(
                (self.search.paused, self.search.pause_reason, self.search.failure_count),
                (False, False, 0),
            )
            if is_kept:
                self.assertEqual(self.search.next_run, next_run.replace(microsecond=0))
            else:
                self.assertLess(abs(self.search.next_run - now), timedelta(minutes=5))
        self.search.sudo().write({"schedule": False, "next_run": False})
        self.search.action_resume()
        self.assertFalse(self.search.next_run)

    def test_only_who_may_change_a_search_pauses_resumes_or_runs_it(self):
        other = new_test_user(
            self.env, "t_other",
            "sales_team.group_sale_salesman,crm_lead_mining.group_lead_mining_user",
        )  # fmt: skip
        theirs = self.search.with_user(other)
        for act in (theirs.action_pause, theirs.action_resume, theirs.action_generate):
            with self.subTest(act.__name__), self.assertRaises(AccessError):
                act()

    def test_a_search_that_nobody_ran_has_brought_and_cost_nothing(self):
        counts = ("request_count", "lead_total", "credit_total")
        self.assertEqual([self.search[name] for name in counts], [0, 0, 0])
        self.mine(search_id=self.search.id, lead_number=2)
        self.search.invalidate_recordset()
        self.assertEqual([self.search[name] for name in counts], [1, 2, 2])

    def test_its_requests_and_leads_are_shown_archived_ones_too(self):
        action = self.search.action_view_requests()
        self.assertEqual(action["domain"], [("search_id", "=", self.search.id)])
        self.assertFalse(action["context"]["active_test"])
        request = self.mine(search_id=self.search.id)
        action = self.search.action_view_leads()
        leads = self.env["crm.lead"].with_context(active_test=False).search(action["domain"])
        self.assertEqual(leads, request.lead_ids)
