"""Requests that no client sends, to a real server of several processes.

Of each a value is replaced, or several. None is an HTTP 500 or a traceback, and since the client
has no credits none changes anything.
"""

import concurrent.futures
import json
import os
import random
import re
import time

import pytest
import requests
from iap_client import UUID, serve

TOKEN = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"
KEY = "the key of a provider of the tests"
REQUESTS = int(os.environ.get("HOSTILE_REQUESTS") or 20_000)
SEED = 20_26
ASKER = {"account_token": TOKEN, "dbuuid": UUID, "db_uuid": UUID, "db_version": "19.0",
         "db_lang": "it_IT", "country_code": "IT", "zip": "20100"}  # fmt: skip
QUERY = {
    "lead_number": 3, "search_type": "people", "countries": [{"code": "BE", "states": ["X"]}],
    "company_size_min": 1, "company_size_max": 100, "industry_ids": ["165"], "sic_groups": [42],
    "contact_number": 10, "contact_filter_type": "role", "preferred_role": "CEO",
}  # fmt: skip
GOOD = {
    "/api/dnb/1/search_by_criteria": {"query": QUERY, "reveal_ids": ["reg:XX-TEST:000001"]},
    "/iap/clearbit/2/lead_mining_request": {"data": QUERY},
    "/iap/clearbit/1/lead_mining_request": {"data": {**QUERY, "countries": ["BE"], "states": []}},
    "/iap/clearbit/1/lead_enrichment_email": {"domains": {"1": "synthetic1.example"}},
    "/iap/clearbit/1/reveal": {"data": {"ips": {"192.0.2.7": [4]}, "rules": {"4": {}}}},
    "/api/dnb/1/search_by_name": {"query": "Synthetic", "query_country_code": "BE"},
    "/api/dnb/1/search_by_vat": {"query": "BE0403170701", "query_country_code": "BE"},
    "/api/dnb/1/search_by_moon": {"query": "1"},
    "/api/dnb/1/enrich_by_duns": {"duns": "reg:XX-TEST:000001"},
    "/api/dnb/1/enrich_by_gst": {"gst": "27AAACM3025E1ZZ"},
    "/api/dnb/1/enrich_by_domain": {"domain": "synthetic2.example"},
    "/iap/partner_autocomplete/search": {"query": "Synthetic"},
    "/iap/partner_autocomplete/search_vat": {"vat": "BE0403170701"},
    "/iap/partner_autocomplete/enrich": {"domain": "x.example", "partner_gid": 7, "vat": "BE0"},
    "/iap/partner_autocomplete/update": {"partner_gid": 7, "vat": "BE0"},
    "/iap/1/balance": {"service_name": "reveal"},
    "/iap/1/check": {},
    "/iap/1/get-accounts-information": {
        "iap_accounts": [{"token": TOKEN, "service": "reveal"}, {"token": "s" * 32}]
    },
    "/iap/services-token": {"iap_accounts": [TOKEN, "s" * 32]},
    "/iap/1/authorize": {"key": KEY, "credit": 2, "ttl": 1, "description": "Address"},
    "/iap/1/capture": {"key": KEY, "token": "f" * 32, "credit_to_capture": 1},
    "/iap/1/cancel": {"key": KEY, "token": "f" * 32},
    "/iap/1/update-auto-refill-settings": {"auto_refill_threshold": 1, "auto_refill_pack_id": 1},
}  # fmt: skip
VALUES = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**40, 1.5, float("nan"), float("inf"), "", "0",
    "é", "\x00", "\ud800", "x" * 10_000, "' OR 1=1 --", "../../etc/passwd", "<script>", "%s%n{0}",
    [], {}, [[]], [None], {"": None}, [{}] * 50, {"code": "BE"}, [str(n) for n in range(5000)],
    {str(n): "a.example" for n in range(300)}, TOKEN + "+disabled", "dummy_value+disabled",
)  # fmt: skip
PROVIDE = """
from odoo.addons.crm_iap_server.models.iap_server_provider import key_hash
provider = env["iap.server.provider"].create({{"name": "Beta", "service_name": "reveal"}})
provider.key_hash = key_hash("{key}")
env.cr.commit()
"""
MINUTE = "SELECT floor(extract(epoch FROM now()) / 60)::int"
TABLES = ("iap_server_client", "iap_server_token", "iap_server_delivery", "iap_credit_entry",
          "iap_credit_hold", "iap_server_provider", "iap_account", "crm_lead",
          "res_partner")  # fmt: skip
STATE = "SELECT sum(available)::int FROM iap_credit_balance" + "".join(
    f" UNION ALL SELECT count(*)::int FROM {table}" for table in TABLES
)
RATE = """
for limit in ("rate", "free_rate", "stranger_rate"):
    env["ir.config_parameter"].set_param(f"crm_iap_server.{{limit}}", "{rate}" if limit == "rate"
                                         else "{free}")
client = env["iap.server.client"].search([])
client.account_id.adjust({credits} - client.credits_available, reason="Test",
                         idempotency_key="adjust {rate}")
env.cr.commit()
"""


