"""Our addons come into a large database that is in use: nobody waits, and nothing is lost."""

import json
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg2
import pytest
from table_locks import changes, watch

from tools.console import Failure
from tools.host import our_modules

#: Leads, contacts and messages, each; `./run test` takes fewer.
ROWS = int(os.environ.get("LARGE_DATABASE_ROWS") or 300_000)
#: Seconds that a table of a large database may be locked longer than that of an empty one.
LONGER = 2.0
PAUSE = 0.05
#: Seconds that the background may take to fill what was there.
PATIENCE = max(300, ROWS / 500)
pytestmark = pytest.mark.timeout(max(900, ROWS / 100))

#: All but the one that brings another's with it, OCA's helpdesk.
ADDONS = [name for name in our_modules() if name != "helpdesk_mail_plugin"]
#: Tables of Odoo's that are extended, and may be large.
TABLES = ("crm_lead", "res_partner", "mail_message", "sale_order", "account_move", "res_company")

#: An index that is built: whether others go on meanwhile, and of which table.
INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?(?!IF NOT)\S+ ON "?(\w+)"?', re.I)

FILL = (
    """
    INSERT INTO res_partner (name, complete_name, active, is_company, autopost_bills, color,
                             website, email, email_normalized, vat, country_id)
    SELECT 'Contact ' || n, 'Contact ' || n, true, n %% 3 = 0, 'ask', 0,
           CASE WHEN n %% 2 = 0 THEN 'https://www.contact' || n || '.example/' END,
           'info@mail' || n || '.example', 'info@mail' || n || '.example',
           CASE WHEN n %% 5 = 0 THEN 'BE0477472701' END,
           (SELECT id FROM res_country WHERE code = 'BE')
      FROM generate_series(1, %s) AS n
    """,
    """
    INSERT INTO crm_lead (name, type, active, color, website, email_from, email_normalized,
                          email_domain_criterion)
    SELECT 'Lead ' || n, 'lead', true, 0,
           CASE WHEN n %% 2 = 0 THEN 'http://Lead' || n || '.example' END,
           'info@post' || n || '.example', 'info@post' || n || '.example',
           '@post' || n || '.example'
      FROM generate_series(1, %s) AS n
    """,
    """
    INSERT INTO mail_message (model, res_id, message_type, body, date)
    SELECT 'crm.lead', n, 'comment', 'Hello', now() FROM generate_series(1, %s) AS n
    """,
)


#: How many rows of tables were changed, and the file that has them.
UPDATED = """
    SELECT relname, n_tup_upd, pg_relation_filenode(relid) FROM pg_stat_user_tables
     WHERE relname IN ('crm_lead', 'res_partner', 'mail_message')
"""
#: Rows that an installation may change: contacts of its own users and bots.
FEW = 100


class Waiting(threading.Thread):
    """Somebody who runs a short statement on a table again and again, each time timed."""

    def __init__(self, dsn, table, statement):
        super().__init__(daemon=True)
        self.dsn, self.table, self.statement = dsn, table, statement
        self.longest = 0.0
        self.times = 0
        self.ended = threading.Event()

    def run(self):
        with closing(psycopg2.connect(**self.dsn)) as connection:
            connection.autocommit = True
            with connection.cursor() as cr:
                while not self.ended.wait(PAUSE):
                    start = time.monotonic()
                    cr.execute(self.statement)
                    self.longest = max(self.longest, time.monotonic() - start)
                    self.times += 1


class Writing(threading.Thread):
    """Somebody who changes leads and contacts the whole time, as Odoo does: repeatable reads."""

    def __init__(self, dsn, rows):
        super().__init__(daemon=True)
        self.dsn, self.rows = dsn, rows
        self.written = 0
        self.errors = []
        self.ended = threading.Event()

    def run(self):
        with closing(psycopg2.connect(**self.dsn)) as connection:
            connection.set_session(isolation_level="REPEATABLE READ")
            while not self.ended.wait(PAUSE):
                try:
                    with connection, connection.cursor() as cr:
                        # What every request reads.
                        cr.execute("SELECT FROM res_company, res_users LIMIT 1")
                        # Now the one first, now the other.
                        for table, row in self.rows[:: 1 if self.written % 2 else -1]:
                            cr.execute(f"UPDATE {table} SET color = color + 1 WHERE id = %s", [row])
                        cr.execute(
                            "INSERT INTO mail_message (model, res_id, message_type, body)"
                            " VALUES ('crm.lead', 0, 'comment', 'Written beside')"
                        )
                    self.written += 1
                except psycopg2.Error as error:
                    self.errors.append(str(error))


