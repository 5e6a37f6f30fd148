"""Measure our claims against their opponents, in one run."""

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys

from tools import paths, setup
from tools.console import Failure, say
from tools.host import Host

BENCHMARKS = paths.REPO / "benchmarks"
COLUMNS = ("claim", "unit", "size", "ours", "opponent", "opponent_is", "ratio")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="name", help="which to run (all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object per benchmark")
    parser.add_argument("--part", help="which part of it, where a benchmark has parts")
    parser.add_argument("--rows", type=int, help="size of the data, where a benchmark takes one")


def run(options: argparse.Namespace) -> int:
    known = sorted(path.stem for path in BENCHMARKS.glob("[a-z]*.py"))
    for name in options.names:
        if name not in known:
            raise Failure(f"There is no benchmark {name}: choose from {', '.join(known)}.")
    with setup.ready() as host:
        host.ours_template()
        for name in options.names or known:
            answer = _measure(host, name, options.rows, options.part)
            if options.json:
                print(json.dumps(answer), flush=True)
            else:
                _print_table(answer)
    return 0


def _measure(host: Host, name: str, size: int | None, part: str | None) -> dict:
    """Run one benchmark in the environment's Python; return its answer."""
    say(f"Benchmark {name} …")
    environment = {
        **host.environment(),
        "OPEN_CRM_BENCH_ROWS": str(size or ""),
        "OPEN_CRM_BENCH_PART": part or "",
    }
    path = [str(paths.REPO), environment["PYTHONPATH"]]
    environment["PYTHONPATH"] = os.pathsep.join(path)
    done = subprocess.run(
        [host.python, "-m", "tools.commands.bench", name],
        env=environment,
        cwd=paths.REPO,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise Failure(f"The benchmark {name} failed: its error stands above.")
    return json.loads(done.stdout.splitlines()[-1])


def _print_table(answer: dict) -> None:
    rows = [COLUMNS, *([_cell(row[column]) for column in COLUMNS] for row in answer["rows"])]
    widths = [max(len(row[index]) for row in rows) for index in range(len(COLUMNS))]
    print(f"{answer['bench']} on {answer['machine']}")
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 100 else f"{value:.0f}"
    return "" if value is None else str(value)


def _ratio(row: dict) -> float | None:
    if row["opponent"] in (None, 0) or row["ours"] is None:
        return None
    return round(row["ours"] / row["opponent"], 3)


def _main(name: str) -> None:
    """Inside the environment: run `benchmarks/<name>.py` and print its answer as JSON."""
    rows = importlib.import_module(f"benchmarks.{name}").run(Host.current())
    machine = f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    answer = {
        "bench": name,
        "machine": machine,
        "rows": [{**row, "ratio": _ratio(row)} for row in rows],
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    _main(sys.argv[1])
