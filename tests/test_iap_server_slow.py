"""A client that sends or reads a byte a second has its end, and others are answered meanwhile."""

import concurrent.futures
import json
import statistics
import time

import pytest
from iap_asker import Asker
from iap_client import UUID, serve
from slow_client import read_slowly, request, send_slowly

TOKEN = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"
#: Seconds after which a request must have come, and its answer be taken; see `tools/in_time.py`.
LIMIT = 10
#: A busy machine takes its time.
SLACK = 8
CREDITS = 1_000
LEADS = 150
WORKERS = 2
ASKED = 20
MINING = "/api/dnb/1/search_by_criteria"
BALANCE = "/iap/1/balance"
LONG = """
env.cr.execute("UPDATE lead_directory_company SET street = repeat('Rue de l''Exemple ', 300)")
env.cr.commit()
"""
LEFT = """
    SELECT (SELECT coalesce(sum(amount), 0)::int FROM iap_credit_entry WHERE kind = 'capture'),
           (SELECT count(*)::int FROM iap_credit_hold WHERE state = 'open'),
           (SELECT count(*)::int FROM iap_server_answer WHERE state = 'running')
"""


class Served:
    """A running server with a client, which asks at its usual pace as well."""

    def __init__(self, host, name, asker, server):
        self.host, self.name, self.asker, self.url = host, name, asker, server.url

    def question(self, path=MINING, **headers):
        """Return head and body of a question that costs credits, if it is answered."""
        query = {"lead_number": LEADS, "countries": [{"code": "BE", "states": []}]}
        asker = {"account_token": TOKEN, "dbuuid": UUID, "db_uuid": UUID, "db_version": "19.0"}
        params = {**asker, "reveal_ids": self.asker.known, "query": query}
        return request(path, params, **headers)

    def paces(self):
        """Return how many seconds each of some ordinary questions takes."""
        return [self.pace() for _number in range(ASKED)]

    def warm_up(self):
        """Have each worker load what it loads once."""
        with concurrent.futures.ThreadPoolExecutor(2 * WORKERS) as pool:
            list(pool.map(lambda _number: self.paces(), range(2 * WORKERS)))

    def pace(self):
        start = time.monotonic()
        self.asker._post(self.url + BALANCE, account_token=TOKEN, dbuuid=UUID)
        return time.monotonic() - start

    def spent(self):
        """Return what was paid, how many holds are open, and how many questions."""
        [row] = self.host.sql(LEFT, database=self.name)
        return tuple(row)


@pytest.fixture(scope="module")
def database(host):
    with host.database("iap_slow") as name:
        host.shell(name, serve(companies=4 * LEADS, credits=CREDITS, uuid=UUID) + LONG)
        yield name, Asker(UUID, TOKEN)


@pytest.fixture(scope="module", params=[0, WORKERS], ids=["threads", "workers"])
def served(host, database, request):
    extra = ["--workers", str(request.param)] if request.param else []
    with host.server(database[0], cron=0, extra=extra) as server:
        yield Served(host, *database, server)


def test_1_who_sends_slowly_is_ended_and_others_are_answered_meanwhile(served):
    served.warm_up()
    alone = served.paces()
    before = served.spent()
    head, body = served.question()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(send_slowly, served.url, head, body)
        time.sleep(0.5)
        meanwhile = served.paces()
        assert not slow.done()
        seconds, answer = slow.result(LIMIT + SLACK)
    assert statistics.median(meanwhile) < 2 * statistics.median(alone) + 0.02
    assert LIMIT - 1 < seconds < LIMIT + SLACK
    assert b"cannot be read" in answer
    assert served.spent() == before


def test_2_as_many_slow_clients_as_workers_hold_none_longer_than_one_does(served):
    head, body = served.question()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        slow = [pool.submit(send_slowly, served.url, head, body) for _each in range(WORKERS)]
        time.sleep(0.5)
        assert served.pace() < LIMIT + SLACK
        for each in slow:
            assert each.result(LIMIT + SLACK)[0] < LIMIT + SLACK


def test_3_whatever_is_sent_slowly_has_its_end(served):
    """A form, more than is read, and more than was announced."""
    before = served.spent()
    head, body = served.question(BALANCE)
    asked = [
        (served.question(Content_Type="multipart/form-data; boundary=x")[0], body),
        (served.question(Content_Type="application/x-www-form-urlencoded")[0], body),
        (served.question(Content_Length=10**9)[0], body),
        (head + body, bytes(200)),
    ]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for seconds, answer in pool.map(lambda one: send_slowly(served.url, *one), asked):
            assert seconds < 2 * LIMIT + SLACK
            assert answer
    assert served.spent() == before


def test_4_who_is_slow_but_in_time_is_answered(served):
    head, body = served.question(BALANCE)
    seconds, answer = send_slowly(served.url, head + body[:-3], body[-3:])
    assert seconds > 2
    assert "result" in json.loads(answer.partition(b"\r\n\r\n")[2])


def test_5_who_reads_slowly_is_ended_and_gets_the_answer_when_it_asks_again(served):
    paid = served.spent()[0]
    head, body = served.question()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # One that is not ended would have the whole answer.
        slow = pool.submit(read_slowly, served.url, head + body, LIMIT + SLACK)
        deadline = time.monotonic() + 60
        while served.spent()[0] == paid:
            assert time.monotonic() < deadline, "nothing is answered"
            time.sleep(0.2)
        assert max(served.paces()) < LIMIT
        answer = slow.result(60)
    head_length = answer.index(b"\r\n\r\n")
    [length] = [
        int(line.partition(b":")[2])
        for line in answer[:head_length].split(b"\r\n")
        if line.lower().startswith(b"content-length")
    ]
    assert len(answer) < length
    assert served.spent() == (paid + LEADS, 0, 0)
    found = served.asker.mine(served.url, LEADS)
    assert len(set(found)) == LEADS
    assert served.spent() == (paid + LEADS, 0, 0)
    served.asker.known += found
