"""A PostgreSQL server of a test's own: nobody else uses it, and nothing of it stays."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg2

from tools import postgres
from tools.console import Failure
from tools.host import Host, die_with_parent

START_SECONDS = 60
#: Programs of PostgreSQL that copy a database from one server to another.
COPYING = ("pg_dump", "pg_restore")


class OwnCluster(postgres.Cluster):
    """A cluster in a folder of its own, whose server is a child of this process."""

    def __init__(self, folder: Path):
        super().__init__(postgres.binaries(), folder)
        missing = [name for name in COPYING if not (self.binaries / name).exists()]
        if missing:
            raise Failure(f"{missing[0]} is missing: install Debian's postgresql.")
        self.server = postgres.Server(host=str(self.sockets), user=postgres.SUPERUSER)
        self._process: subprocess.Popen | None = None

    def launch(self, *options: str) -> None:
        """Start the server, after a crash with recovery; `settle` waits for it.

        The thread that calls this must live on: the server ends with it.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
                **self.owners_rights(),
            )

    def settle(self) -> None:
        """Wait until it takes connections.

        :raise Failure: when it does not in time.
        """
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.execute("SELECT 1")
                return
            except psycopg2.OperationalError as error:
                if time.monotonic() > deadline:
                    raise Failure(f"PostgreSQL did not start: {self.log} says why.") from error
                time.sleep(0.1)

    def execute(self, statement: str) -> None:
        """Run a statement outside of transactions."""
        where = {"host": self.server.host, "user": self.server.user, "dbname": "postgres"}
        with contextlib.closing(psycopg2.connect(**where)) as connection:
            connection.autocommit = True
            with connection.cursor() as cr:
                cr.execute(statement)

    def kill(self) -> None:
        """End the server and all its processes at once (SIGKILL), as a power cut would."""
        assert self._process is not None
        children = children_of(self._process.pid)
        for pid in (self._process.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        # Whoever is left would keep the shared memory, and the next server from starting.
        deadline = time.monotonic() + START_SECONDS
        while any(_is_running(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server in good order, if it runs."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def take(self, source: Host, database: str, target: str) -> None:
        """Make `target` a copy of a database of another server."""
        dump = self.folder / f"{target}.dump"
        theirs = {**os.environ, **source.database_environment}
        ours = {**os.environ, **self.server.environment()}
        with dump.open("wb") as file:
            run(
                [self.binaries / "pg_dump", "-Fc", "-Z1", "--no-owner", database],
                env=theirs,
                stdout=file,
            )
        self.execute(f"CREATE DATABASE \"{target}\" TEMPLATE template0 ENCODING 'UTF8'")
        restore = [self.binaries / "pg_restore", "--no-owner", "--single-transaction"]
        run([*restore, "-d", target, dump], env=ours)
        dump.unlink()
        if target != database:
            source.copy_files(database, target)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name, in brackets, may hold anything.
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


def _is_running(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def run(command: list, **options: Any) -> None:
    """Run a program.

    :raise Failure: with its last word, when it fails.
    """
    options = {"stdout": subprocess.DEVNULL, **options}
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode:
        cause = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Failure(f"{Path(command[0]).name} failed: {cause}")
