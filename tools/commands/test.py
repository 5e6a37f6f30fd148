"""Run the tests: those of the addons inside Odoo, then those in tests/ against real servers."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path

from tools import paths, postgres, setup, stock
from tools.console import Failure, execute, say, step
from tools.host import BROWSERS, Host, die_with_parent, free_port, worker_database

NOTHING_COLLECTED = 5
# No test takes as long: one that waits for ever must fail, and let the others run.
TEST_SECONDS = 900
SKIPS = paths.REPO / "tests/skips.txt"
PLUGIN = ("-p", "tools.pytest_suite")
IMPORTING = ("-p", "no:cacheprovider", "--import-mode=importlib")
#: How long plays are unless the environment says so; the tests know their full length.
SHORT_PLAYS = {
    "LEDGER_PLAYS": "10",
    "LEDGER_ROUNDS": "8",
    "RECIPIENT_ATTEMPTS": "120",
    "RECIPIENT_SENDS": "2000",
    "LARGE_DATABASE_ROWS": "30000",
    "HOSTILE_REQUESTS": "1500",
    "INVOICE_PRICES": "1",
    "PROPERTY_EXAMPLES": "40",
    "SCREENS_IN_PAIRS": "1",
}
# In the order of collection: xdist would begin with the most tests, and what takes longest has few.
BY_CLASS = ("--dist", "loadscope", "--no-loadscope-reorder")
# How many more than cores test servers: they wait for each other, for leases, for a pause.
WAITING = 1
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
# A server that has grown is begun anew by Odoo; a run of tests is not.
UNLIMITED = {"limit_memory_hard": 0}
# These tests commit nothing: a vacuum between them finds the tables empty, and the planner then
# reads whole ones where it has indexes.
NO_AUTOVACUUM = """
DO $$
DECLARE one regclass;
BEGIN
    FOR one IN SELECT oid FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', one);
    END LOOP;
END $$
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Everything else goes to pytest; paths choose what runs."
    parser.add_argument(
        "--fast", action="store_true", help="only the addons' tests that need no database"
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="plays and large databases in full, and without paths stock's suites as with --stock",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that share the tests, each with databases of its own (%(default)s)",
    )
    parser.add_argument(
        "--stock",
        nargs="*",
        metavar="suite",
        help="compare stock's own suites with and without our addons instead",
    )


def run(options: argparse.Namespace) -> int:
    if not options.full:
        for name, length in SHORT_PLAYS.items():
            os.environ.setdefault(name, length)
    if options.fast:
        return _run_fast(options)
    os.environ["PGOPTIONS"] = postgres.hasty_options()
    _ensure_programs()
    if options.stock is not None:
        with setup.ready() as host:
            return stock.compare(host, options.stock)
    inside, outside, flags = _sort(options.rest)
    with setup.ready() as host:
        results = []
        if inside:
            results.append(_run_inside(host, inside, flags, options.workers))
        if outside:
            results.append(_run_outside(host, outside, flags, options.workers))
        if options.full and _names_no_path(options.rest):
            results.append((stock.compare(host, ()), []))
    ran = [status for status, _skips in results if status != NOTHING_COLLECTED]
    if not ran:
        raise Failure("No test matches: check the path or the expression.")
    skips = [skip for _status, found in results for skip in found]
    for skip in skips:
        say(f"Skipped without a reason in {SKIPS.relative_to(paths.REPO)}: {skip}")
    return max(ran) or (1 if skips else 0)


