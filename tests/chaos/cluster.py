"""A PostgreSQL server that is killed, and loses nothing of what it has told as done."""

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.own_postgres import OwnCluster, run
from tools import paths
from tools.console import step
from tools.host import Host

#: While the cluster is filled, all of which is made anew after a crash of the machine.
HASTY = (
    *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"),
    *("-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off"),
)


class MortalCluster(OwnCluster):
    """A durable cluster."""

    def make_durable(self) -> None:
        """Start anew as a server that loses nothing, with all that it has on the disk."""
        self.stop()
        run([self.binaries / "initdb", "-S", "-D", self.data], **self.owners_rights())
        self.launch()
        self.settle()


@contextlib.contextmanager
def mortal(host: Host) -> Iterator[tuple[MortalCluster, Host]]:
    """Yield a running cluster that nobody else uses, and the host that works on it.

    It is filled in haste; `make_durable` ends that.
    """
    with tempfile.TemporaryDirectory(prefix=f"{paths.NAME}-chaos-") as folder:
        cluster = MortalCluster(Path(folder))
        cluster.claim_folder()
        cluster.ensure_made()
        with step("Starting a PostgreSQL of its own"):
            cluster.launch(*HASTY)
            cluster.settle()
        # What was told as done must be there after a crash, whatever the suite says.
        environment = {**cluster.server.environment(), "PGOPTIONS": "-c synchronous_commit=on"}
        try:
            yield (
                cluster,
                dataclasses.replace(
                    host,
                    database_options=cluster.server.odoo_options(),
                    database_environment=environment,
                ),
            )
        finally:
            cluster.stop()
