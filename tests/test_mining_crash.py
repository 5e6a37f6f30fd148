"""Lead mining that is killed in every gap, or has to wait for a provider, by real schedulers."""

import ast
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from mining_database import Database, prepare

ADDONS = Path(__file__).resolve().parent / "addons"
GAPS = next(
    ast.literal_eval(node.value)
    for node in ast.parse((ADDONS / "mining_gaps/__init__.py").read_text()).body
    if isinstance(node, ast.Assign) and node.targets[0].id == "GAPS"
)
DEATHS = 8  # in each gap
LEADS = 6
SHARED_LEADS = 8
CONTACTS_PER_COMPANY = 2
CREDITS = 1000
#: A dead lane's request is taken over after a second.
LEASE_SECONDS = 1
#: A lane that waits for a slow provider keeps its request.
PATIENT_LEASE_SECONDS = 300
#: Somebody who waited for the provider or for a lane would wait for longer.
AT_ONCE = 2.0

ADD_CONTACTS = """
INSERT INTO lead_directory_contact (directory_company_id, identity, name, email)
SELECT c.id, p.email, 'Person ' || p.number, p.email
  FROM lead_directory_company c,
       LATERAL (SELECT number, number || '@' || c.domain AS email
                  FROM generate_series(1, %s) AS number) AS p
"""
CANCEL = """
import time
start = time.perf_counter()
env["lead.mining.request"].browse({request}).action_cancel()
env.cr.commit()
print(time.perf_counter() - start)
"""


@pytest.fixture
def gaps(tmp_path, monkeypatch):
    """The folder whose files tell a worker where to die or to wait."""
    monkeypatch.setenv("MINING_GAPS", str(tmp_path))
    return tmp_path


@contextmanager
def mining_database(host, lease_seconds):
    with host.database("mining_crash") as name:
        prepare(host, name, lease_seconds=lease_seconds, credits=CREDITS)
        with closing(Database(host, name)) as database:
            yield database


@pytest.fixture
def database(host, gaps):
    with mining_database(host, PATIENT_LEASE_SECONDS) as database:
        yield database


@pytest.fixture
def mortal_database(host, gaps):
    with mining_database(host, LEASE_SECONDS) as database:
        yield database


@contextmanager
def two_cron_workers(database):
    """Run two cron processes; one that dies is replaced at once."""
    addons = ",".join((*database.host.addons_path, str(ADDONS)))
    extra = ("--workers=1", "--max-cron-threads=2")
    extra += ("--load=base,rpc,web,mining_gaps", f"--addons-path={addons}")
    # The server listens by processes of its own, whose number is given above.
    with database.host.server(database.name, cron=0, http=False, extra=extra):
        yield


def test_worker_killed_in_every_gap_loses_and_repeats_nothing(mortal_database, gaps):
    database = mortal_database
    database.execute(ADD_CONTACTS, CONTACTS_PER_COMPANY)
    # One contact more than there are, so that credits are left to be given back.
    more = f"'target': 'contacts', 'contact_number': {CONTACTS_PER_COMPANY + 1},"
    requests = database.ask(LEADS, count=DEATHS, more=more)
    for gap in GAPS:
        for request in requests:
            (gaps / f"{gap}-{request}").touch()
    with two_cron_workers(database):
        database.wait_for_end_of_killed(*requests)
    alive = [path.name for gap in GAPS for path in gaps.glob(f"{gap}-*")]
    assert not alive, "a worker did not come to every gap with every request"
    assert {database.state(request) for request in requests} == {"done"}
    assert {database.created(request) for request in requests} == {LEADS}
    leads = LEADS * len(requests)
    database.assert_sound(leads, contacts=leads * CONTACTS_PER_COMPANY, credits=CREDITS)
    _assert_each_lead_is_whole(database, leads)


def test_two_lanes_share_ten_requests_and_nobody_waits_for_a_provider(database, gaps):
    more = "'filter_on_size': True, 'size_min': 11 + number, 'size_max': 700,"
    requests = database.ask(SHARED_LEADS, count=10, more=more)
    sizes = dict(zip(requests, range(11, 21), strict=True))
    first, second, slow = requests[0], requests[1], requests[4]
    for request in (first, second, slow):
        (gaps / f"closed-{sizes[request]}").touch()
    with two_cron_workers(database):
        database.wait(lambda: _asked(gaps, sizes[first]) and _asked(gaps, sizes[second]))
        assert _asked(gaps, sizes[first]) != _asked(gaps, sizes[second]), "one lane did both"
        for request in (first, second):
            (gaps / f"closed-{sizes[request]}").unlink()
        database.wait(lambda: _asked(gaps, sizes[slow]))
        # A third process cancels it while its provider thinks, and the other lane does the rest.
        output = database.host.shell(database.name, CANCEL.format(request=slow))
        assert float(output.splitlines()[-1]) < AT_ONCE
        others = [request for request in requests if request != slow]
        database.wait_for_end(*others)
        assert database.state(slow) == "running"
        (gaps / f"closed-{sizes[slow]}").unlink()
        database.wait_for_end(slow)
    assert database.state(slow) == "cancelled"
    assert {database.state(request) for request in others} == {"done"}
    assert [len(_asked(gaps, size)) for size in sizes.values()] == [1] * len(requests)
    database.assert_sound(SHARED_LEADS * len(others), credits=CREDITS)
    _assert_each_lead_is_whole(database, SHARED_LEADS * len(others))


# === HELPERS === #


def _asked(gaps, size):
    """Return the processes that have asked the provider for companies of this size."""
    return {path.name.rpartition("-")[2] for path in gaps.glob(f"asked-{size}-*")}


def _assert_each_lead_is_whole(database, leads):
    """One result, one card and one price for each lead, and the requests' own figures agree."""
    count = database.value
    assert count("SELECT count(*) FROM lead_mining_result WHERE outcome = 'created'") == leads
    assert count("SELECT count(DISTINCT lead_id) FROM lead_mining_result") == leads
    cards = "SELECT count(*) FROM mail_message WHERE body LIKE '%%o_lead_mining_card%%'"
    assert count(cards) == leads
    captured = count("SELECT COALESCE(sum(amount), 0) FROM iap_credit_entry WHERE kind = 'capture'")
    assert count("SELECT sum(credits) FROM lead_mining_result") == captured
    assert count("SELECT sum(credits_captured) FROM lead_mining_run") == captured
    assert count("SELECT sum(captured) FROM iap_credit_hold") == captured
