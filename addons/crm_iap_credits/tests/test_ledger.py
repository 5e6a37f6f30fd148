from datetime import timedelta
from itertools import product

from psycopg2 import errors

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..exceptions import (
    AccountDisabled,
    CaptureExceedsHold,
    HoldClosed,
    HoldExpired,
    HoldNotFound,
    IdempotencyConflict,
    InsufficientCredits,
    InvalidAmount,
    NotKeptLocally,
    RefundExceedsCapture,
)
from ..tools.kinds import KINDS
from ..tools.ledger import deltas
from .common import CreditCase

BAD_AMOUNTS = (0, -1, 0.5, 1.0, True, "1", None, 10**9 + 1, float("inf"))


@tagged("post_install", "-at_install")
class TestHold(CreditCase):
    def setUp(self):
        super().setUp()
        self._fund(10)

    def test_held_credits_cannot_be_held_again(self):
        hold = self._hold(7)
        self.assertEqual((hold.credits, hold.captured, hold.state), (7, 0, "open"))
        self.assertCredits(3, held=7)
        with self.assertRaises(InsufficientCredits):
            self._hold(4)
        self.assertCredits(3, held=7)

    def test_all_credits_can_be_held_to_the_last(self):
        self._hold(10)
        self.assertCredits(0, held=10)

    def test_a_refusal_tells_balance_price_service_and_where_to_buy(self):
        with self.assertRaises(InsufficientCredits) as caught:
            self._hold(25)
        error = caught.exception
        self.assertEqual((error.balance, error.price, error.service_name), (10, 25, "reveal"))
        self.assertEqual(error.buy_url, f"/iap/credits/{self.account.id}")
        self.assertEqual(
            str(error), "Not enough credits for Lead Generation: 25 needed, 10 available."
        )

    def test_what_is_no_amount_is_refused(self):
        for amount in BAD_AMOUNTS:
            with self.subTest(amount=amount), self.assertRaises(InvalidAmount):
                self._hold(amount)
        self.assertCredits(10)

    def test_the_same_key_gives_the_same_hold(self):
        partner = self.env.user.partner_id
        first = self._hold(4, idempotency_key="order 1", document=partner)
        again = self._hold(4, idempotency_key="order 1", document=partner, reason="Nochmals")
        self.assertEqual(again, first)
        self.assertCredits(6, held=4)

    def test_the_same_key_gives_the_same_hold_when_nothing_is_left(self):
        first = self._hold(10, idempotency_key="order 1")
        self.assertEqual(self._hold(10, idempotency_key="order 1"), first)

    def test_the_same_key_tells_what_became_of_the_hold(self):
        hold = self._hold(4, idempotency_key="order 1")
        self._capture(hold, 1)
        self.account.release(hold.token, reason="Test")
        again = self._hold(4, idempotency_key="order 1")
        self.assertEqual((again.token, again.state, again.captured), (hold.token, "released", 1))

    def test_the_same_key_for_another_movement_is_refused(self):
        hold = self._hold(4, idempotency_key="order 1")
        for move in (
            lambda: self._hold(5, idempotency_key="order 1"),
            lambda: self._hold(4, idempotency_key="order 1", document=self.env.user),
            lambda: self._capture(hold, 4, idempotency_key="order 1"),
            lambda: self.account.grant(4, reason="Test", idempotency_key="order 1"),
        ):
            with self.assertRaises(IdempotencyConflict) as caught:
                move()
            self.assertEqual(caught.exception.idempotency_key, "order 1")
        self.assertCredits(6, held=4)

    def test_a_key_belongs_to_one_account(self):
        other = self.env["iap.account"]._get_local("reveal", self._make_company())
        self._fund(10, other)
        first = self._hold(4, idempotency_key="order 1")
        second = self._hold(4, account=other, idempotency_key="order 1")
        self.assertNotEqual(first.token, second.token)
        self.assertCredits(6, held=4)
        self.assertCredits(6, held=4, account=other)

    def _make_company(self):
        return self.env["res.company"].create({"name": "Other"})

    def test_a_key_is_needed(self):
        for key in ("", None, "k" * 256):
            with self.subTest(key=key), self.assertRaises(ValueError):
                self._hold(1, idempotency_key=key)

    def test_a_key_may_have_255_characters(self):
        hold = self._hold(1, idempotency_key="k" * 255)
        self.assertEqual(self._hold(1, idempotency_key="k" * 255).token, hold.token)
        self.assertNotEqual(self._hold(1, idempotency_key="k" * 254).token, hold.token)

    def test_an_account_of_a_remote_service_is_refused(self):
        service = self.env["iap.service"].create(
            {
                "name": "SMS",
                "technical_name": "test_remote",
                "description": "SMS",
                "unit_name": "Credits",
                "integer_balance": False,
            }
        )
        remote = self.env["iap.account"].create({"service_id": service.id})
        with self.assertRaises(NotKeptLocally):
            self._hold(1, account=remote)
        with self.assertRaises(NotKeptLocally):
            remote.grant(1, reason="Test", idempotency_key="k")

    def test_a_deleted_account_is_refused(self):
        with self.assertRaises(NotKeptLocally):
            self._hold(1, account=self.account.browse(2**31 - 1))

    def test_a_neutralized_database_neither_spends_nor_buys(self):
        self.account.account_token += "+disabled"
        with self.assertRaises(AccountDisabled):
            self._hold(1)
        with self.assertRaises(AccountDisabled):
            self.account.purchase(1, reason="Test", idempotency_key="k")
        self.assertCredits(10)

    def test_the_entry_says_who_why_and_for_what(self):
        user = self.env.ref("base.user_admin")
        hold = (
            self.account.with_user(user)
            .sudo()
            .hold(2, reason="Leads", idempotency_key="k", document=user.partner_id)
        )
        entry = self.env["iap.credit.entry"].search([("idempotency_key", "=", "k")])
        self.assertEqual(
            (entry.user_id, entry.reason, entry.document_name, entry.hold_id.token),
            (user, "Leads", user.partner_id.display_name, hold.token),
        )
        action = entry.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", user.partner_id.id)
        )

    def test_the_ledger_outlives_its_documents(self):
        partner = self.env["res.partner"].create({"name": "Gone"})
        self._hold(2, idempotency_key="k", document=partner)
        gone = partner.id
        partner.unlink()
        entry = self.env["iap.credit.entry"].search([("idempotency_key", "=", "k")])
        self.assertEqual((entry.document_name, entry.document_id), ("Gone", gone))
        self.assertCredits(8, held=2)


