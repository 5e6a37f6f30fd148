"""What becomes of holds that wait for one account together; run inside an Odoo shell.

Each public function takes the shell's environment and returns what JSON can carry.
"""

import os
import signal
import time
import uuid
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from unittest.mock import patch

import psycopg2
from credit_scenarios import (
    DAY,
    FORK,
    PROCESSES,
    _audit,
    _close_idle_connections,
    _hold,
    _in_processes,
    _new_account,
)

from odoo import api
from odoo.tools import SQL

import odoo.addons.crm_iap_credits.models.iap_credit_ledger as ledger
import odoo.addons.crm_iap_credits.models.iap_credit_wish as wish
from odoo.addons.crm_iap_credits.exceptions import CreditError

SECONDS = 60
#: Milliseconds: how long Odoo's update of addons waits for a table, and a shorter time for tests.
UPDATE_WAITS, SHORT = 15_000, 300
#: What an update may have while credits are moved.
LEDGER_TABLES = (
    "iap_credit_wish",
    "iap_credit_hold",
    "iap_credit_balance",
    "iap_credit_lot",
    "iap_credit_entry",
    "iap_credit_allocation",
)
WISHES = "SELECT count(*) FROM iap_credit_wish WHERE account_id = %s"
TURNS = """
    SELECT count(*) FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND objid = %s
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


# === SCAFFOLDING === #


def _together(env, account, works):
    """Let processes wait for an account, and go on only when all of them do.

    :param works: functions of the account, one for each process; the first has its turn first.
    :return: what they return, or the name of the error that they raise.
    """
    is_locked = FORK.Event()
    wishes = _ask(env, WISHES, account.id) + len(works) - 1

    def work(env, index):
        if index < 0:
            _lock(env.cr, account)
            is_locked.set()
            _wait_for_wishes(env, account, wishes)
            return None
        is_locked.wait(SECONDS)
        if index:
            _wait_for_turn(env, account)
        return index, _outcome(works[index], account.with_env(env))

    with patch.object(ledger, "LOCK_TIMEOUT", SECONDS * 1000):
        answers = _in_processes(env, work, range(-1, len(works)))
    return [answer for _index, answer in sorted(filter(None, answers))]


@contextmanager
def _kept(env, account):
    """Keep an account locked for a while."""
    with env.registry.cursor() as cr:
        _lock(cr, account)
        yield


def _lock(cr, account):
    cr.execute("SELECT FROM iap_credit_balance WHERE account_id = %s FOR UPDATE", [account.id])


def _start(env, account, work):
    """Start a process that may die."""
    _close_idle_connections()

    def run():
        with env.registry.cursor() as cr:
            work(account.with_env(api.Environment(cr, env.uid, {})))

    process = FORK.Process(target=run)
    process.start()
    return process


def _outcome(work, own):
    try:
        return work(own)
    except (CreditError, psycopg2.Error) as error:
        return type(error).__name__


def _ask(env, query, *parameters):
    with env.registry.cursor() as cr:
        cr.execute(query, parameters)
        return cr.fetchone()[0]


def _wait_for_wishes(env, account, count):
    _until(lambda: _ask(env, WISHES, account.id) >= count)


def _wait_for_turn(env, account):
    """Wait until somebody has the account's turn."""
    _until(lambda: _ask(env, TURNS, account.id))


def _until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


def _told(env, account):
    """Say what the ledger says, and how many holds the greatest statement made."""
    audit = _audit(env, account)
    env.cr.execute(
        """
        SELECT COALESCE(SUM(count), 0)::int, COALESCE(MAX(count), 0)
          FROM (SELECT COUNT(*) AS count FROM iap_credit_hold
                 WHERE account_id = %s GROUP BY date) AS made
        """,
        [account.id],
    )
    holds, most_at_once = env.cr.fetchone()
    return {
        **audit,
        "holds": holds,
        "most_at_once": most_at_once,
        "proven": env["iap.credit.proof"].new({"account_id": account.id}).is_proven,
        "wrong_counters": len(env["iap.credit.spending"]._find_wrong(account)),
        "wishes": _ask(env, WISHES, account.id),
    }


