"""Take the pictures of the documents and of the apps' descriptions."""

import argparse
import os
import subprocess

from tools import paths, setup

SCRIPT = paths.REPO / "docs/screenshots.py"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="name", help="which, or first-hour (all)")


def run(options: argparse.Namespace) -> int:
    with setup.ready() as host:
        host.ours_template()
        environment = host.environment()
        environment["PYTHONPATH"] = os.pathsep.join([str(paths.REPO), environment["PYTHONPATH"]])
        command = [host.python, str(SCRIPT), *options.names]
        return subprocess.run(command, env=environment, cwd=paths.REPO).returncode
