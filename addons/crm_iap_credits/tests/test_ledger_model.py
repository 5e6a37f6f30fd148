import os
import random
from collections import Counter
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..exceptions import CreditError
from ..models import (
    iap_credit_entry_posting,
    iap_credit_hold,
    iap_credit_hold_closing,
    iap_credit_hold_opening,
    iap_credit_ledger,
    iap_credit_lot,
    iap_credit_wish_statement,
)
from ..models.iap_service import IapService
from ..tools.settings import Settings
from .common import CreditCase
from .ledger_model import ModelAccount, Refusal

OPERATIONS = {
    "grant": 10,
    "purchase": 8,
    "adjust": 7,
    "reverse": 7,
    "transfer": 8,
    "hold": 20,
    "capture": 16,
    "release": 7,
    "refund": 9,
    "let_hold_expire": 7,
    "let_lot_end": 8,
}
REFUSALS = {
    "InvalidAmount",
    "IdempotencyConflict",
    "InsufficientCredits",
    "HoldExpired",
    "HoldClosed",
    "CaptureExceedsHold",
    "RefundExceedsCapture",
    "ReversalExceedsUnused",
}
BAD_AMOUNTS = (0, -3, 2.5, 10**9 + 1)
STEPS = 300  # of two accounts: one transaction keeps every version of their balances
#: Plays in which each planted bug is looked for, so that none of them may fail without one.
SEEDS = range(8)
# Together 30,000 operations; fewer or more are a matter of the environment.
PLAYS = max(int(os.environ.get("LEDGER_PLAYS", "100")), len(SEEDS))
START = datetime.now().replace(microsecond=0)


class Side:
    """One account and its model, with what was done on them so far."""

    def __init__(self, account):
        self.account = account
        self.model = ModelAccount()
        self.holds = {}
        self.captures = {}
        self.purchases = {}

    def targets(self, operation):
        """Name what an operation may be about; None if it is about nothing."""
        return {
            "capture": self.holds,
            "release": self.holds,
            "let_hold_expire": self.holds,
            "refund": self.captures,
            "reverse": self.purchases,
            "let_lot_end": [
                number
                for number, lot in enumerate(self.model.lots)
                if lot.end is not None and not lot.is_over
            ],
        }.get(operation)

    def read_rows(self):
        """Read what is available, held and left of each lot by SQL.

        For one account at a time: with two, the database would scan whole tables.
        """
        [row] = self.account.env.execute_query(
            SQL(
                """
                SELECT (SELECT available FROM iap_credit_balance WHERE account_id = %(id)s),
                       (SELECT COALESCE(SUM(credits - captured), 0) FROM iap_credit_hold
                         WHERE account_id = %(id)s AND state = 'open'),
                       ARRAY(SELECT remaining FROM iap_credit_lot
                              WHERE account_id = %(id)s ORDER BY id)
                """,
                id=self.account.id,
            )
        )
        return row

    def expect(self):
        """Give the same of the model."""
        rests = [lot.rest for lot in self.model.lots]
        return sum(rests), self.model.held, rests