@tagged("post_install", "-at_install")
class TestCapture(CreditCase):
    def setUp(self):
        super().setUp()
        self._fund(10)
        self.held = self._hold(6)

    def test_a_hold_is_captured_in_parts_up_to_its_credits(self):
        self._capture(self.held, 2)
        self.assertCredits(4, held=4)
        self._capture(self.held, 4)
        self.assertCredits(4)
        record = self.env["iap.credit.hold"].search([("token", "=", self.held.token)])
        self.assertEqual((record.state, record.captured), ("captured", 6))

    def test_no_more_than_held_is_captured(self):
        self._capture(self.held, 4)
        with self.assertRaises(CaptureExceedsHold) as caught:
            self._capture(self.held, 3)
        self.assertEqual(caught.exception.hold.remaining, 2)
        self.assertCredits(4, held=2)

    def test_a_captured_hold_gives_no_more(self):
        self._capture(self.held, 6)
        with self.assertRaises(CaptureExceedsHold):
            self._capture(self.held, 1)
        self.assertCredits(4)

    def test_the_same_key_captures_once(self):
        first = self._capture(self.held, 6, idempotency_key="delivery 1")
        again = self._capture(self.held, 6, idempotency_key="delivery 1")
        self.assertEqual(again, first)
        self.assertCredits(4)

    def test_the_same_key_for_another_capture_is_refused(self):
        self._capture(self.held, 2, idempotency_key="delivery 1")
        other = self._hold(2)
        for hold, credits in ((self.held, 3), (other, 2)):
            with self.assertRaises(IdempotencyConflict):
                self._capture(hold, credits, idempotency_key="delivery 1")
        self.assertCredits(2, held=6)

    def test_nothing_is_captured_after_the_release(self):
        self.account.release(self.held.token, reason="Test")
        with self.assertRaises(HoldClosed):
            self._capture(self.held, 1)
        self.assertCredits(10)

    def test_nothing_is_captured_after_the_time_is_over(self):
        self._let_expire(self.held)
        with self.assertRaises(HoldExpired):
            self._capture(self.held, 1)
        self.env["iap.credit.hold"]._expire_overdue()
        with self.assertRaises(HoldExpired):
            self._capture(self.held, 1)
        self.assertCredits(10)

    def test_an_unknown_or_foreign_hold_is_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["iap.account"]._get_local("reveal", company)
        for account, token in ((self.account, "unknown"), (other, self.held.token)):
            with self.assertRaises(HoldNotFound):
                account.capture(token, 1, reason="Test", idempotency_key=self._key())
            with self.assertRaises(HoldNotFound):
                account.release(token, reason="Test")
        self.assertCredits(4, held=6)

    def test_what_is_no_amount_is_refused(self):
        for amount in BAD_AMOUNTS:
            with self.subTest(amount=amount), self.assertRaises(InvalidAmount):
                self._capture(self.held, amount)
        self.assertCredits(4, held=6)


