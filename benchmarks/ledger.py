"""How fast many processes hold credits of one account, against plain SQL, and under budgets."""

import json
import multiprocessing
import statistics
import time
import uuid

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

PROCESSES = 8
MONTH = 100_000
ROUNDS = 5
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

# The ledger of a busy month, as the holds and captures of it would have left it.
FILL = """
from odoo.tools import SQL
account = env["iap.account"].browse({account_id})
env.cr.execute(SQL('''
    WITH balance AS (
        UPDATE iap_credit_balance SET available = available - %(holds)s
         WHERE account_id = %(account_id)s RETURNING account_id, company_id, available
    ), lot AS (
        UPDATE iap_credit_lot SET remaining = remaining - %(holds)s
         WHERE id = (SELECT id FROM iap_credit_lot WHERE account_id = %(account_id)s
                   ORDER BY remaining DESC LIMIT 1) RETURNING id
    ), hold AS (
        INSERT INTO iap_credit_hold (token, account_id, company_id, credits, captured, state, date,
                    expires_at, closed_at, user_id, team_id, reason)
             SELECT md5(random()::text || number), account_id, company_id, 1, 1, 'captured',
                    now_utc, now_utc + interval '1 day', now_utc, %(user_id)s, %(team_id)s,
                    'Benchmark'
               FROM balance, generate_series(1, %(holds)s) AS number,
                    timezone('UTC', now()) AS now_utc RETURNING *
    ), entry AS (
        INSERT INTO iap_credit_entry (account_id, company_id, date, kind, amount, available_delta,
                    held_delta, posted_balance, user_id, team_id, reason, hold_id)
             SELECT hold.account_id, hold.company_id, hold.date, kind, 1,
                    CASE kind WHEN 'hold' THEN -1 ELSE 0 END,
                    CASE kind WHEN 'hold' THEN 1 ELSE -1 END,
                    CASE kind WHEN 'hold' THEN balance.available + %(holds)s
                         - ROW_NUMBER() OVER (PARTITION BY kind ORDER BY hold.id) END,
                    hold.user_id, hold.team_id, hold.reason, hold.id
               FROM balance, hold, UNNEST(ARRAY['hold', 'capture']) AS kind
           ORDER BY hold.id, kind DESC RETURNING id, kind
    )
    INSERT INTO iap_credit_allocation (entry_id, lot_id, credits)
         SELECT entry.id, lot.id, -1 FROM entry, lot WHERE kind = 'hold'
''', holds={holds}, account_id=account.id, user_id=env.uid, team_id={team_id}))
env.cr.commit()
env.cr.execute("ANALYZE iap_credit_hold; ANALYZE iap_credit_entry; ANALYZE iap_credit_allocation")
env.cr.commit()
"""

# A user's, a team's and a company's budget, all of which every hold is judged by.
BUDGETS = """
import json
budgets = env["iap.credit.budget"].with_context(active_test=False).search([])
if not budgets:
    team = env["crm.team"].create({{"name": "Benchmark", "user_id": env.uid}})
    budgets = budgets.create([
        {{"hard_limit": 10**9}},
        {{"scope": "user", "user_id": env.uid, "hard_limit": 10**9}},
        {{"scope": "team", "team_id": team.id, "hard_limit": 10**9}},
    ])
budgets.active = {active}
env.cr.commit()
print(json.dumps(budgets.team_id.id))
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
    ours, opponent = [], []
    with host.database("bench_ledger") as database:
        account_id, code, parameters = json.loads(host.shell(database, PREPARE))
        size = {"account_id": account_id, "processes": PROCESSES}
        for _ in range(ROUNDS):
            opponent.append(_run_opponent(host.dsn(database), code, parameters))
            ours.append(json.loads(host.shell(database, HOLD.format(**size, seconds=SECONDS))))
        bound, free = _compare_budgets(host, database, account_id)
        host.shell(database, LEAVE.format(account_id=account_id, credits=SCARCE))
        held = json.loads(host.shell(database, HOLD.format(**size, seconds=60)))
        left = json.loads(host.shell(database, CHECK.format(account_id=account_id)))
    return [
        {
            "claim": "holds on one account",
            "unit": "holds/s",
            "size": f"{PROCESSES} processes, {ROUNDS} × {SECONDS:.0f} s",
            "ours": statistics.median(ours) / SECONDS,
            "opponent": statistics.median(opponent) / SECONDS,
            "opponent_is": "the same statement by plain psycopg2 at READ COMMITTED",
        },
        {
            "claim": "holds under budgets",
            "unit": "holds/s",
            "size": f"after {MONTH:,} holds this month, 3 budgets",
            "ours": bound,
            "opponent": free,
            "opponent_is": "the same without budgets; no less than 1/1.3 of it",
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


def _compare_budgets(host, database, account_id):
    """Measure holds of one process with and without budgets, in turns, in a busy month.

    :return: holds a second with budgets, and without.
    """
    team_id = json.loads(host.shell(database, BUDGETS.format(active=True)))
    host.shell(database, FILL.format(account_id=account_id, holds=MONTH, team_id=team_id))
    calls = {True: 0, False: 0}
    size = {"account_id": account_id, "processes": 1, "seconds": SECONDS}
    for active in (True, False) * ROUNDS:
        host.shell(database, BUDGETS.format(active=active))
        host.shell(database, HOLD.format(**size | {"seconds": 1}))  # counters and caches
        calls[active] += json.loads(host.shell(database, HOLD.format(**size)))
    return calls[True] / ROUNDS / SECONDS, calls[False] / ROUNDS / SECONDS


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
