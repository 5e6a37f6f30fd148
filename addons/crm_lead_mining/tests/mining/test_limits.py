from odoo.tests import tagged

from odoo.addons.crm_iap_credits.exceptions import BudgetExceeded
from odoo.addons.crm_iap_credits.tests.common import let_months_pass

from ..common import LeadMiningCase


class LimitCase(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The database may have been used before.
        cls.env["iap.credit.budget"].search([]).active = False
        let_months_pass(cls.env, 3)
        cls.team = cls.env["crm.team"].create({"name": "Hunters", "user_id": cls.salesperson.id})

    def budget(self, **values):
        return self.env["iap.credit.budget"].create({"hard_limit": 5, **values})

    def preview(self, **values):
        request = self.env["lead.mining.request"].with_user(self.salesperson)
        return request.get_preview(
            {
                "provider_id": self.provider.id,
                "lead_number": 3,
                "target": "companies",
                "country_ids": self.belgium.ids,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestBudgetOfRequests(LimitCase):
    def test_request_beyond_a_budget_does_not_start(self):
        self.budget(period="request")
        request = self.request(lead_number=6)
        with self.assertRaisesRegex(BudgetExceeded, "up to 5 credits, and this one costs up to 6"):
            request.action_generate()
        self.assertEqual(request.state, "draft")
        request.lead_number = 5
        request.action_generate()
        self.assertEqual(request.state, "queued")

    def test_month_counts_requests_of_everybody(self):
        self.budget()
        self.mine(lead_number=3)
        with self.assertRaisesRegex(BudgetExceeded, "3 of the 5 credits"):
            self.request(lead_number=3).action_generate()
        self.assertEqual(self.mine(lead_number=2).state, "done")
        self.assertPaid(5)

    def test_team_of_the_request_pays_from_its_budget(self):
        self.budget(scope="team", team_id=self.team.id)
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        other = self.env["crm.team"].create(
            {"name": "Farmers", "member_ids": [(6, 0, self.salesperson.ids)]}
        )
        theirs = self.mine(lead_number=3, team_id=self.team.id)
        self.assertEqual(theirs.team_id, self.team)
        with self.assertRaisesRegex(BudgetExceeded, "Hunters"):
            self.request(lead_number=3, team_id=self.team.id).action_generate()
        self.request(lead_number=3, team_id=other.id).action_generate()

    def test_owner_of_the_request_spends_whoever_starts_it(self):
        self.budget(scope="user", user_id=self.salesperson.id)
        request = self.request(lead_number=6)
        with self.assertRaises(BudgetExceeded):
            request.with_user(self.env.ref("base.user_admin")).action_generate()

    def test_budget_set_after_the_start_stops_the_request_with_its_sentence(self):
        request = self.request(lead_number=3)
        request.action_generate()
        self.budget(hard_limit=2)
        self.run_lane()
        self.assertEqual((request.state, request.failure), ("failed", "budget"))
        self.assertIn("0 of the 2 credits", request.message)
        self.assertPaid(0)

    def test_retry_counts_what_the_request_has_cost_before(self):
        self.budget(period="request", hard_limit=9)
        request = self.mine(lead_number=9)
        self.assertEqual((request.state, request.created_count), ("partial", 5))
        self.provide(9)
        request.action_retry()
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 9))


@tagged("post_install", "-at_install")
class TestLimitsInTheDialog(LimitCase):
    def test_nothing_is_said_where_nothing_is_limited(self):
        preview = self.preview()
        self.assertEqual(
            (preview["refusal"], preview["warnings"], preview["is_low"]), ("", [], False)
        )

    def test_warning_and_refusal_come_before_anything_is_spent(self):
        self.budget(soft_limit=2)
        preview = self.preview()
        self.assertEqual(preview["refusal"], "")
        self.assertEqual(len(preview["warnings"]), 1)
        self.assertIn("up to 3 credits", preview["warnings"][0])
        preview = self.preview(lead_number=6)
        self.assertIn("6 more are needed", preview["refusal"])
        self.assertEqual(preview["warnings"], [])
        self.assertPaid(0)

    def test_team_chosen_in_the_dialog_is_asked(self):
        self.budget(scope="team", team_id=self.team.id, hard_limit=2)
        self.team.user_id = False
        self.assertEqual(self.preview(team_id=False)["refusal"], "")
        self.assertIn("Hunters", self.preview(team_id=self.team.id)["refusal"])

    def test_own_team_is_asked_where_none_is_chosen(self):
        self.budget(scope="team", hard_limit=2)
        self.assertIn("your sales team", self.preview(team_id=False)["refusal"])

    def test_low_balance_is_told(self):
        self.account.write(
            {"warning_threshold": 101, "warning_user_ids": [(6, 0, self.env.user.ids)]}
        )
        self.assertTrue(self.preview()["is_low"])


@tagged("post_install", "-at_install")
class TestReports(LimitCase):
    def test_consumption_knows_team_campaign_and_request(self):
        campaign = self.env["utm.campaign"].create({"name": "Autumn"})
        request = self.mine(team_id=self.team.id, campaign_id=campaign.id)
        line = self.env["iap.credit.consumption"].search([("mining_request_id", "=", request.id)])
        self.assertEqual((line.captured, line.net), (3, 3))
        self.assertEqual((line.team_id, line.campaign_id), (self.team, campaign))
        self.assertEqual((line.user_id, line.document_name), (self.salesperson, request.name))
        self.assertEqual(request.lead_ids.campaign_id, campaign)

    def test_cost_per_lead_and_per_won_deal(self):
        request = self.mine(lead_number=4, target="contacts", contact_number=1)
        leads = request.lead_ids.sudo()
        leads[:2].action_set_won()
        leads[3].unlink()
        wizard = self.env["lead.mining.bad.data"].with_user(self.salesperson)
        wizard.create({"result_ids": request.result_ids[2].ids, "flaw": "closed"}).action_confirm()
        measures = (
            "lead_count:sum", "won_count:sum", "credits:sum", "cost_per_lead:avg",
            "cost_per_won:avg",
        )  # fmt: skip
        self.env.flush_all()
        report = self.env["lead.mining.report"].with_user(self.salesperson)
        rows = report._read_group([], ["provider_id"], measures)
        self.assertEqual(rows, [(self.provider, 4, 2, 6, 1.5, 3.0)])
        rows = report._read_group([], ["industry_id"], measures)
        industry = self.env.ref("crm_lead_mining.industry_62")
        self.assertEqual(rows, [(industry, 4, 2, 6, 1.5, 3.0)])

    def test_nothing_won_has_no_cost_per_won_deal(self):
        self.mine()
        self.env.flush_all()
        rows = self.env["lead.mining.report"]._read_group([], [], ["cost_per_won:avg"])
        self.assertEqual(rows, [(0.0,)])

    def test_merged_deal_is_won_once(self):
        request = self.mine(lead_number=2)
        merged = request.lead_ids.with_user(self.salesperson).merge_opportunity()
        merged.action_set_won()
        self.env.flush_all()
        rows = self.env["lead.mining.report"]._read_group(
            [], [], ["lead_count:sum", "won_count:sum"]
        )
        self.assertEqual(rows, [(2, 1)])

    def test_salespeople_see_the_cost_of_their_own_requests(self):
        self.mine()
        self.env.flush_all()
        admin = self.env.ref("base.user_admin")
        theirs = self.env["lead.mining.report"].with_user(self.salesperson)
        others = self.request(user=admin)
        others.action_generate()
        self.run_lane()
        self.assertEqual(theirs.search_count([]), 3)
        self.assertEqual(theirs.with_user(admin).search_count([]), 5)
