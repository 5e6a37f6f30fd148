"""Paid providers asked by real processes: rates that they share, pauses, a power cut."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from mining_database import Database
from test_mining_worker import LEASE_SECONDS

#: Recherche d'entreprises, https://recherche-entreprises.api.gouv.fr/docs/ :
#: "7 appels par seconde".
RATE, PERIOD = 7, 1.0
CREDITS = 500

SETUP = """
env["ir.config_parameter"].set_param("crm_lead_mining.lease_seconds", "{lease}")
env["ir.cron"].search([("code", "not like", "_run_lane")]).active = False
Provider = env["lead.mining.provider"].with_context(active_test=False)
Provider.search([]).active = False
Provider.search([("code", "in", ("hunter", "recherche_entreprises"))]).write(
    {{"active": True, "api_key": "secret", "base_url": {url!r}}}
)
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust(
    {credits} - account.credits_available, reason="Test", idempotency_key="prepare"
)
env.cr.commit()
"""

#: Asks a number of questions as soon as it may; another process does the same.
QUESTIONS = """
import os, time
from odoo.addons.crm_lead_mining.providers.errors import ProviderRateLimited
from odoo.addons.crm_lead_mining.company.types import CompanyQuery
from odoo.tools import SQL
provider = env.ref("crm_lead_mining.provider_recherche_entreprises")
# By SQL: Odoo remembers parameters, and is not told of one that a test writes.
env.cr.execute(
    "INSERT INTO ir_config_parameter (key, value) VALUES (%s, '1')", [f"test.ready.{{os.getpid()}}"]
)
env.cr.commit()
while not env.execute_query(SQL("SELECT FROM ir_config_parameter WHERE key = 'test.go'")):
    time.sleep(0.02)
    env.cr.rollback()
adapter = provider._build_adapter()
left = {questions}
while left:
    try:
        adapter.search(CompanyQuery(countries=("FR",)), None, 1)
        left -= 1
    except ProviderRateLimited as error:
        time.sleep(error.retry_after)
"""


class ProviderServer:
    """Answers on loopback as a provider does, and remembers when it was asked what.

    :ivar answer: function from (path, body) to (status, headers, JSON)
    """

    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        self._lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args):
                pass

            def _respond(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with owner._lock:
                    owner.asked.append((time.monotonic(), self.path, body))
                status, headers, content = owner.answer(self.path, body)
                data = json.dumps(content).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _respond

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    @property
    def times(self):
        return sorted(moment for moment, _path, _body in self.asked)


def hunter(path, body):
    """Return what Hunter documents: ten companies, and one person behind each domain."""
    if path.startswith("/discover"):
        offset = json.loads(body)["offset"]
        numbers = range(offset, offset + json.loads(body)["limit"])
        data = [
            {"domain": f"synthetic{number}.example", "organization": f"Synthetic {number}"}
            for number in numbers
        ]
        return 200, {}, {"data": data, "meta": {"results": 1000}}
    domain = path.partition("domain=")[2].partition("&")[0]
    person = {"value": f"person@{domain}", "first_name": "Test", "last_name": "Person"}
    return 200, {}, {"data": {"emails": [person]}}


@pytest.fixture
def provider():
    with closing(ProviderServer(hunter)) as server:
        yield server


@pytest.fixture
def database(host, provider):
    with host.database("providers") as name:
        host.shell(name, SETUP.format(url=provider.url, lease=LEASE_SECONDS, credits=CREDITS))
        database = Database(host, name)
        with closing(database):
            yield database


def ask_in_two_processes(database, questions):
    """Let two processes ask at the same time, each so many questions."""
    script = QUESTIONS.format(questions=questions)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(database.host.shell, database.name, script) for _process in range(2)]
        ready = "SELECT count(*) FROM ir_config_parameter WHERE key LIKE 'test.ready.%%'"
        database.wait(lambda: database.value(ready) == 2)
        database.value(
            "INSERT INTO ir_config_parameter (key, value) VALUES ('test.go', '1') RETURNING id"
        )
        for run in runs:
            run.result()


def test_two_processes_together_keep_to_the_published_rate(database, provider):
    provider.answer = lambda _path, _body: (200, {}, {"results": [], "total_results": 0})
    ask_in_two_processes(database, 15)
    times = provider.times
    assert len(times) == 30
    for start, later in zip(times, times[RATE:], strict=False):
        assert later - start > PERIOD, "more questions in a second than are allowed"
    # Nor are they much slower than they may be: a third of the rate, at least.
    assert times[-1] - times[0] < 30 / (RATE / 3)


def test_pause_that_one_process_is_told_is_kept_by_the_other(database, provider):
    pauses = []

    def limited(_path, _body):
        if len(provider.asked) == 5:
            pauses.append(time.monotonic())
            return 429, {"Retry-After": "4"}, {}
        return 200, {}, {"results": [], "total_results": 0}

    provider.answer = limited
    ask_in_two_processes(database, 8)
    (pause,) = pauses
    # What was on its way when the provider answered may still arrive.
    assert [moment for moment in provider.times if pause + 0.5 < moment < pause + 3.9] == []
    assert len(provider.asked) == 17


def test_requests_wait_for_a_provider_s_pause_and_nothing_is_lost(database, provider):
    pauses = []

    def limited(path, body):
        if not pauses:
            pauses.append(time.monotonic())
            # https://hunter.io/api-documentation/v2#errors : 403 means "the rate limit".
            return 403, {"Retry-After": "8"}, {}
        return hunter(path, body)

    provider.answer = limited
    requests = database.ask(2, count=2)
    with (
        database.host.server(database.name, cron=1, http=False),
        database.host.server(database.name, cron=1, http=False),
    ):
        database.wait_for_end(*requests)
    assert {database.state(request) for request in requests} == {"done"}
    assert [moment for moment in provider.times if pauses[0] + 0.5 < moment < pauses[0] + 7.9] == []
    assert_paid(database, 4)


def test_power_cut_between_paid_answers_lets_none_of_them_be_paid_again(database, provider):
    (request,) = database.ask(8, more="'target': 'contacts', 'contact_number': 1,")
    with database.host.server(database.name, cron=1, http=False) as server:
        database.wait(lambda: len(provider.asked) >= 5)
        server.kill()
    assert database.state(request) == "running"
    assert database.created(request) == 0
    before = len(provider.asked)
    with database.host.server(database.name, cron=1, http=False):
        database.wait_for_end_of_killed(request)
    assert database.state(request) == "done"
    questions = [(path, body) for _moment, path, body in provider.asked]
    assert before < len(questions)
    # One answer may have been on its way when the power went.
    assert len(questions) - len(set(questions)) <= 1
    assert sum(path.startswith("/discover") for path, _body in questions) == 1
    assert_paid(database, 16)


def assert_paid(database, credits):
    captured = "SELECT COALESCE(sum(amount), 0) FROM iap_credit_entry WHERE kind = 'capture'"
    assert database.value(captured) == credits
    assert database.value("SELECT sum(available) FROM iap_credit_balance") == CREDITS - credits
    assert database.value("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'") == 0
