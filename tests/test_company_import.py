"""A company import in the background, killed, cancelled, continued: nothing lost or doubled."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

ROWS = 200_000
WAIT_SECONDS = 180

START = """
dataset = env["lead.directory.dataset"].create({{"name": "Register"}})
record = env["lead.directory.import"].sudo().create(
    {{"dataset_id": dataset.id, "path": {path!r}, "file_name": "companies.csv"}}
)
record.action_read_header()
record.action_start()
env.cr.commit()
print(record.id)
"""
CANCEL = """
import time
from odoo.service.model import retrying
record = env["lead.directory.import"].browse({record})
while not record.rows_read:
    time.sleep(0.05)
    env.cr.rollback()
    env.invalidate_all()
retrying(record.action_cancel, env)
env.cr.commit()
"""
# The background has its turn while the script is at work.
AT_ONCE = """
dataset = env["lead.directory.dataset"].create({{"name": "Register"}})
env["lead.directory.import"]._trigger_cron()
record = env["lead.directory.import"]._import_path(dataset, {path!r})
print(record.id)
"""
CONTINUE = """
env["lead.directory.import"].browse({record}).action_continue()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def companies(tmp_path_factory):
    path = tmp_path_factory.mktemp("import") / "companies.csv"
    with path.open("w") as file:
        file.write("name,domain,country,employees,industry,contact name,contact email\n")
        for number in range(ROWS):
            file.write(
                f"Synthetic {number},synthetic-{number}.example,FR,{number % 900},62,"
                f"Test Person {number},test@synthetic-{number}.example\n"
            )
    return str(path)


@pytest.fixture
def imported(host, companies):
    """A database with an import that waits for a cron process, and its id."""
    with host.database("import") as database:
        script = START.format(path=companies)
        yield database, int(host.shell(database, script).splitlines()[-1])


def _progress(host, database, record):
    (row,) = host.sql(
        "SELECT state, COALESCE(rows_read, 0), companies_created, contacts_created"
        f" FROM lead_directory_import WHERE id = {int(record)}",
        database=database,
    )
    return row


def _wait(host, database, record, reached):
    """Wait until the import's (state, rows read) fit; return all its figures."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        row = _progress(host, database, record)
        if reached(row[0], row[1]):
            return row
        time.sleep(0.1)
    raise AssertionError(f"the import stands at {row}")


def _stored(host, database):
    (row,) = host.sql(
        "SELECT (SELECT count(*) FROM lead_directory_company),"
        " (SELECT count(*) FROM lead_directory_contact)",
        database=database,
    )
    return tuple(row)


def test_a_killed_import_goes_on_where_it_was(host, imported):
    database, record = imported
    kills = 0
    for reached in (1, ROWS // 2):
        with host.server(database, cron=1, http=False) as server:
            row = _wait(host, database, record, lambda _state, rows, n=reached: rows >= n)
            server.kill()
        if row[0] == "running":
            kills += 1
            # What is counted is what is stored: both belong to one transaction.
            _state, _rows, created, contacts = _progress(host, database, record)
            assert _stored(host, database) == (created, contacts)
    assert kills, "the import was over before it could be killed"
    with host.server(database, cron=1, http=False):
        row = _wait(host, database, record, lambda state, _rows: state == "done")
    assert tuple(row) == ("done", ROWS, ROWS, ROWS)
    assert _stored(host, database) == (ROWS, ROWS)


def test_another_process_cancels_a_running_import_and_continues_it(host, imported):
    database, record = imported
    with ThreadPoolExecutor() as pool:
        cancelled = pool.submit(host.shell, database, CANCEL.format(record=record))
        with host.server(database, cron=1, http=False):
            cancelled.result()
    state, rows, created, contacts = _progress(host, database, record)
    assert state == "cancelled"
    assert 0 < rows < ROWS, "the import was over before it could be cancelled"
    assert _stored(host, database) == (created, contacts) == (rows, rows)
    host.shell(database, CONTINUE.format(record=record))
    with host.server(database, cron=1, http=False):
        row = _wait(host, database, record, lambda state, _rows: state == "done")
    assert tuple(row) == ("done", ROWS, ROWS, ROWS)
    assert _stored(host, database) == (ROWS, ROWS)


def test_a_file_that_a_script_imports_is_left_to_it_by_the_background(host, companies):
    with (
        host.database("import") as database,
        host.server(database, cron=1, http=False),
    ):
        record = host.shell(database, AT_ONCE.format(path=companies)).splitlines()[-1]
        assert tuple(_progress(host, database, record)) == ("done", ROWS, ROWS, ROWS)
        assert _stored(host, database) == (ROWS, ROWS)
