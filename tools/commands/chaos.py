"""Kill processes at random under mixed traffic, and say what is true afterwards."""

import argparse
import contextlib
import os
import random
import subprocess

from tools import paths, setup
from tools.console import say
from tools.host import Host

TESTS = paths.REPO / "tests"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kills",
        type=int,
        default=260,
        metavar="N",
        help="how many: workers, backends and servers, PostgreSQL, client databases (%(default)s)",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=20,
        metavar="M",
        help="how long all of it may take (%(default)s); a busy machine takes longer",
    )
    parser.add_argument("--seed", type=int, help="who dies in which order; printed, to be repeated")


def run(options: argparse.Namespace) -> int:
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    say(f"Playing chaos (--seed {seed}).")
    with setup.ready() as host:
        host.ours_template()
        return _play(host, options.kills, seed, options.minutes)


def _play(host: Host, kills: int, seed: int, minutes: float) -> int:
    """Play in the environment's Python; return 0 if every invariant holds."""
    environment = host.environment()
    # Plays import what the tests beside them share.
    path = [str(paths.REPO), str(TESTS), environment["PYTHONPATH"]]
    options = {"kills": kills, "seed": seed, "minutes": minutes}
    command = [host.python, "-m", "tests.chaos"]
    command += [f"--{name}={value}" for name, value in options.items()]
    environment["PYTHONPATH"] = os.pathsep.join(path)
    with subprocess.Popen(command, env=environment, cwd=paths.REPO) as process:
        while True:
            # Ctrl-C reaches the play as well, which ends in good order.
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()
