"""Open an Odoo shell on the demo database."""

import argparse
import subprocess

from tools import setup
from tools.commands import demo


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", help="another database than the demo's")


def run(options: argparse.Namespace) -> int:
    with setup.ready() as host:
        database = options.database or demo.ensure_database(host)
        command = [host.python, "-m", "odoo", "shell", "-c", str(host.config(database))]
        with host.claim(database, shared=True):
            return subprocess.run(
                [*command, "--no-http", *options.rest], env=host.environment()
            ).returncode
