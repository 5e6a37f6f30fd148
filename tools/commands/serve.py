"""Serve the demo database as it was left."""

import argparse

from tools import setup
from tools.commands import demo


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", help="another database than the demo's")
    parser.add_argument(
        "--port", type=int, default=demo.PORT, help="port to answer on (%(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    with setup.ready() as host:
        database = options.database or demo.ensure_database(host)
        with host.claim(database, shared=True):
            return demo.serve(host, database, options.port)