# === SCENARIOS === #


def hold_together(env):
    """All who wait get theirs, of lots that end at different times."""
    account = _new_account(env, 10)
    for days in (3, 1, 2):
        account.grant(
            10,
            reason="Test",
            idempotency_key=f"{days} days",
            expires_at=datetime.now() + days * DAY,
        )
    env.cr.commit()
    answers = _together(env, account, [lambda own: _hold(own, 4).credits] * PROCESSES)
    told = _told(env, account)
    env.cr.execute(
        """
        SELECT lot.remaining FROM iap_credit_lot AS lot
         WHERE account_id = %s ORDER BY expires_at NULLS LAST
        """,
        [account.id],
    )
    return {"answers": answers, "left": [left for (left,) in env.cr.fetchall()], **told}


def hold_more_than_there_is(env):
    """There is enough for some of those who wait."""
    account = _new_account(env, 100)
    answers = _together(env, account, [lambda own: _hold(own, 30).credits] * PROCESSES)
    return {"answers": answers, **_told(env, account)}


def hold_for_more_than_a_budget_allows(env):
    """Two users wait, of whom one may spend less than all his processes want."""
    account = _new_account(env, 1000)
    company = account.company_ids
    users = [
        env["res.users"].create(
            {"name": name, "login": f"{name} {account.id}"}
            | {"company_id": company.id, "company_ids": company.ids}
        )
        for name in ("Sally", "Sam")
    ]
    for user, limit in zip(users, (25, 1000), strict=True):
        env["iap.credit.budget"].create(
            {"company_id": company.id, "service_id": account.service_id.id}
            | {"scope": "user", "user_id": user.id, "hard_limit": limit}
        )
    env.cr.commit()
    for user in users:  # whose counter is there from now on
        _hold(account.with_user(user), 1)
    works = [
        lambda own, user_id=users[n % 2].id: _hold(own.with_user(user_id), 10).credits
        for n in range(PROCESSES)
    ]
    answers = _together(env, account, works)
    return {"sally": answers[::2], "sam": answers[1::2], **_told(env, account)}


def hold_with_one_key(env):
    """All who wait use one key, and two of them for something else."""
    account = _new_account(env, 1000)

    def work(own, credits):
        return _hold(own, credits, idempotency_key="order").token

    amounts = [10] * (PROCESSES - 2) + [20] * 2
    works = [partial(work, credits=credits) for credits in amounts]
    answers = _together(env, account, works)
    return {"answers": answers, **_told(env, account)}


def hold_what_cannot_be(env):
    """One of those who wait is a user who has just been deleted."""
    account = _new_account(env, 1000)
    works = [lambda own: _hold(own, 10).credits] * PROCESSES
    works[3] = lambda own: _hold(own.with_user(10**8), 10).credits
    answers = _together(env, account, works)
    return {"answers": answers, **_told(env, account)}


def hold_on_a_copy(env):
    """The account of those who wait is disabled, as on every copy."""
    account = _new_account(env, 1000)
    account.account_token += "+disabled"
    env.cr.commit()
    answers = _together(env, account, [lambda own: _hold(own, 10).credits] * PROCESSES)
    return {"answers": answers, **_told(env, account)}


def die_while_waiting(env):
    """One of those who wait is killed; its wish may be granted, as if it had died after it."""
    account = _new_account(env, 1000)

    def work(own):
        return _hold(own, 10).credits

    with _kept(env, account):
        worker = _start(env, account, work)
        _wait_for_turn(env, account)
        victim = _start(env, account, partial(_hold, credits=10, idempotency_key="victim"))
        others = [_start(env, account, work) for _ in range(3)]
        _wait_for_wishes(env, account, 4)
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
    for process in (worker, *others):
        process.join(SECONDS)
    ends = [process.exitcode for process in (worker, *others, victim)]
    again = _hold(account, 10, idempotency_key="victim").credits
    return {"ends": ends, "again": again, **_told(env, account)}


