"""What was paid for unused credits is deferred, month by month, as the ledger says."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.crm_iap_credits.tools.ledger import Cost

from .test_iap_credit_order import InvoiceCase

ALONE = "odoo.addons.crm_common.tools.alone"


@tagged("post_install", "-at_install")
class TestDeferredCredits(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.own = cls.company.currency_id
        accounts = cls.env["account.account"].create(
            [
                {"code": f"CR{number}", "name": name, "account_type": kind}
                for number, (name, kind) in enumerate(
                    (
                        ("Deferred", "liability_current"),
                        ("Income", "income"),
                        ("Prepaid", "asset_prepayments"),
                        ("Expense", "expense"),
                    )
                )
            ]
        )
        cls.liability, cls.income, cls.asset, cls.expense = accounts
        cls.set_up(cls.liability, cls.income)
        cls.sister = cls.env["res.company"].create({"name": "Sister"})
        cls.env.user.company_ids += cls.sister
        cls.this_month = date.today().replace(day=1)

    @classmethod
    def set_up(cls, deferred, result):
        cls.company.write(
            {
                "credit_deferral_journal_id": cls.company_data["default_journal_misc"].id,
                "credit_deferral_account_id": deferred.id,
                "credit_result_account_id": result.id,
            }
        )

    def bought(self, credits, untaxed, currency=None):
        return self.account.purchase(
            credits, reason="Pack", idempotency_key=self._key(),
            cost=Cost(untaxed, 0, (currency or self.own).id),
        )  # fmt: skip

    def spend(self, credits):
        return self._capture(self._hold(credits), credits)

    def book(self, months=1):
        """Run the scheduled action on the second day of a later month."""
        later = self.this_month + relativedelta(months=months, day=2)
        self.env.flush_all()
        with freeze_time(datetime.combine(later, datetime.min.time())):
            self.env["iap.credit.deferral"]._book_due(self.company)
        return self.env["iap.credit.deferral"].search([("company_id", "=", self.company.id)])

    def deferred(self, account=None):
        """Add up, from the lines of the books alone, what is deferred."""
        account = account or self.liability
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(SUM(credit) - SUM(debit), 0) FROM account_move_line
                 WHERE account_id = %s AND parent_state = 'posted'
                """,
                account.id,
            )
        )
        return round(float(self.env.cr.fetchone()[0]), 2)

    def test_a_month_s_entry_tells_each_movement_and_leaves_what_is_unused(self):
        self.bought(100, 79.0)
        self.bought(250, 149.99)
        small = self.bought(30, 10.0)
        capture = self.spend(110)
        self.account.refund(capture, 4, reason="Bad", idempotency_key=self._key())
        self.account.reverse_purchase(small, 7, reason="Refund", idempotency_key=self._key())
        other = self.env["iap.account"]._get_local("reveal", self.sister)
        self.account.transfer(other, 20, reason="Sister", idempotency_key=self._key())
        [deferral] = self.book()
        move = deferral.move_id
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.date, self.this_month + relativedelta(day=31))
        lines = {
            line.name.split(": ")[-1]: round(line.credit - line.debit, 2)
            for line in move.line_ids
            if line.account_id == self.liability
        }
        self.assertEqual(
            lines,
            {"Purchase": 238.99, "Capture": -85.0, "Refund": 2.4, "Reversal": -2.33,
             "Transfer": -12.0},
        )  # fmt: skip
        self.assertEqual(self.deferred(), 142.06)
        self.assertEqual(self.deferred(self.income), -142.06)
        self.assertAlmostEqual(deferral.deferred, 142.06)

    def test_it_is_one_entry_a_month_however_often_it_runs(self):
        self.bought(10, 50)
        self.assertEqual(self.book(), self.book())
        self.assertEqual(self.deferred(), 50)
        self.assertEqual(len(self.book(2)), 2)
        self.assertFalse(self.book(2)[0].move_id)

    def test_what_is_spent_and_what_ends_later_is_taken_out_by_later_months(self):
        entry = self.bought(10, 50)
        self.book()
        with freeze_time(datetime.now() + timedelta(days=32)):
            self.spend(4)
        self._let_all_be_dated(32)
        self.book(2)
        self.assertEqual(self.deferred(), 30)
        self._let_lot_end(entry)
        self.env["iap.credit.lot"]._expire_due()
        self._let_all_be_dated(64)
        self.book(3)
        self.assertEqual(self.deferred(), 0)

    def _let_all_be_dated(self, days):
        """Put the newest entries into a later month: the ledger has the database's clock."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE iap_credit_entry DISABLE TRIGGER USER;
                UPDATE iap_credit_entry SET date = %s
                 WHERE account_id = %s AND id > %s;
                ALTER TABLE iap_credit_entry ENABLE TRIGGER USER
                """,
                datetime.combine(self.this_month, datetime.min.time()) + timedelta(days=days + 5),
                self.account.id,
                getattr(self, "_dated", self._bought_id()),
            )
        )
        self._dated = max(self.env["iap.credit.entry"].search([]).ids)
        self.env.invalidate_all()

    def _bought_id(self):
        return self.env["iap.credit.entry"].search(
            [("account_id", "=", self.account.id), ("kind", "=", "purchase")], limit=1
        ).id  # fmt: skip

    def _let_lot_end(self, entry):
        self.env.cr.execute(
            SQL(
                "UPDATE iap_credit_lot SET expires_at = %s WHERE entry_id = %s",
                datetime.now() - timedelta(days=1),
                entry.id,
            )
        )
        self.env.invalidate_all()

    def test_a_company_that_uses_the_credits_has_an_asset(self):
        self.set_up(self.asset, self.expense)
        self.bought(10, 50)
        self.spend(3)
        self.book()
        self.assertEqual(self.deferred(self.asset), -35)
        self.assertEqual(self.deferred(self.expense), 35)

    def test_a_locked_period_stays_as_it_was(self):
        self.bought(10, 50)
        lock = self.this_month + relativedelta(day=31)
        with freeze_time(datetime.combine(lock + timedelta(days=3), datetime.min.time())):
            self.company.fiscalyear_lock_date = lock
        [deferral] = self.book()
        self.assertGreater(deferral.move_id.date, lock)
        self.assertEqual(deferral.month, self.this_month)
        self.assertEqual(self.deferred(), 50)

    def test_an_entry_that_was_reversed_or_taken_back_is_made_up_for(self):
        self.bought(10, 50)
        [deferral] = self.book()
        deferral.move_id._reverse_moves(cancel=True)
        self.assertEqual(self.deferred(), 0)
        newest = self.book(2)[0]
        self.assertEqual(self.deferred(), 50)
        newest.move_id.button_draft()
        self.book(3)
        self.assertEqual(self.deferred(), 50)

    def test_a_reversal_that_is_reversed_in_turn_is_not_made_up_for(self):
        self.bought(10, 50)
        [deferral] = self.book()
        reversal = deferral.move_id._reverse_moves(cancel=True)
        reversal._reverse_moves(cancel=True)
        self.assertEqual(self.deferred(), 50)
        self.book(2)
        self.assertEqual(self.deferred(), 50)

    def test_other_accounts_take_over_what_is_deferred(self):
        self.bought(10, 50)
        self.book()
        other = self.liability.copy({"name": "Deferred, too"})
        self.set_up(other, self.income)
        self.book(2)
        self.assertEqual((self.deferred(), self.deferred(other)), (0, 50))
        self.assertEqual(self.deferred(self.income), -50)
        self.set_up(self.asset, self.expense)
        self.book(3)
        self.assertEqual((self.deferred(), self.deferred(other)), (0, 0))
        self.assertEqual(self.deferred(self.asset), -50)

    def test_credits_are_worth_the_same_to_a_company_that_they_are_transferred_to(self):
        other = self.currency_usd if self.own != self.currency_usd else self.currency_euro
        (other | self.own).rate_ids.unlink()
        rates = self.env["res.currency.rate"]
        rates.create({"name": "2020-01-01", "currency_id": other.id, "rate": 2,
                      "company_id": False})  # fmt: skip
        self.bought(10, 50, other)
        lot = self.env["iap.credit.lot"].search([], limit=1, order="id desc")
        self._date_back(lot, 40)
        rates.create({"name": date.today(), "currency_id": other.id, "rate": 5,
                      "company_id": False})  # fmt: skip
        self.env["ir.config_parameter"].set_param("crm_iap_credits.trial_credits", "0")
        account = self.env["iap.account"]._get_local("reveal", self.sister)
        self.sister.currency_id = self.own
        self.account.transfer(account, 4, reason="Sister", idempotency_key=self._key())
        self._capture(account.hold(4, reason="Spent", idempotency_key=self._key()), 4)
        spent = self.env["iap.credit.consumption"].search([("company_id", "=", self.sister.id)])
        self.assertEqual(spent.mapped("cost"), [10])
        basis = self.env["iap.credit.deferral"]._read_basis(self.sister, account)
        self.assertEqual([float(one.cost) for one in basis.values()], [10])

    def _date_back(self, lot, days):
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE iap_credit_lot SET paid_on = paid_on - %s WHERE id = %s", days, lot.id)
        )
        self.env.invalidate_all()

    def test_foreign_money_is_worth_what_it_was_on_the_day_of_the_purchase(self):
        other = self.currency_usd if self.own != self.currency_usd else self.currency_euro
        (other | self.own).rate_ids.unlink()
        rates = self.env["res.currency.rate"]
        rates.create({"name": "2020-01-01", "currency_id": other.id, "rate": 2,
                      "company_id": self.company.id})  # fmt: skip
        self.bought(10, 50, other)
        self.book()
        self.assertEqual(self.deferred(), 25)
        rates.create({"name": self.this_month + relativedelta(months=1), "currency_id": other.id,
                      "rate": 9, "company_id": self.company.id})  # fmt: skip
        self.book(2)
        self.assertEqual(self.deferred(), 25)

    def test_settings_with_half_of_what_an_entry_needs_cannot_be_saved(self):
        with Form(self.env["res.config.settings"]) as settings:
            settings.credit_result_account_id = self.env["account.account"]
            with self.assertRaisesRegex(AssertionError, "credit_result_account_id"):
                settings.save()
            settings.credit_result_account_id = self.expense
            settings.save()
        self.assertTrue(self.company._defers_credits())

    def test_without_accounts_nothing_is_booked(self):
        self.bought(10, 50)
        self.company.credit_result_account_id = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["iap.credit.deferral"]._cron_book()
        self.assertFalse(
            self.env["iap.credit.deferral"].search([("company_id", "=", self.company.id)])
        )

    def test_a_company_that_fails_keeps_none_from_theirs_and_is_told_of(self):
        self.bought(10, 50)
        seen, deferrals = [], type(self.env["iap.credit.deferral"])
        self.sister.write(
            {name: self.company[name].id for name in
             ("credit_deferral_journal_id", "credit_deferral_account_id",
              "credit_result_account_id")}
        )  # fmt: skip

        def book(model, company):
            if company == self.company:
                raise ValueError("no sequence")
            seen.append(company.id)

        self.env.flush_all()
        with (
            patch.object(deferrals, "_book_due", book),
            mute_logger(ALONE),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr, user=self.env.ref("base.user_root"))["iap.credit.deferral"]._cron_book()
        self.assertEqual(seen, self.sister.ids)
        self.assertIn("deferred credits", " ".join(self.account._watch()))

    def test_a_month_that_has_only_just_ended_is_not_told_of(self):
        self.bought(10, 50)
        self.company.partner_id.tz = "America/Noronha"  # two hours behind, all the year
        months = self.env["iap.credit.deferral"]
        self.book()
        over = self.this_month + relativedelta(months=2)
        for hour, is_told in ((2, False), (30, True)):
            moment = datetime.combine(over, datetime.min.time()) + timedelta(hours=hour, minutes=30)
            with self.subTest(hour), freeze_time(moment):
                self.assertTrue(months._get_due_months(self.company))
                self.assertEqual("deferred credits" in " ".join(self.account._watch()), is_told)

    def test_bookkeepers_see_their_companies_months_alone(self):
        self.bought(10, 50)
        [deferral] = self.book()
        keeper = new_test_user(
            self.env, "credit_keeper", "base.group_user,account.group_account_readonly",
            company_id=self.company.id, company_ids=self.company.ids,
        )  # fmt: skip
        self.assertEqual(deferral.with_user(keeper).deferred, 50)
        stranger = new_test_user(
            self.env, "credit_stranger", "base.group_user,account.group_account_readonly",
            company_id=self.sister.id, company_ids=self.sister.ids,
        )  # fmt: skip
        found = self.env["iap.credit.deferral"].with_user(stranger).search([])
        self.assertNotIn(deferral, found)
