"""What happens to one credit account in many processes; run inside an Odoo shell.

Each public function takes the shell's environment and returns what JSON can carry.
"""

import faulthandler
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import tempfile
import time
import traceback
import uuid
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import psycopg2

from odoo import api, sql_db
from odoo.service.model import retrying

from odoo.addons.crm_iap_credits.exceptions import (
    BudgetExceeded,
    CreditError,
    HoldExpired,
    InsufficientCredits,
    LedgerBusy,
)

PROCESSES = 8
# No process takes as long, on the slowest machine: one that waits for ever is to be told.
SECONDS = 240
DAY = timedelta(days=1)
FORK = multiprocessing.get_context("fork")


# === SCAFFOLDING === #


def _new_account(env, credits):
    """Make a company with an account of so many credits, committed."""
    type(env["iap.service"])._locally_served_services = lambda self: {"reveal"}
    company = env["res.company"].create({"name": uuid.uuid4().hex})
    env.cr.commit()
    account = env["iap.account"]._get_local("reveal", company)
    env.cr.commit()
    if credits != account.credits_available:
        _adjust(account, credits - account.credits_available)
        env.cr.commit()
    return account


def _adjust(account, credits):
    account.adjust(credits, reason="Test", idempotency_key=uuid.uuid4().hex)


def _hold(account, credits, **values):
    values = {"reason": "Test", "idempotency_key": uuid.uuid4().hex, **values}
    return account.hold(credits, **values)


def _capture(account, hold, credits):
    return account.capture(hold.token, credits, reason="Test", idempotency_key=uuid.uuid4().hex)


class ProcessFailed(Exception):
    """A process raised an error, or died; the text has its trace."""


class ProcessLate(Exception):
    """A process was not done in time and was killed; the text says what it was doing."""


class _Process:
    """A forked process and what it answers, be it a result or a trace."""

    def __init__(self, work):
        self._last_words = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by `end`
        self.pipe, sender = FORK.Pipe(duplex=False)
        self._process = FORK.Process(target=self._run, args=(work, sender))
        self._process.start()
        sender.close()  # whoever reads sees the end when the process dies

    def _run(self, work, sender):
        # It speaks up within a call of the database as well, where no signal is heard.
        faulthandler.dump_traceback_later(SECONDS, exit=True, file=self._last_words)
        try:
            sender.send((True, work()))
        except Exception:  # whatever it is, the test shows it
            sender.send((False, traceback.format_exc()))

    def get_answer(self):
        """Give the result, once there is something to read.

        :raise ProcessFailed: with the trace of the error that there was instead.
        :raise ProcessLate: with what it was doing when its time was over.
        """
        try:
            is_done, answer = self.pipe.recv()
        except EOFError:
            self._process.join()
            self._last_words.seek(0)
            words = self._last_words.read()
            if words:
                raise ProcessLate(words) from None
            raise ProcessFailed(f"It died: {self._process.exitcode}") from None
        if not is_done:
            raise ProcessFailed(answer)
        return answer

    def end(self):
        """Kill it if it is still at work."""
        self._process.kill()
        self._process.join()
        self.pipe.close()
        self._last_words.close()


def _in_processes(env, work, arguments):
    """Run `work(env, argument)` in one forked process per argument, all starting at once.

    :return: the results, in the order in which they came.
    :raise ProcessFailed: as soon as one of them fails; the others are killed.
    :raise ProcessLate: if one of them takes too long; the others are killed.
    """
    _close_idle_connections()
    barrier = FORK.Barrier(len(arguments))

    def run(argument):
        with env.registry.cursor() as cr:
            fresh = api.Environment(cr, env.uid, {})
            barrier.wait()
            return work(fresh, argument)

    processes = []
    try:
        for argument in arguments:
            processes.append(_Process(partial(run, argument)))
        waiting = {process.pipe: process for process in processes}
        answers = []
        while waiting:
            for pipe in multiprocessing.connection.wait(list(waiting)):
                answers.append(waiting.pop(pipe).get_answer())
        return answers
    finally:
        for process in processes:
            process.end()


def _close_idle_connections():
    """Leave none to the processes to be forked: two cannot use the same."""
    for connection in sql_db._Pool._connections:
        if not connection._pool_in_use:
            connection.close()


def _listen():
    """Return a list that whatever the process logs from now on is added to: level and text."""
    logged = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append((record.levelno, record.getMessage()[:300]))
    logging.getLogger("odoo").addHandler(handler)
    logging.getLogger("odoo.service.model").setLevel(logging.INFO)
    return logged