@pytest.fixture(scope="module")
def installed(host):
    """Yield {label: what was seen} of a large and of an empty database, in use meanwhile."""
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        seen = {}
        for label, rows in (("empty", 2), ("large", ROWS)):
            database = stack.enter_context(host.database(f"size_{label}", ours=False))
            for statement in FILL:
                host.sql(statement, database=database, parameters=[rows])
            host.sql("VACUUM ANALYZE", database=database)
            watch(host, database)
            # At the same time, so that both have the same machine.
            seen[label] = pool.submit(_install, host, database)
        yield {label: one.result() for label, one in seen.items()}


def _install(host, database):
    dsn = host.dsn(database)
    watchers = [
        Waiting(dsn, table, statement)
        for table in TABLES
        for statement in (
            f"SELECT FROM {table} LIMIT 1",
            f"UPDATE {table} SET write_date = write_date WHERE id = (SELECT min(id) FROM {table})",
        )
    ]
    rows = [
        (table, host.sql(f"SELECT max(id) FROM {table}", database=database)[0][0])
        for table in ("crm_lead", "res_partner")
    ]
    files = {table: file for table, _updated, file in host.sql(UPDATED, database=database)}
    writer = Writing(dsn, rows)
    start = time.monotonic()
    for thread in (*watchers, writer):
        thread.start()
    try:
        host.install(database, ADDONS)
    finally:
        for thread in (*watchers, writer):
            thread.ended.set()
            thread.join()
    reading, writing = (
        {watcher.table: round(watcher.longest, 2) for watcher in watchers[kind::2]}
        for kind in (0, 1)
    )
    seconds = round(time.monotonic() - start, 1)
    seen = {"seconds": seconds, "reading": reading, "writing": writing, "written": writer.written}
    print(database, json.dumps(seen))
    watched = max(watcher.times for watcher in watchers)
    return {
        **seen,
        **{"database": database, "errors": writer.errors, "rows": rows},
        **{"files": files, "watched": watched},
    }


@pytest.mark.parametrize("kind", ["reading", "writing"])
def test_no_table_is_locked_longer_than_that_of_an_empty_database(installed, kind):
    large, empty = installed["large"][kind], installed["empty"][kind]
    # Who writes waits for data to be loaded: on a machine that is short of time by more.
    spare = 0.25 if kind == "writing" else 0
    allowed = {table: max(LONGER, empty[table] * spare) for table in TABLES}
    for table in TABLES:
        print(f"{kind} {table}: {large[table]:.2f} s, of an empty database {empty[table]:.2f} s")
    longer = {table: large[table] - empty[table] for table in TABLES}
    assert {one: by for one, by in longer.items() if by > allowed[one]} == {}, (large, empty)


def test_no_row_that_was_there_is_written(host, installed):
    large = installed["large"]
    beside = large["written"] + large["watched"]
    for table, updated, file in host.sql(UPDATED, database=large["database"]):
        assert updated <= beside + FEW, table
        assert file == large["files"][table]


def test_who_writes_meanwhile_is_not_refused_and_loses_nothing(host, installed):
    large = installed["large"]
    assert large["errors"] == []
    assert large["written"] > 10
    for table, row in large["rows"]:
        [[color]] = host.sql(
            f"SELECT color FROM {table} WHERE id = {row}", database=large["database"]
        )
        assert color == large["written"]


def test_nobody_can_come_to_wait_for_an_installation_that_waits_for_them(host, installed):
    seen = changes(host, installed["large"]["database"])
    claimed = set().union(*(change.had for change in seen))
    assert {f"writing {table}" for table in ("crm_lead", "res_partner")} <= claimed
    assert [change for change in seen if change.had and change.took] == []


def test_indexes_of_large_tables_are_built_while_they_are_written_to(host, installed):
    database = installed["large"]["database"]
    before = {name for (name,) in host.sql("SELECT relname FROM watched_tables", database=database)}
    built = [
        (built[2], bool(built[1]))
        for change in changes(host, database)
        if (built := INDEX.match(change.statement)) and built[2] in before
    ]
    assert {table for table, _beside in built} >= {"crm_lead", "res_partner", "res_partner_iap"}
    # Nobody has more accounts than a handful.
    assert {table for table, beside in built if not beside} <= {"iap_account"}