@pytest.fixture(scope="module")
def database(host):
    with host.database("iap_hostile") as name:
        host.shell(name, serve(companies=20, credits=1, uuid=UUID))
        host.shell(name, PROVIDE.format(key=KEY))
        host.shell(name, RATE.format(rate=1_000_000, free=1_000_000, credits=0))
        yield name


@pytest.fixture(scope="module")
def server(host, database):
    with host.server(database, cron=0, extra=["--workers", "2"]) as running:
        yield running


def post(session, server, path, body):
    return session.post(
        server.url + path,
        data=body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "replace"),
        headers={"Content-Type": "application/json"},
        timeout=120,
    )


def call(session, server, path, params):
    body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {**ASKER, **params}}
    return post(session, server, path, body)


def hostile(rnd):
    """Return a path and a body that is not quite what a client sends."""
    path = rnd.choice(sorted(GOOD))
    params = {**ASKER, **GOOD[path]}
    for _change in range(rnd.choice((1, 1, 2, 3))):
        target = params
        nested = [value for value in params.values() if isinstance(value, dict) and value]
        if nested and rnd.random() < 0.5:
            name = next(key for key, value in params.items() if value is nested[0])
            target = params[name] = dict(nested[0])
        target[rnd.choice([*sorted(target), "surprise"])] = rnd.choice(VALUES)
    body = {"jsonrpc": "2.0", "method": "call", "id": rnd.choice((1, "x", None, {})),
            "params": params}  # fmt: skip
    odd = rnd.random()
    if odd < 0.02:
        return path, rnd.choice((b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 50_000))
    if odd < 0.04:
        body["params"] = rnd.choice(VALUES)
    return path, body


class TestHostile:
    def test_no_request_is_a_crash_or_changes_anything(self, host, database, server):
        session = requests.Session()
        for path in GOOD:  # who the client is, is known from here on
            assert call(session, server, path, GOOD[path]).status_code == 200
        # From here on it takes no token at first sight.
        host.sql("UPDATE iap_server_client SET open_until = '2020-01-01'", database=database)
        before = host.sql(STATE, database=database)
        rnd = random.Random(SEED)
        asked = [hostile(rnd) for _number in range(REQUESTS)]

        def ask(some):
            with requests.Session() as own:
                return [(path, body, post(own, server, path, body)) for path, body in some]

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            answers = [one for part in pool.map(ask, (asked[n::4] for n in range(4)))
                       for one in part]  # fmt: skip
        assert len(answers) == REQUESTS
        for path, body, answer in answers:
            told = f"{path} {str(body)[:500]} {answer.text[:500]}"
            assert answer.status_code == 200, told
            assert "Traceback" not in answer.text and "psycopg2" not in answer.text, told
            assert isinstance(answer.json(), (dict, list, bool, int, type(None))), told
        assert host.sql(STATE, database=database) == before
        failed = re.findall(r"A client's call to (\S+) failed", server.log_path.read_text())
        assert failed == []

    def test_questions_that_cost_are_counted_over_processes(self, host, database):
        host.shell(database, RATE.format(rate=10, free=1_000_000, credits=100))
        host.sql("DELETE FROM iap_server_answer", database=database)
        with host.server(database, cron=0, extra=["--workers", "2"]) as counting:

            def ask(number):
                query = {"lead_number": 1, "countries": ["BE"], "company_size_max": number}
                with requests.Session() as own:
                    path = "/api/dnb/1/search_by_criteria"
                    return call(own, counting, path, {"query": query}).text

            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                texts = list(pool.map(ask, range(1000, 1030)))
        assert sum("Too many questions" in text for text in texts) == 20

    def test_free_questions_are_counted_over_processes_and_servers(self, host, database):
        host.shell(database, RATE.format(rate=1_000_001, free=50, credits=50))
        first = host.server(database, cron=0, extra=["--workers", "2"])
        with first as one, host.server(database, cron=0) as other:

            def ask(number):
                with requests.Session() as own:
                    server = (one, other)[number % 2]
                    return call(own, server, "/iap/1/balance", {"service_name": "reveal"}).json()

            host.sql("DELETE FROM iap_server_rate", database=database)
            for _attempt in range(3):
                [[minute]] = host.sql(MINUTE, database=database)
                with concurrent.futures.ThreadPoolExecutor(8) as pool:
                    answers = list(pool.map(ask, range(120)))
                if host.sql(MINUTE, database=database) == [[minute]]:
                    break
                # The next minute has no question yet but those of its beginning.
                time.sleep(61 - time.time() % 60)
            told = sum("result" in answer for answer in answers)
            # Each process may keep a share that it has not used.
            assert 30 <= told <= 50
            refused = next(answer for answer in answers if "error" in answer)
            assert refused["error"]["data"]["name"] == "odoo.exceptions.AccessError"
