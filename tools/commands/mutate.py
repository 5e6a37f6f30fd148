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
import subprocess
import time
from pathlib import Path
from typing import Any

from tools import paths, setup
from tools.commands.test import (
    BY_CLASS,
    NO_AUTOVACUUM,
    NOTHING_COLLECTED,
    SHORT_PLAYS,
)
from tools.console import Failure, say, step
from tools.host import Host, free_port, worker_database
from tools.mutation import faults, likely
from tools.mutation.lanes import FOLDER, TRUTHS, Lane, arguments, new_lane, run_pytest
from tools.mutation.likely import Suite
from tools.mutation.tests_of import BASE_MODELS, LineTests

# A fault is given up when its tests take so many times as long as without it, and this in seconds:
# other work on the machine must not find faults.
PATIENCE = (10.0, 600.0)
UNMEASURED = 3600.0
MAP_SECONDS = 3 * 3600
READ = "import sys; from pathlib import Path; from tools.mutation import tests_of; "
READ += "tests_of.read(Path(sys.argv[1]), Path(sys.argv[2])).save(Path(sys.argv[3]))"
_FIRST = re.compile(r"^(?:FAILED|ERROR|SUBFAILED.*?) ((?:addons|tests)/.*?)(?: - .*)?$", re.M)
_CHANGED = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.M)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sample", type=int, default=60, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, help="which ones; printed, to be given again")
    parser.add_argument("--since", metavar="revision", help="only in lines changed since then")
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes, each with a database (%(default)s)",
    )
    parser.add_argument(
        "--measure",
        action="store_true",
        help="learn first which tests run which lines: long once, then only where files changed; "
        "else tests are asked that share names with the place of a fault",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.epilog = "Paths below addons/ choose where."


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What became of a fault.

    :ivar finder: the test that found it, or what else did; "" when nothing did
    :ivar late: nothing but time did: its tests went on far longer than they do without it
    """

    finder: str = ""
    late: bool = False


def run(options: argparse.Namespace) -> int:
    # Properties look at length: a fault has one chance to be found.
    plays = {**SHORT_PLAYS, "PROPERTY_EXAMPLES": "100"}
    os.environ.update({name: os.environ.get(name, length) for name, length in plays.items()})
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    chosen = _choose(options, seed)
    say(f"Planting {len(chosen)} faults (--seed {seed}).")
    with setup.ready() as host, contextlib.ExitStack() as stack:
        tests = _test_map(host, options.workers) if options.measure else None
        lanes: queue.SimpleQueue[Lane] = queue.SimpleQueue()
        count = max(1, min(options.workers, len(chosen)))
        for number in range(count):
            lanes.put(stack.enter_context(new_lane(host, f"mutation_{number}")))
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            verdicts = list(pool.map(lambda one: _try(lanes, one, tests), chosen))
        doubtful = _failing(lanes.get(), {verdict.finder for verdict in verdicts})
    facts = _facts(seed, chosen, verdicts, doubtful)
    for what in ("survivors", "by_time_only", "doubtful"):
        for line in facts[what]:
            say(f"{what}: {line}")
    share = f"{facts['found'] / len(chosen):.0%}" if chosen else "nothing to plant"
    say(f"{facts['found']} of {len(chosen)}: {share}.")
    if options.json:
        print(json.dumps(facts, indent=1))
    return 0


def _facts(
    seed: int, chosen: list[faults.Fault], verdicts: list[Verdict], doubtful: set[str]
) -> dict[str, Any]:
    """Return the result; whatever a test found that fails without a fault counts as not found."""
    told = list(zip(map(_told, chosen), verdicts, strict=True))
    survivors = [fault for fault, one in told if not one.finder]
    unsure = [f"{fault}: {one.finder}" for fault, one in told if one.finder in doubtful]
    return {
        "seed": seed,
        "planted": len(chosen),
        "found": len(chosen) - len(survivors) - len(unsure),
        "survivors": survivors,
        "by_time_only": [fault for fault, one in told if one.late],
        "doubtful": unsure,
    }


def _told(fault: faults.Fault) -> str:
    return f"{fault.path}:{fault.line}: {fault.what}"


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


def _test_map(host: Host, workers: int) -> LineTests:
    """Return which tests run which lines, measured anew where files have changed."""
    kept = FOLDER / "tests.json"
    FOLDER.mkdir(parents=True, exist_ok=True)
    known = LineTests.load(kept) if kept.exists() else LineTests({}, {})
    files = {
        str(path.relative_to(paths.REPO)): paths.digest(path.read_bytes())
        for path in sorted(paths.ADDONS.rglob("*.py"))
    }
    if files == known.files:
        return known
    affected = known.affected(files)
    if affected is None:
        tests = sorted(str(p.relative_to(paths.REPO)) for p in paths.ADDONS.glob("*/tests"))
    else:
        changed = {
            path
            for path, mark in files.items()
            if "/test_" in path and known.files.get(path) != mark
        }
        whole = {name for name in affected if name.partition("::")[0] in files}
        tests = sorted(changed | {one for one in whole if one.partition("::")[0] not in changed})
    measured = _measure(host, tests, workers) if tests else LineTests({}, {})
    merged = known.merged(measured, files)
    merged.save(kept)
    return merged


def _measure(host: Host, tests: list[str], workers: int) -> LineTests:
    """Run tests with coverage; return which of them run which lines."""
    report, data, new = FOLDER / "map.xml", FOLDER / "map.coverage", FOLDER / "new.json"
    title = "Measuring which tests run which lines"
    with step(title), new_lane(host, "mutation_map") as lane, contextlib.ExitStack() as stack:
        names = [worker_database("mutation_map", f"gw{number}") for number in range(workers)]
        for database in [stack.enter_context(host.database(name)) for name in names]:
            host.sql(NO_AUTOVACUUM, database=database)
            lane.host.config(database, http_port=free_port())
        listed = lane.tree / "tests.txt"
        listed.write_text("\n".join(tests), encoding="utf-8")
        base = [Path(folder) / BASE_MODELS for folder in lane.host.python_path]
        measuring = [f"--cov={folder}" for folder in (Path(), *base) if folder.is_dir()]
        measuring += ["--cov-context=test", "--cov-report=", f"--junit-xml={report}"]
        shared = ["--numprocesses", str(workers), *BY_CLASS]
        given = arguments(lane, [*shared, *measuring, f"@{listed}"])
        run_pytest(lane, given, MAP_SECONDS, COVERAGE_FILE=str(data))
        command = [host.python, "-c", READ, str(data), str(report), str(new)]
        subprocess.run(command, cwd=paths.REPO, check=True)
    return LineTests.load(new)


def _try(lanes: queue.SimpleQueue[Lane], fault: faults.Fault, tests: LineTests | None) -> Verdict:
    """Plant a fault; say and return what found it."""
    lane = lanes.get()
    path = lane.tree / fault.path
    source = path.read_text(encoding="utf-8")
    started = time.monotonic()
    try:
        asked, seconds = _whom_to_ask(lane, fault, source, tests)
        lane.warm_up()
        path.write_text(fault.plant(source), encoding="utf-8")
        verdict = Verdict()
        if path.suffix == ".py" and likely.is_plain(source):
            # All that need no database are quick: none of them is left out.
            plain = [*asked[0], *TRUTHS, *sorted(Suite.below(lane.tree).texts)]
            verdict = _ask_tests(lane, fault, source, plain, seconds, plainly=True)
        for names in filter(None, asked):
            if not verdict.finder:
                verdict = _ask_tests(lane, fault, source, names, seconds)
    finally:
        path.write_text(source, encoding="utf-8")
        if path.suffix != ".py":
            lane.renew()
        lanes.put(lane)
    took = time.monotonic() - started
    say(f"{_told(fault)}: {verdict.finder or 'NOT FOUND'} ({took:.0f} s)")
    return verdict


def _whom_to_ask(
    lane: Lane, fault: faults.Fault, source: str, tests: LineTests | None
) -> tuple[tuple[list[str], ...], float]:
    """Return tests or their modules, as they are asked in turn, and the seconds they may take."""
    if not tests:
        return Suite.below(lane.tree).likely(fault.path, fault.line, source), UNMEASURED
    names = tests.of(
        fault.path, fault.line, lambda name: (lane.tree / name).read_text(encoding="utf-8")
    )
    return (names,), PATIENCE[0] * sum(map(tests.seconds.__getitem__, names)) + PATIENCE[1]


def _ask_tests(
    lane: Lane,
    fault: faults.Fault,
    source: str,
    names: list[str],
    seconds: float,
    *,
    plainly: bool = False,
) -> Verdict:
    """Run tests until one finds the fault, which the file has already.

    :param source: of the file without the fault
    :param plainly: only those that need no database, which is quick
    """
    listed, log = lane.tree / "tests.txt", lane.tree / "pytest.log"
    listed.write_text("\n".join(names), encoding="utf-8")
    given = arguments(lane, ["-x", f"@{listed}"], plainly=plainly)
    job: dict[str, Any] = {"arguments": given, "log": str(log), "seconds": seconds}
    _addons, addon, name = fault.path.split("/", 2)
    if name.endswith(".py"):
        job |= {"path": str(lane.tree / fault.path), "old": source, "new": fault.plant(source)}
    elif not name.startswith("static/"):
        job["data"] = [addon, name]
    status = lane.ask_warm(job)
    if status == "cold":
        status = run_pytest(lane, given, seconds)
    if status in (0, NOTHING_COLLECTED):
        return Verdict()
    told = log.read_text(encoding="utf-8")
    if status == "refused":
        return Verdict(f"the update: {told.strip().splitlines()[-1]}")
    # A negative one is that of a process that somebody ended: no test has found anything.
    if status is None or int(status) < 0 or "Failed: Timeout" in told:
        return Verdict("time alone", late=True)
    first = _FIRST.search(told)
    return Verdict(first[1] if first else f"no start of Odoo ({status})")


def _failing(lane: Lane, finders: set[str]) -> set[str]:
    """Return which tests that found faults fail without any as well."""
    names = sorted(name for name in finders if name.startswith(("addons/", "tests/")))
    if not names:
        return set()
    listed = lane.tree / "tests.txt"
    listed.write_text("\n".join(names), encoding="utf-8")
    run_pytest(lane, arguments(lane, [f"@{listed}"]), MAP_SECONDS)
    return set(_FIRST.findall((lane.tree / "pytest.log").read_text(encoding="utf-8")))
