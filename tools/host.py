"""A real Odoo with our addons: its databases, shells and servers.

The launcher makes one; tests and benchmarks that it starts get the same by `Host.current()`.
"""

from __future__ import annotations

import configparser
import contextlib
import ctypes
import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from tools import causes, paths, postgres, templates
from tools.console import DiskFull, Failure, execute, step

# What a company that uses the addons may have beside them; installed once into a template.
HOST_MODULES = (
    "calendar",
    "contacts",
    "crm",
    "crm_iap_enrich",
    "crm_iap_mine",
    "mail_plugin",
    "mass_mailing",
    "payment_custom",
    "payment_demo",
    "project_mail_plugin",
    "sale_crm",
    "sale_management",
    "account",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STATE_VARIABLE = "OPEN_CRM_HOST"
PORT_TRIES = 20
# A process that was just ended is gone from the server's list a moment later.
LEAVE_SECONDS = 10
USERS_OF = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = %s AND backend_type = 'client backend'
"""
#: Templates with our addons, whole ones and those that are being made.
TEMPLATES = r"SELECT datname FROM pg_database WHERE datname ~ '^opencrm_ours_[0-9a-f]{12}(_part)?$'"
# Whether a scheduler, known by the name of its connection, has committed that it listens.
LISTENING = """
    SELECT 1 FROM pg_stat_activity
     WHERE application_name = %s AND datname = 'postgres' AND state = 'idle'
"""
BASE_CONFIG = paths.REPO / "config/odoo.conf"
# What `python -m odoo` starts again for browsers' sockets cannot be loaded: it would try for ever.
SEVERAL_PROCESSES = paths.REPO / "tools/program/odoo_program.py"
# Odoo builds asset bundles inside the request or test that needs them first; built once into
# the template they make each browser test about ten seconds shorter.
BUILD_ASSETS = "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n"
# Compiling Odoo takes longer than loading it, and nothing is written beside sources of others.
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
BYTECODE = "PYTHONPYCACHEPREFIX"


@dataclasses.dataclass(frozen=True)
class Host:
    """How to run Odoo here.

    :ivar python: the interpreter of the environment that Odoo runs in.
    :ivar python_path: folders that come first for `import odoo`; our overlay is the first.
    :ivar addons_path: folders of addons outside the `odoo` package. Ours, which the overlay finds
        before, are named as well: Odoo opens files of known folders only, and pytest imports tests
        from their real place.
    :ivar fingerprint: changes with Odoo.
    :ivar database_options: options of odoo.conf that reach the PostgreSQL server.
    :ivar database_environment: libpq's variables for that server.
    """

    python: str
    python_path: tuple[str, ...]
    addons_path: tuple[str, ...]
    fingerprint: str
    database_options: dict[str, str]
    database_environment: dict[str, str]

    # === STATE === #

    @classmethod
    def current(cls) -> Host:
        """Return the host that the launcher made for this process.

        :raise Failure: outside of `./run`.
        """
        state = os.environ.get(STATE_VARIABLE)
        if not state:
            raise Failure("This needs a running Odoo host: start it through ./run.")
        values = json.loads(Path(state).read_text(encoding="utf-8"))
        values["python_path"] = tuple(values["python_path"])
        values["addons_path"] = tuple(values["addons_path"])
        return cls(**values)

    def save(self) -> None:
        """Write this host's state where `current` finds it."""
        paths.STATE.mkdir(exist_ok=True)
        part = self._state_file.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(dataclasses.asdict(self)), encoding="utf-8")
        part.replace(self._state_file)

    def without_ours(self) -> Host:
        """Return this host as it would be had our addons never been there."""
        overlay = str(paths.STATE / "overlay")
        return dataclasses.replace(
            self,
            python_path=tuple(path for path in self.python_path if path != overlay),
            addons_path=tuple(path for path in self.addons_path if path != str(paths.ADDONS)),
        )

    @property
    def _state_file(self) -> Path:
        return paths.STATE / "host.json"

    @property
    def data_dir(self) -> Path:
        return paths.cache() / "odoo-data"

    @property
    def _bytecode(self) -> Path:
        return paths.cache() / "bytecode"

    def environment(self) -> dict[str, str]:
        """Return the environment variables of a process that is to import Odoo."""
        return {
            **{name: value for name, value in os.environ.items() if name != NO_BYTECODE},
            BYTECODE: str(self._bytecode),
            **self.database_environment,
            "PYTHONPATH": os.pathsep.join(self.python_path),
            STATE_VARIABLE: str(self._state_file),
        }

    # === DATABASES === #

    def dsn(self, database: str) -> dict[str, str]:
        """Return the keyword arguments of `psycopg2.connect` for `database`."""
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password",
                 "PGOPTIONS": "options"}  # fmt: skip
        known = {names[key]: value for key, value in self.database_environment.items()}
        return {**known, "dbname": database}

    def sql(self, *statements: str, database: str = "postgres", parameters: Sequence = ()) -> list:
        """Run each of `statements` in its own transaction; return the rows of the last.

        :param parameters: values for the placeholders of the last statement.
        :raise Failure: with the server's own words.
        """
        job = [[text, []] for text in statements]
        job[-1][1] = list(parameters)
        rows, errors = self._ask_client(json.dumps({"dsn": self.dsn(database), "statements": job}))
        if errors:
            if causes.says_full(errors):
                raise DiskFull("The disk is full: free some space where PostgreSQL keeps its data.")
            cause = errors.strip().splitlines()[-1]
            raise Failure(f"PostgreSQL refused a statement: {cause}")
        return json.loads(rows)

    def _ask_client(self, job: str) -> tuple[str, str]:
        """Return what the client of PostgreSQL says: rows, and why it could not."""
        if sys.executable != self.python:
            client = [self.python, str(paths.REPO / "tools/sql_client.py")]
            done = subprocess.run(client, input=job, capture_output=True, text=True)
            return done.stdout, done.stderr if done.returncode else ""
        from tools import sql_client

        try:
            return sql_client.run(job), ""
        except Exception as error:  # whatever it is, it ends that process
            return "", "".join(traceback.format_exception_only(error))

    def exists(self, database: str) -> bool:
        found = self.sql("SELECT 1 FROM pg_database WHERE datname = %s", parameters=[database])
        return bool(found)

    def drop(self, database: str, *, force: bool = False) -> None:
        """Remove `database` and its files.

        :param force: also while somebody is connected to it.
        :raise Failure: when somebody is, without `force`.
        """
        if not force:
            self.check_unused(database)
        # Without force PostgreSQL refuses as well, if somebody comes in between.
        self.sql(f'DROP DATABASE IF EXISTS "{database}"' + " WITH (FORCE)" * force)
        self.drop_files(database)

    def drop_files(self, database: str) -> None:
        shutil.rmtree(self._filestore(database), ignore_errors=True)

    def check_unused(self, database: str) -> None:
        """Refuse to go on while somebody is connected to `database`.

        :raise Failure: then.
        """
        deadline = time.monotonic() + LEAVE_SECONDS
        while (connections := self._connections(database)) and time.monotonic() < deadline:
            time.sleep(0.2)
        if connections:
            raise Failure(f"The database {database} is in use: stop what is connected to it first.")

    def _connections(self, database: str) -> int:
        return self.sql(USERS_OF, parameters=[database])[0][0]

    def copy(self, source: str, target: str) -> None:
        """Make `target` a copy of `source`, database and files.

        :raise Failure: when somebody uses the database that `target` is now.
        """
        self.drop(target)
        # Odoo's databases are small: PostgreSQL's own way of copying is faster than files, each of
        # which it would put on the disk before it goes on, with all that others have written.
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        self.copy_files(source, target)

    def copy_files(self, source: str, target: str) -> None:
        """Give the database `target` the files of `source`."""
        self.drop_files(target)
        if self._filestore(source).is_dir():
            # Files are named after their content and never change, so a link is a copy.
            shutil.copytree(self._filestore(source), self._filestore(target), copy_function=os.link)

    def rename(self, source: str, target: str) -> None:
        """Give `source` the name `target`, replacing what had it.

        :raise Failure: when somebody uses the database that `target` is now.
        """
        self.drop(target)
        self.sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
        if self._filestore(source).is_dir():
            self._filestore(source).rename(self._filestore(target))

    def _filestore(self, database: str) -> Path:
        return self.data_dir / "filestore" / database

    def name(self, label: str) -> str:
        """Return the name of this checkout's database `label`."""
        return f"opencrm_{paths.CHECKOUT_KEY}_{label}"

    @contextlib.contextmanager
    def database(
        self, label: str, *, ours: bool = True, source: str | None = None
    ) -> Iterator[str]:
        """Yield the name of a fresh database, dropped afterwards.

        :param ours: with all our addons installed, else with the host's modules only, to be used
            by the host that `without_ours` returns or to install ours over them.
        :param source: the database to copy instead, which nobody uses meanwhile.
        :raise Failure: when another run of this checkout uses that database.
        """
        name = self.name(label)
        with self.claim(name):
            template = self.ours_template if ours else self.host_template
            self.copy(source or template(), name)
            try:
                yield name
            finally:
                self.drop(name, force=True)

    @contextlib.contextmanager
    def claim(self, database: str, *, shared: bool = False) -> Iterator[None]:
        """Keep `database` from being replaced by another run of this checkout.

        Connections alone do not tell: an idle Odoo has none.

        :param shared: let others use it as well, but not replace it.
        :raise Failure: when another run has claimed it.
        """
        with paths.lock(paths.STATE / f"{database}.lock", wait=False, shared=shared):
            yield

    def forget_lost_checkouts(self) -> None:
        """Drop the databases of checkouts whose folder is gone; remember this one's."""
        known = paths.cache() / "checkouts"
        known.mkdir(exist_ok=True)
        (known / paths.CHECKOUT_KEY).write_text(str(paths.REPO), encoding="utf-8")
        for entry in known.iterdir():
            if not Path(entry.read_text(encoding="utf-8")).is_dir():
                names = self.sql(
                    "SELECT datname FROM pg_database WHERE datname LIKE %s",
                    parameters=[f"opencrm\\_{entry.name}\\_%"],
                )
                # What is served from elsewhere stays until it no longer is.
                unused = [name for (name,) in names if not self._connections(name)]
                for name in unused:
                    self.drop(name)
                if len(unused) == len(names):
                    lost = Path(entry.read_text(encoding="utf-8")).parts[1:]
                    shutil.rmtree(self._bytecode.joinpath(*lost), ignore_errors=True)
                    entry.unlink(missing_ok=True)

    def _drop_templates(self) -> None:
        """Drop templates with our addons that no checkout uses, and those left half made."""
        for (name,) in self.sql(TEMPLATES):
            whole = name.removesuffix("_part")
            if not templates.lock_of(whole).exists():
                continue  # Made with another cache, whose checkouts are not known here.
            # Who makes one has its lock, and who copies one has noted it.
            with contextlib.suppress(Failure), paths.lock(templates.lock_of(whole), wait=False):
                if name != whole or whole not in templates.in_use():
                    self.drop(name)

    def host_template(self) -> str:
        """Return the name of the template with the host's modules, made if missing.

        One of ours has a stock module's name, which here has to be stock's.
        """
        name = self._host_template_name()
        with paths.lock(templates.lock_of(name)):
            if not self.exists(name):
                with step("Installing Odoo's own modules into a template database"):
                    self.without_ours()._install(name, None, HOST_MODULES)
        return name

    def _host_template_name(self) -> str:
        return f"opencrm_host_{paths.digest(self.fingerprint, 'without ours', *HOST_MODULES)}"

    def ours_template(self) -> str:
        """Return the name of the template with our addons on top, made if missing.

        It is known by their content, so checkouts that have the same share it.
        """
        host = self.host_template()
        # With another cache nobody waits for these locks: what it uses has other names.
        name = f"opencrm_ours_{paths.digest(str(paths.cache()), self.addons_fingerprint())}"
        with paths.lock(templates.lock_of(name)):
            templates.note(name)
            if not self.exists(name):
                with step("Installing our addons"):
                    self._install(name, host, our_modules())
                self._drop_templates()
        return name

    def addons_fingerprint(self) -> str:
        """Return what changes with our addons, and with the template below them.

        Their tests leave nothing in a database.
        """
        idle = {"tests", "__pycache__"}
        parts = [one for one in sorted(paths.ADDONS.glob("*/*")) if one.name not in idle]
        names = [str(one.relative_to(paths.ADDONS)) for one in parts]
        return paths.digest(self._host_template_name(), *names, paths.tree_digest(*parts))

    def mark(self, database: str) -> str | None:
        """Return the fingerprint of the addons that `database` was made with, if it has one."""
        rows = self.sql(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            parameters=[database],
        )
        return rows[0][0] if rows else None

    def set_mark(self, database: str, fingerprint: str) -> None:
        """Note which addons `database` was made with."""
        self.sql(f"COMMENT ON DATABASE \"{database}\" IS '{fingerprint}'")

    def _install(self, name: str, source: str | None, modules: Sequence[str]) -> None:
        """Build the template `name` aside and put it in place when it is whole."""
        part = f"{name}_part"
        if source:
            self.copy(source, part)
        else:
            self.drop(part)
            self.sql(f"CREATE DATABASE \"{part}\" TEMPLATE template0 ENCODING 'UTF8'")
        options = {"PGOPTIONS": postgres.hasty_options()}
        hasty = dataclasses.replace(
            self, database_environment={**self.database_environment, **options}
        )
        hasty.install(part, modules, *([] if source else ["--without-demo"]))
        if source:
            # Without ours hardly a page is looked at, and ours change the bundles.
            hasty.shell(part, BUILD_ASSETS)
        self.rename(part, name)

    def install(self, database: str, modules: Sequence[str], *options: str) -> None:
        """Install `modules` in `database`.

        :param options: further arguments of Odoo.
        :raise Failure: when Odoo can't.
        """
        log = paths.LOGS / f"install-{database}.log"
        log.unlink(missing_ok=True)
        command = ["-i", ",".join(modules), *options, "--stop-after-init", "--no-http"]
        execute(
            self.odoo_command(database, *command),
            log=log,
            env=self.environment(),
            advice="Odoo could not install the modules: read the end of the log",
        )

    # === PROCESSES === #

    def config(self, database: str, **options: object) -> Path:
        """Write the configuration for `database` and return its file."""
        parser = configparser.RawConfigParser()
        parser.read(BASE_CONFIG, encoding="utf-8")
        values = {
            "db_name": database,
            "dbfilter": f"^{database}$",
            "data_dir": str(self.data_dir),
            **self.database_options,
            **options,
        }
        if self.addons_path:
            values["addons_path"] = ",".join(self.addons_path)
        for name, value in values.items():
            parser.set("options", name, str(value))
        target = paths.STATE / f"{database}.conf"
        paths.STATE.mkdir(exist_ok=True)
        target.touch(mode=0o600)
        with target.open("w", encoding="utf-8") as file:
            parser.write(file)
        return target

    def odoo_command(self, database: str, *arguments: str) -> list[str]:
        """Return the command that starts Odoo on `database` with `arguments`."""
        return [self.python, "-m", "odoo", "-c", str(self.config(database)), *arguments]

    def shell(self, database: str, script: str) -> str:
        """Run `script` in an Odoo shell on `database`; return what it printed.

        :raise Failure: with the error's last line, when the script fails.
        """
        command = [self.python, "-m", "odoo", "shell", "-c", str(self.config(database))]
        arguments = [*command, "--no-http", "--log-level=error", "--shell-interface=python"]
        with contextlib.ExitStack() as stack:
            files = [
                stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
                for _number in range(3)
            ]
            # The shell goes on after an error, so the script tells by its exit status.
            files[0].write(_SHELL_FRAME.format(script=script))
            files[0].seek(0)
            status = self.start(arguments, files).wait()
            output, errors = (_text(file) for file in files[1:])
        if status:
            cause = (errors.strip().splitlines() or ["no message"])[-1]
            log = paths.LOGS / "shell.log"
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(output + errors, encoding="utf-8")
            raise Failure(f"A script in the Odoo shell failed: {cause} (details: {log})")
        return output

    def start(
        self, command: Sequence[str], files: Sequence[IO], *, leads: bool = False
    ) -> subprocess.Popen:
        """Start a process that `odoo_command` describes; it ends when this one does.

        :param files: its input, output and errors
        :param leads: whether it leads a session of its own, so that Ctrl-C is not for it
        """
        stdin, stdout, stderr = files
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=self.environment(),
            preexec_fn=die_with_parent,
            start_new_session=leads,
        )

    @contextlib.contextmanager
    def server(
        self, database: str, *, cron: int = 1, http: bool = True, extra: Sequence[str] = ()
    ) -> Iterator[OdooServer]:
        """Yield a running Odoo process on `database`, ended afterwards.

        :param cron: number of cron threads in it.
        :param http: whether it answers HTTP on a free port of the loopback interface.
        """
        server = OdooServer(self, database, cron=cron, http=http, extra=extra)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class OdooServer:
    """An Odoo process of its own.

    :ivar url: where it answers, empty without HTTP.
    :ivar log_path: its log file.
    """

    START_SECONDS = 120
    LISTEN_SECONDS = 30
    STOP_SECONDS = 20

    def __init__(
        self,
        host: Host,
        database: str,
        *,
        cron: int,
        http: bool,
        extra: Sequence[str] = (),
        port: int | None = None,
    ):
        self.host = host
        self.database = database
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}" if http else ""
        self.log_path = paths.LOGS / f"server-{database}-{self.port}.log"
        web = ["--http-port", str(self.port)] if http else ["--no-http"]
        self._command = host.odoo_command(
            database, *web, "--max-cron-threads", str(cron), *map(str, extra)
        )
        if any(str(one).startswith("--workers") for one in extra):
            self._command[1:3] = [str(SEVERAL_PROCESSES)]
        self._cron = cron
        self._process: subprocess.Popen | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the process and wait until it answers.

        :raise Failure: when it ends or does not answer in time.
        """
        self.launch()
        self.settle()

    def launch(self) -> None:
        """Start the process; `settle` waits for it, or whoever needs it does."""
        paths.LOGS.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log, open(os.devnull, "rb") as nothing:
            self._process = self.host.start(self._command, (nothing, log, log), leads=True)

    def settle(self) -> None:
        """Wait until the process answers, and have it look for work.

        :raise Failure: when it ends or does not answer in time.
        """
        deadline = time.monotonic() + self.START_SECONDS
        while self.url and not self._answers():
            if not self.alive or time.monotonic() > deadline:
                self.stop()
                raise Failure(f"Odoo did not start: its log {self.log_path} says why.")
            time.sleep(0.2)

        if self._cron:
            self._wake_scheduler()

    def _wake_scheduler(self) -> None:
        """Have it look for due work now: an idle scheduler looks only once a minute."""
        deadline = time.monotonic() + self.LISTEN_SECONDS
        while self.alive and time.monotonic() < deadline:
            if self.host.sql(LISTENING, parameters=[f"odoo-{self.pid}"]):
                break
            time.sleep(0.1)
        self.host.sql("SELECT pg_notify('cron_trigger', %s)", parameters=[self.database])

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self) -> int:
        """Wait until the process ends; return its exit status."""
        assert self._process is not None
        return self._process.wait()

    def kill(self) -> None:
        """End the process and its workers at once (SIGKILL), as a power cut would."""
        if self.alive:
            # One that is just being started does not lead its session yet.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def stop(self) -> None:
        """End the process in good order, by force if that takes too long."""
        if not self.alive:
            return
        os.kill(self.pid, signal.SIGTERM)
        try:
            assert self._process is not None
            self._process.wait(self.STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


_SHELL_FRAME = """
import sys, traceback
try:
    exec(compile({script!r}, '<script>', 'exec'))
except BaseException:
    traceback.print_exc()
    sys.stdout.flush(); sys.stderr.flush()
    __import__('os')._exit(1)
"""


def _text(file: IO) -> str:
    file.seek(0)
    return file.read()


def our_modules() -> list[str]:
    """Return the names of our addons."""
    return sorted(path.parent.name for path in paths.ADDONS.glob("*/__manifest__.py"))


def worker_database(database: str, worker: str) -> str:
    """Return the name of the copy of `database` that the pytest process `worker` uses."""
    return f"{database}_{worker}"


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent() -> None:
    """Ask Linux to end this process with the one that started it, so that none is orphaned."""
    set_parent_death_signal = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
