"""Plant small faults in the addons, one at a time, and tell which of them no test finds."""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import queue
import random
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tools import paths, setup
from tools.commands.test import IMPORTING, NO_AUTOVACUUM
from tools.console import Failure, say, step
from tools.host import Host, die_with_parent, free_port
from tools.mutation import faults
from tools.mutation.tests_of import LineTests

# No fault is waited for any longer; one that makes a test hang is found.
SECONDS = 600
# Of the tests that run a line, so many are asked, the quick ones first.
MAX_TESTS = 200
FOLDER = paths.STATE / "mutation"
READ = "import sys; from pathlib import Path; from tools.mutation import tests_of; "
READ += "tests_of.read(Path(sys.argv[1]), Path(sys.argv[2])).save(Path(sys.argv[3]))"
_CHANGED = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.M)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sample", type=int, default=60, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, help="which ones; printed, to be given again")
    parser.add_argument("--since", metavar="revision", help="only in lines changed since then")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.epilog = "Paths below addons/ choose where."


@dataclasses.dataclass(frozen=True)
class Lane:
    """A copy of the addons, with a host and a database that know no other."""

    host: Host
    tree: Path
    database: str


def run(options: argparse.Namespace) -> int:
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    chosen = _choose(options, seed)
    say(f"Planting {len(chosen)} faults (--seed {seed}).")
    with setup.ready() as host, contextlib.ExitStack() as stack:
        tests = _test_map(host)
        lanes: queue.SimpleQueue[Lane] = queue.SimpleQueue()
        count = min(os.cpu_count() or 1, len(chosen) or 1)
        for number in range(count):
            lanes.put(stack.enter_context(_lane(host, f"mutation_{number}")))
        survivors = []
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            for fault, finder in zip(
                chosen, pool.map(lambda one: _try(lanes, one, tests), chosen), strict=True
            ):
                say(f"{fault.path}:{fault.line}: {fault.what}: {finder or 'NOT FOUND'}")
                survivors += [] if finder else [fault]
    found = len(chosen) - len(survivors)
    facts = {
        "seed": seed,
        "planted": len(chosen),
        "found": found,
        "survivors": [f"{fault.path}:{fault.line}: {fault.what}" for fault in survivors],
    }
    share = f"{found / len(chosen):.0%}" if chosen else "nothing to plant"
    say(json.dumps(facts) if options.json else f"{found} of {len(chosen)}: {share}.")
    return 0


# === WHICH === #


def _choose(options: argparse.Namespace, seed: int) -> list[faults.Fault]:
    """Return a sample of the faults that the options ask for, always the same for a seed."""
    changed = _changed_lines(options.since) if options.since else None
    wanted = [Path(path) for path in options.rest] or [Path("addons")]
    found = []
    for path in sorted(paths.ADDONS.rglob("*")):
        name = path.relative_to(paths.REPO)
        if not path.is_file() or {"tests", "i18n", "demo", "migrations"} & set(name.parts):
            continue
        if not any(name.is_relative_to(folder) for folder in wanted):
            continue
        if path.suffix not in (".py", ".xml", ".csv") or path.name == "__manifest__.py":
            continue
        for fault in faults.find(str(name), path.read_text(encoding="utf-8")):
            if changed is None or fault.line in changed.get(fault.path, ()):
                found.append(fault)
    return random.Random(seed).sample(found, min(options.sample, len(found)))


