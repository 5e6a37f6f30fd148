"""Lead mining by real scheduler processes: who does the work, what a power cut leaves, lanes."""

import json
import time
from contextlib import closing

import psycopg2
import pytest

COMPANIES = 600
#: Short, so that a dead lane's request is taken over while the test waits.
LEASE_SECONDS = 4
PATIENCE = 120

PREPARE = f"""
belgium = env.ref("base.be")
env["ir.config_parameter"].set_param("crm_lead_mining.lease_seconds", "{LEASE_SECONDS}")
env["ir.cron"].search([("code", "not like", "_run_lane")]).active = False
dataset = env["lead.directory.dataset"].create({{"name": "Synthetic", "licence": "CC0-1.0"}})
env["lead.directory.company"].create([
    {{
        "dataset_id": dataset.id,
        "identity": f"reg:XX-TEST:{{number:06d}}",
        "name": f"Synthetic {{number}}",
        "registry": "XX-TEST",
        "registry_id": f"{{number:06d}}",
        "domain": f"synthetic{{number}}.example",
        "country_code": "BE",
        "industry": "62",
        "industries": "62",
        "employees": 10 + number,
        "employees_min": 10 + number,
        "employees_max": 10 + number,
    }}
    for number in range({COMPANIES})
])
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust(
    {COMPANIES} - account.credits_available, reason="Test", idempotency_key="prepare"
)
env.cr.commit()
"""

ASK = """
import json
requests = env["lead.mining.request"].create([
    {{"lead_number": {leads}, "country_ids": [(6, 0, env.ref("base.be").ids)], {more}}}
    for _number in range({count})
])
for request in requests:
    request.action_generate()
env.cr.commit()
print(json.dumps(requests.ids))
"""


class Database:
    """Plain SQL on a database that Odoo processes work on."""

    def __init__(self, host, name):
        self.host, self.name = host, name
        self.connection = psycopg2.connect(**host.dsn(name))
        self.connection.autocommit = True
        # Odoo's schedulers listen on this database.
        self.schedulers = psycopg2.connect(**host.dsn("postgres"))
        self.schedulers.autocommit = True

    def value(self, query, *parameters):
        with self.connection.cursor() as cr:
            cr.execute(query, parameters)
            return cr.fetchone()[0]

    def ask(self, leads, count=1, more=""):
        """Queue requests in a process that ends before anybody works on them."""
        output = self.host.shell(self.name, ASK.format(leads=leads, count=count, more=more))
        return json.loads(output.splitlines()[-1])

    def state(self, request):
        return self.value(
            "SELECT n.state FROM lead_mining_request q JOIN lead_mining_run n ON n.id = q.run_id"
            " WHERE q.id = %s",
            request,
        )

    def created(self, request):
        return self.value(
            "SELECT COALESCE(n.created_count, 0) FROM lead_mining_request q"
            " JOIN lead_mining_run n ON n.id = q.run_id WHERE q.id = %s",
            request,
        )

    def wait(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "the worker did not get there in time"
            self.wake_schedulers()
            time.sleep(0.05)

    def wake_schedulers(self):
        """Spare the minute that an idle scheduler of Odoo sleeps."""
        with self.schedulers.cursor() as cr:
            cr.execute("SELECT pg_notify('cron_trigger', %s)", [self.name])

    def wait_for_end(self, *requests):
        self.wait(lambda: all(self.state(r) not in ("queued", "running") for r in requests))

    def assert_sound(self, leads):
        """So many leads of so many companies, each paid once, and nothing is set aside."""
        made = "SELECT count(*) FROM crm_lead WHERE mining_request_id IS NOT NULL"
        assert self.value(made) == leads
        assert self.value(made.replace("*", "DISTINCT reveal_id")) == leads
        captured = "SELECT COALESCE(sum(amount), 0) FROM iap_credit_entry WHERE kind = 'capture'"
        assert self.value(captured) == leads
        assert self.value("SELECT sum(available) FROM iap_credit_balance") == COMPANIES - leads
        assert self.value("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'") == 0


@pytest.fixture
def database(host):
    with host.database("mining") as name:
        host.shell(name, PREPARE)
        database = Database(host, name)
        with closing(database.connection), closing(database.schedulers):
            yield database


def test_request_is_done_by_the_scheduler_and_not_by_the_caller(database):
    (request,) = database.ask(25, more="'filter_on_size': True, 'size_min': 50, 'size_max': 200,")
    assert database.state(request) == "queued"
    database.assert_sound(0)
    with database.host.server(database.name, cron=1, http=False):
        database.wait_for_end(request)
        assert database.state(request) == "done"
        database.assert_sound(25)
        matching = database.value(
            """
            SELECT count(*)
              FROM crm_lead l
              JOIN lead_directory_company c ON c.identity = l.reveal_id
              JOIN res_country n ON n.id = l.country_id AND n.code = c.country_code
             WHERE l.mining_request_id = %s AND c.employees BETWEEN 50 AND 200
               AND l.company_employees = c.employees
               AND EXISTS (SELECT 1 FROM mail_message m
                            WHERE m.model = 'crm.lead' AND m.res_id = l.id
                              AND m.body LIKE '%%o_lead_mining_card%%')
            """,
            request,
        )
        assert matching == 25
        # The same again brings, and costs, only companies that were not delivered before.
        (again,) = database.ask(
            200, more="'filter_on_size': True, 'size_min': 50, 'size_max': 200,"
        )
        database.wait_for_end(again)
        assert database.created(again) == 151 - 25
        database.assert_sound(151)


def test_power_cut_in_the_middle_loses_and_repeats_nothing(database):
    (request,) = database.ask(200)
    with database.host.server(database.name, cron=1, http=False) as server:
        database.wait(lambda: database.created(request) > 0)
        server.kill()
    delivered = database.created(request)
    assert 0 < delivered < 200
    assert database.state(request) == "running"
    with database.host.server(database.name, cron=1, http=False):
        database.wait_for_end(request)
    assert database.state(request) == "done"
    database.assert_sound(200)


def test_lanes_on_two_servers_share_the_work_and_nothing_is_done_twice(database):
    requests = database.ask(60, count=6)
    with (
        database.host.server(database.name, cron=2, http=False),
        database.host.server(database.name, cron=2, http=False),
    ):
        database.wait_for_end(*requests)
    assert {database.state(request) for request in requests} == {"done"}
    database.assert_sound(360)
