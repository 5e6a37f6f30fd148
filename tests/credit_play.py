"""Random operations of many processes on two credit accounts; run inside an Odoo shell.

Processes move credits at once over connections of their own. Whatever order the database gave
them, it must be one in which a plain model, written without the ledger's code, does the same one
by one: each entry is replayed in the model, and lots and balance are compared after each.
"""

import os
import random
import re
from collections import Counter
from datetime import datetime, timedelta
from unittest.mock import patch

from credit_scenarios import ProcessFailed, _in_processes, _in_transaction, _new_account

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.crm_iap_credits.exceptions import CreditError, LedgerBusy
from odoo.addons.crm_iap_credits.models import (
    iap_credit_entry_posting,
    iap_credit_hold,
    iap_credit_hold_closing,
    iap_credit_hold_opening,
    iap_credit_lot,
    iap_credit_wish_statement,
)
from odoo.addons.crm_iap_credits.tests.ledger_model import ModelAccount, Refusal

PROCESSES = 6
STEPS = 100  # of each process in a round; between rounds, time passes for some
ROUNDS = int(os.environ.get("LEDGER_ROUNDS", "10"))
# Where a bug is planted: short rounds, so that the first difference soon ends the play.
BUG_STEPS, BUG_ROUNDS = 20, 60
# In a row, each of several tries: in the way of one operation others are not for so long.
BUSY_TIMES = 20
OPERATIONS = {
    "grant": 14,
    "purchase": 9,
    "adjust": 8,
    "reverse": 8,
    "transfer": 9,
    "hold": 20,
    "capture": 14,
    "release": 7,
    "refund": 9,
    "sweep": 7,
}
BAD_AMOUNTS = (0, -3, 2.5, 10**9 + 1)
START = datetime.now().replace(microsecond=0)
# module, what the statement says, what it says with the bug
BUGS = {
    "a hold reads the lots without a lock": (
        iap_credit_hold_opening,
        "WHERE account_id = %(account_id)s FOR NO KEY UPDATE;",
        "WHERE account_id = %(account_id)s;",
    ),
    "expiry reads the lots without a lock": (
        iap_credit_lot,
        "LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
        "LIMIT %s",
    ),
    "a closed hold is captured": (
        iap_credit_hold,
        "AND hold.state = 'open'",
        "",
    ),
    "a release gives back what was captured": (
        iap_credit_hold_closing,
        "LEAST(credits, reached - captured)",
        "credits",
    ),
    "bought credits are used first": (
        iap_credit_hold_opening,
        "ORDER BY %(lot_order)s",
        "ORDER BY source, expires_at, id",
    ),
    "who waits uses bought credits first": (
        iap_credit_wish_statement,
        "ORDER BY %(lot_order)s",
        "ORDER BY source, expires_at, id",
    ),
    "a refund forgets those before": (
        iap_credit_entry_posting,
        "COALESCE(SUM(refund.amount), 0)",
        "0",
    ),
    "moved credits lose their end": (
        iap_credit_entry_posting,
        "lot.source, -allocation.credits, lot.expires_at",
        "lot.source, -allocation.credits, NULL",
    ),
}


class Difference(Exception):
    """Ledger and model do not agree; the text says where."""


# === THE PROCESSES === #


def _perform(env, accounts, request):
    """Do one operation, again as often as others are in its way.

    :return: the name of the ledger's error, or "done".
    :raise LedgerBusy: if nobody else can be in its way by now.
    """
    busy = 0
    while True:
        try:
            _do(env, accounts, **request)
            env.cr.commit()
            return "done"
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _forget(env)
        except LedgerBusy:
            _forget(env)
            busy += 1
            if busy == BUSY_TIMES:
                raise
        except CreditError as error:
            _forget(env)
            return type(error).__name__


def _forget(env):
    env.cr.rollback()
    env.transaction.reset()


def _do(env, accounts, operation, side, target, credits, key):
    account, other = (accounts[number].with_env(env) for number in (side, 1 - side))
    values = {"reason": "Test", "idempotency_key": key}
    if operation == "sweep":
        env["iap.credit.hold"]._expire_overdue()
        env["iap.credit.lot"]._expire_due()
    elif operation == "release":
        account.release(target, reason="Test")
    elif operation == "capture":
        account.capture(target, credits, **values)
    elif operation == "refund":
        account.refund(env["iap.credit.entry"].browse(target), credits, **values)
    elif operation == "reverse":
        account.reverse_purchase(env["iap.credit.entry"].browse(target), credits, **values)
    elif operation == "transfer":
        account.transfer(other, credits, **values)
    elif operation == "grant":
        end = target and START + timedelta(days=target)
        account.grant(credits, expires_at=end, **{**values, "reason": f"end {target}"})
    else:
        getattr(account, operation)(credits, **values)