class Play:
    """Do the same random operations with two accounts of the ledger and with their models."""

    def __init__(self, case, accounts, seed):
        self.case = case
        self.random = random.Random(seed)
        self.sides = [Side(account) for account in accounts]
        for side, other in zip(self.sides, reversed(self.sides), strict=True):
            side.model.other = other.model
        self.done = Counter()
        self.outcomes = Counter()
        self.keys = []

    def step(self):
        """Do one operation on both sides and compare what came of it."""
        side = self.random.choices(self.sides, [3, 1])[0]
        operation, *_rest = arguments = self._choose(side)
        expected = self._outcome(lambda: side.model.do(*arguments), Refusal, str)
        actual = self._outcome(
            lambda: self._do(side, *arguments), CreditError, lambda error: type(error).__name__
        )
        self.case.assertEqual(actual, expected, arguments)
        if operation.startswith("let_") and self.random.random() < 0.5:
            self._sweep()
        for one in self.sides:
            self.case.assertEqual(one.read_rows(), one.expect(), arguments)
        self.done[operation] += 1
        self.outcomes[expected if expected in REFUSALS else "done"] += 1

    def _sweep(self):
        self.case.env["iap.credit.hold"]._expire_overdue()
        self.case.env["iap.credit.lot"]._expire_due()
        for side in self.sides:
            side.model.sweep()

    @staticmethod
    def _outcome(work, error_class, name):
        try:
            return work()
        except error_class as error:
            return name(error)

    def _choose(self, side):
        names, weights = zip(*OPERATIONS.items(), strict=True)
        [operation] = self.random.choices(names, weights)
        targets = side.targets(operation)
        if targets is not None and not targets:
            return self._choose(side)
        # Mostly recent ones: the old are closed, and refuse.
        target = self.random.choice(list(targets)[-6:]) if targets else None
        if operation == "grant":
            target = self.random.choice([None, 1, 2, 3])
        return operation, target, self._choose_credits(operation), self._choose_key()

    def _choose_credits(self, operation):
        if self.random.random() < 0.04:
            return self.random.choice(BAD_AMOUNTS)
        # Spending more than comes in keeps the balance where refusals are.
        credits = self.random.randint(1, 40 if operation == "hold" else 12)
        return -credits if operation == "adjust" and self.random.random() < 0.6 else credits

    def _choose_key(self):
        if self.keys and self.random.random() < 0.05:
            return self.random.choice(self.keys[-10:])
        self.keys.append(f"play {len(self.keys)}")
        return self.keys[-1]

    def _do(self, side, operation, target, credits, key):
        values = {"reason": "Test", "idempotency_key": key}
        account = side.account
        if operation == "release":
            return account.release(side.holds[target], reason="Test")
        if operation in ("let_hold_expire", "let_lot_end"):
            return getattr(self, f"_{operation}")(side, target)
        if operation == "hold":
            side.holds[key] = account.hold(credits, **values).token
        elif operation == "capture":
            side.captures[key] = account.capture(side.holds[target], credits, **values)
        elif operation == "refund":
            account.refund(side.captures[target], credits, **values)
        elif operation == "purchase":
            side.purchases[key] = account.purchase(credits, **values)
        elif operation == "reverse":
            account.reverse_purchase(side.purchases[target], credits, **values)
        elif operation == "transfer":
            [other] = [one for one in self.sides if one is not side]
            account.transfer(other.account, credits, **values)
        elif operation == "grant":
            end = target and START + timedelta(days=target)
            account.grant(credits, expires_at=end, **values)
        else:
            account.adjust(credits, **values)
        return key

    def _let_hold_expire(self, side, target):
        self.case.env.cr.execute(
            SQL(
                "UPDATE iap_credit_hold SET expires_at = date - INTERVAL '1 day' WHERE token = %s",
                side.holds[target],
            )
        )

    def _let_lot_end(self, side, target):
        self.case.env.cr.execute(
            SQL(
                """
                UPDATE iap_credit_lot SET expires_at = expires_at - INTERVAL '1000 days'
                 WHERE id = (SELECT id FROM iap_credit_lot WHERE account_id = %s
                             ORDER BY id LIMIT 1 OFFSET %s)
                """,
                side.account.id,
                target,
            )
        )


