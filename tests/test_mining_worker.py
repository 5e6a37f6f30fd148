"""Lead mining by real scheduler processes: who does the work, what a power cut leaves, lanes."""

from contextlib import closing

import pytest
from mining_database import Database, prepare

LEASE_SECONDS = 4
#: All connections of the pool are in use: there is no other one than this.
LANE_WITHOUT_CONNECTIONS = """
from odoo import sql_db
pool = sql_db._Pool
for connection in pool._connections:
    if not connection._pool_in_use:
        connection.close()
pool._maxconn = 1
env["lead.mining.worker"]._run_lane()
"""


@pytest.fixture(scope="module")
def prepared(host):
    with host.database("mining_prepared") as name:
        prepare(host, name, lease_seconds=LEASE_SECONDS)
        yield name


@pytest.fixture
def database(host, prepared):
    with (
        host.database("mining", source=prepared) as name,
        closing(Database(host, name)) as database,
    ):
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
        database.wait_for_end_of_killed(request)
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


def test_a_lane_without_a_connection_waits_and_four_are_enough(database):
    (request,) = database.ask(25)
    database.host.shell(database.name, LANE_WITHOUT_CONNECTIONS)
    assert database.state(request) == "queued"
    assert database.value("SELECT count(*) FROM lead_mining_run WHERE unconnected_at IS NOT NULL")
    database.assert_sound(0)
    database.execute("UPDATE lead_mining_run SET unconnected_at = NULL")
    database.trigger_lanes()
    few = ["--db_maxconn", "4"]
    with database.host.server(database.name, cron=1, http=False, extra=few):
        database.wait_for_end(request)
    assert database.state(request) == "done"
    database.assert_sound(25)
