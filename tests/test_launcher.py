"""What a person gets who starts ./run: a server that survives kills, failures in one sentence."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import textwrap

import pytest

from tools import odoo_source, paths, postgres
from tools.cli import main
from tools.commands import bench
from tools.console import Failure

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

    def test_a_killed_server_ends_at_once_and_the_next_one_starts(self, host):
        with host.database("launcher", ours=False) as name:
            with host.server(name, cron=0) as server:
                server.kill()
                assert not server.alive
            with host.server(name, cron=0) as server:
                assert server.alive
