"""A PostgreSQL server with a streaming replica; both write down each statement they are asked."""

import contextlib
import dataclasses
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.own_postgres import OwnCluster, run
from tools import paths, postgres
from tools.host import Host

SETTINGS = (
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "wal_level=replica"),
    *("-c", "log_statement=all", "-c", "log_min_duration_statement=-1"),
)
PATIENCE = 60
CAUGHT_UP = """
    SELECT count(*) FROM pg_stat_replication
     WHERE state = 'streaming' AND replay_lsn >= pg_current_wal_insert_lsn()
"""


class TellingCluster(OwnCluster):
    """One of the two servers."""

    def start(self) -> None:
        """Start the server, and wait for it."""
        # The replica has the first one's settings, and a socket of its own.
        self.launch(*SETTINGS, "-c", f"unix_socket_directories={self.sockets}")
        self.settle()

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
    """Two servers, of which the second follows the first.

    :ivar host: how to run Odoo on the first one
    """

    primary: TellingCluster
    replica: TellingCluster
    host: Host

    def catch_up(self) -> None:
        """Wait until the replica has all that is committed."""
        deadline = time.monotonic() + PATIENCE
        while not self.host.sql(CAUGHT_UP)[0][0]:
            assert time.monotonic() < deadline, "The replica does not follow"
            time.sleep(0.1)


@contextlib.contextmanager
def replicated(host: Host, source: str) -> Iterator[Replicated]:
    """Yield two servers with a copy of a database, which nobody uses meanwhile."""
    with (
        tempfile.TemporaryDirectory(prefix=f"{paths.NAME}-p-") as first,
        tempfile.TemporaryDirectory(prefix=f"{paths.NAME}-r-") as second,
        contextlib.ExitStack() as stack,
    ):
        primary = TellingCluster(Path(first))
        primary.claim_folder()
        primary.ensure_made()
        stack.callback(primary.stop)
        primary.start()
        primary.take(host, source, source)
        replica = TellingCluster(Path(second))
        replica.claim_folder()
        run(
            [
                *(replica.binaries / "pg_basebackup", "-h", primary.sockets, "-D", replica.data),
                *("-U", postgres.SUPERUSER, "--write-recovery-conf", "--checkpoint=fast"),
                "--no-sync",
            ],
            **replica.owners_rights(),
        )
        replica.ensure_made()
        stack.callback(replica.stop)
        replica.start()
        own = dataclasses.replace(
            host,
            database_options=primary.server.odoo_options(),
            database_environment=primary.server.environment(),
        )
        found = Replicated(primary, replica, own)
        found.catch_up()
        yield found
