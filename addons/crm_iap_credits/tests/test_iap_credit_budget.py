from psycopg2.errors import CheckViolation

from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..exceptions import BudgetExceeded, InsufficientCredits
from .common import CreditCase


class BudgetCase(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(1000)
        # The database may have been used before.
        cls.env["iap.credit.budget"].search([]).active = False
        cls._let_months_pass(3)
        cls.sally = new_test_user(cls.env, "sally", "sales_team.group_sale_salesman", name="Sally")
        cls.sam = new_test_user(cls.env, "sam", "sales_team.group_sale_salesman", name="Sam")
        cls.team = cls.env["crm.team"].create({"name": "Hunters"})
        cls.lead = cls.env["crm.lead"].create({"name": "Deal", "team_id": cls.team.id})

    def budget(self, **values):
        return self.env["iap.credit.budget"].create({"hard_limit": 100, **values})

    def spend(self, credits, user=None, **values):
        account = self.account.with_user(user or self.sally).sudo()
        return self._hold(credits, account=account, **values)


@tagged("post_install", "-at_install")
class TestBudget(BudgetCase):
    def test_company_stops_at_its_limit_of_the_month(self):
        self.budget()
        self.spend(60)
        self.spend(40, self.sam)
        with self.assertRaises(BudgetExceeded) as caught:
            self.spend(1)
        error = caught.exception
        self.assertEqual((error.limit, error.spent, error.wanted), (100, 100, 1))
        self.assertEqual(error.scope, "company")
        self.assertIn("100 of the 100 credits", str(error))
        self.assertCredits(900, held=100)

    def test_soft_limit_stops_nothing(self):
        self.budget(soft_limit=10, hard_limit=0)
        self.spend(500)
        self.assertCredits(500, held=500)

    def test_each_user_has_the_own_limit(self):
        self.budget(scope="user")
        self.spend(100)
        self.spend(100, self.sam)
        with self.assertRaisesRegex(BudgetExceeded, "Sam"):
            self.spend(1, self.sam)

    def test_limit_of_one_user_holds_for_no_other(self):
        self.budget(scope="user", user_id=self.sally.id)
        self.spend(500, self.sam)
        with self.assertRaises(BudgetExceeded):
            self.spend(101)
        self.spend(100)

    def test_team_spends_together(self):
        self.budget(scope="team", team_id=self.team.id)
        other = self.env["crm.lead"].create({"name": "Other", "team_id": False})
        self.spend(60, document=self.lead)
        with self.assertRaisesRegex(BudgetExceeded, "Hunters"):
            self.spend(41, self.sam, document=self.lead)
        self.spend(500, document=other)
        self.spend(40, self.sam, document=self.lead)

    def test_each_team_has_the_own_limit(self):
        self.budget(scope="team")
        farmers = self.env["crm.team"].create({"name": "Farmers"})
        theirs = self.env["crm.lead"].create({"name": "Theirs", "team_id": farmers.id})
        self.spend(100, document=self.lead)
        self.spend(100, document=theirs)
        for lead in (self.lead, theirs):
            with self.assertRaises(BudgetExceeded):
                self.spend(1, document=lead)
        self.spend(100)

    def test_request_is_one_document_with_all_its_holds(self):
        self.budget(period="request")
        self.spend(60, document=self.lead)
        with self.assertRaisesRegex(BudgetExceeded, "up to 101"):
            self.spend(41, document=self.lead)
        self.spend(40, document=self.lead)
        self.spend(100)
        with self.assertRaises(BudgetExceeded):
            self.spend(101)

    def test_strictest_of_several_budgets_decides(self):
        self.budget(hard_limit=500)
        self.budget(scope="user", hard_limit=50)
        self.budget(period="request", hard_limit=20)
        with self.assertRaisesRegex(BudgetExceeded, "up to 20"):
            self.spend(21)
        for _request in range(2):
            self.spend(20)
        with self.assertRaises(BudgetExceeded) as caught:
            self.spend(11)
        self.assertEqual((caught.exception.scope, caught.exception.limit), ("user", 50))

    def test_released_credits_can_be_spent_again(self):
        self.budget()
        hold = self.spend(100)
        self._capture(hold, 30)
        self.account.release(hold.token, reason="Test")
        self.spend(70)
        with self.assertRaises(BudgetExceeded):
            self.spend(1)

    def test_expired_holds_do_not_count(self):
        self.budget()
        self._let_expire(self.spend(100))
        self.env["iap.credit.hold"]._expire_overdue()
        self.spend(100)

    def test_refunded_credits_can_be_spent_again(self):
        self.budget()
        hold = self.spend(100)
        capture = self._capture(hold, 100)
        self.account.refund(capture, 30, reason="Test", idempotency_key=self._key())
        with self.assertRaises(BudgetExceeded) as caught:
            self.spend(31)
        self.assertEqual(caught.exception.spent, 70)
        self.spend(30)

    def test_month_begins_anew(self):
        self.budget()
        self.spend(100)
        self._let_months_pass(1)
        self.spend(100)

    def test_same_hold_again_is_no_more_spending(self):
        self.budget()
        first = self.spend(100, idempotency_key="order 1")
        self.assertEqual(self.spend(100, idempotency_key="order 1"), first)

    def test_hold_made_before_the_budget_is_found_again(self):
        first = self.spend(100, idempotency_key="order 1")
        self.budget(hard_limit=1)
        self.assertEqual(self.spend(100, idempotency_key="order 1"), first)

    def test_budgets_of_other_services_companies_and_archived_ones_stop_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        service = self.env["iap.service"].search([("technical_name", "!=", "reveal")], limit=1)
        self.budget(hard_limit=1, company_id=other.id)
        self.budget(hard_limit=1, service_id=service.id)
        self.budget(hard_limit=1, active=False)
        self.spend(500)

    def test_missing_credits_are_told_within_a_budget_too(self):
        self.budget(hard_limit=5000)
        with self.assertRaises(InsufficientCredits):
            self.spend(1001)

    def test_hold_is_one_statement_with_or_without_budgets(self):
        for values in ({}, {"scope": "user"}, {"scope": "team"}, {}, {"period": "request"}):
            if values:
                self.budget(**values)
            with self.subTest(**values):
                self.spend(1, document=self.lead)
                self.env.flush_all()
                with self.assertQueryCount(3):  # savepoint, statement, release of the savepoint
                    self.spend(1, document=self.lead)

    def test_budget_shows_what_was_spent_of_it(self):
        whole = self.budget()
        user = self.budget(scope="user", user_id=self.sally.id)
        team = self.budget(scope="team", team_id=self.team.id)
        each = self.budget(scope="user")
        self.spend(10)
        self.spend(20, self.sam, document=self.lead)
        budgets = whole | user | team | each
        budgets.invalidate_recordset()
        self.assertEqual(budgets.mapped("spent"), [30, 10, 20, 0])
        self.assertEqual(budgets.mapped("is_single"), [True, True, True, False])

    @mute_logger("odoo.sql_db")
    def test_what_is_no_budget_is_refused(self):
        for values in (
            {"hard_limit": 0},
            {"hard_limit": -1},
            {"soft_limit": -1},
            {"soft_limit": 101},
            {"user_id": self.sally.id},
            {"scope": "user", "team_id": self.team.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.budget(**values)

    def test_form_forgets_whose_budget_it_was(self):
        form = Form(self.env["iap.credit.budget"])
        form.hard_limit = 5
        form.scope = "user"
        form.user_id = self.sally
        form.scope = "team"
        budget = form.save()
        self.assertFalse(budget.user_id)

    def test_budget_names_whose_it_is(self):
        names = [
            self.budget(scope="team", team_id=self.team.id).display_name,
            self.budget(scope="user", period="request").display_name,
        ]
        self.assertEqual(names, ["Hunters: Calendar Month", "each user: Request"])
