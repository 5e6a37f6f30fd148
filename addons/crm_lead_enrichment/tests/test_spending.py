"""Who enriches is bound by the own budgets."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.pool import PoolError

from odoo import fields
from odoo.tests import tagged

from odoo.addons.crm_iap_credits.exceptions import LedgerBusy
from odoo.addons.crm_iap_credits.tests.common import let_months_pass

from .common import EnrichmentCase, PaidProvider


@tagged("post_install", "-at_install")
class TestWhoEnriches(EnrichmentCase):
    def test_who_asked_spends_from_the_own_budget_and_for_the_own_team(self):
        self.env["iap.credit.budget"].search([]).active = False
        let_months_pass(self.env, 3)
        hunters, farmers = self.env["crm.team"].create([{"name": "Hunters"}, {"name": "Farmers"}])
        hunters.member_ids = self.salesperson
        self.env["iap.credit.budget"].create(
            {"scope": "user", "user_id": self.salesperson.id, "hard_limit": 1}
        )
        first = self.enrich(self.lead(team_id=farmers.id))
        self.assertEqual(first.state, "done")
        capture = self.env["iap.credit.entry"].search([("kind", "=", "capture")], limit=1)
        self.assertEqual((capture.user_id, capture.team_id), (self.salesperson, hunters))
        second = self.enrich(self.lead(email_from="a@synthetic2.example"))
        self.assertEqual(second.state, "failed")
        self.assertIn("budget", second.message)
        self.assertPaid(1)

    def test_hold_that_was_over_when_the_lane_came_back_is_made_anew(self):
        def be_away():
            PaidProvider.before_answer = None
            self.env.cr.execute("UPDATE iap_credit_hold SET expires_at = '2020-01-01'")

        PaidProvider.before_answer = be_away
        attempt = self.enrich(self.lead())
        self.assertEqual((attempt.state, attempt.credits), ("done", 1), attempt.message)
        self.assertPaid(1)

    def test_enrichment_that_finds_its_account_busy_is_tried_again_by_itself(self):
        lead = self.lead()
        lead._enrich()
        attempt = self.attempts(lead).sudo()
        busy = LedgerBusy("The account is busy.")
        with patch.object(type(self.env["iap.account"]), "hold", side_effect=busy):
            self.work()
        self.assertEqual((attempt.state, attempt.message), ("queued", False))
        self.work()
        self.assertEqual(attempt.state, "queued", "it does not hammer the account")
        attempt.next_try_at = fields.Datetime.now() - timedelta(seconds=1)
        self.work()
        self.assertEqual((attempt.state, attempt.credits), ("done", 1), attempt.message)
        self.assertPaid(1)

    def test_price_that_changed_while_the_lane_was_dead_is_that_of_the_hold(self):
        lead = self.lead()
        lead._enrich()
        attempt = self.attempts(lead).sudo()
        with self.kill_after_hold():
            self.work()
        attempt.lease_expires_at = "2020-01-01"
        self.parameters.set_param("crm_lead_enrichment.price", "5")
        self.work()
        self.assertEqual((attempt.state, attempt.credits), ("done", 1), attempt.message)
        self.assertPaid(1)

    @contextmanager
    def kill_after_hold(self):
        """Let the lane die when its hold is made and it has not noted so."""
        Account = type(self.env["iap.account"])
        hold = Account.hold

        def killed(account, *args, **kwargs):
            hold(account, *args, **kwargs)
            raise PoolError("killed")

        Worker = type(self.env["lead.enrichment.worker"])
        with (
            patch.object(Account, "hold", killed),
            patch.object(Worker, "_put_back", lambda *args: None),
        ):
            yield

    def test_who_has_left_asks_nobody(self):
        lead = self.lead()
        lead._enrich()
        self.salesperson.active = False
        self.work()
        attempt = self.attempts(lead)
        self.assertEqual(attempt.state, "failed")
        self.assertIn("may no longer enrich", attempt.message)
        self.assertFalse(PaidProvider.asked)
        self.assertPaid(0)