UNREAD = "SELECT count(*) FROM {table} WHERE identity_domain IS NULL"
#: What the columns of `FILL` come to.
WRONG = """
    SELECT (SELECT count(*) FROM crm_lead WHERE name LIKE 'Lead %%' AND id <> %s
               AND identity_domain IS DISTINCT FROM
                   CASE WHEN website IS NULL THEN split_part(email_normalized, '@', 2)
                        ELSE lower(replace(name, ' ', '')) || '.example' END),
           (SELECT count(*) FROM res_partner WHERE name LIKE 'Contact %%'
               AND (identity_vat IS DISTINCT FROM COALESCE(vat, '') OR
                    identity_domain IS DISTINCT FROM
                    CASE WHEN website IS NULL THEN split_part(email_normalized, '@', 2)
                         ELSE lower(replace(name, ' ', '')) || '.example' END))
"""
KNOWN = """
keys = ["domain:lead2.example", "domain:contact2.example", "domain:nobody.example"]
print(sorted(env["lead.mining.identity"]._known_keys(keys)))
"""
ONLY_THIS_CRON = """
    DELETE FROM ir_cron
     WHERE id <> (SELECT res_id FROM ir_model_data
                   WHERE module = 'crm_lead_mining' AND name = 'ir_cron_unread')
"""


def test_a_company_is_known_before_the_background_has_come_to_it(host, installed):
    database = installed["large"]["database"]
    known = "['domain:contact2.example', 'domain:lead2.example']"
    assert _unread(host, database) >= 2 * ROWS
    assert host.shell(database, KNOWN).splitlines()[-1] == known
    host.sql(ONLY_THIS_CRON, database=database)
    with closing(psycopg2.connect(**host.dsn(database))) as other, other.cursor() as cr:
        cr.execute("SELECT id FROM crm_lead WHERE name = 'Lead 2' FOR UPDATE")
        [locked] = cr.fetchone()
        with host.server(database, cron=1, http=False) as server:
            _wait(lambda: _unread(host, database) < 2 * ROWS)
            server.kill()
        assert _unread(host, database) > 1, "it was done before it could be killed"
        with host.server(database, cron=1, http=False):
            _wait(lambda: _unread(host, database) == 1)
        assert host.shell(database, KNOWN).splitlines()[-1] == known
    [wrong] = host.sql(WRONG, database=database, parameters=[locked])
    assert list(wrong) == [0, 0]


HOOK = """
from odoo.addons.crm_common.tools import large_tables
from odoo.addons.crm_mail_plugin.hooks import pre_init_hook as indexes
from odoo.addons.crm_lead_mining.hooks import pre_init_hook as columns
large_tables.PATIENCE = {patience}
{hook}(env)
env.cr.commit()
"""
MADE = """
    SELECT EXISTS(SELECT FROM pg_index WHERE indisvalid
                     AND indexrelid = to_regclass('crm_lead_mail_plugin_email_idx')),
           EXISTS(SELECT FROM pg_attribute WHERE attrelid = 'crm_lead'::regclass
                     AND attname = 'mining_cost' AND NOT attisdropped)
"""


@pytest.mark.parametrize(
    ("hook", "undone"),
    [
        ("columns", "ALTER TABLE crm_lead DROP COLUMN mining_cost"),
        ("indexes", "DROP INDEX crm_lead_mail_plugin_email_idx"),
    ],
)
def test_nobody_queues_behind_an_installation_that_waits_for_a_long_report(
    host, installed, hook, undone
):
    database = installed["empty"]["database"]
    host.sql(undone, database=database)
    reader = Waiting(host.dsn(database), "crm_lead", "SELECT FROM crm_lead LIMIT 1")
    with closing(psycopg2.connect(**host.dsn(database))) as report, report.cursor() as cr:
        cr.execute("UPDATE crm_lead SET color = color")
        reader.start()
        with pytest.raises(Failure, match=rf"in use.* process {report.info.backend_pid}, "):
            host.shell(database, HOOK.format(hook=hook, patience=2))
        reader.ended.set()
        reader.join()
    assert reader.longest < 1
    host.shell(database, HOOK.format(hook=hook, patience=60))
    [made] = host.sql(MADE, database=database)
    assert list(made) == [True, True]


def _unread(host, database):
    tables = ("crm_lead", "res_partner")
    return sum(host.sql(UNREAD.format(table=one), database=database)[0][0] for one in tables)


def _wait(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the background did not get there in time"
        time.sleep(0.1)
