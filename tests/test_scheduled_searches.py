"""A scheduled search, run by a real scheduler, brings what is new since the last run."""

import time

import psycopg2
import pytest

PATIENCE = 120
SET_UP = """
from odoo.tests.common import new_test_user
sally = new_test_user(env, login="sally", groups="sales_team.group_sale_salesman")
ours = [("code", "not like", "_run_lane"), ("code", "not like", "_cron_run_due")]
env["ir.cron"].search(ours).active = False
env["lead.directory.dataset"].create({"name": "Synthetic", "licence": "CC0-1.0"})
env["iap.account"]._get_local("reveal")  # with the credits of its trial
env["lead.mining.search"].with_user(sally).create({
    "name": "Belgium",
    "lead_number": 10,
    "schedule": "weekly",
    "country_ids": [(6, 0, env.ref("base.be").ids)],
})
env.cr.commit()
"""
ADD_COMPANIES = """
env["lead.directory.company"].create([
    {{
        "dataset_id": env["lead.directory.dataset"].search([]).id,
        "identity": f"reg:XX-TEST:{{number:06d}}",
        "name": f"Synthetic {{number}}",
        "registry": "XX-TEST",
        "registry_id": f"{{number:06d}}",
        "country_code": "BE",
        "industry": "62",
        "industries": "62",
    }}
    for number in range({first}, {last} + 1)
])
env.cr.commit()
"""
MAKE_DUE = """
from datetime import timedelta
from odoo import fields
search = env["lead.mining.search"].search([])
search.next_run = fields.Datetime.now() - timedelta(days=20)
env.cr.commit()
"""
RUNS = """
SELECT run.state, run.created_count, run.duplicate_count, run.credits_captured, login
  FROM lead_mining_request AS request
  JOIN lead_mining_run AS run ON run.id = request.run_id
  JOIN res_users AS owner ON owner.id = request.create_uid
 ORDER BY request.id
"""


@pytest.fixture(scope="module")
def database(host):
    with host.database("scheduled") as name:
        host.shell(name, SET_UP)
        yield name


def let_a_week_pass(host, database, runs):
    """Make the search due and wait until its scheduler has done so many runs in all."""
    host.shell(database, MAKE_DUE)
    with psycopg2.connect(**host.dsn("postgres")) as schedulers:
        schedulers.autocommit = True
        deadline = time.monotonic() + PATIENCE
        while True:
            done = host.sql(RUNS, database=database)
            if len(done) == runs and done[-1][0] not in ("draft", "queued", "running"):
                return done
            assert time.monotonic() < deadline, f"the scheduler did not get there: {done}"
            with schedulers.cursor() as cr:
                cr.execute("SELECT pg_notify('cron_trigger', %s)", [database])
            time.sleep(0.3)


def test_each_week_brings_what_is_new_and_missed_weeks_come_once(host, database):
    host.shell(database, ADD_COMPANIES.format(first=1, last=4))
    with host.server(database, cron=2, http=False):
        first = let_a_week_pass(host, database, runs=1)
        assert first == [["partial", 4, 0, 4, "sally"]]
        host.shell(database, ADD_COMPANIES.format(first=5, last=7))
        second = let_a_week_pass(host, database, runs=2)
    assert second == [*first, ["partial", 3, 0, 3, "sally"]]
    [[ahead, names]] = host.sql(
        "SELECT min(next_run) > now() AT TIME ZONE 'UTC',"
        "       (SELECT json_agg(DISTINCT partner_name) FROM crm_lead WHERE mining_request_id > 0)"
        "  FROM lead_mining_search",
        database=database,
    )
    assert ahead
    assert sorted(names) == [f"Synthetic {number}" for number in range(1, 8)]
