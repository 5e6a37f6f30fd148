"""The play: a world, users, clients, deaths, and what is true afterwards."""

import contextlib
import dataclasses
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psycopg2
import smtp_loopback

from tools.console import say, step
from tools.host import Host

from .checks import Checks, Invariant, settle
from .cluster import mortal
from .kills import OF_THE_WIRE, Clients, Killer, Server, plan
from .mailbox import Mailbox
from .traffic import Stage, names
from .world import prepare

CLIENTS = 3
#: Seconds of the whole time that are kept for what comes before and after the deaths.
RESERVE = 300
#: Seconds between two deaths, at least: without work in between nothing could be lost.
LEAST_PAUSE = 1.5
#: Companies for each death: more than is bought between two.
COMPANIES_PER_KILL, COMPANIES = 8, 600
#: Seconds between two looks of the jobs, which would rest a minute.
WAKE_SECONDS = 2.0
TRIGGER = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT id, timezone('UTC', now()) FROM ir_cron job
     WHERE active AND NOT EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = job.id)
"""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a play.

    :ivar deaths: how many of each kind have died
    :ivar wire: deaths of the server that clients ask, or of a client
    :ivar in_work: backends that were killed in the midst of something
    :ivar by_itself: servers that ended without being killed
    :ivar counts: what came of what users did, by kind
    """

    seed: int
    seconds: float
    deaths: Counter
    wire: int
    in_work: int
    by_itself: int
    counts: dict[str, Counter]
    words: Counter
    invariants: list[Invariant]

    @property
    def is_sound(self) -> bool:
        return all(one.holds for one in self.invariants)

    def lines(self) -> Iterator[str]:
        """Yield the report."""
        deaths = ", ".join(f"{count} × {kind}" for kind, count in sorted(self.deaths.items()))
        yield f"seed {self.seed}, {self.seconds / 60:.1f} minutes"
        yield f"{sum(self.deaths.values())} kills: {deaths}"
        yield f"{self.wire} of them hit the IAP server or its client"
        yield f"{self.in_work} backends were at work; {self.by_itself} servers ended by themselves"
        for name, counts in self.counts.items():
            yield f"{name}: " + ", ".join(f"{count} {what}" for what, count in counts.items())
        for word, count in self.words.most_common(12):
            yield f"said {count} times: {word}"
        yield from map(str, self.invariants)


def play(host: Host, *, kills: int, seed: int, minutes: float) -> Outcome:
    """Play once, in about so many minutes.

    :raise Failure: when something does not start, or does not come back
    """
    began = time.monotonic()
    mailbox = Mailbox()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        port = stack.enter_context(smtp_loopback.serving(mailbox))
        template = host.ours_template()
        cluster, own = stack.enter_context(mortal(host))
        database = own.name("chaos")
        stack.enter_context(own.claim(database))
        stack.callback(own.drop_files, database)
        with step("Copying the template"):
            cluster.take(host, template, database)
        size = COMPANIES + COMPANIES_PER_KILL * kills
        with step(f"Making {size} companies, accounts and clients"):
            world = prepare(own, database, size=size, clients=CLIENTS, smtp_port=port)
        with step("Starting PostgreSQL as a durable one"):
            cluster.make_durable()
        servers = [Server(own, database) for _number in range(2)]
        urls = [server.url for server in servers]
        for server in servers:
            stack.callback(server.kill)
            server.launch()
        for server in servers:
            server.settle()
        stage = Stage(database, own.dsn(database), world, urls, seed)
        clients = Clients(own, folder, CLIENTS, size, urls)
        stack.callback(clients.stop)
        for uuid in clients.uuids:
            clients.launch(uuid)
        stage.start()
        stack.callback(stage.over.set)
        quiet = threading.Event()
        stack.callback(quiet.set)
        threading.Thread(target=_keep_awake, args=(stage, quiet), daemon=True).start()
        killer = Killer(cluster, own, servers, clients)
        left_over = minutes * 60 - RESERVE - (time.monotonic() - began)
        seconds = max(LEAST_PAUSE * kills, left_over)
        say(f"{kills} kills in {seconds:.0f} s (--seed {seed}; Ctrl-C ends them) …")
        with _ended_by_interrupt(killer.over):
            killer.carry_out(plan(kills, seed), seconds)
        with step("Letting the work settle"):
            killer.settle()
            stage.wait_for_all()
            stage.end()
            late = clients.end()
            left = settle(stage, lambda: None)
        quiet.set()
        for server in servers:
            server.stop()
        with step("Reading the database"):
            checks = Checks(own, stage, mailbox, folder, killer.moments)
            invariants = checks.all(left, late)
    return Outcome(
        seed=seed,
        seconds=time.monotonic() - began,
        deaths=killer.deaths,
        wire=sum(killer.deaths[kind] for kind in OF_THE_WIRE),
        in_work=killer.in_work,
        by_itself=killer.by_itself,
        counts=dict(names(stage.users)),
        words=sum((user.words for user in stage.users), Counter()),
        invariants=invariants,
    )


@contextlib.contextmanager
def _ended_by_interrupt(over: threading.Event) -> Iterator[None]:
    """Have the first Ctrl-C end the block in good order, and the next one everything."""

    def end(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        over.set()

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _keep_awake(stage: Stage, quiet: threading.Event) -> None:
    """Have the jobs look for work again and again, as many users would."""
    own = {**stage.dsn, "dbname": "postgres"}
    while not quiet.wait(WAKE_SECONDS):
        with contextlib.suppress(psycopg2.Error):
            stage.rows(TRIGGER)
            with contextlib.closing(psycopg2.connect(**own)) as connection:
                connection.autocommit = True
                with connection.cursor() as cr:
                    cr.execute("SELECT pg_notify('cron_trigger', %s)", [stage.database])
