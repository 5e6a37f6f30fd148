import os
import random
from collections import Counter
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..exceptions import CreditError
from ..models import iap_credit_entry, iap_credit_hold
from ..models.iap_service import IapService
from .common import CreditCase
from .ledger_model import ModelAccount, Refusal

OPERATIONS = {
    "grant": 8,
    "purchase": 8,
    "adjust": 8,
    "expire": 8,
    "hold": 22,
    "capture": 20,
    "release": 8,
    "refund": 10,
    "let_expire": 8,
}
BAD_AMOUNTS = (0, -3, 2.5, 10**9 + 1)
# A longer play is a matter of the environment: LEDGER_ACCOUNTS=100 makes it 30,000 operations.
ACCOUNTS = int(os.environ.get("LEDGER_ACCOUNTS", "10"))
STEPS = 300  # of each account: one transaction keeps every version of its balance


class Play:
    """Do the same random operations with the ledger and with its model."""

    def __init__(self, case, account, seed):
        self.case = case
        self.account = account
        self.random = random.Random(seed)
        self.model = ModelAccount(available=self.account.credits_available)
        self.done = Counter()
        self.outcomes = Counter()
        self.holds = {}
        self.captures = {}
        self.keys = []

    def step(self):
        """Do one operation on both sides and compare what came of it."""
        operation, target, credits, key = arguments = self._choose()
        expected = self._outcome(lambda: self.model.do(*arguments), Refusal, str)
        actual = self._outcome(
            lambda: self._do(*arguments), CreditError, lambda error: type(error).__name__
        )
        self.case.assertEqual(actual, expected, arguments)
        if operation == "let_expire" and self.random.random() < 0.5:
            self.model.sweep()
            self.case.env["iap.credit.hold"]._expire_overdue()
        self.case.assertEqual(
            (self.account.credits_available, self.account.credits_held),
            (self.model.available, self.model.held),
            arguments,
        )
        self.done[operation] += 1
        self.outcomes[expected if expected in self._refusals() else "done"] += 1

    def _refusals(self):
        return {
            "InvalidAmount",
            "IdempotencyConflict",
            "InsufficientCredits",
            "HoldExpired",
            "HoldClosed",
            "CaptureExceedsHold",
            "RefundExceedsCapture",
        }

    @staticmethod
    def _outcome(work, error_class, name):
        try:
            return work()
        except error_class as error:
            return name(error)

    def _choose(self):
        names, weights = zip(*OPERATIONS.items(), strict=True)
        [operation] = self.random.choices(names, weights)
        targets = {"refund": self.captures}.get(operation, self.holds)
        needs_target = operation in ("capture", "release", "refund", "let_expire")
        if needs_target and not targets:
            return self._choose()
        # Mostly recent ones: the old are closed, and refuse.
        target = self.random.choice(list(targets)[-6:]) if needs_target else None
        return operation, target, self._choose_credits(operation), self._choose_key()

    def _choose_credits(self, operation):
        if self.random.random() < 0.04:
            return self.random.choice(BAD_AMOUNTS)
        # Spending more than comes in keeps the balance where refusals are.
        credits = self.random.randint(1, 40 if operation in ("hold", "expire") else 12)
        return -credits if operation == "adjust" and self.random.random() < 0.6 else credits

    def _choose_key(self):
        if self.keys and self.random.random() < 0.05:
            return self.random.choice(self.keys[-10:])
        self.keys.append(f"play {len(self.keys)}")
        return self.keys[-1]

    def _do(self, operation, target, credits, key):
        values = {"reason": "Test", "idempotency_key": key}
        if operation == "release":
            return self.account.release(self.holds[target], reason="Test")
        if operation == "let_expire":
            return self._let_expire(self.holds[target])
        if operation == "hold":
            self.holds[key] = self.account.hold(credits, **values).token
        elif operation == "capture":
            self.captures[key] = self.account.capture(self.holds[target], credits, **values)
        elif operation == "refund":
            self.account.refund(self.captures[target], credits, **values)
        else:
            getattr(self.account, operation)(credits, **values)
        return key

    def _let_expire(self, token):
        self.case.env.cr.execute(
            SQL(
                "UPDATE iap_credit_hold SET expires_at = date - INTERVAL '1 day' WHERE token = %s",
                token,
            )
        )


@tagged("post_install", "-at_install")
class TestLedgerAgainstModel(CreditCase):
    def _make_account(self, name):
        """Make an account with trial credits, by a service of its own."""
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
            return self.env["iap.account"]._get_local(name)

    def _play(self, steps, seed=0):
        play = Play(self, self._make_account(self._key()), seed)
        for _ in range(steps):
            play.step()
        return play

    def test_thousands_of_random_operations_end_as_in_the_model(self):
        done, outcomes = Counter(), Counter()
        for seed in range(ACCOUNTS):
            play = self._play(STEPS, seed)
            self.assertCredits(play.model.available, play.model.held, play.account)
            done += play.done
            outcomes += play.outcomes
        for operation in OPERATIONS:
            self.assertGreaterEqual(done[operation], ACCOUNTS * STEPS * 0.05, operation)
        self.assertEqual(set(outcomes), play._refusals() | {"done"})

    @mute_logger("odoo.sql_db")
    def test_planted_bugs_are_found(self):
        self.assertFalse(self._is_refuted())
        bugs = [
            (iap_credit_hold, "balance.available >= %(credits)s", "TRUE"),
            (iap_credit_hold, "AND hold.expires_at > %(now)s", ""),
            (iap_credit_hold, "hold.captured + %(credits)s <= hold.credits", "TRUE"),
            (iap_credit_hold, "SUM(credits - captured) AS credits", "SUM(credits) AS credits"),
            (iap_credit_hold, "account.account_token NOT LIKE", "%(credits)s <> 5 AND '' NOT LIKE"),
            (iap_credit_entry, "COALESCE(SUM(refund.amount), 0)", "0"),
            (iap_credit_entry, "available + %(available_delta)s", "available"),
        ]
        for module, right, wrong in bugs:
            with self.subTest(wrong=wrong or f"no {right}"):
                self._assert_found(module, right, wrong)

    def test_forgetting_what_a_key_stood_for_is_found(self):
        with patch.object(iap_credit_hold, "fingerprint", lambda *args, **values: "same"):
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
            with self.cr.savepoint():
                self._play(500)
        except (AssertionError, psycopg2.Error):
            return True
        return False