def _audit(env, account):
    """Add up the ledger from its entries, by SQL of its own.

    :return: what is available and held by the entries, by the balance and by the holds, and
        whether each entry continues the balance of the one before it.
    """
    env.cr.commit()
    env.cr.execute(
        """
        SELECT SUM(available_delta), SUM(held_delta),
               (SELECT available FROM iap_credit_balance WHERE account_id = %(id)s),
               (SELECT COALESCE(SUM(credits - captured), 0) FROM iap_credit_hold
                 WHERE account_id = %(id)s AND state = 'open'),
               (SELECT COALESCE(BOOL_AND(posted_balance = before + available_delta), TRUE)
                  FROM (SELECT posted_balance, available_delta,
                               LAG(posted_balance, 1, 0) OVER (ORDER BY id) AS before
                          FROM iap_credit_entry
                         WHERE account_id = %(id)s AND kind <> 'capture') AS line)
          FROM iap_credit_entry WHERE account_id = %(id)s
        """,
        {"id": account.id},
    )
    entries_available, entries_held, available, held, continuous = env.cr.fetchone()
    return {
        "available": available,
        "held": int(held),
        "adds_up": (entries_available, entries_held) == (available, held) and continuous,
    }


# === SCENARIOS === #


def fail_in_one_process(env):
    """One process raises what nobody expects, while the others wait for it."""

    def work(_env, index):
        if index:
            time.sleep(SECONDS)
        raise KeyError("a mistake")

    return _tell_failure(env, work)