def lose_the_connection(env):
    """The connection of who makes the holds of all is ended by the server."""
    account = _new_account(env, 1000)
    with _kept(env, account):
        processes = [_start(env, account, lambda own: _hold(own, 10))]
        _wait_for_turn(env, account)
        processes += [_start(env, account, lambda own: _hold(own, 10)) for _ in range(4)]
        _wait_for_wishes(env, account, 4)
        ended = _ask(
            env,
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_locks
             WHERE locktype = 'advisory' AND granted AND objid = %s
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            account.id,
        )
    for process in processes:
        process.join(SECONDS)
    ends = sorted(process.exitcode for process in processes)
    return {"ended": ended, "ends": ends, **_told(env, account)}


def give_up(env):
    """Those who wait are told that the account is busy, and want nothing any more."""
    account = _new_account(env, 1000)
    with patch.object(ledger, "LOCK_TIMEOUT", 200), _kept(env, account):
        answers = _in_processes(
            env,
            lambda env, _index: _outcome(lambda own: _hold(own, 10), account.with_env(env)),
            range(4),
        )
        wishes = _ask(env, WISHES, account.id)
    left = _told(env, account)
    held = _hold(account, 10).credits
    return {"answers": answers, "left": left, "wishes": wishes, "held": held, **_told(env, account)}


def meet_an_update(env):
    """Whoever moves credits while an update of the addons has a table gives up before it does.

    :return: table -> share of the time that the update waits for others' locks, at most.
    """
    account = _new_account(env, 1000)
    first = _hold(account, 10)
    longest, update_waits = {}, UPDATE_WAITS / ledger.LOCK_TIMEOUT * SHORT
    works = (
        (False, lambda own: _hold(own, 10)),
        (True, lambda own: _hold(own, 10)),
        (False, lambda own: own.release(first.token, reason="Test")),
    )
    for table in LEDGER_TABLES:
        longest[table] = 0
        for is_crowded, work in works:
            took = FORK.Value("d", SECONDS)
            until = time.monotonic() + SECONDS * is_crowded
            with (
                patch.object(ledger, "LOCK_TIMEOUT", SHORT),
                patch.dict(wish._crowded, {(env.cr.dbname, account.id): until}),
                env.registry.cursor() as update,
            ):
                update.execute(SQL("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", SQL.identifier(table)))
                process = _start(env, account, partial(_note_time, took, work))
                process.join(SECONDS)
                process.kill()
            longest[table] = max(longest[table], took.value / update_waits * 1000)
    return {"longest": longest, **_told(env, account)}


def _note_time(took, work, own):
    begun = time.monotonic()
    _outcome(work, own)
    took.value = time.monotonic() - begun


def forget_the_dead(env):
    """A wish whose process is gone is granted while it is new, and never afterwards."""
    account = _new_account(env, 1000)
    for key, deadline in (("new", "1 minute"), ("old", "-1 second")):
        env.cr.execute(
            """
            INSERT INTO iap_credit_wish (token, account_id, credits, user_id, reason,
                        idempotency_key, request_hash, seconds, deadline)
                 VALUES (%s, %s, 5, %s, 'Test', %s, '', 60,
                         now() AT TIME ZONE 'UTC' + %s::interval)
            """,
            [uuid.uuid4().hex, account.id, env.uid, key, deadline],
        )
    env.cr.commit()
    _together(env, account, [lambda own: _hold(own, 1)] * 2)
    env.cr.execute(
        "SELECT idempotency_key FROM iap_credit_entry"
        " WHERE account_id = %s AND idempotency_key IN ('new', 'old')",
        [account.id],
    )
    granted = [key for (key,) in env.cr.fetchall()]
    before = _ask(env, WISHES, account.id)
    env["iap.credit.wish"]._drop_past()
    return {"granted": granted, "before": before, **_told(env, account)}
