"""What other databases wait for: balance, mining and enrichment over HTTP, against an empty route.

The opponent is a route of Odoo's that answers a constant by JSON-RPC, asked by as many at once of
the same server in the same run. Companies come from the directory, of which each question is new.
"""

import concurrent.futures
import itertools
import os
import threading
import time

import requests

from tests.mining_database import SYNTHETIC
from tests.slow_client import request, send_slowly

COMPANIES = 2_000
CALLS = 400
SLOW_ONES = 4
EMPTY = "/web/webclient/version_info"
SERVE = """
env.company.country_id = env.ref("base.be")
env["lead.mining.provider"].search([("code", "!=", "directory")]).active = False
for limit in ("rate", "free_rate", "stranger_rate"):
    env["ir.config_parameter"].set_param(f"crm_iap_server.{{limit}}", "1000000")
synthetic_companies(range({companies}), city="Bruxelles", employees=50, employees_min=50,
                    employees_max=50)
clients = env["iap.server.client"].create(
    [{{"name": f"Client {{n}}", "uuid": f"0000000{{n:x}}-bench-{{n:04d}}"}} for n in range(16)])
env.cr.commit()
for client in clients:
    client.account_id.grant(1000000, reason="Bench", idempotency_key="bench")
env.cr.commit()
"""


class Database:
    """One client database with one connection."""

    def __init__(self, url: str, number: int):
        self.url, self.session = url, requests.Session()
        self.asker = {
            "account_token": f"bench{number:027d}",
            "dbuuid": f"0000000{number:x}-bench-{number:04d}",
        }

    def call(self, path: str, **params) -> float:
        """Return how many milliseconds an answer takes; it must be one."""
        body = {"jsonrpc": "2.0", "method": "call", "params": {**self.asker, **params}}
        start = time.perf_counter()
        answer = self.session.post(self.url + path, json=body, timeout=120)
        elapsed = (time.perf_counter() - start) * 1000
        assert "result" in answer.json(), answer.text[:300]
        return elapsed


def run(host) -> list[dict]:
    """Return the rows: p95 in milliseconds, and answers per second, of 2 and 16 databases."""
    calls = int(os.environ.get("OPEN_CRM_BENCH_ROWS") or CALLS)
    rows = []
    with host.database("bench_wire") as name:
        host.shell(name, SYNTHETIC + SERVE.format(companies=COMPANIES))
        host.sql("VACUUM ANALYZE", database=name)
        with host.server(name, cron=0) as server:
            databases = [Database(server.url, number) for number in range(16)]
            numbers = itertools.count(1)
            kinds = {
                "empty": lambda one: one.call(EMPTY),
                "balance": lambda one: one.call("/iap/1/balance", service_name="reveal"),
                "mining": lambda one: _mine(one, next(numbers)),
                "enrichment": lambda one: _enrich(one, next(numbers)),
            }
            for one in databases:
                for kind in kinds.values():
                    kind(one)
            for at_once in (2, 16):
                found = {
                    kind: _measure(
                        ask, databases[:at_once], calls if kind != "mining" else calls // 2
                    )  # fmt: skip
                    for kind, ask in kinds.items()
                }
                for kind in ("balance", "mining", "enrichment"):
                    rows += _rows(kind, at_once, calls, found[kind], found["empty"])
            rows.append(_beside_slow_ones(kinds["balance"], databases[:2], calls))
    return rows


def _beside_slow_ones(ask, databases, calls) -> dict:
    """Return the row of what others wait for while some send a byte a second."""
    [url] = {database.url for database in databases}
    head, body = request("/iap/1/balance", databases[0].asker)
    end = threading.Event()

    def be_slow():
        while not end.is_set():  # each is ended after a while
            send_slowly(url, head, body)

    alone, _answers = _measure(ask, databases, calls)
    slow_ones = [threading.Thread(target=be_slow, daemon=True) for _each in range(SLOW_ONES)]
    for slow in slow_ones:
        slow.start()
    time.sleep(1)
    beside, _answers = _measure(ask, databases, calls)
    end.set()
    for slow in slow_ones:
        slow.join()
    return {
        "claim": f"balance, 2 client databases at once beside {SLOW_ONES} slow ones: p95",
        "unit": "ms", "size": calls, "ours": round(beside, 1), "opponent": round(alone, 1),
        "opponent_is": "the same without clients that send a byte a second",
    }  # fmt: skip


def _mine(database: Database, number: int) -> float:
    query = {"lead_number": 3, "search_type": "companies", "company_size_max": 100 + number,
             "countries": [{"code": "BE", "states": []}]}  # fmt: skip
    return database.call("/api/dnb/1/search_by_criteria", query=query, reveal_ids=[])


def _enrich(database: Database, number: int) -> float:
    domains = {"1": f"synthetic{number % COMPANIES}.example"}
    return database.call("/iap/clearbit/1/lead_enrichment_email", domains=domains)


def _measure(ask, databases, calls) -> tuple[float, float]:
    """Return p95 in milliseconds and answers per second, all databases asking at once."""
    each = calls // len(databases)
    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(len(databases)) as pool:
        times = sorted(
            itertools.chain.from_iterable(
                pool.map(lambda one: [ask(one) for _call in range(each)], databases)
            )
        )
    elapsed = time.perf_counter() - start
    return times[int(len(times) * 0.95)], len(times) / elapsed


def _rows(kind, at_once, calls, ours, empty):
    who = f"{at_once} client databases at once"
    opponent_is = "an empty JSON-RPC route of the same server, as many at once"
    return [
        {"claim": f"{kind}, {who}: {what}", "unit": unit, "size": calls,
         "ours": round(mine, 1), "opponent": round(other, 1), "opponent_is": opponent_is}
        for what, unit, mine, other in (
            ("p95", "ms", ours[0], empty[0]), ("answers", "1/s", ours[1], empty[1]))
    ]  # fmt: skip