def die_in_one_process(env):
    """One process dies without a word, while the others wait for it."""

    def work(_env, index):
        if index:
            time.sleep(SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    return _tell_failure(env, work)


def wait_for_ever_in_one_process(env):
    """One process waits for a lock that this transaction keeps; the others are done."""
    account = _new_account(env, 100)
    account.grant(1, reason="Test", idempotency_key="lock")

    def wait_for_the_lock(env):
        env.cr.execute(
            "SELECT FROM iap_credit_balance WHERE account_id = %s FOR UPDATE", [account.id]
        )

    def work(env, index):
        if not index:
            wait_for_the_lock(env)

    with patch(f"{__name__}.SECONDS", 5):
        failure = _tell_failure(env, work)
    env.cr.rollback()
    return failure


def _tell_failure(env, work):
    began = time.monotonic()
    try:
        _in_processes(env, work, range(3))
    except Exception as error:
        failure = {"type": type(error).__name__, "text": str(error)}
    return {"seconds": time.monotonic() - began, **failure}


def spend_the_last_credits(env, credits=1000, price=7):
    """All processes hold until they are told that nothing is left."""
    account = _new_account(env, credits)

    def work(env, _index):
        own, holds = account.with_env(env), 0
        try:
            while True:
                _hold(own, price)
                holds += 1
        except InsufficientCredits:
            return holds

    holds = _in_processes(env, work, range(PROCESSES))
    return {"holds": holds, **_audit(env, account)}


def spend_the_budget(env, limit=500, price=7):
    """All processes hold until they are told that the budget allows no more."""
    account = _new_account(env, 2 * limit)
    env["iap.credit.budget"].create(
        {"company_id": account.company_ids.id, "service_id": account.service_id.id}
        | {"hard_limit": limit}
    )
    env.cr.commit()

    def work(env, _index):
        own, holds = account.with_env(env), 0
        try:
            while True:
                _hold(own, price)
                holds += 1
        except BudgetExceeded:
            return holds

    holds = _in_processes(env, work, range(PROCESSES))
    return {"holds": holds, **_audit(env, account)}


def hold_with_one_key(env):
    """All processes ask for the same hold at once, again and again."""
    account = _new_account(env, 1000)

    def work(env, _index):
        own = account.with_env(env)
        return [_hold(own, 10, idempotency_key=f"order {n}").token for n in range(20)]

    tokens = _in_processes(env, work, range(PROCESSES))
    return {"tokens": tokens, **_audit(env, account)}


def open_the_account_at_once(env):
    """All processes are the first of a company to need its account."""
    account = _new_account(env, 100)
    company = env["res.company"].create({"name": uuid.uuid4().hex})
    env.cr.commit()

    def work(env, _index):
        return env["iap.account"]._get_local("reveal", company.with_env(env)).id

    accounts = _in_processes(env, work, range(PROCESSES))
    return {"accounts": accounts, **_audit(env, account.browse(accounts[0]))}


def die_after_the_hold(env):
    """A process is killed between its hold and its capture's commit; then time passes."""
    account = _new_account(env, 100)

    def work():
        with env.registry.cursor() as cr:
            own = account.with_env(api.Environment(cr, env.uid, {}))
            hold = _hold(own, 30)
            cr.commit()
            _capture(own, hold, 20)
            os.kill(os.getpid(), signal.SIGKILL)

    _close_idle_connections()
    worker = FORK.Process(target=work)
    worker.start()
    worker.join()
    died = _audit(env, account)
    env.cr.execute(
        "UPDATE iap_credit_hold SET expires_at = expires_at - %s WHERE account_id = %s",
        (2 * DAY, account.id),
    )
    env.cr.commit()
    env["iap.credit.hold"]._cron_expire()
    return {"exit": worker.exitcode, "died": died, "expired": _audit(env, account)}


def capture_while_time_runs_out(env, count=120):
    """Some processes capture holds, as Odoo runs transactions, while others let them expire."""
    account = _new_account(env, 10 * count)
    end = time.monotonic() + 1.5
    tokens = [
        _hold(account, 10, expires_in=timedelta(seconds=1 + n / count)).token for n in range(count)
    ]

    def capture(env, token):
        try:
            _in_transaction(env, lambda: _capture_token(account.with_env(env), token))
        except HoldExpired:
            return 0
        return 4

    def _capture_token(own, token):
        own.capture(token, 4, reason="Test", idempotency_key=token)

    def work(env, share):
        if not share:
            while time.monotonic() < end + 1.5:
                env["iap.credit.hold"]._cron_expire()
            return 0
        captured = 0
        while share:
            time.sleep(0.02)
            captured += capture(env, share.pop())
        return captured

    shares = [tokens[n::6] for n in range(6)]
    captured = _in_processes(env, work, [*shares, [], []])
    while env["iap.credit.hold"]._expire_overdue():
        pass
    time.sleep(1)
    env["iap.credit.hold"]._expire_overdue()
    return {"captured": sum(captured), **_audit(env, account)}


def _in_transaction(env, work):
    """Commit what `work` does, trying again as Odoo does after a serialization failure."""
    retrying(lambda: (work(), env.cr.commit()), env)


def refund_from_everywhere(env):
    """All processes refund the same capture, each with a key of its own."""
    account = _new_account(env, 100)
    hold = _hold(account, 10)
    env.cr.commit()
    capture = _capture(account, hold, 10)
    env.cr.commit()

    def work(env, index):
        own, entry = account.with_env(env), capture.with_env(env)
        logged = _listen()
        try:
            _in_transaction(
                env,
                lambda: own.refund(entry, 4, reason="Test", idempotency_key=f"refund {index}"),
            )
        except CreditError:
            return 0, logged
        return 4, logged

    credits, logs = zip(*_in_processes(env, work, range(4)), strict=True)
    records = [record for logged in logs for record in logged]
    return {
        "refunded": sum(credits),
        "again": sum("try again" in text for _level, text in records),
        "errors": [text for level, text in records if level >= logging.ERROR],
        **_audit(env, account),
    }


def roll_back_the_caller(env):
    """The caller fails after its hold, and after its capture."""
    account = _new_account(env, 100)
    hold = _hold(account, 10)
    env.cr.rollback()
    held = _audit(env, account)
    _capture(account, hold, 4)
    env.cr.rollback()
    return {"held": held, "captured": _audit(env, account)}


def release_after_capturing(env):
    """One transaction captures a part and releases the rest; first it fails, then it commits."""
    account = _new_account(env, 100)
    hold = _hold(account, 10)
    env.cr.commit()
    answers = {}
    for end in ("rollback", "commit"):
        _capture(account, hold, 4)
        answers["released"] = account.release(hold.token, reason="Test")
        getattr(env.cr, end)()
        answers[end] = _audit(env, account)
    return answers


def hold_for_what_the_caller_locks(env):
    """The caller has written the account, locked the document, and only just made another."""
    account = _new_account(env, 100)
    lead = env["crm.lead"].create({"name": "Old"})
    env.cr.commit()
    account.warning_threshold = 5
    env.flush_all()
    lead.lock_for_update()
    new = env["crm.lead"].create({"name": "New"})
    began = time.monotonic()
    _hold(account, 1, document=lead)
    _hold(account, 1, document=new)
    seconds = time.monotonic() - began
    env.cr.rollback()
    return {"seconds": seconds, **_audit(env, account)}


def hold_after_granting(env):
    """One transaction grants, which locks the balance, and then holds."""
    account = _new_account(env, 100)
    account.grant(5, reason="Test", idempotency_key="grant")
    began = time.monotonic()
    try:
        _hold(account, 1)
        refusal = ""
    except LedgerBusy as error:
        refusal = str(error)
    seconds = time.monotonic() - began
    env.cr.commit()
    _hold(account, 1)
    return {"seconds": seconds, "refusal": refusal, **_audit(env, account)}


def hold_while_another_keeps_the_account(env):
    """Somebody keeps the balance's row locked for longer than a hold waits."""
    import odoo.addons.crm_iap_credits.models.iap_credit_ledger as ledger

    ledger.LOCK_TIMEOUT = 100
    account = _new_account(env, 100)
    with env.registry.cursor() as other:
        other.execute(
            "SELECT FROM iap_credit_balance WHERE account_id = %s FOR UPDATE", [account.id]
        )
        try:
            _hold(account, 1)
            refusal = ""
        except LedgerBusy as error:
            refusal = str(error)
    return {"refusal": refusal, **_audit(env, account)}


def change_history(env):
    """Plain SQL from outside of Odoo tries to rewrite, delete and overdraw."""
    account = _new_account(env, 100)
    refusals = []
    for statement in (
        "UPDATE iap_credit_entry SET amount = 1 WHERE account_id = %s",
        "DELETE FROM iap_credit_entry WHERE account_id = %s",
        "UPDATE iap_credit_balance SET available = -1 WHERE account_id = %s",
    ):
        with env.registry.cursor() as cr:
            try:
                cr.execute(statement, [account.id], log_exceptions=False)
            except psycopg2.IntegrityError as error:
                refusals.append(type(error).__name__)
                cr.rollback()
    return {"refusals": refusals, **_audit(env, account)}
