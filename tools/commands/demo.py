"""Perform the main job on a fresh demo database, then serve it."""

import argparse
import socket

from tools import setup
from tools.console import Failure, say
from tools.host import Host, OdooServer

PORT = 8069
LABEL = "demo"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help="port to answer on (%(default)s)")
    parser.add_argument("--once", action="store_true", help="end after printing what happened")
    parser.add_argument("--json", action="store_true", help="print the facts as one JSON object")


def run(options: argparse.Namespace) -> int:
    with setup.ready() as host:
        database = host.name(LABEL)
        host.copy(host.ours_template(), database)
        return 0 if options.once else serve(host, database, options.port)


def ensure_database(host: Host) -> str:
    """Return the demo's database.

    :raise Failure: when it was not made yet.
    """
    database = host.name(LABEL)
    if not host.exists(database):
        raise Failure("There is no demo database yet: run ./run demo first.")
    return database


def serve(host: Host, database: str, port: int) -> int:
    """Answer on `port` until Ctrl-C; scheduled work has a process of its own.

    :raise Failure: when the port is taken.
    """
    _check_port(port)
    web = OdooServer(host, database, cron=0, http=True, port=port)
    with host.server(database, cron=2, http=False):
        web.start()
        say(f"Serving on {web.url} (log: {web.log_path}); stop with Ctrl-C.")
        try:
            return web.wait()
        finally:
            web.stop()


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Failure(f"Port {port} is taken: choose another with --port.") from None
