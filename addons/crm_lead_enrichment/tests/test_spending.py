"""Who enriches is bound by the own budgets."""

from odoo.tests import tagged

from .common import EnrichmentCase


@tagged("post_install", "-at_install")
class TestWhoEnriches(EnrichmentCase):
    def test_who_asked_spends_from_the_own_budget_and_for_the_own_team(self):
        self.env["iap.credit.budget"].search([]).active = False
        self.env.cr.execute("UPDATE iap_credit_hold SET date = date - interval '90 days'")
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
