"""What `./run test` runs: plays shortened, and in full with Odoo's own suites for `--full`."""

import ast
import contextlib
import os
import subprocess
import sys
import textwrap
from collections import defaultdict

import pytest

from tests.conftest import LONGEST
from tools import setup, stock
from tools.cli import main
from tools.commands import test as command

#: Tests for two processes, one of which is killed; each process notes its configuration.
KILLED = {
    "conftest.py": """
        import pathlib

        def pytest_addoption(parser):
            parser.addoption("--odoo-config")

        def pytest_sessionstart(session):
            with pathlib.Path(__file__).with_name("noted").open("a") as noted:
                noted.write(session.config.option.odoo_config + " ")
        """,
    "test_killed.py": """
        import os, pathlib, signal, time

        class TestKilled:
            def test_once(self):
                mark = pathlib.Path(__file__).with_name("killed")
                if not mark.exists():
                    mark.touch()
                    os.kill(os.getpid(), signal.SIGKILL)

        class TestBeside:
            def test_waits(self):
                time.sleep(1)
        """,
}


@pytest.fixture
def ran(monkeypatch):
    """What was run: the parts of the suite, with the length of the plays."""
    ran = []

    def part(name):
        def run(*_arguments):
            ran.append((name, os.environ.get("LEDGER_PLAYS")))
            return 0, []

        return run

    monkeypatch.setattr(os, "environ", {**os.environ})
    for name in command.SHORT_PLAYS:
        os.environ.pop(name, None)
    monkeypatch.setattr(setup, "ready", lambda: contextlib.nullcontext(None))
    monkeypatch.setattr(command, "_ensure_programs", lambda: None)
    monkeypatch.setattr(command, "_run_inside", part("addons"))
    monkeypatch.setattr(command, "_run_outside", part("processes"))
    monkeypatch.setattr(stock, "compare", lambda _host, names: ran.append(("stock", names)) or 1)
    return ran


def test_plays_are_short_unless_the_environment_says_otherwise(ran, monkeypatch):
    assert main(["test"]) == 0
    short = command.SHORT_PLAYS["LEDGER_PLAYS"]
    assert ran == [("addons", short), ("processes", short)]
    monkeypatch.setitem(os.environ, "LEDGER_PLAYS", "7")
    assert main(["test", "tests"]) == 0
    assert ran[2:] == [("processes", "7")]


def test_full_plays_at_length_and_compares_with_stock(ran):
    assert main(["test", "--full"]) == 1, "a difference from stock fails it"
    assert ran == [("addons", None), ("processes", None), ("stock", ())]


def test_full_with_a_path_is_about_that_path(ran):
    assert main(["test", "--full", "tests/test_suite.py"]) == 0
    assert ran == [("processes", None)]


def test_who_takes_over_from_a_killed_process_has_its_database(tmp_path):
    for name, text in KILLED.items():
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
    options = ["-p", "no:odoo", *command.PLUGIN, *command.IMPORTING, *command.BY_CLASS]
    options += ["--numprocesses=2", "--odoo-config=/there/test.conf", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=command.paths.REPO,
        capture_output=True,
        text=True,
    )
    assert "1 failed" in done.stdout, done.stdout + done.stderr
    # The one that shares the tests out has none of its own.
    shares, *work = sorted((tmp_path / "noted").read_text(encoding="utf-8").split())
    assert shares == "/there/test.conf"
    assert len(work) == 3
    assert {*work} == {"/there/test_gw0.conf", "/there/test_gw1.conf"}


def test_the_files_that_come_first_are_there():
    folder = command.paths.REPO / "tests"
    assert [name for name in LONGEST if not (folder / name).exists()] == []


def test_no_two_files_use_one_database():
    """They run beside each other, and the second would find it in use."""
    users = defaultdict(set)
    for path in (command.paths.REPO / "tests").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="database"),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    users[name].add(path.name)
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="scenarios"), attr="play"),
                    args=[_, ast.Constant(value=str(name)), *_],
                ):
                    users[name].add(path.name)
    assert len(users) > 20, "few are read: are they made in another way?"
    assert {name: files for name, files in users.items() if len(files) > 1} == {}


def test_the_plays_that_are_shortened_are_read_by_a_test():
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("addons/*/tests", "tests", "tools")
        for path in command.paths.REPO.glob(f"{folder}/*.py")
    ]
    for name in command.SHORT_PLAYS:
        assert any(f'environ.get("{name}"' in text for text in texts), name