def _changed_lines(revision: str) -> dict[str, set[int]]:
    """Return the lines that are new since a revision, by file.

    :raise Failure: when git knows no such revision
    """
    done = subprocess.run(
        ["git", "diff", "--unified=0", revision, "--", "addons"],
        cwd=paths.REPO,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failure(f"git cannot compare with {revision}: {done.stderr.strip()}")
    changed: dict[str, set[int]] = {}
    for part in done.stdout.split("\n+++ b/")[1:]:
        name, _newline, hunks = part.partition("\n")
        lines = changed.setdefault(name, set())
        for first, count in _CHANGED.findall(hunks):
            lines |= set(range(int(first), int(first) + int(count or 1)))
    return changed


# === WHAT FINDS THEM === #


def _test_map(host: Host) -> LineTests:
    """Return which tests run which lines, measured when the addons have changed."""
    kept = FOLDER / f"tests-{paths.tree_digest(paths.ADDONS)}.json"
    if not kept.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with step("Measuring which tests run which lines"), _lane(host, "mutation_map") as lane:
            report, data = FOLDER / "map.xml", lane.tree / ".coverage"
            tests = sorted(str(p.relative_to(lane.tree)) for p in lane.tree.glob("addons/*/tests"))
            measuring = ["--cov=.", "--cov-context=test", "--cov-report="]
            _pytest(lane, [*measuring, f"--junit-xml={report}", *tests], seconds=3600)
            subprocess.run(
                [host.python, "-c", READ, data, report, kept], cwd=paths.REPO, check=True
            )
    return LineTests.load(kept)


def _try(lanes: queue.SimpleQueue, fault: faults.Fault, tests: LineTests) -> str:
    """Plant a fault; return what found it, "" when nothing did."""
    lane = lanes.get()
    path = lane.tree / fault.path
    source = path.read_text(encoding="utf-8")
    started = time.monotonic()
    try:
        path.write_text(fault.plant(source), encoding="utf-8")
        finder = (_ask_tests if path.suffix == ".py" else _ask_addon)(lane, fault, tests)
    finally:
        path.write_text(source, encoding="utf-8")
        lanes.put(lane)
    return finder and f"{finder} ({time.monotonic() - started:.0f} s)"


def _ask_tests(lane: Lane, fault: faults.Fault, tests: LineTests) -> str:
    """Run the tests that run the fault's line."""
    names = tests.of(fault.path, fault.line)[:MAX_TESTS]
    if not names:
        return ""
    listed = lane.tree / "tests.txt"
    listed.write_text("\n".join(names), encoding="utf-8")
    return "" if _pytest(lane, ["-x", f"@{listed}"]) else "a test"


def _ask_addon(lane: Lane, fault: faults.Fault, _tests: LineTests) -> str:
    """Update the addon on a copy of the database, and run all its tests."""
    addon = Path(fault.path).parts[1]
    copy = f"{lane.database}_data"
    lane.host.copy(lane.database, copy)
    try:
        lane.host.install(copy, [addon], "-u", addon)
        other = dataclasses.replace(lane, database=copy)
        return "" if _pytest(other, ["-x", f"addons/{addon}/tests"]) else "a test"
    except Failure:
        return "the update"
    finally:
        # A test that hung may be connected still.
        lane.host.drop(copy, force=True)


@contextlib.contextmanager
def _lane(host: Host, label: str) -> Iterator[Lane]:
    """Yield a copy of the addons with a database of its own."""
    tree = FOLDER / label
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(paths.ADDONS, tree / "addons", ignore=shutil.ignore_patterns("__pycache__"))
    overlay = tree / "overlay/odoo"
    overlay.mkdir(parents=True)
    (overlay / "addons").symlink_to("../../addons")
    ours, theirs = str(paths.STATE / "overlay"), str(paths.ADDONS)
    moved = dataclasses.replace(
        host,
        python_path=tuple(str(tree / "overlay") if p == ours else p for p in host.python_path),
        addons_path=tuple(str(tree / "addons") if p == theirs else p for p in host.addons_path),
    )
    with host.database(label) as database:
        host.sql(NO_AUTOVACUUM, database=database)
        yield Lane(moved, tree, database)
    shutil.rmtree(tree, ignore_errors=True)


def _pytest(lane: Lane, arguments: list[str], seconds: int = SECONDS) -> bool:
    """Run pytest in a lane; return whether all passed in time."""
    config = lane.host.config(lane.database, http_port=free_port())
    odoo = [f"--odoo-config={config}", "--odoo-http", "--odoo-log-level=critical"]
    command = [lane.host.python, "-m", "pytest", "-q", *IMPORTING, *odoo, *arguments]
    with (lane.tree / "pytest.log").open("w") as log:
        try:
            done = subprocess.run(
                command,
                cwd=lane.tree,
                env=lane.host.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                preexec_fn=die_with_parent,
            )
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0
