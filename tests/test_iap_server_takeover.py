"""A question whose holder is gone is answered by whoever is asked next, at once, and is paid once.

Two servers over one PostgreSQL; the provider keeps the first of them waiting.
"""

import concurrent.futures
import contextlib
import threading
import time

import pytest
import requests
from iap_asker import Asker, Refused
from iap_client import UUID, serve
from test_mining_providers import ProviderServer, hunter

TOKEN = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"
SLOW = 15  # seconds: less than the server waits for a provider
AT_ONCE = 25  # seconds: less than the server waits for who answers the same question, or a lease
LEADS = 2
#: Nothing more than one question costs: what a dead one holds is missing.
CREDITS = LEADS
PROVIDER = """
Provider = env["lead.mining.provider"].with_context(active_test=False)
Provider.search([]).active = False
Provider.search([("code", "=", "hunter")]).write(
    {{"active": True, "api_key": "secret", "base_url": {url!r}}})
env.cr.commit()
"""
FUND = """
account = env["iap.account"].browse({account})
account.adjust({credits} - account.credits_available, reason="Test", idempotency_key="{number}")
env.cr.commit()
"""
LEFT = """
    SELECT (SELECT available::int FROM iap_credit_balance WHERE account_id = %(account)s),
           (SELECT count(*)::int FROM iap_credit_hold WHERE state = 'open'),
           (SELECT coalesce(sum(amount), 0)::int FROM iap_credit_entry WHERE kind = 'capture')
"""
#: Ends the connections in whose transactions something is waited for.
END_WAITING = """
    SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity
     WHERE datname = %s AND state = 'idle in transaction'
"""


class SlowProvider(ProviderServer):
    """Keeps the next question waiting until it is let go."""

    def __init__(self):
        super().__init__(self._answer)
        self.let_go = threading.Event()
        self._is_slow = threading.Event()

    def be_slow(self):
        self.asked.clear()
        self.let_go.clear()
        self._is_slow.set()

    def wait_for_question(self):
        deadline = time.monotonic() + 60
        while not self.asked:
            assert time.monotonic() < deadline, "nobody asks"
            time.sleep(0.02)

    def _answer(self, path, body):
        if self._is_slow.is_set():
            self._is_slow.clear()
            self.let_go.wait(SLOW)
        return hunter(path, body)


class Scene:
    """Two servers, the provider, and a client that has what one question costs."""

    def __init__(self, host, name, servers, provider, account):
        self.host, self.name = host, name
        self.servers, self.provider, self.account = servers, provider, account
        self.asker = Asker(UUID, TOKEN)
        self.paid = 0

    @contextlib.contextmanager
    def question(self):
        """Have the client's next question held by the first server; yield what it becomes."""
        self.provider.be_slow()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self.asker.mine, self.servers[0].url, LEADS)
            try:
                self.provider.wait_for_question()
                yield asked
            finally:
                self.provider.let_go.set()

    def ask_other(self):
        """Ask the second server the same; it must not wait."""
        start = time.monotonic()
        found = self.asker.mine(self.servers[1].url, LEADS)
        assert time.monotonic() - start < AT_ONCE
        assert len(found) == LEADS
        return found

    def settle(self, found):
        """Check that the answer was paid once; the client keeps it, and gets credits for more."""
        self.paid += LEADS
        assert self.left() == (CREDITS - LEADS, 0, self.paid)
        self.asker.known += found
        values = {"account": self.account, "credits": CREDITS, "number": self.paid}
        self.host.shell(self.name, FUND.format(**values))

    def left(self):
        """Return what the client has, how many holds are open, and what was ever paid."""
        sql = LEFT % {"account": self.account}
        [row] = self.host.sql(sql, database=self.name)
        return tuple(row)


@pytest.fixture(scope="module")
def scene(host):
    with (
        host.database("iap_takeover") as name,
        contextlib.closing(SlowProvider()) as provider,
    ):
        output = host.shell(
            name, serve(companies=1, credits=CREDITS, uuid=UUID) + PROVIDER.format(url=provider.url)
        )
        with host.server(name, cron=0) as one, host.server(name, cron=0) as other:
            yield Scene(host, name, (one, other), provider, int(output.splitlines()[-1]))


def test_1_of_a_killed_server(scene):
    with scene.question() as asked:
        scene.servers[0].kill()
        found = scene.ask_other()
        assert isinstance(asked.exception(60), requests.ConnectionError)
    scene.settle(found)
    scene.servers[0].start()


def test_2_of_a_server_that_has_lost_its_connection_and_lives(scene):
    """Its answer comes too late: it pays and delivers nothing."""
    with scene.question() as asked:
        [[ended]] = scene.host.sql(END_WAITING, parameters=[scene.name])
        assert ended == 1
        found = scene.ask_other()
        scene.provider.let_go.set()
        error = asked.exception(60)
        assert isinstance(error, Refused | ValueError), error
    assert scene.asker.mine(scene.servers[0].url, LEADS) == found
    scene.settle(found)


def test_3_one_that_is_being_answered_is_waited_for_and_asked_once(scene):
    with scene.question() as asked, concurrent.futures.ThreadPoolExecutor(1) as pool:
        twin = pool.submit(scene.asker.mine, scene.servers[1].url, LEADS)
        with pytest.raises(concurrent.futures.TimeoutError):
            twin.result(3)
        scene.provider.let_go.set()
        assert asked.result(60) == twin.result(60)
    bodies = [body for _moment, _path, body in scene.provider.asked]
    assert len(set(bodies)) == len(bodies)  # each page once
    scene.settle(asked.result())
