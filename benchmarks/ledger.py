"""How fast many processes hold credits of one account, against plain SQL doing the same."""

import json
import multiprocessing
import time
import uuid

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

PROCESSES = 8
ROUNDS = 3
SECONDS = 4.0
SCARCE = 500

# Run inside Odoo. The opponent gets the text and the parameters of the very statement that
# `hold` runs, with marks in place of what differs from call to call.
PREPARE = """
import json
Service = type(env["iap.service"])
Service._locally_served_services = lambda self: {"reveal"}
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.grant(10**9, reason="Benchmark", idempotency_key="benchmark")
env.cr.commit()
from datetime import timedelta
from odoo.addons.crm_iap_credits.tools.ledger import Document
statement = env["iap.credit.hold"]._get_open_statement(
    account_id=account.id, credits=1, token="TOKEN", reason="Benchmark", idempotency_key="KEY",
    request_hash="0" * 64, document=Document(), expires_in=timedelta(days=1))
print(json.dumps([account.id, statement.code,
    [str(value) if isinstance(value, timedelta) else value for value in statement.params]]))
"""

# Forked from one Odoo, so that all start at once.
HOLD = """
import json, multiprocessing, time, uuid
from odoo import api
from odoo.addons.crm_iap_credits.exceptions import InsufficientCredits

def work(barrier, results, seconds):
    with env.registry.cursor() as cr:
        account = api.Environment(cr, env.uid, {{}})["iap.account"].browse({account_id})
        barrier.wait()
        calls, end = 0, time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                account.hold(1, reason="Benchmark", idempotency_key=uuid.uuid4().hex)
                calls += 1
        except InsufficientCredits:
            pass
        results.put(calls)

context = multiprocessing.get_context("fork")
barrier, results = context.Barrier({processes}), context.Queue()
workers = [context.Process(target=work, args=(barrier, results, {seconds}))
           for _ in range({processes})]
[worker.start() for worker in workers]
print(json.dumps(sum(results.get() for _ in workers)))
[worker.join() for worker in workers]
"""

LEAVE = """
account = env["iap.account"].browse({account_id})
account.adjust({credits} - account.credits_available, reason="Benchmark", idempotency_key="rest")
env.cr.commit()
"""

CHECK = """
import json
account = env["iap.account"].browse({account_id})
sums = env["iap.credit.entry"]._read_group(
    [("account_id", "=", account.id)], [], ["available_delta:sum", "held_delta:sum"])[0]
assert [int(value) for value in sums] == [account.credits_available, account.credits_held]
print(json.dumps(account.credits_available))
"""


def run(host):
    """Measure `hold` and its opponent in turns, then let all processes fight for few credits.

    :return: rows of the benchmark's table.
    """
    ours = opponent = 0
    with host.database("bench_ledger") as database:
        account_id, code, parameters = json.loads(host.shell(database, PREPARE))
        size = {"account_id": account_id, "processes": PROCESSES}
        for _ in range(ROUNDS):
            opponent += _run_opponent(host.dsn(database), code, parameters)
            ours += json.loads(host.shell(database, HOLD.format(**size, seconds=SECONDS)))
        host.shell(database, LEAVE.format(account_id=account_id, credits=SCARCE))
        held = json.loads(host.shell(database, HOLD.format(**size, seconds=60)))
        left = json.loads(host.shell(database, CHECK.format(account_id=account_id)))
    seconds = ROUNDS * SECONDS
    return [
        {
            "claim": "holds on one account",
            "unit": "holds/s",
            "size": f"{PROCESSES} processes, {seconds:.0f} s",
            "ours": ours / seconds,
            "opponent": opponent / seconds,
            "opponent_is": "the same statement by plain psycopg2 at READ COMMITTED",
        },
        {
            "claim": "credits overdrawn",
            "unit": "credits",
            "size": f"{PROCESSES} processes, {SCARCE} credits",
            "ours": held - SCARCE if left >= 0 else -left,
            "opponent": 0,
            "opponent_is": "the credits there were",
        },
    ]


def _run_opponent(dsn, code, parameters):
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(PROCESSES), context.Queue()
    arguments = (dsn, code, parameters, barrier, results)
    workers = [context.Process(target=_work, args=arguments) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    calls = sum(results.get() for _ in workers)
    for worker in workers:
        worker.join()
    return calls


def _work(dsn, code, parameters, barrier, results):
    connection = psycopg2.connect(**dsn)
    connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
    cursor = connection.cursor()
    cursor.execute("SET lock_timeout = '3s'")
    connection.commit()
    barrier.wait()
    calls, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        marks = {"TOKEN": uuid.uuid4().hex, "KEY": uuid.uuid4().hex}
        cursor.execute(code, [marks.get(value, value) for value in parameters])
        assert cursor.fetchone()
        connection.commit()
        calls += 1
    results.put(calls)
    connection.close()