@tagged("post_install", "-at_install")
class TestLedgerAgainstModel(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Settings.store(cls.env, {"trial_credits": 0})
        cls.company = cls.env["res.company"].create({"name": "Other"})

    def _make_accounts(self, name):
        """Make empty accounts of two companies, by a service of their own."""
        served = patch.object(IapService, "_locally_served_services", lambda self: {name})
        self.env["iap.service"].create(
            {
                "name": name,
                "technical_name": name,
                "description": name,
                "unit_name": "Credits",
                "integer_balance": True,
                "kept_by": "local",
            }
        )
        with served:
            companies = (self.env.company, self.company)
            return [self.env["iap.account"]._get_local(name, company) for company in companies]

    def _play(self, steps, seed=0):
        play = Play(self, self._make_accounts(self._key()), seed)
        for _ in range(steps):
            play.step()
        return play

    def test_thousands_of_random_operations_end_as_in_the_model(self):
        done, outcomes = Counter(), Counter()
        for seed in range(PLAYS):
            play = self._play_and_undo(seed)
            done += play.done
            outcomes += play.outcomes
        for operation in OPERATIONS:
            self.assertGreaterEqual(done[operation], PLAYS * STEPS * 0.05, operation)
        self.assertEqual(set(outcomes), REFUSALS | {"done"})

    def _play_and_undo(self, seed):
        """Play and check, then undo it: the next play would read past every dead row of this."""
        with closing(self.cr.savepoint()):
            play = self._play(STEPS, seed)
            for side in play.sides:
                self._sweep_and_check(play, side)
        return play

    def _sweep_and_check(self, play, side):
        play._sweep()
        self.assertCredits(side.model.usable, side.model.held, side.account)
        proof = self.env["iap.credit.proof"].create({"account_id": side.account.id})
        self.assertTrue(proof.is_proven)

    @contextmanager
    def _everybody_waiting(self):
        """Let each hold be made by the statement that makes those of all who wait."""
        opening = iap_credit_hold_opening.IapCreditHold
        alone, waited = opening._open_alone, set()

        def wait(holds, cr, account, wish):
            if wish.token in waited:  # left over
                return alone(holds, cr, account, wish)
            waited.add(wish.token)
            wishes = holds.env["iap.credit.wish"]
            cr.execute(wishes._get_insertion(wish))
            return wishes._lead(cr, account, wish)

        with patch.object(opening, "_open_alone", wait):
            yield
        self.assertTrue(waited)

    def test_who_waits_gets_what_the_model_says(self):
        with self._everybody_waiting():
            for seed in SEEDS:
                self._play_and_undo(seed)

    @mute_logger("odoo.sql_db")
    def test_planted_bugs_are_found_where_everybody_waits(self):
        bugs = [
            ("ORDER BY %(lot_order)s", "ORDER BY source DESC, id"),
            ("remaining > 0 AND %(is_live)s", "remaining > 0"),
            ("balance.available - total.credits", "balance.available"),
            ("lot.remaining - drawn.credits", "lot.remaining"),
            ("entry.id, part.id, -part.credits", "entry.id, part.id, -chosen.credits"),
        ]
        with self._everybody_waiting():
            for right, wrong in bugs:
                with self.subTest(wrong=wrong):
                    self._assert_found(iap_credit_wish_statement, right, wrong)

    @mute_logger("odoo.sql_db")
    def test_planted_bugs_are_found(self):
        bugs = [
            # what is available, held and spent
            (iap_credit_hold_opening, "(SELECT SUM(credits) FROM part) = %(credits)s", "TRUE"),
            (iap_credit_hold, "AND hold.expires_at > %(now)s", ""),
            (iap_credit_hold, "hold.captured + %(credits)s <= hold.credits", "TRUE"),
            (
                iap_credit_hold_closing,
                "SUM(credits - captured) AS credits",
                "SUM(credits) AS credits",
            ),
            (
                iap_credit_hold_opening,
                "AND COALESCE(account.account_token",
                "AND %(credits)s <> 5 AND COALESCE(account.account_token",
            ),
            (iap_credit_entry_posting, "COALESCE(SUM(refund.amount), 0)", "0"),
            (iap_credit_entry_posting, "available + %(available_delta)s", "available"),
            # the wrong lot
            (iap_credit_hold_opening, "ORDER BY %(lot_order)s", "ORDER BY source, expires_at, id"),
            (iap_credit_hold_opening, "ORDER BY %(lot_order)s", "ORDER BY source DESC, id"),
            (iap_credit_hold_opening, "remaining > 0 AND %(is_live)s", "remaining > 0"),
            (
                iap_credit_hold_closing,
                "closed.id ORDER BY allocation.id",
                "closed.id ORDER BY -allocation.id",
            ),
            (iap_credit_hold_closing, "LEAST(credits, reached - captured)", "credits"),
            (
                iap_credit_entry_posting,
                "hold_id = %s AND kind = 'capture' AND id < %s",
                "id IN (%s, %s) AND 1 = 0",
            ),
            (iap_credit_ledger, "AND (expires_at IS NULL OR expires_at > %(now)s)", ""),
            # what ends, is taken back or moved
            (iap_credit_lot, "balance.available - total.credits", "balance.available"),
            (
                iap_credit_lot,
                "AND expires_at <= %(now)s",
                "AND expires_at <= %(now)s AND credits <> 7",
            ),
            (iap_credit_lot, "SELECT lot.id, lot.remaining", "SELECT lot.id, lot.credits"),
            (
                iap_credit_entry_posting,
                "lot.source, -allocation.credits, lot.expires_at",
                "lot.source, -allocation.credits, NULL",
            ),
            (
                iap_credit_entry_posting,
                "SELECT lot.source, -allocation",
                "SELECT 'granted', -allocation",
            ),
        ]
        for module, right, wrong in bugs:
            with self.subTest(wrong=wrong or f"no {right}"):
                self._assert_found(module, right, wrong)

    def test_forgetting_what_a_key_stood_for_is_found(self):
        with (
            patch.object(iap_credit_hold, "fingerprint", lambda *args, **values: "same"),
            patch.object(iap_credit_hold_opening, "fingerprint", lambda *args, **values: "same"),
        ):
            self.assertTrue(self._is_refuted())

    def _assert_found(self, module, right, wrong):
        planted = Counter()

        def plant(code="", *args, **values):
            planted[right in code] += 1
            return SQL(code.replace(right, wrong), *args, **values)

        with patch.object(module, "SQL", plant):
            found = self._is_refuted()
        self.assertTrue(planted[True], "the statement no longer reads so")
        self.assertTrue(found)

    def _is_refuted(self):
        """Tell whether a play ends by a difference, or by a refusal of the database."""
        try:
            for seed in SEEDS:
                with self.cr.savepoint():
                    self._play(STEPS, seed)
        except (AssertionError, psycopg2.Error):
            return True
        return False
