"""What was spent, in money: the analysis and the statement say the same."""

from odoo.tests import new_test_user, tagged

from ..tools.ledger import Cost
from .common import CreditCase


@tagged("post_install", "-at_install")
class TestCostOfConsumption(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm_iap_credits.trial_credits", "0")
        cls.euro, cls.dollar = cls.env.ref("base.EUR"), cls.env.ref("base.USD")
        (cls.euro | cls.dollar).active = True
        cls.company = cls.env["res.company"].create({"name": "Cost", "currency_id": cls.euro.id})
        cls.env.user.company_ids += cls.company
        cls.account = cls.env["iap.account"]._get_local("reveal", cls.company)
        cls.dollar.rate_ids.unlink()
        cls.euro.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": cls.dollar.id, "rate": 2,
             "company_id": cls.company.id}
        )  # fmt: skip
        cls.manager = new_test_user(
            cls.env, "cost_manager", "sales_team.group_sale_manager",
            company_id=cls.company.id, company_ids=cls.company.ids,
        )  # fmt: skip
        cls.seller = new_test_user(
            cls.env, "cost_seller", "sales_team.group_sale_salesman",
            company_id=cls.company.id, company_ids=cls.company.ids,
        )  # fmt: skip

    @classmethod
    def _buy(cls, credits, untaxed, currency=None):
        return cls.account.purchase(
            credits, reason="Pack", idempotency_key=cls._key(),
            cost=Cost(untaxed, 0, (currency or cls.euro).id),
        )  # fmt: skip

    def report(self, user=None):
        return (
            self.env["iap.credit.consumption"]
            .with_user(user or self.manager)
            .with_company(self.company)
            .search([("account_id", "=", self.account.id)], order="id")
        )

    def test_each_capture_costs_what_its_own_credits_cost(self):
        self.account.grant(5, reason="Gift", idempotency_key=self._key())
        self._buy(10, 20)  # 2.00 each
        self._buy(100, 50)  # 0.50 each
        hold = self._hold(30)
        first, second = self._capture(hold, 8), self._capture(hold, 12)
        self.account.release(hold.token, reason="Rest")
        self.account.refund(first, 6, reason="Bad", idempotency_key=self._key())
        self.assertEqual(
            [(line.net, round(line.cost, 6), line.without_cost) for line in self.report()],
            [(8, 6.0, 5), (12, 7 * 2 + 5 * 0.5, 0), (-6, -6.0, -3)],
        )
        self.assertEqual(second.amount, 12)

    def test_sums_are_in_the_company_s_currency_at_the_rate_of_the_purchase(self):
        self._buy(10, 40, self.dollar)
        self._capture(self._hold(5), 5)
        self.env["res.currency.rate"].create(
            {"name": "2090-01-01", "currency_id": self.dollar.id, "rate": 9,
             "company_id": self.company.id}
        )  # fmt: skip
        [line] = self.report()
        self.assertAlmostEqual(line.cost, 10)
        self.assertEqual(line.currency_id, self.euro)

    def test_the_analysis_and_the_statement_say_the_same(self):
        self._buy(3, 10)
        self._buy(7, 1.11)
        for credits in (1, 2, 4, 3):
            self._capture(self._hold(credits), credits)
        statement = self.env["iap.credit.statement"].create(
            {"account_id": self.account.id, "date_from": "2020-01-01", "date_to": "2099-12-31"}
        )
        [spent] = statement._get_statement().worths["capture"]
        [[sums]] = [
            self.env["iap.credit.consumption"]._read_group(
                [("account_id", "=", self.account.id)], [], ["cost:sum", "without_cost:sum"]
            )
        ]
        self.assertAlmostEqual(sums[0], -float(spent))
        self.assertEqual(sums[1], 0)

    def test_lots_without_a_price_are_told_apart_from_free_ones_by_no_cost(self):
        self.account.grant(9, reason="Gift", idempotency_key=self._key())
        self._capture(self._hold(9), 9)
        [line] = self.report()
        self.assertEqual((line.cost, line.without_cost), (0, 9))
        self.assertEqual(self.report().search([("without_cost", "!=", 0)]) & line, line)

    def test_who_may_not_see_lots_sees_no_cost(self):
        self._buy(10, 20)
        account = self.account.with_user(self.seller).sudo()
        hold = self._hold(2, account=account)
        account.capture(hold.token, 2, reason="Test", idempotency_key=self._key())
        names = self.env["iap.credit.consumption"].with_user(self.seller).fields_get()
        self.assertNotIn("cost", names)
        self.assertIn("net", names)
        self.assertTrue(self.report(self.seller))
