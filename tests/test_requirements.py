"""What is installed is what is written down, for each Python that README names."""

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import paths, setup, uv
from tools.commands import lint
from tools.host import our_modules
from tools.python_env import _install_by_uv, explain

ADDONS_FILE = paths.REPO / "requirements-addons.txt"
#: The last one of each series, and the one that Debian 12 has.
PYTHONS = ("3.10.0", "3.10.19", "3.11.2", "3.11.14", "3.12.12", "3.13.9")
#: What Odoo 19's own requirements.txt names, as far as our addons import it.
ODOO_HAS = {
    *("babel", "cryptography", "freezegun", "idna", "lxml", "markupsafe", "openpyxl", "pillow"),
    *("psycopg2", "python-dateutil", "python-stdnum", "requests", "urllib3", "werkzeug"),
    *("xlsxwriter", "pytz"),
}
#: What an addon can do without, and says where it cannot.
OPTIONAL = {"crm_lead_directory": {"duckdb"}}
#: The same package, built otherwise.
BUILDS = {"psycopg2-binary": "psycopg2"}


def lines(path):
    text = path.read_text(encoding="utf-8")
    return [Requirement(line) for line in text.splitlines() if line and not line.startswith("#")]


def pins_for(python, files):
    """Return the lines that pip would use with this Python."""
    environment = default_environment()
    environment |= {
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
    }
    every = [one for path in files for one in lines(path)]
    return [one for one in every if not one.marker or one.marker.evaluate(environment)]


def manifest(module):
    path = paths.ADDONS / module / "__manifest__.py"
    return ast.literal_eval(path.read_text(encoding="utf-8"))


def declared(module):
    names = manifest(module).get("external_dependencies", {}).get("python", [])
    return {canonicalize_name(name) for name in names}


def imported(module):
    """Return the distributions of others that an addon imports, its tests left out."""
    providers = importlib.metadata.packages_distributions()
    found = set()
    for path in (paths.ADDONS / module).rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            else:
                continue
            found |= {name.partition(".")[0] for name in names}
    found -= {"odoo", *sys.stdlib_module_names}
    distributions = {canonicalize_name(providers[name][0]) for name in found}
    return {BUILDS.get(name, name) for name in distributions}


class TestPins:
    @pytest.mark.parametrize("python", PYTHONS)
    def test_each_package_has_one_version_for_each_python(self, python):
        names = [canonicalize_name(one.name) for one in pins_for(python, setup.REQUIREMENTS)]
        assert len(names) == len(set(names))
        always = {
            canonicalize_name(one.name) for path in setup.REQUIREMENTS for one in lines(path)
        } - {"async-timeout", "exceptiongroup", "pyyaml", "tomli"}  # The newer need none of these.
        assert always <= set(names)

    @pytest.mark.parametrize("path", [*setup.REQUIREMENTS, lint.REQUIREMENTS], ids=lambda p: p.name)
    def test_every_line_is_a_pin(self, path):
        for one in lines(path):
            assert [part.operator for part in one.specifier] == ["=="], one.name

    def test_nothing_is_installed_that_is_not_pinned(self):
        python = ".".join(map(str, sys.version_info[:3]))
        pins = {
            canonicalize_name(one.name): one.specifier
            for one in pins_for(python, setup.REQUIREMENTS)
        }
        tools = {"pip", "setuptools", "wheel"}  # Python's venv brings them.
        folder = importlib.metadata.distribution("pip").locate_file("")
        for one in importlib.metadata.distributions(path=[str(folder)]):
            name = canonicalize_name(one.metadata["Name"])
            if name not in tools:
                assert name in pins, f"{name} {one.version} comes along without a pin"
                assert one.version in pins[name]