@tagged("post_install", "-at_install")
class TestRelease(CreditCase):
    def setUp(self):
        super().setUp()
        self._fund(10)
        self.held = self._hold(6)

    def test_what_was_not_captured_comes_back(self):
        self._capture(self.held, 2)
        self.assertEqual(self.account.release(self.held.token, reason="Test"), 4)
        self.assertCredits(8)

    def test_releasing_again_gives_nothing_more(self):
        self.assertEqual(self.account.release(self.held.token, reason="Test"), 6)
        self.assertEqual(self.account.release(self.held.token, reason="Test"), 6)
        self.assertCredits(10)

    def test_releasing_a_captured_hold_gives_nothing(self):
        self._capture(self.held, 6)
        self.assertEqual(self.account.release(self.held.token, reason="Test"), 0)
        self.assertCredits(4)

    def test_expired_holds_come_back_and_others_stay(self):
        partly, fresh = self._hold(2), self._hold(1)
        self._capture(partly, 1)
        for hold in (self.held, partly):
            self._let_expire(hold)
        self.env["iap.credit.hold"]._expire_overdue()
        self.assertCredits(8, held=1)
        holds = self.env["iap.credit.hold"].search([("account_id", "=", self.account.id)])
        states = {hold.token: hold.state for hold in holds}
        self.assertEqual(
            [states[hold.token] for hold in (self.held, partly, fresh)],
            ["expired", "expired", "open"],
        )

    def test_expired_holds_of_all_companies_come_back_in_one_run(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["iap.account"]._get_local("reveal", company)
        self._fund(5, other)
        for hold in (self.held, self._hold(2, account=other), self._hold(3, account=other)):
            self._let_expire(hold)
        self.env["iap.credit.hold"]._expire_overdue()
        self.assertCredits(10)
        self.assertCredits(5, account=other)

    def test_the_scheduled_action_gives_expired_holds_back(self):
        self._let_expire(self.held)
        with self.enter_registry_test_mode():
            self.env.ref("crm_iap_credits.ir_cron_expire_holds").method_direct_trigger()
        self.env.invalidate_all()
        self.assertCredits(10)

    def test_a_hold_needs_some_time(self):
        with self.assertRaises(ValueError):
            self._hold(1, expires_in=timedelta(0))


@tagged("post_install", "-at_install")
class TestPosting(CreditCase):
    def setUp(self):
        super().setUp()
        self._fund(10)

    def _move(self, method, credits, **values):
        values = {"reason": "Test", "idempotency_key": self._key(), **values}
        return getattr(self.account, method)(credits, **values)

    def test_each_kind_moves_the_balance_its_way(self):
        table = [
            ("grant", 5, "grant", 15),
            ("purchase", 5, "purchase", 20),
            ("adjust", -3, "adjustment", 17),
            ("adjust", 3, "adjustment", 20),
        ]
        for method, credits, kind, available in table:
            entry = self._move(method, credits)
            self.assertEqual((entry.kind, entry.amount), (kind, credits))
            self.assertCredits(available)

    def test_the_same_key_moves_once(self):
        for method in ("grant", "purchase", "adjust"):
            first = self._move(method, 2, idempotency_key=method)
            self.assertEqual(self._move(method, 2, idempotency_key=method), first)
            with self.assertRaises(IdempotencyConflict):
                self._move(method, 3, idempotency_key=method)
        self.assertCredits(16)

    def test_what_is_no_amount_is_refused(self):
        for method in ("grant", "purchase"):
            for amount in BAD_AMOUNTS:
                with self.subTest(method=method, amount=amount), self.assertRaises(InvalidAmount):
                    self._move(method, amount)
        for amount in (0, 0.5, None, -(10**9) - 1):
            with self.assertRaises(InvalidAmount):
                self._move("adjust", amount)
        self.assertCredits(10)

    def test_nothing_takes_more_than_is_available(self):
        self._hold(4)
        with self.assertRaises(InsufficientCredits) as caught:
            self._move("adjust", -7)
        self.assertEqual((caught.exception.balance, caught.exception.price), (6, 7))
        self.assertCredits(6, held=4)

    def test_a_refund_points_to_the_capture_it_undoes(self):
        capture = self._capture(self._hold(4), 4)
        refund = self.account.refund(capture, 3, reason="Bounced", idempotency_key="r1")
        self.assertEqual((refund.undoes_id, refund.kind), (capture, "refund"))
        self.assertCredits(9)

    def test_no_more_is_refunded_than_was_captured(self):
        capture = self._capture(self._hold(4), 4)
        self.account.refund(capture, 3, reason="Bounced", idempotency_key="r1")
        with self.assertRaises(RefundExceedsCapture) as caught:
            self.account.refund(capture, 2, reason="Bounced", idempotency_key="r2")
        self.assertEqual(caught.exception.refundable, 1)
        self.assertCredits(9)

    def test_only_captures_of_the_account_are_refunded(self):
        capture = self._capture(self._hold(4), 4)
        grant = self._move("grant", 5)
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["iap.account"]._get_local("reveal", company)
        for account, entry in ((self.account, grant), (other, capture)):
            with self.assertRaises(RefundExceedsCapture):
                account.refund(entry, 1, reason="Test", idempotency_key=self._key())
        self.assertCredits(11)


@tagged("post_install", "-at_install")
class TestAppendOnly(CreditCase):
    def setUp(self):
        super().setUp()
        self._fund(2)
        self._hold(1)
        self.hold = self.env["iap.credit.hold"].search([], limit=1)
        self.entry = self.env["iap.credit.entry"].search(
            [("account_id", "=", self.account.id)], limit=1
        )

    def test_the_orm_refuses_to_write_the_ledger_even_for_root(self):
        self._hold(1)
        for model in ("allocation", "balance", "entry", "hold", "lot", "trial"):
            record = self.env[f"iap.credit.{model}"].sudo().search([], limit=1)
            self.assertTrue(record)
            with self.subTest(model=model):
                with self.assertRaises(UserError):
                    record.write({"display_name": "Other"})
                with self.assertRaises(UserError):
                    record.unlink()
                with self.assertRaises(UserError):
                    record.create({"display_name": "Other"})

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_to_change_or_delete_entries(self):
        statements = [
            "UPDATE iap_credit_entry SET amount = amount + 1 WHERE id = %s",
            "UPDATE iap_credit_entry SET available_delta = 0, kind = 'capture' WHERE id = %s",
            "UPDATE iap_credit_entry SET account_id = account_id + 1 WHERE id = %s",
            "UPDATE iap_credit_entry SET idempotency_key = NULL WHERE id = %s",
            "DELETE FROM iap_credit_entry WHERE id = %s",
            "TRUNCATE iap_credit_entry CASCADE -- %s",
        ]
        for statement in statements:
            with (
                self.subTest(statement=statement),
                self.assertRaises(errors.RestrictViolation),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(statement, self.entry.id))

    def test_merging_users_may_rewrite_who_moved_credits(self):
        user = self.env.ref("base.user_admin")
        self.env.cr.execute(
            SQL("UPDATE iap_credit_entry SET user_id = %s WHERE id = %s", user.id, self.entry.id)
        )
        self.entry.invalidate_recordset()
        self.assertEqual(self.entry.user_id, user)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_an_overdraft(self):
        with self.assertRaises(errors.CheckViolation), self.cr.savepoint():
            self.env.cr.execute(SQL("UPDATE iap_credit_balance SET available = -1"))

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_an_entry_whose_effect_is_not_its_kinds(self):
        for change in ("available_delta + 1", "0", "-available_delta"):
            with self.assertRaises(errors.CheckViolation), self.cr.savepoint():
                self.env.cr.execute(
                    SQL(
                        """
                        INSERT INTO iap_credit_entry (account_id, company_id, user_id, reason,
                                    date, kind, amount, held_delta, posted_balance,
                                    available_delta)
                             SELECT account_id, company_id, user_id, reason, date, kind, amount,
                                    held_delta, posted_balance, %s
                               FROM iap_credit_entry WHERE id = %s
                        """,
                        SQL(change),  # pylint: disable=sql-injection
                        self.entry.id,
                    )
                )

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_an_entry_of_a_kind_that_nobody_has_described(self):
        for kind, balance in product(("gift", "", "Grant"), (1, None)):
            with (
                self.subTest(kind=kind, balance=balance),
                self.assertRaises(errors.CheckViolation),
            ):
                self._insert(kind, 5, 5, 0, about=(None, None), balance=balance)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_state_or_source_that_nobody_knows(self):
        for table, column in (("hold", "state"), ("lot", "source")):
            for value in ("lost", ""):
                with (
                    self.subTest(column=column, value=value),
                    self.assertRaises(errors.CheckViolation),
                    self.cr.savepoint(),
                ):
                    self.env.cr.execute(
                        SQL(
                            "UPDATE %s SET %s = %s",
                            SQL.identifier(f"iap_credit_{table}"),
                            SQL.identifier(column),
                            value,
                        )
                    )

    @mute_logger("odoo.sql_db")
    def test_the_database_accepts_of_each_kind_its_own_effect_only(self):
        for kind, amount, available, held in product(KINDS, (5, -5), (-5, 0, 5), (-5, 0, 5)):
            is_right = deltas(kind, amount) == (available, held)
            is_right &= amount > 0 or KINDS[kind].is_signed
            with self.subTest(kind=kind, amount=amount, available=available, held=held):
                try:
                    self._insert(kind, amount, available, held)
                    is_accepted = True
                except errors.CheckViolation:
                    is_accepted = False
                self.assertIs(is_accepted, is_right)

    @mute_logger("odoo.sql_db")
    def test_the_database_wants_of_each_kind_what_it_is_about(self):
        for kind in KINDS:
            hold, undone = self._about(kind)
            wrong = [(self.hold.id if not hold else None, undone)]
            wrong.append((hold, self.entry.id if not undone else None))
            for about in wrong:
                with self.subTest(kind=kind, about=about), self.assertRaises(errors.CheckViolation):
                    self._insert(kind, 5, *deltas(kind, 5), about=about)

    def _about(self, kind):
        """Give the ids of hold and undone entry that an entry of a kind names."""
        description = KINDS[kind]
        return (
            self.hold.id if description.is_about_hold else None,
            self.entry.id if description.undoes else None,
        )

    def _insert(self, kind, amount, available, held, about=None, balance=1):
        hold_id, undoes_id = about or self._about(kind)
        balance = None if kind == "capture" else balance
        with self.cr.savepoint():
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO iap_credit_entry (account_id, company_id, user_id, reason, date,
                                kind, amount, available_delta, held_delta, posted_balance,
                                hold_id, undoes_id)
                         SELECT account_id, company_id, user_id, reason, date, %s, %s, %s, %s, %s,
                                %s::int, %s::int
                           FROM iap_credit_entry WHERE id = %s
                    """,
                    *(kind, amount, available, held, balance, hold_id, undoes_id, self.entry.id),
                )
            )
