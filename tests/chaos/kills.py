"""Who is killed, when, and what comes back by itself or by us."""

import contextlib
import dataclasses
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psycopg2

from tests.own_postgres import children_of
from tools import paths
from tools.console import Failure, say
from tools.host import Host, OdooServer, free_port

from .cluster import MortalCluster

#: How many of each die in the whole play.
SHARES = {
    "HTTP worker": 55,
    "cron worker": 55,
    "backend": 40,
    "server": 40,
    "PostgreSQL": 10,
    "client": 60,
}
KILLS = sum(SHARES.values())
#: Deaths of which the server that clients ask, or a client, is a victim.
OF_THE_WIRE = ("HTTP worker", "server", "client")
#: Longer than a server takes to start on a busy machine.
PATIENCE = 180
WORKERS = ("--workers=2", "--max-cron-threads=2")
BACKENDS = """
    SELECT pid, state <> 'idle' FROM pg_stat_activity
     WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
     ORDER BY pid
"""
#: A cron worker listens on this database.
CRON_WORKERS = """
    SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = 'postgres'
"""


@dataclasses.dataclass(frozen=True)
class Blow:
    """One death of the plan.

    :ivar pause: before it, as a share of the mean
    :ivar pick: which of those that are there, from 0 to 1
    """

    kind: str
    pause: float
    pick: float


def plan(kills: int, seed: int) -> list[Blow]:
    """Return who dies in which order: the same for the same seed."""
    dice = random.Random(seed)
    shares = {kind: share * kills / KILLS for kind, share in SHARES.items()}
    counts = {kind: max(1, int(share)) for kind, share in shares.items()}
    by_rest = sorted(SHARES, key=lambda kind: shares[kind] - counts[kind], reverse=True)
    for place in range(kills - sum(counts.values())):
        counts[by_rest[place % len(by_rest)]] += 1
    kinds = [kind for kind, count in counts.items() for _number in range(count)]
    dice.shuffle(kinds)
    return [Blow(kind, dice.uniform(0.1, 1.9), dice.random()) for kind in kinds[:kills]]


class Server(OdooServer):
    """A server of several processes."""

    def __init__(self, host: Host, database: str):
        ports = ("--gevent-port", free_port())
        super().__init__(host, database, cron=0, http=True, extra=(*WORKERS, *ports))
        self.log_path.unlink(missing_ok=True)

    @property
    def answers(self) -> bool:
        return self.alive and self._answers()

    def workers(self) -> list[int]:
        """Return its workers: not the process that keeps sockets of browsers."""
        found = []
        for pid in children_of(self.pid):
            with contextlib.suppress(OSError):
                if b"gevent" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    found.append(pid)
        return found


