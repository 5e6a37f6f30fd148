from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestLeadMiningReport(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")

    def setUp(self):
        super().setUp()
        self.mined = self.mine(lead_number=4, target="contacts", contact_number=1)
        won, lost, deleted, _open = self.mined.lead_ids.sorted("id")
        won.expected_revenue = 5000
        won.action_set_won()
        lost.action_set_lost()
        deleted.sudo().unlink()
        self.env.flush_all()

    def grouped(self, field, user=None):
        rows = (
            self.env["lead.mining.report"]
            .with_user(user or self.manager)
            ._read_group(
                [("request_id", "=", self.mined.id)],
                [field],
                [
                    "lead_count:sum", "credits:sum", "won_count:sum", "won_revenue:sum",
                    "conversion:avg", "cost_per_won:avg",
                ],
            )
        )  # fmt: skip
        return rows

    def test_leads_cost_and_revenue_by_provider_industry_and_country(self):
        for field, value in (
            ("provider_id", self.provider),
            ("country_id", self.belgium),
            ("industry_id", self.env.ref("crm_lead_mining.industry_62")),
        ):
            self.assertEqual(self.grouped(field), [(value, 4, 8, 1, 5000, 25.0, 8.0)], field)

    def test_deleted_lead_keeps_its_cost(self):
        rows = {status: (leads, cost) for status, leads, cost, *_more in self.grouped("won_status")}
        self.assertEqual(rows["deleted"], (1, 2))

    def test_what_was_paid_for_known_companies_is_told_and_makes_no_lead(self):
        self.provide(6)
        lead = self.env["crm.lead"].create(
            {
                "name": "X",
                "website": "https://synthetic5.example",
                "user_id": self.salesperson.id,
            }
        )
        filled = self.mine(lead_number=6, known_policy="update")
        updated = filled.result_ids.filtered(lambda result: result.outcome == "updated")
        self.assertIn(lead, updated.lead_id)
        lead.action_set_won()
        self.env.flush_all()
        rows = self.env["lead.mining.report"]._read_group(
            [("request_id", "=", filled.id), ("outcome", "=", "updated")],
            [],
            [
                "credits:sum", "lead_count:sum", "won_count:sum", "conversion:avg",
                "cost_per_lead:avg",
            ],
        )  # fmt: skip
        self.assertEqual(rows, [(sum(updated.mapped("credits")), 0, 0, False, False)])
        self.assertGreaterEqual(rows[0][0], 1)

    def test_group_without_won_deal_has_no_cost_per_won_deal(self):
        rows = {status: numbers[-1] for status, *numbers in self.grouped("won_status")}
        self.assertEqual((rows["won"], rows["lost"]), (2.0, False))

    def test_tiles_tell_the_totals_of_what_is_filtered(self):
        report = self.env["lead.mining.report"].with_user(self.manager)
        dashboard = report.get_dashboard([("request_id", "=", self.mined.id)])
        tiles = {tile["name"]: tile["value"] for tile in dashboard["tiles"]}
        self.assertEqual((tiles["leads"], tiles["credits"], tiles["won"]), ("4", "8", "1"))
        self.assertIn("5,000", tiles["revenue"])
        self.assertEqual((tiles["conversion"], tiles["cost"]), ("25.0 %", "8.0"))
        nothing = report.get_dashboard([("request_id", "=", -1)])
        self.assertEqual((nothing["tiles"][-1]["value"], nothing["groups"][0]["rows"]), ("–", []))

    def test_dashboard_tells_leads_cost_and_revenue_by_provider_industry_and_country(self):
        report = self.env["lead.mining.report"].with_user(self.manager)
        groups = report.get_dashboard([("request_id", "=", self.mined.id)])["groups"]
        self.assertEqual([group["label"] for group in groups], ["Provider", "Industry", "Country"])
        for group, name in zip(groups, ("Synthetic Provider", "62", "Belgium"), strict=True):
            (row,) = group["rows"]
            self.assertIn(name, row["name"])
            self.assertEqual((row["leads"], row["credits"]), ("4", "8"))
            self.assertIn("5,000", row["revenue"])
        self.assertEqual(groups[2]["rows"][0]["id"], self.belgium.id)

    def test_revenue_is_told_in_whole_units_of_any_currency(self):
        report = self.env["lead.mining.report"]
        for decimals, rounding in ((2, 0.01), (0, 1)):
            currency = self.env["res.currency"].create(
                {"name": f"X{decimals}", "symbol": "X", "rounding": rounding, "position": "before"}
            )
            with patch.object(type(self.env.company), "currency_id", currency):
                self.assertEqual(report._money(5000), "X\N{NO-BREAK SPACE}5,000")
                self.assertEqual(report._money(None), "X\N{NO-BREAK SPACE}0")

    def test_credits_given_back_are_no_cost(self):
        result = self.mined.result_ids.sorted("id")[0]
        wizard = self.env["lead.mining.refund"].with_user(self.salesperson)
        wizard._report_bad_data([(result.with_user(self.salesperson), ["company"])], flaw="closed")
        self.env.flush_all()
        self.assertEqual(self.grouped("provider_id")[0][2], 7)

    def test_salespeople_see_their_own_and_managers_all(self):
        colleague = new_test_user(self.env, "colleague", "sales_team.group_sale_salesman")
        self.assertFalse(self.grouped("provider_id", colleague))
        self.assertTrue(self.grouped("provider_id", self.salesperson))

    def test_other_company_is_hidden(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.env.cr.execute(
            "UPDATE lead_mining_request SET company_id = %s WHERE id = %s",
            (other.id, self.mined.id),
        )
        self.env.invalidate_all()
        self.assertFalse(self.grouped("provider_id"))

    def test_row_opens_its_lead_or_the_request_of_a_deleted_one(self):
        rows = self.env["lead.mining.report"].search([("request_id", "=", self.mined.id)])
        models = {row.won_status: row.action_open_lead()["res_model"] for row in rows}
        self.assertEqual(models["won"], "crm.lead")
        self.assertEqual(models["deleted"], "lead.mining.request")