class TestAddonsFile:
    def test_it_has_what_the_manifests_need_beyond_odoo(self):
        needed = set().union(*map(declared, our_modules())) - ODOO_HAS
        assert [one.name for one in lines(ADDONS_FILE)] == sorted(needed)

    def test_it_puts_no_version_over_that_of_a_running_odoo(self):
        assert not [one.name for one in lines(ADDONS_FILE) if one.specifier]

    @pytest.mark.parametrize("module", our_modules())
    def test_a_manifest_names_what_its_addon_imports(self, module):
        assert imported(module) - ODOO_HAS - OPTIONAL.get(module, set()) <= declared(module)
        assert declared(module) <= imported(module), "it asks for what it does not use"

    def test_readme_tells_what_is_needed_for_some_files_alone(self):
        text = (paths.REPO / "README.md").read_text(encoding="utf-8")
        for name in set().union(*OPTIONAL.values()):
            assert f"`pip install {name}`" in text

    def test_readme_tells_where_debian_and_the_image_have_each(self):
        text = (paths.REPO / "README.md").read_text(encoding="utf-8")
        row = r"^\| `([\w-]+)` \| (`python3-([\w-]+)`|pip only) \| (?:yes|no) \|$"
        rows = re.findall(row, text, re.MULTILINE)
        assert [row[0] for row in rows] == [one.name for one in lines(ADDONS_FILE)]
        assert all(debian in ("", name) for name, _cell, debian in rows)
        by_pip = [name for name, _cell, debian in rows if not debian]
        assert f"`pip install --break-system-packages {' '.join(by_pip)}`" in text

    def test_readme_installs_this_file_and_not_the_launchers_pins(self):
        text = (paths.REPO / "README.md").read_text(encoding="utf-8")
        assert re.findall(r"pip install .*-r (\S+)$", text, re.MULTILINE) == [ADDONS_FILE.name]


MISSING = """\
ERROR: Ignored the following versions that require a different python version: 4.1.2 …
ERROR: Could not find a version that satisfies the requirement soupsieve==4.1.2 (from versions: 1)
ERROR: No matching distribution found for soupsieve==4.1.2
"""
OFFLINE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /six/
ERROR: Could not find a version that satisfies the requirement six==1.17.0 (from versions: none)
ERROR: No matching distribution found for six==1.17.0
"""
UNKNOWN = OFFLINE.partition("\n")[2]
BROKEN = """\
  error: command 'gcc' failed: No such file or directory
  ERROR: Failed building wheel for gevent
ERROR: Could not build wheels for gevent, which is required to install pyproject.toml-based projects
"""
CONFLICT = "ERROR: Cannot install a==1 and b==2 because these versions conflict.\n"


@pytest.mark.parametrize(
    "output, words",
    [
        (MISSING, ("soupsieve==4.1.2", "Python 3.11.2", "another")),
        (OFFLINE, ("check the network",)),
        (UNKNOWN, ("six==1.17.0", "index")),
        (BROKEN, ("gevent", "Python 3.11.2")),
        (CONFLICT, ("a==1", "b==2")),
        ("", ("Python 3.11.2",)),
    ],
)
def test_a_failure_of_pip_is_told_with_its_cause(output, words):
    sentence = explain(output, "3.11.2")
    assert all(word in sentence for word in words), sentence
    assert ("network" in sentence) == ("network" in words[0])
    assert "\n" not in sentence


class TestUv:
    SETTINGS = (
        ":env:.index-url='https://mine.example/simple'\n"
        "global.cert='/etc/ssl/mine.crt'\n"
        "global.extra-index-url='https://a.example/simple https://b.example/simple'\n"
        "global.index-url='https://theirs.example/simple'\n"
        "global.timeout='60'\n"
    )

    def test_it_is_told_what_pip_is_told(self):
        settings = uv.settings_of(self.SETTINGS)
        command = uv.command(Path("uv"), "python", settings)
        options = list(zip(command, command[1:], strict=False))
        for option, value in (
            ("--python", "python"),
            ("--default-index", "https://mine.example/simple"),
            ("--index", "https://a.example/simple"),
            ("--index", "https://b.example/simple"),
        ):
            assert (option, value) in options
        assert "https://theirs.example/simple" not in command
        assert uv.environment(settings)["SSL_CERT_FILE"] == "/etc/ssl/mine.crt"

    @pytest.mark.parametrize("line", ["global.no-binary=':all:'", "install.require-hashes='1'"])
    def test_it_stays_away_where_pip_is_told_what_it_does_not_know(self, line):
        assert uv.settings_of(self.SETTINGS + line) is None

    def test_what_pip_is_told_for_other_commands_does_not_matter(self):
        line = "download.no-binary=':all:'"
        assert uv.settings_of(self.SETTINGS + line) == uv.settings_of(self.SETTINGS)

    @pytest.mark.parametrize("program", [None, Path("/bin/false")])
    def test_where_it_cannot_be_had_or_fails_pip_is_said_to_do_it(self, program, capsys):
        assert not _install_by_uv(program, Path(sys.executable), "nothing")
        assert "so pip does" in capsys.readouterr().err
