import time
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..exceptions import (
    AccountDisabled,
    IdempotencyConflict,
    InsufficientCredits,
    InvalidAmount,
    InvalidExpiry,
    NotKeptLocally,
    ReversalExceedsUnused,
    TransferRefused,
)
from .common import CreditCase

BAD_AMOUNTS = (0, -1, 0.5, 1.0, True, "1", None, 10**9 + 1, float("inf"))


class LotCase(CreditCase):
    """An account with an endless grant of 10, a promotion of 20 and a purchase of 40."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(0)
        cls.gift = cls._give("grant", 10)
        cls.bought = cls._give("purchase", 40)
        cls.promotion = cls._give("grant", 20, expires_at=cls._in_days(60))
        cls.lots = cls.env["iap.credit.lot"]

    @staticmethod
    def _in_days(days):
        return datetime.now().replace(microsecond=0) + timedelta(days=days)

    @staticmethod
    def _in_seconds(seconds):
        return datetime.now().replace(microsecond=0) + timedelta(seconds=seconds)

    def _wait_until(self, moment):
        """Let time pass, as between two transactions."""
        time.sleep(max(0, (moment - datetime.now()).total_seconds()))
        self.env.invalidate_all()

    @classmethod
    def _give(cls, method, credits, account=None, **values):
        values = {"reason": "Test", "idempotency_key": cls._key(), **values}
        return getattr(account or cls.account, method)(credits, **values)

    def _reverse(self, credits, entry=None, **values):
        values = {"reason": "Refunded", "idempotency_key": self._key(), **values}
        return self.account.reverse_purchase(entry or self.bought, credits, **values)

    def assertRests(self, *rests):
        """Check what is left of each lot, in the order in which they are used."""
        self.assertEqual(self._rests(), list(rests))


@tagged("post_install", "-at_install")
class TestConsumption(LotCase):
    def test_the_promotion_is_used_first_and_bought_credits_last(self):
        self.assertRests(20, 10, 40)
        self._hold(25)
        self.assertRests(5, 40)
        self._hold(6)
        self.assertRests(39)
        self.assertCredits(39, held=31)

    def test_what_ends_first_is_used_first(self):
        self._give("grant", 7, expires_at=self._in_days(5))
        self.assertRests(7, 20, 10, 40)
        self._hold(9)
        self.assertRests(18, 10, 40)

    def test_corrections_downwards_take_in_the_same_order(self):
        self._give("adjust", -25)
        self.assertRests(5, 40)

    def test_corrections_upwards_count_as_granted(self):
        self._give("adjust", 3)
        self.assertRests(20, 10, 3, 40)

    def test_a_release_gives_back_what_was_drawn_last(self):
        hold = self._hold(35)
        self._capture(hold, 12)
        self._capture(hold, 3)
        self.account.release(hold.token, reason="Test")
        self.assertRests(5, 10, 40)

    def test_each_entry_tells_its_lots(self):
        hold = self._hold(35)
        entry = self.env["iap.credit.entry"].search([("hold_id.token", "=", hold.token)])
        changes = entry.allocation_ids.sorted("id").mapped("credits")
        self.assertEqual(changes, [-20, -10, -5])

    def test_the_account_shows_lots_and_what_expires_soon(self):
        self._give("grant", 7, expires_at=self._in_days(5))
        self.assertEqual(self.account.credit_lot_ids.mapped("remaining"), [7, 20, 10, 40])
        self.assertEqual(self.account.credits_expiring, 7)
        self.assertEqual(self.account.credits_expire_at.date(), self._in_days(5).date())

    def test_a_single_credit_is_told_as_well(self):
        self._give("grant", 1, expires_at=self._in_days(5))
        self.assertEqual(self.account.credits_available, 71)
        self.assertEqual(self.account.credits_expiring, 1)

    def test_soon_is_within_30_days(self):
        for days, credits in ((29, 7), (31, 100)):
            self._give("grant", credits, expires_at=self._in_days(days))
        self.assertEqual(self.account.credits_expiring, 7)

    def test_nothing_is_held_when_lots_do_not_suffice(self):
        with self.assertRaises(InsufficientCredits):
            self._hold(71)
        self.assertRests(20, 10, 40)
        self._hold(70)
        self.assertRests()


@tagged("post_install", "-at_install")
class TestExpiry(LotCase):
    def _expire(self):
        self._let_lot_expire(self.promotion)

    def test_what_is_over_cannot_be_held_even_before_the_scheduled_action(self):
        self._expire()
        self.assertEqual(self.account.credits_available, 50)
        with self.assertRaises(InsufficientCredits) as caught:
            self._hold(51)
        self.assertEqual(caught.exception.balance, 50)
        self._hold(50)
        self.assertRests(20)

    def test_what_is_over_cannot_be_taken_by_a_correction_either(self):
        self._expire()
        with self.assertRaises(InsufficientCredits):
            self._give("adjust", -51)

    def test_expiry_is_an_entry_of_the_ledger(self):
        self._expire()
        self.assertEqual(self.lots._expire_due(), 1)
        self.assertRests(10, 40)
        self.assertCredits(50)
        entry = self.env["iap.credit.entry"].search([("account_id", "=", self.account.id)], limit=1)
        self.assertEqual((entry.kind, entry.amount, entry.available_delta), ("expiry", 20, -20))
        self.assertTrue(entry.idempotency_key)

    def test_expiring_again_takes_nothing(self):
        self._expire()
        self.lots._expire_due()
        self.assertEqual(self.lots._expire_due(), 0)
        self.assertCredits(50)

    def test_all_accounts_expire_in_one_run_with_one_entry_each_lot(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["iap.account"]._get_local("reveal", company)
        self._fund(0, other)
        for credits in (3, 4):
            self._let_lot_expire(self._give("grant", credits, other, expires_at=self._in_days(1)))
        self._expire()
        self.assertEqual(self.lots._expire_due(), 3)
        self.assertCredits(50)
        self.assertCredits(0, account=other)

    def test_the_number_of_statements_does_not_grow_with_the_lots(self):
        for _number in range(5):
            self._let_lot_expire(self._give("grant", 1, expires_at=self._in_days(1)))
        with self.assertQueryCount(4):  # two of them make and leave the savepoint
            self.assertEqual(self.lots._expire_due(), 5)

    def test_the_scheduled_action_empties_lots_that_are_over(self):
        self._expire()
        with self.enter_registry_test_mode():
            self.env.ref("crm_iap_credits.ir_cron_expire_lots").method_direct_trigger()
        self.env.invalidate_all()
        self.assertCredits(50)

    def test_a_hold_made_in_time_is_captured_after_the_end(self):
        hold = self._hold(20)
        self._expire()
        self.lots._expire_due()
        self._capture(hold, 20)
        self.assertCredits(50)

    def test_what_a_release_gives_back_to_an_expired_lot_expires(self):
        hold = self._hold(25)
        self._capture(hold, 12)
        self._expire()
        self.account.release(hold.token, reason="Test")
        self.assertEqual(self.account.credits_available, 50)
        self.assertEqual(self.lots._expire_due(), 1)
        self.assertCredits(50)

    def test_a_lot_expires_again_when_more_comes_back_to_it(self):
        first, second = self._hold(8), self._hold(7)
        self._expire()
        self.lots._expire_due()
        for hold in (first, second):
            self.account.release(hold.token, reason="Test")
            self.assertEqual(self.lots._expire_due(), 1)
        kinds = self.env["iap.credit.entry"].search([("account_id", "=", self.account.id)])
        expired = kinds.filtered(lambda entry: entry.kind == "expiry").sorted("id")
        self.assertEqual(expired.mapped("amount"), [5, 8, 7])
        self.assertCredits(50)

    def test_credits_cannot_expire_before_they_are_granted(self):
        with self.assertRaises(InvalidExpiry) as caught:
            self._give("grant", 5, expires_at=datetime(2020, 1, 1))
        self.assertEqual(caught.exception.expires_at, datetime(2020, 1, 1))
        self.assertCredits(70)

    def test_the_same_key_with_another_end_is_refused(self):
        end = self._in_days(5)
        first = self._give("grant", 5, expires_at=end, idempotency_key="k")
        self.assertEqual(self._give("grant", 5, expires_at=end, idempotency_key="k"), first)
        for values in ({}, {"expires_at": self._in_days(6)}):
            with self.assertRaises(IdempotencyConflict):
                self._give("grant", 5, idempotency_key="k", **values)
        self.assertCredits(75)

    def test_a_grant_tried_again_after_its_end_is_the_same_grant(self):
        values = {"expires_at": self._in_seconds(3), "idempotency_key": "k"}
        first = self._give("grant", 5, **values)
        self._wait_until(values["expires_at"])
        self.assertEqual(self._give("grant", 5, **values), first)
        self.assertEqual(self.account.credits_available, 70)

    def test_a_grant_ends_at_a_whole_second_for_the_ledger_and_on_screen(self):
        end = self._in_seconds(3) + timedelta(microseconds=999_999)
        values = {"expires_at": end, "idempotency_key": "k"}
        first = self._give("grant", 5, **values)
        self.assertEqual(self._give("grant", 5, **values), first)
        lot = self.lots.search([("entry_id", "=", first.id)])
        self.assertEqual(lot.expires_at, end.replace(microsecond=0))
        self._wait_until(lot.expires_at)
        self.assertEqual(self.account.credits_available, 70)
        with self.assertRaises(InsufficientCredits):
            self._hold(71)


@tagged("post_install", "-at_install")
class TestRefundToLots(LotCase):
    def _refund(self, capture, credits):
        return self.account.refund(capture, credits, reason="Bad data", idempotency_key=self._key())

    def test_a_refund_goes_back_to_where_the_credits_came_from(self):
        hold = self._hold(40)
        self._capture(hold, 15)
        capture = self._capture(hold, 20)
        self._capture(hold, 5)
        self.assertRests(30)
        self._refund(capture, 20)
        self.assertRests(5, 10, 35)

    def test_parts_of_a_refund_undo_the_capture_from_its_end(self):
        capture = self._capture(self._hold(35), 35)
        self._refund(capture, 4)
        self.assertRests(39)
        self._refund(capture, 8)
        self.assertRests(7, 40)
        self._refund(capture, 23)
        self.assertRests(20, 10, 40)

    def test_a_refund_to_an_expired_lot_expires(self):
        capture = self._capture(self._hold(20), 20)
        self._let_lot_expire(self.promotion)
        self._refund(capture, 20)
        self.assertEqual(self.account.credits_available, 50)
        self.lots._expire_due()
        self.assertCredits(50)

    def test_whoever_may_refund_needs_no_rights_on_the_ledger(self):
        user = new_test_user(self.env, "seller", groups="sales_team.group_sale_salesman")
        capture = self._capture(self._hold(5), 5)
        account = self.account.with_user(user)
        account.refund(capture.with_user(user), 5, reason="Bad", idempotency_key="r")
        self.assertCredits(70)


@tagged("post_install", "-at_install")
class TestReversal(LotCase):
    def test_unused_bought_credits_are_taken_back(self):
        entry = self._reverse(15)
        self.assertEqual(
            (entry.kind, entry.amount, entry.available_delta, entry.undoes_id),
            ("reversal", 15, -15, self.bought),
        )
        self.assertRests(20, 10, 25)
        self.assertCredits(55)
        self.assertEqual(self.account.get_unused(self.bought), 25)

    def test_what_is_held_or_spent_is_not_unused(self):
        self._hold(45)
        self.assertEqual(self.account.get_unused(self.bought), 25)
        with self.assertRaises(ReversalExceedsUnused) as caught:
            self._reverse(26)
        self.assertEqual(caught.exception.unused, 25)
        self.assertCredits(25, held=45)

    def test_only_this_very_purchase_is_taken_back(self):
        other = self._give("purchase", 30)
        self._hold(40)
        with self.assertRaises(ReversalExceedsUnused):
            self._reverse(31)
        self._reverse(30, entry=other)
        self.assertEqual(self.account.get_unused(other), 0)
        self.assertEqual(self.account.get_unused(self.bought), 30)
        self.assertCredits(30, held=40)

    def test_what_was_released_or_refunded_is_unused_again(self):
        hold = self._hold(70)
        capture = self._capture(hold, 50)
        self.assertEqual(self.account.get_unused(self.bought), 0)
        self.account.release(hold.token, reason="Test")
        self.assertEqual(self.account.get_unused(self.bought), 20)
        self.account.refund(capture, 5, reason="Test", idempotency_key="r")
        self.assertEqual(self.account.get_unused(self.bought), 25)

    def test_the_same_key_takes_back_once(self):
        first = self._reverse(40, idempotency_key="k")
        self.assertEqual(self._reverse(40, idempotency_key="k"), first)
        with self.assertRaises(IdempotencyConflict):
            self._reverse(39, idempotency_key="k")
        self.assertCredits(30)

    def test_only_purchases_of_the_account_are_reversed(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["iap.account"]._get_local("reveal", company)
        for account, entry in (
            (self.account, self.gift),
            (other, self.bought),
            (self.account, self.bought.browse(2**31 - 1)),
        ):
            self.assertEqual(account.get_unused(entry), 0)
            with self.assertRaises(ReversalExceedsUnused):
                account.reverse_purchase(entry, 1, reason="Test", idempotency_key=self._key())
        self.assertCredits(70)

    def test_what_is_no_amount_is_refused(self):
        for amount in BAD_AMOUNTS:
            with self.subTest(amount=amount), self.assertRaises(InvalidAmount):
                self._reverse(amount)
        self.assertCredits(70)


@tagged("post_install", "-at_install")
class TestTransfer(LotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Other"})
        cls.other = cls.env["iap.account"]._get_local("reveal", cls.company)
        cls._fund(0, cls.other)

    def _transfer(self, credits, destination=None, **values):
        values = {"reason": "Fair", "idempotency_key": self._key(), **values}
        return self.account.transfer(destination or self.other, credits, **values)

    def test_what_waits_is_looked_at_again_once_credits_are_there(self):
        cron = self.env.ref("crm_iap_credits.ir_cron_wake_waiting")
        triggers = self.env["ir.cron.trigger"].sudo()
        for bring in (lambda: self._transfer(1), lambda: self._give("grant", 1)):
            before = triggers.search_count([("cron_id", "=", cron.id)])
            bring()
            self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)

    def test_credits_keep_their_end_and_their_source(self):
        self._transfer(35)
        self.assertRests(35)
        lots = self.lots.search([("account_id", "=", self.other.id), ("remaining", ">", 0)])
        end = self.lots.search([("entry_id", "=", self.promotion.id)]).expires_at
        self.assertEqual(
            [(lot.source, lot.remaining, lot.expires_at) for lot in lots],
            [("granted", 20, end), ("granted", 10, False), ("bought", 5, False)],
        )
        self.assertCredits(35)
        self.assertCredits(35, account=self.other)

    def test_both_entries_have_one_key_and_name_the_other_account(self):
        sent = self._transfer(5, idempotency_key="k")
        received = self.env["iap.credit.entry"].search(
            [("account_id", "=", self.other.id), ("idempotency_key", "=", "k")]
        )
        self.assertEqual((sent.amount, received.amount), (-5, 5))
        self.assertEqual((sent.kind, received.kind), ("transfer", "transfer"))
        self.assertEqual((sent.document_id, received.document_id), (self.other.id, self.account.id))

    def test_the_same_key_transfers_once(self):
        first = self._transfer(5, idempotency_key="k")
        self.assertEqual(self._transfer(5, idempotency_key="k"), first)
        with self.assertRaises(IdempotencyConflict):
            self._transfer(6, idempotency_key="k")
        self.assertCredits(65)
        self.assertCredits(5, account=self.other)

    def test_a_key_that_the_other_account_used_moves_nothing(self):
        self._give("grant", 5, self.other, idempotency_key="k")
        with self.assertRaises(IdempotencyConflict):
            self._transfer(5, idempotency_key="k")
        self.assertCredits(70)
        self.assertCredits(5, account=self.other)

    def test_no_more_than_is_available_is_transferred(self):
        self._hold(10)
        self._let_lot_expire(self.promotion)
        with self.assertRaises(InsufficientCredits) as caught:
            self._transfer(51)
        self.assertEqual(caught.exception.balance, 50)
        self._transfer(50)
        self.assertEqual(self.account.credits_available, 0)

    def test_transferred_bought_credits_are_no_longer_reversed(self):
        self._transfer(50)
        self.assertEqual(self.account.get_unused(self.bought), 20)

    def test_what_is_no_amount_is_refused(self):
        for amount in BAD_AMOUNTS:
            with self.subTest(amount=amount), self.assertRaises(InvalidAmount):
                self._transfer(amount)
        self.assertCredits(70)

    def test_accounts_that_do_not_match_are_refused(self):
        service = self.env["iap.service"].create(
            {
                "name": "Other",
                "technical_name": "test",
                "description": "Other",
                "unit_name": "Credits",
                "integer_balance": True,
                "kept_by": "local",
            }
        )
        other_service = self.env["iap.account"]._get_local("test")
        for destination in (self.account, other_service):
            with self.assertRaises(TransferRefused):
                self._transfer(5, destination)
        service.kept_by = "remote"
        remote = self.env["iap.account"].create({"service_id": service.id})
        remote.service_id = self.account.service_id
        with self.assertRaises(NotKeptLocally):
            self._transfer(5, remote)
        self.assertCredits(70)

    def test_a_neutralized_database_transfers_nothing(self):
        self.other.account_token += "+disabled"
        with self.assertRaises(AccountDisabled):
            self._transfer(5)
        self.assertCredits(70)

    def _open_wizard(self, user, company=None):
        wizards = self.env["iap.credit.transfer"].with_user(user)
        return wizards.create(
            {
                "account_id": self.account.id,
                "company_id": (company or self.company).id,
                "credits": 5,
                "reason": "Fair",
            }
        )

    def _make_user(self, groups, companies):
        return new_test_user(
            self.env,
            f"transfer_{groups}_{companies.ids}",
            groups=groups,
            company_id=companies[0].id,
            company_ids=[(6, 0, companies.ids)],
        )

    def test_a_billing_administrator_of_both_companies_transfers_once(self):
        user = self._make_user(
            "crm_iap_credits.group_billing_administrator", self.env.company | self.company
        )
        wizard = self._open_wizard(user)
        self.assertIn(self.company, wizard.candidate_ids)
        wizard.action_confirm()
        wizard.action_confirm()
        self.assertCredits(65)
        self.assertCredits(5, account=self.other)

    def test_a_company_that_keeps_accounts_for_others_gets_credits_on_its_own(self):
        held = self.env["iap.account"].create(
            {
                "service_id": self.account.service_id.id,
                "company_ids": [self.company.id],
                "credit_holder": "somebody else",
            }
        )
        user = self._make_user("base.group_system", self.env.company)
        self._open_wizard(user).action_confirm()
        self.assertCredits(5, account=self.other)
        self.assertCredits(0, account=held)

    def test_a_system_administrator_transfers_to_any_company(self):
        user = self._make_user("base.group_system", self.env.company)
        self._open_wizard(user).action_confirm()
        self.assertCredits(5, account=self.other)

    def test_nobody_else_transfers(self):
        both = self.env.company | self.company
        billing = "crm_iap_credits.group_billing_administrator"
        manager = self._make_user("sales_team.group_sale_manager", both)
        with self.assertRaises(AccessError):
            self._open_wizard(manager)
        for companies in (self.env.company, self.company):
            user = self._make_user(billing, companies)
            with self.assertRaises(AccessError):
                self._open_wizard(user).action_confirm()
        self.assertCredits(70)

    def test_a_company_without_an_account_is_refused(self):
        company = self.env["res.company"].create({"name": "None"})
        with self.assertRaises(AccessError):
            self._open_wizard(self.env.ref("base.user_admin"), company).action_confirm()
        self.assertCredits(70)