def _choose(name, targets: dict):
    """Derive a request from its name: processes that draw the same name ask the same.

    :param targets: what an operation may be about, by operation: side and name of each.
    """
    dice = random.Random(name)
    [operation] = dice.choices(list(OPERATIONS), list(OPERATIONS.values()))
    credits = dice.randint(1, 40 if operation == "hold" else 12)
    if operation == "adjust" and dice.random() < 0.6:
        credits = -credits
    if dice.random() < 0.04:
        credits = dice.choice(BAD_AMOUNTS)
    side, target = dice.choices([0, 1], [3, 1])[0], None
    if operation == "grant":
        target = dice.choice([None, 1, 2, 3])
    elif targets.get(operation):
        side, target = dice.choice(targets[operation])
    elif operation in targets:
        operation = "hold"
    key = dice.choice(["one", "two", name]) if dice.random() < 0.05 else name
    return {
        "operation": operation,
        "side": side,
        "target": target,
        "credits": credits,
        "key": key,
    }


def _find_targets(env, accounts):
    """Read what the operations of a round may be about, of each kind the newest."""
    sides = {account.id: side for side, account in enumerate(accounts)}
    tables = {
        "capture": "token FROM iap_credit_hold WHERE state = 'open'",
        "release": "token FROM iap_credit_hold WHERE state = 'open'",
        "refund": "id FROM iap_credit_entry WHERE kind = 'capture'",
        "reverse": "id FROM iap_credit_entry WHERE kind = 'purchase'",
    }
    targets = {}
    for operation, table in tables.items():
        env.cr.execute(
            f"SELECT account_id, {table} AND account_id = ANY(%s) ORDER BY id DESC LIMIT 40",
            [list(sides)],
        )
        targets[operation] = [(sides[account_id], name) for account_id, name in env.cr.fetchall()]
    return targets


def _play_round(env, accounts, number, steps, targets):
    """Let all processes work at once.

    :return: counts of operations and outcomes, keys of what was done.
    """

    def work(env, index):
        """Ask for what the names say, some of them shared with the other processes."""
        dice = random.Random(f"{number} {index}")
        done, outcomes, keys = Counter(), Counter(), set()
        for step in range(steps):
            twin = dice.random() < 0.3
            name = f"{number} {dice.randrange(steps)}" if twin else f"{number} {index} {step}"
            request = _choose(name, targets)
            outcome = _perform(env, accounts, request)
            done[request["operation"]] += 1
            outcomes[outcome] += 1
            if outcome == "done" and request["operation"] not in ("sweep", "release"):
                keys.add(request["key"])
        return {"done": done, "outcomes": outcomes, "keys": keys}

    return _in_processes(env, work, range(PROCESSES))


# === THE MODEL === #


class Replay:
    """The models of the two accounts, and how far the ledger was replayed in them."""

    def __init__(self, accounts):
        self.models = {account.id: ModelAccount() for account in accounts}
        one, other = self.models.values()
        one.other, other.other = other, one
        # What is left of each lot by the entries, in the order in which the lots were given.
        self.rests = {account.id: {} for account in accounts}
        self.last_id = 0
        self.keys = set()

    def follow(self, env):
        """Replay the entries since the last time.

        :raise Difference: at the first that the model would not have made so.
        """
        env.cr.execute(
            """
            SELECT entry.id, entry.account_id, kind, amount, reason, hold_id, undoes_id,
                   posted_balance, idempotency_key,
                   ARRAY(SELECT ARRAY[lot_id, credits] FROM iap_credit_allocation
                          WHERE entry_id = entry.id ORDER BY id)
              FROM iap_credit_entry AS entry
             WHERE account_id = ANY(%s) AND entry.id > %s ORDER BY entry.id
            """,
            [list(self.models), self.last_id],
        )
        for row in env.cr.fetchall():
            self._add(*row)

    def _add(self, id, account_id, kind, amount, reason, hold_id, undoes_id, balance, key, parts):
        model, rests = self.models[account_id], self.rests[account_id]
        about = f"entry {id}: {kind} of {amount}"
        try:
            self._apply(model, kind, amount, f"entry {id}", reason, hold_id, undoes_id, parts)
        except (Refusal, KeyError) as error:
            raise Difference(f"{about} is refused by the model: {error!r}") from error
        for lot_id, credits in parts:
            rests[lot_id] = rests.get(lot_id, 0) + credits
        expected = [lot.rest for lot in model.lots]
        if parts and (list(rests.values()), balance) != (expected, sum(expected)):
            raise Difference(f"{about}: {list(rests.values())}, {balance} instead of {expected}")
        self.last_id = id
        self.keys.add(key)

    def _apply(self, model, kind, amount, name, reason, hold_id, undoes_id, parts):
        hold, undone = f"hold {hold_id}", f"entry {undoes_id}"
        if kind == "release":
            if model.holds[hold].state != "open" or len(model.holds[hold].drawn) != amount:
                raise Refusal("Release")
            model.do("release", hold, None, None)
        elif kind == "expiry":
            self._expire(model, parts, amount)
        elif kind == "transfer" and amount > 0:
            pass  # the entry of the other account, the one before, did both
        else:
            end = re.match(r"end (\d+)", reason)
            arguments = {
                "grant": ("grant", end and int(end[1]), amount, name),
                "purchase": ("purchase", None, amount, name),
                "adjustment": ("adjust", None, amount, name),
                "transfer": ("transfer", None, -amount, name),
                "hold": ("hold", None, amount, hold),
                "capture": ("capture", hold, amount, name),
                "refund": ("refund", undone, amount, name),
                "reversal": ("reverse", undone, amount, name),
            }
            model.do(*arguments[kind])

    def _expire(self, model, parts, amount):
        lots = self._lots()
        [(lot_id, _credits)] = parts
        if not lots[lot_id].is_over or lots[lot_id].rest != amount:
            raise Refusal("Expiry")
        lots[lot_id].rest = 0

    def _lots(self):
        """Give the model's lots by id."""
        return {
            lot_id: lot
            for account_id, model in self.models.items()
            for lot_id, lot in zip(self.rests[account_id], model.lots, strict=True)
        }

    def let_time_pass(self, env, dice):
        """Put the end of some holds and lots into the past, here and there."""
        for model in self.models.values():
            for name, hold in model.holds.items():
                if hold.state == "open" and not hold.overdue and dice.random() < 0.3:
                    hold.overdue = True
                    env.cr.execute(
                        "UPDATE iap_credit_hold SET expires_at = date - INTERVAL '1 day'"
                        " WHERE id = %s",
                        [int(name.removeprefix("hold "))],
                    )
        for lot_id, lot in self._lots().items():
            if lot.end is not None and not lot.is_over and dice.random() < 0.3:
                lot.end -= 1000
                env.cr.execute(
                    "UPDATE iap_credit_lot SET expires_at = expires_at - INTERVAL '1000 days'"
                    " WHERE id = %s",
                    [lot_id],
                )
        env.cr.commit()

    def check_state(self, env):
        """Compare what balance, lots and holds say themselves.

        :raise Difference: if it is not what the model says.
        """
        for account_id, model in self.models.items():
            env.cr.execute(
                """
                SELECT available,
                       (SELECT COALESCE(SUM(credits - captured), 0) FROM iap_credit_hold
                         WHERE account_id = %(id)s AND state = 'open'),
                       ARRAY(SELECT remaining FROM iap_credit_lot
                              WHERE account_id = %(id)s ORDER BY id)
                  FROM iap_credit_balance WHERE account_id = %(id)s
                """,
                {"id": account_id},
            )
            rests = [lot.rest for lot in model.lots]
            found, expected = env.cr.fetchone(), (sum(rests), model.held, rests)
            if found != expected:
                raise Difference(f"The account says {found} instead of {expected}")


