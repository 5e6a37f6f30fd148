"""Two servers over one PostgreSQL with a streaming replica: what only reads is read there, and the
clients of a server that is killed go on with the other."""

import concurrent.futures
import itertools
from types import SimpleNamespace

import pytest
import requests
from iap_client import UUID, serve

from tests.replicated_postgres import replicated
from tools.host import Host

TOKEN = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"
ASKER = {"account_token": TOKEN, "dbuuid": UUID, "db_uuid": UUID, "db_version": "19.0"}
CREDITS = 100
#: What only reads: address, parameters, and of which table it must have read.
READING = (
    ("/iap/1/balance", {"service_name": "reveal"}, "iap_server_token"),
    (
        "/iap/1/get-accounts-information",
        {"iap_accounts": [{"token": TOKEN, "service": "reveal"}]},
        "iap_server_client",
    ),
    ("/iap/services-token", {"iap_accounts": [TOKEN]}, "iap_server_client"),
    (
        "/api/dnb/1/search_by_name",
        {"query": "Synthetic", "query_country_code": "BE"},
        "lead_directory_company",
    ),
    ("/api/dnb/1/search_by_vat", {"query": "BE0403170701"}, "lead_directory_company"),
)
OPEN = "SELECT count(*)::int FROM iap_credit_hold WHERE state = 'open'"
SPENT = "SELECT coalesce(sum(amount), 0)::int FROM iap_credit_entry WHERE kind = 'capture'"


@pytest.fixture(scope="module")
def served(host):
    with host.database("iap_replica") as name, replicated(Host.current(), name) as two:
        output = two.host.shell(name, serve(companies=60, credits=CREDITS, uuid=UUID))
        extra = ["--db_replica_host", str(two.replica.sockets)]
        with (
            two.host.server(name, cron=0, extra=extra) as one,
            two.host.server(name, cron=0, extra=extra) as other,
        ):
            yield SimpleNamespace(
                two=two, name=name, servers=(one, other), account=int(output.splitlines()[-1])
            )


def ask(servers, path, params):
    """Ask as a proxy before the servers does: the next one, where one does not answer."""
    body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {**ASKER, **params}}
    for server in servers:
        try:
            answer = requests.post(server.url + path, json=body, timeout=120)
        except requests.ConnectionError:
            continue
        assert answer.status_code == 200, answer.text[:300]
        return answer.json()
    raise AssertionError("No server answers")


def mine(servers, size):
    query = {"lead_number": 1, "countries": [{"code": "BE"}], "company_size_max": size}
    return ask(servers, "/api/dnb/1/search_by_criteria", {"query": query})


class TestReplica:
    def test_1_what_only_reads_is_read_on_the_replica_by_both_servers(self, served):
        assert mine(served.servers, 100)["result"]["data"]
        served.two.catch_up()
        for server in served.servers:
            for path, params, _table in READING:  # a first call takes its share of the minute
                ask([server], path, params)
            for path, params, table in READING:
                before = served.two.primary.written, served.two.replica.written
                answer = ask([server], path, params)
                assert "result" in answer, answer
                assert f'"{table}"' in served.two.replica.statements(before[1]), path
                assert f'"{table}"' not in served.two.primary.statements(before[0]), path
        balance = ask(served.servers, "/iap/1/balance", {"service_name": "reveal"})
        assert balance["result"] == CREDITS - 1

    def test_2_what_costs_is_decided_on_the_primary(self, served):
        before = served.two.primary.written
        assert mine(served.servers, 101)["result"]["data"]
        assert "iap_credit_hold" in served.two.primary.statements(before)

    def test_3_the_clients_of_a_killed_server_go_on_with_the_other(self, served):
        one, other = served.servers
        sizes = itertools.count(200)
        asked = [next(sizes) for _number in range(24)]

        def work(number, size):
            if number == 8:
                one.kill()
            # Half of them are the first one's clients.
            servers = (one, other) if number % 2 else (other, one)
            return mine(servers, size)

        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(work, range(len(asked)), asked))
        assert not one.alive
        failed = [answer for answer in answers if "result" not in answer]
        assert not failed, failed[:1]
        assert all(len(answer["result"]["data"]) == 1 for answer in answers)
        served.two.catch_up()
        balance = ask([other], "/iap/1/balance", {"service_name": "reveal"})["result"]
        sql = served.two.host.sql
        [[spent]] = sql(SPENT, database=served.name)
        [[held]] = sql(OPEN, database=served.name)
        assert held == 0
        assert balance + spent == CREDITS

    def test_4_without_the_replica_all_is_read_on_the_primary(self, served):
        """Each connection that Odoo had to the replica fails once, before any code of ours."""
        _one, other = served.servers
        served.two.replica.kill()
        try:
            answers = [
                requests.post(f"{other.url}/iap/1/balance", json={"params": ASKER}, timeout=120)
                for _attempt in range(10)
            ]
            assert answers[-1].status_code == 200
            assert isinstance(answers[-1].json()["result"], int)
        finally:
            served.two.replica.start()