class Clients:
    """The processes of client databases.

    :ivar folder: where their journals are
    """

    def __init__(self, host: Host, folder: Path, count: int, size: int, urls: Sequence[str]):
        self.folder = folder
        self._host = host
        self._rest = [str(size), *urls]
        self.uuids = [f"chaos-{number:04d}" for number in range(count)]
        self._processes: dict[str, subprocess.Popen] = {}

    def launch(self, uuid: str) -> None:
        token = uuid.replace("-", "").rjust(32, "c")
        module = [self._host.python, "-m", "tests.chaos.client", str(self.folder), uuid, token]
        log = paths.LOGS / f"chaos-{uuid}.log"
        with log.open("ab") as file, open(os.devnull, "rb") as nothing:
            self._processes[uuid] = self._host.start(
                [*module, *self._rest], (nothing, file, file), leads=True
            )

    def kill(self, uuid: str) -> None:
        self._processes[uuid].kill()
        self._processes[uuid].wait()

    def end(self) -> list[str]:
        """Have them ask for the last time; return those that do not come to an end."""
        (self.folder / "stop").touch()
        late = []
        deadline = time.monotonic() + PATIENCE
        for uuid, process in self._processes.items():
            try:
                if process.wait(max(1, deadline - time.monotonic())):
                    late.append(uuid)
            except subprocess.TimeoutExpired:
                late.append(uuid)
        self.stop()
        return late

    def stop(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()


class Killer:
    """Carries out the plan.

    :ivar deaths: who has died, by kind
    :ivar in_work: backends that were killed while they did something
    :ivar by_itself: servers that ended although nobody had killed them
    :ivar moments: when somebody has died
    :ivar over: set when nobody else is to die
    """

    def __init__(self, cluster: MortalCluster, host: Host, servers: list[Server], clients: Clients):
        self.cluster, self.host, self.servers, self.clients = cluster, host, servers, clients
        self.database = servers[0].database
        self.deaths: Counter = Counter()
        self.in_work = 0
        self.by_itself = 0
        self.moments: list[float] = []
        self.over = threading.Event()

    def carry_out(self, blows: list[Blow], seconds: float) -> None:
        """Strike them all, evenly over a time; late ones at once.

        :raise Failure: when somebody who is to die does not come back before
        """
        mean = seconds / max(1, len(blows))
        due = time.monotonic()
        for number, blow in enumerate(blows, 1):
            due += blow.pause * mean
            if self.over.wait(max(0.0, due - time.monotonic())):
                say(f"ended after {number - 1} of {len(blows)} kills")
                return
            self._revive()
            self._strike(blow)
            self.moments.append(time.monotonic())
            self.deaths[blow.kind] += 1
            if number % 20 == 0 or number == len(blows):
                say(f"{number} of {len(blows)} kills")

    def settle(self) -> None:
        """Have everybody back."""
        self.cluster.settle()
        self._revive()
        for server in self.servers:
            server.settle()

    def _strike(self, blow: Blow) -> None:
        match blow.kind:
            case "HTTP worker" | "cron worker":
                self._kill(blow, lambda: self._workers(blow.kind))
            case "backend":
                self._kill(blow, self._backends)
            case "server":
                server = self._wait_for(blow, lambda: [s for s in self.servers if s.answers])
                server.kill()
                self.cluster.settle()
                server.launch()
            case "PostgreSQL":
                self.cluster.settle()
                self.cluster.kill()
                self.cluster.launch()
            case "client":
                uuid = self._wait_for(blow, lambda: self.clients.uuids)
                self.clients.kill(uuid)
                self.clients.launch(uuid)

    def _kill(self, blow: Blow, find) -> None:
        """Kill a process: another one, if the first has just ended by itself."""
        while True:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._wait_for(blow, find), signal.SIGKILL)
                return

    def _wait_for(self, blow: Blow, find):
        """Return one of those who may die, once there is one."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(psycopg2.Error):
                if found := find():
                    return found[int(blow.pick * len(found))]
            if time.monotonic() > deadline:
                raise Failure(f"There is no {blow.kind} that could be killed: see {paths.LOGS}.")
            time.sleep(0.1)
            self._revive()

    def _workers(self, kind: str) -> list[int]:
        listening = {name for (name,) in self._rows(CRON_WORKERS)}
        return [
            pid
            for server in self.servers
            if server.answers
            for pid in server.workers()
            if (f"odoo-{pid}" in listening) == (kind == "cron worker")
        ]

    def _backends(self) -> list[int]:
        rows = self._rows(BACKENDS, self.database)
        busy = [pid for pid, is_busy in rows if is_busy]
        self.in_work += bool(busy)
        return busy or [pid for pid, _busy in rows]

    def _rows(self, query: str, *parameters) -> list[tuple]:
        with contextlib.closing(psycopg2.connect(**self.host.dsn("postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cr:
                cr.execute(query, parameters or None)
                return cr.fetchall()

    def _revive(self) -> None:
        """Start again what has ended without us."""
        for server in self.servers:
            if not server.alive:
                self.by_itself += 1
                self.cluster.settle()
                server.launch()