# === SCENARIOS === #


def play(env, rounds=ROUNDS, steps=STEPS):
    """Play, and compare after each round.

    :return: counts, and the first difference, or error of a process, if there is one.
    """
    _set_aside(env)
    accounts = [_new_account(env, 100), _new_account(env, 100)]
    replay, dice = Replay(accounts), random.Random(0)
    done, outcomes, keys = Counter(), Counter(), set()
    difference = None
    try:
        replay.follow(env)
        opening = set(replay.keys)
        for number in range(rounds):
            answers = _play_round(env, accounts, number, steps, _find_targets(env, accounts))
            _forget(env)
            replay.follow(env)
            replay.check_state(env)
            for answer in answers:
                done += answer["done"]
                outcomes += answer["outcomes"]
                keys |= answer["keys"]
            _check_keys(keys, replay.keys - opening)
            replay.let_time_pass(env, dice)
    except (Difference, ProcessFailed) as found:
        difference = str(found)
    _forget(env)
    total = rounds * PROCESSES * steps
    return {"difference": difference, "steps": total, "done": done, "outcomes": outcomes}


def _set_aside(env):
    """Have no sweep find what earlier plays have left: a bug may have spoilt it."""

    def put_off():
        for table, condition in (("hold", "state = 'open'"), ("lot", "remaining > 0")):
            env.cr.execute(
                f"UPDATE iap_credit_{table} SET expires_at = expires_at + INTERVAL '100 years'"
                f" WHERE {condition}"
            )

    _in_transaction(env, put_off)  # what a process that was killed has begun may just be ending


def _check_keys(told, kept):
    """Check that what was told to be done is in the ledger, and nothing else.

    Releases and expiries have keys of their own or none.
    """
    kept = {key for key in kept if key and not key.startswith("expiry")}
    if told != kept:
        raise Difference(f"Keys told or kept only: {told ^ kept}")


def play_with_bugs(env):
    """Plant the bugs one at a time, and play until the model differs or a process fails.

    Here are those that an order of the connections shows soon; the addon's own test has more.

    :return: the difference by the bug's name, None if there was none; and the one without a bug.
    """
    found = {}
    for name, (module, right, wrong) in BUGS.items():

        def plant(code="", *args, right=right, wrong=wrong, **values):
            return SQL(code.replace(right, wrong), *args, **values)

        with patch.object(module, "SQL", plant):
            found[name] = play(env, BUG_ROUNDS, BUG_STEPS)["difference"]
    return {"found": found, "without": play(env, BUG_ROUNDS // 20, BUG_STEPS)["difference"]}