def _sort(arguments: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the paths of tests inside Odoo, those of tests/, and pytest's other arguments."""
    inside, outside, flags = [], [], []
    for argument in arguments:
        place = (paths.REPO / argument.partition("::")[0]).resolve()
        if argument.startswith("-") or not place.exists():
            flags.append(argument)
        elif place.is_relative_to(paths.REPO / "tests"):
            outside.append(argument)
        else:
            inside.append(argument)
    if not inside and not outside:
        inside = [
            str(path.parent.relative_to(paths.REPO))
            for path in sorted(paths.ADDONS.glob("*/tests"))
        ]
        outside = ["tests"]
    return inside, outside, flags


def _names_no_path(arguments: list[str]) -> bool:
    return not any((paths.REPO / one.partition("::")[0]).exists() for one in arguments)


def _ensure_programs() -> None:
    """Have Chromium for the browser tests, and wkhtmltopdf for those that read a PDF.

    :raise Failure: when one is missing and only an administrator can install it.
    """
    wanted = {"chromium": BROWSERS, "wkhtmltopdf": ("wkhtmltopdf",)}
    missing = [name for name, programs in wanted.items() if not any(map(shutil.which, programs))]
    if not missing:
        return
    names = " ".join(missing)
    if os.geteuid() or not shutil.which("apt-get"):
        raise Failure(f"The tests need what is not here: install it (apt-get install {names}).")
    log = paths.LOGS / "programs.log"
    advice = f"A program did not install: install it by hand (apt-get install {names})"
    with step(f"Installing {' and '.join(missing)}"):
        execute(["apt-get", "update"], log=log, advice=advice)
        execute(
            ["apt-get", "install", "-y", "--no-install-recommends", *missing],
            log=log,
            advice=advice,
        )


def _run_fast(options: argparse.Namespace) -> int:
    """Run the addons' tests that need no database, in one plain pytest."""
    inside, _outside, flags = _sort(options.rest)
    arguments = [*IMPORTING, *PLUGIN, "-p", "no:odoo", "--fast", *flags, *inside]
    return _pytest(setup.without_database(), "fast", arguments)[0]


def _run_inside(
    host: Host, tests: list[str], flags: list[str], workers: int
) -> tuple[int, list[str]]:
    """Run addons' tests with pytest-odoo on fresh databases, one for each process."""
    several = _are_many(tests, workers)
    names = [f"gw{number}" for number in range(workers)] if several else []
    with contextlib.ExitStack() as stack:
        databases = [
            stack.enter_context(host.database(label))
            for label in [worker_database("test", name) for name in names] or ["test"]
        ]
        for database in databases:
            host.sql(NO_AUTOVACUUM, database=database)
            config = host.config(database, http_port=free_port(), **UNLIMITED)
        if several:
            # What the processes derive theirs from; it serves none itself.
            config = host.config(host.name("test"), **UNLIMITED)
        shared = ["--numprocesses", str(workers), *BY_CLASS] if several else []
        return _pytest(
            host,
            "addons",
            [
                *(*IMPORTING, *PLUGIN, *shared),
                *(f"--odoo-config={config}", "--odoo-http", "--odoo-log-level=warn"),
                *flags,
                *tests,
            ],
        )


def _run_outside(
    host: Host, tests: list[str], flags: list[str], workers: int
) -> tuple[int, list[str]]:
    """Run the tests that start their own servers; those of a file share its databases."""
    host.ours_template()
    shared = ["--numprocesses", str(workers + WAITING), *BY_FILE]
    shared = shared if _are_many(tests, workers) else []
    return _pytest(
        host,
        "processes",
        [*PLUGIN, "-p", "no:odoo", "-p", "no:cacheprovider", *shared, *flags, *tests],
    )


def _are_many(tests: list[str], workers: int) -> bool:
    """Say whether tests are worth the start of several processes: a few files are not."""
    return workers > 1 and any((paths.REPO / path).is_dir() for path in tests)


def _pytest(host: Host, name: str, arguments: list[str]) -> tuple[int, list[str]]:
    """Run pytest; return its exit status and the skips that no reason is written down for."""
    report = paths.STATE / f"tests-{name}.xml"
    report.unlink(missing_ok=True)
    command = [host.python, "-m", "pytest", f"--junit-xml={report}", f"--timeout={TEST_SECONDS}"]
    command += arguments
    sys.stdout.flush()
    status = subprocess.run(
        command, cwd=paths.REPO, env=host.environment(), preexec_fn=die_with_parent
    ).returncode
    return status, list(_unexplained_skips(report))


def _unexplained_skips(report: Path) -> Iterable[str]:
    if not report.exists():
        return
    explained = {
        line.partition("#")[0].strip()
        for line in SKIPS.read_text(encoding="utf-8").splitlines()
        if "#" in line
    }
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is not None and name not in explained:
            yield f"{name} ({skipped.get('message')})"
