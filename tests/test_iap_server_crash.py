"""Two servers over one PostgreSQL, killed at random points while clients mine.

Clients keep what they have read, as real ones do, and ask the other server when one is away. In the
end none has a company twice, each has paid exactly what it has, and no hold is left.
"""

import itertools
import os
import random
import threading
import time

import pytest
import requests
from iap_asker import Asker, Refused
from iap_client import serve

DEATHS = int(os.environ.get("IAP_SERVER_DEATHS") or 6)
CLIENTS = 4
COMPANIES = 3_000
CREDITS = 100_000
AT_ONCE = 2  # companies of one question
MORE = """
env["ir.config_parameter"].set_param("crm_iap_server.rate", "1000000")
clients = env["iap.server.client"].create(
    [{{"name": f"Client {{n}}", "uuid": f"crash-{{n:04d}}"}} for n in range({clients})])
env.cr.commit()
for client in clients:
    client.account_id.grant({credits}, reason="Test", idempotency_key="crash")
env.cr.commit()
"""
EXPIRE = """
env.cr.execute("UPDATE iap_credit_hold SET expires_at = now() - interval '1 day'"
               " WHERE state = 'open'")
env.cr.commit()
while env["iap.credit.hold"]._expire_overdue():
    pass
env.cr.commit()
"""
LEFT = """
    SELECT client.uuid, balance.available::int,
           (SELECT count(*)::int FROM iap_credit_hold AS hold
             WHERE hold.account_id = client.account_id AND hold.state = 'open'),
           (SELECT COALESCE(sum(amount), 0)::int FROM iap_credit_entry AS entry
             WHERE entry.account_id = client.account_id AND kind = 'capture')
      FROM iap_server_client AS client
      JOIN iap_credit_balance AS balance ON balance.account_id = client.account_id
     WHERE client.uuid LIKE 'crash-%%'
"""


class Client(threading.Thread):
    """A database that mines without a pause, at whichever server answers."""

    def __init__(self, number, servers, end):
        super().__init__(daemon=True)
        self.asker = Asker(f"crash-{number:04d}", f"crash{number:027d}")
        self.servers, self.end = servers, end
        self.refused: list[str] = []
        self.asked = self.failed = 0

    @property
    def known(self):
        return self.asker.known

    def run(self):
        for server in itertools.cycle(self.servers):
            if self.end.is_set():
                return
            self.asked += 1
            try:
                self.ask(server)
            except (requests.RequestException, ValueError):
                self.failed += 1
                time.sleep(0.05)

    def ask(self, server):
        try:
            self.asker.known += self.asker.mine(server.url, AT_ONCE)
        except Refused as error:
            self.refused.append(str(error))


@pytest.fixture(scope="module")
def database(host):
    with host.database("iap_crash") as name:
        host.shell(name, serve(companies=COMPANIES, credits=1, uuid="first-of-all"))
        host.shell(name, MORE.format(clients=CLIENTS, credits=CREDITS))
        yield name


def _wait_for_more(clients):
    """Wait until the server that is left, which may still be loading, has answered something."""
    before = sum(len(client.known) for client in clients)
    deadline = time.monotonic() + 120
    while sum(len(client.known) for client in clients) == before:
        assert time.monotonic() < deadline, [client.refused[-3:] for client in clients]
        time.sleep(0.05)


def test_killed_servers_lose_and_double_nothing(host, database):
    rnd = random.Random(DEATHS)
    end = threading.Event()
    with host.server(database, cron=0) as first, host.server(database, cron=0) as second:
        clients = [Client(number, (first, second), end) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for _death in range(DEATHS):
            time.sleep(rnd.uniform(0.2, 2))
            victim = rnd.choice((first, second))
            victim.kill()
            _wait_for_more(clients)
            victim.launch()
            victim.settle()
        end.set()
        for client in clients:
            client.join(90)
    # A question whose answer nobody has read is asked once more.
    with host.server(database, cron=0) as server:
        time.sleep(1)
        for client in clients:
            client.ask(server)
    host.shell(database, EXPIRE)
    left = {row[0]: row[1:] for row in host.sql(LEFT, database=database)}
    assert sum(client.failed for client in clients), "nobody was killed in the midst of a question"
    for client in clients:
        assert len(set(client.known)) == len(client.known), "a company came twice"
        available, held, captured = left[client.asker.uuid]
        assert held == 0
        assert captured == len(client.known), client.refused
        assert available == CREDITS - captured
