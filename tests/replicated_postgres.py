"""A PostgreSQL cluster of its own with a streaming replica, for tests; the shared one is only read.

Both write down each statement that they are asked.
"""

import contextlib
import dataclasses
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools import postgres
from tools.console import Failure
from tools.host import Host

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
wal_level = replica
fsync = off
synchronous_commit = off
shared_buffers = 64MB
log_statement = 'all'
log_min_duration_statement = -1
"""
PATIENCE = 60
CAUGHT_UP = """
    SELECT count(*) FROM pg_stat_replication
     WHERE state = 'streaming' AND replay_lsn >= pg_current_wal_lsn()
"""


class Cluster:
    """One server of PostgreSQL.

    :ivar folder: where it has its socket, data and log
    """

    def __init__(self, folder: Path, binaries: Path, owner: str | None):
        self.folder, self.binaries, self.owner = folder, binaries, owner
        folder.mkdir(mode=0o700)
        if owner:
            shutil.chown(folder, owner)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def options(self) -> dict[str, str]:
        return {"db_host": str(self.folder), "db_user": postgres.SUPERUSER}

    def run(self, program: str, *words: object) -> str:
        """Run one of PostgreSQL's programs as the user that the server belongs to."""
        done = subprocess.run(
            [self.binaries / program, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=self.owner,
            extra_groups=[] if self.owner else None,
            text=True,
        )
        if done.returncode:
            raise Failure(f"{program} failed: {done.stdout[-500:]}")
        return done.stdout

    def control(self, *words: str) -> None:
        # Not by a pipe: the server that is started would keep it open.
        subprocess.run(
            [self.binaries / "pg_ctl", "-D", self.data, "-w", "-l", self.log, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            user=self.owner,
            extra_groups=[] if self.owner else None,
            check=True,
        )

    def settle(self) -> None:
        """Write the settings of this server, and start it."""
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(folder=self.folder))
        self.control("start")

    def statements(self, since: int = 0) -> str:
        """Return what was written down after so many bytes."""
        with self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    @property
    def written(self) -> int:
        return self.log.stat().st_size


@dataclasses.dataclass
class Replicated:
    """Two clusters, of which the second follows the first.

    :ivar host: how to run Odoo on the first one
    """

    primary: Cluster
    replica: Cluster
    host: Host

    def catch_up(self) -> None:
        """Wait until the replica has all that is committed."""
        deadline = time.monotonic() + PATIENCE
        while not self.host.sql(CAUGHT_UP)[0][0]:
            assert time.monotonic() < deadline, "The replica does not follow"
            time.sleep(0.1)


@contextlib.contextmanager
def replicated(host: Host, source: str) -> Iterator[Replicated]:
    """Yield two clusters with a copy of a database, which nobody uses meanwhile."""
    binaries, owner = postgres._binaries(), postgres._unprivileged_user()
    # A short path: the name of a socket has about a hundred bytes.
    base = Path(tempfile.mkdtemp(prefix="ocrm"))
    base.chmod(0o755)
    started = []
    try:
        primary = Cluster(base / "p", binaries, owner)
        primary.run("initdb", "-D", primary.data, "-U", postgres.SUPERUSER, "--auth=trust",
                    "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        primary.settle()
        started.append(primary)
        own = dataclasses.replace(
            host,
            database_options=primary.options,
            database_environment={"PGHOST": str(primary.folder), "PGUSER": postgres.SUPERUSER},
        )
        own.sql(f'CREATE DATABASE "{source}"')
        _pipe(host, own, source, binaries)
        replica = Cluster(base / "r", binaries, owner)
        replica.run(
            *("pg_basebackup", "-h", primary.folder, "-U", postgres.SUPERUSER, "-D", replica.data),
            *("--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
        )
        replica.settle()
        started.append(replica)
        found = Replicated(primary, replica, own)
        found.catch_up()
        yield found
    finally:
        for cluster in reversed(started):
            with contextlib.suppress(subprocess.CalledProcessError):
                cluster.control("stop", "-m", "immediate")
        shutil.rmtree(base, ignore_errors=True)


def _pipe(host: Host, own: Host, database: str, binaries: Path) -> None:
    """Copy a database from one server to the other."""
    with subprocess.Popen(
        [binaries / "pg_dump", "--no-owner", database],
        stdout=subprocess.PIPE,
        env={**os.environ, **host.database_environment},
    ) as dump:
        subprocess.run(
            [binaries / "psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", database],
            stdin=dump.stdout,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **own.database_environment},
            check=True,
        )
    if dump.returncode:
        raise Failure("The database was not copied.")
