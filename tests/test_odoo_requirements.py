"""Our addons with the versions of packages that Odoo names, which may be years old."""

import dataclasses
import json
import subprocess

import pytest
from packaging.requirements import Requirement

from tools import paths, python_env

FILE = paths.REPO / "tests/odoo-requirements.txt"
VERSIONS = """
import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))
"""
FAST = ("-p", "no:cacheprovider", "--import-mode=importlib", "-p", "tools.pytest_suite")


def pins():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def old(host):
    """The host with those versions before its own."""
    folder = python_env.ensure_target("odoo-requirements", *map(str, pins()))
    return dataclasses.replace(host, python_path=(*host.python_path, str(folder)))


def test_they_are_what_python_finds(old):
    wanted = {one.name: one.specifier for one in pins() if not one.marker or one.marker.evaluate()}
    found = subprocess.check_output(
        [old.python, "-c", VERSIONS, *wanted], env=old.environment(), text=True
    )
    for name, version in json.loads(found).items():
        assert version in wanted[name], name


@pytest.mark.timeout(1800)
def test_all_that_needs_no_database_works(old):
    tests = [str(path) for path in sorted(paths.ADDONS.glob("*/tests"))]
    done = subprocess.run(
        [old.python, "-m", "pytest", "-q", *FAST, "-p", "no:odoo", "--fast", *tests],
        cwd=paths.REPO,
        # What is random is tried at length on the versions of today.
        env=old.environment() | {"PROPERTY_EXAMPLES": "10"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-6000:]
