"""Follow README's installation on three kinds of host and back again; write down what each said.

    python3 docs/installation.py

Every command is README's, letter by letter: one that is not there any more stops it. The hosts are
made of the Odoo that the launcher has, with the versions of packages that Odoo names, and install
into copies of a database with CRM.
"""

import dataclasses
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPO), str(REPO / "tests")]

import other_hosts  # noqa: E402 - the launcher's package and its tests lie beside this folder

from tools import setup  # noqa: E402
from tools.host import Host  # noqa: E402

README = (REPO / "README.md").read_text(encoding="utf-8")
TARGET = REPO / "docs/installation.md"
HEAD = """\
# README's installation, followed

Written by `python3 docs/installation.py`, which runs the commands of README's *Install into your
own Odoo* and *Back to stock's `crm_mail_plugin`* as they stand there. Each host is a Python
environment with the versions of packages that Odoo names, in which Odoo lies as on such a host;
the database is a copy of one with CRM, and so with stock's `crm_mail_plugin`. Of what pip and Odoo
say, their successes, warnings and errors are kept.
"""
NEEDS = "pip list --format=freeze > odoo.txt && pip install -c odoo.txt -r requirements-addons.txt"
WHEELS = "./run wheels"
INTO_PYTHON = "pip install --no-deps dist/*.whl"
INTO_FOLDER = "pip install --no-deps --target /opt/open-crm dist/*.whl"
WHICH = re.search(r"python -c .*find_spec.*", README)[0]
INSTALL = (
    "odoo -d DATABASE -i crm_lead_mining,crm_mail_plugin,crm_mail_recipients --stop-after-init"
)
OUT_OF_PYTHON = re.search(r"pip uninstall --yes .*", README)[0]
OUT_OF_FOLDER = re.search(r"rm -r /opt/open-crm/\S*", README)[0]
FORGET = re.search(r"odoo shell -d DATABASE [^']*'[^']*'", README)[0]
STOCK_AGAIN = "odoo -d DATABASE -i crm_mail_plugin --stop-after-init"
#: What pip asks for where Odoo is a package of the system.
BREAK = "--break-system-packages"
STATES = """
    SELECT name, state FROM ir_module_module
     WHERE name IN ('crm_iap_credits', 'crm_lead_mining', 'crm_mail_plugin', 'crm_mail_recipients')
     ORDER BY name
"""
REMOVE = """
env["ir.module.module"].search([("name", "=", "crm_mail_plugin")]).button_immediate_uninstall()
"""
#: What is kept of what was said.
KEPT = re.compile(
    r"^ *(Successfully (?!built )|\d+ wheels|\S+/crm_mail_plugin/__init__.py|.*: Modules loaded"
    r"|ERROR(?!: pip's dependency)|CRITICAL|WARNING \w)"
)
LONGEST = 120


class Followed:
    """One kind of host, and what was said there.

    :ivar lines: of the transcript
    """

    def __init__(self, host: Host, folder: Path, database: str, title: str):
        self.host, self.folder, self.database = host, folder, database
        self.lines = [f"\n## {title}\n"]
        self.packages = other_hosts.packages_of(other_hosts.official_python())
        self.python_path: Path | None = None
        self._places = {REPO: "…"}
        # What the commands leave beside the repository's files does not fall among them.
        self._work = folder / "open-crm"
        self._work.mkdir()
        for name in ("run", "requirements-addons.txt"):
            (self._work / name).symlink_to(REPO / name)

    def set_up(self, python: Path, places: dict[Path, str], *addons_path: Path) -> None:
        """Make `pip`, `python` and `odoo` those of this host.

        :param places: folders, and how they are told
        :param addons_path: of Odoo, where its addons lie outside its package
        """
        self._places |= places
        own = dataclasses.replace(self.host, addons_path=tuple(map(str, addons_path)))
        written = own.config(self.database, log_level="info")
        config = written.replace(self.folder / "odoo.conf")
        binaries = self.folder / "bin"
        binaries.mkdir()
        for name, text in {
            "pip": f'"{sys.executable}" -m pip --python "{python}" "$@"',
            "python": f'"{python}" "$@"',
            "odoo": f'"{python}" -m odoo "$@" -c "{config}" --no-http',
        }.items():
            (binaries / name).write_text(f"#!/bin/bash\nexec {text}\n")
            (binaries / name).chmod(0o755)

    def run(self, command: str, option: str = "") -> None:
        """Run a command of README's; note what it said.

        :param option: another one of pip, which README names beside it
        :raise RuntimeError: if README has it no more, or it fails
        """
        if command not in README and command not in " ".join(README.split()):
            raise RuntimeError(f"README does not say {command}")
        command = command.replace("\n    ", "\n")
        if option:
            command = re.sub(r"pip (un)?install", rf"\g<0> {option}", command)
        text = command.replace("DATABASE", self.database)
        done = subprocess.run(
            ["bash", "-c", text.replace("/opt/", f"{self.folder}/opt/")],
            cwd=self._work,
            env=self._variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{command}\n{done.stdout}")
        said = [line for line in map(self._plain, done.stdout.splitlines()) if KEPT.match(line)]
        self.lines += ["```console", *f"$ {command}".splitlines(), *said, "```"]

    def install_needs(self, option: str = "") -> None:
        """Install what our addons need beyond Odoo.

        :raise RuntimeError: if a package of Odoo's gets another version
        """
        self.run(NEEDS, option)
        before = set((self._work / "odoo.txt").read_text().splitlines())
        listed = [self.folder / "bin/pip", "list", "--format=freeze"]
        after = subprocess.check_output(listed, env=self._variables(), text=True)
        if lost := before - set(after.splitlines()):
            raise RuntimeError(f"pip replaced {', '.join(sorted(lost))}")

    def uninstall(self) -> None:
        """Do what a click in Apps does."""
        subprocess.run(
            [self.folder / "bin/odoo", "shell", "-d", self.database],
            env=self._variables(),
            input=REMOVE,
            text=True,
            check=True,
            capture_output=True,
        )

    def tell_states(self) -> None:
        rows = self.host.sql(STATES, database=self.database)
        told = ", ".join(f"`{name}` {state}" for name, state in rows)
        self.lines.append(f"The database has {told}.\n")

    def _variables(self) -> dict[str, str]:
        variables = other_hosts.variables() | self.host.database_environment
        variables["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        if self.python_path:
            variables["PYTHONPATH"] = str(self.python_path)
        return variables

    def _plain(self, line: str) -> str:
        """Take out what differs from machine to machine and from day to day."""
        line = re.sub(r"^\d{4}-\d\d-\d\d \S+ \d+ ", "", line).replace(self.database, "DATABASE")
        for folder, told in self._places.items():
            line = line.replace(str(folder), told)
        line = re.sub(r"(?<![\w.…/])/(?!opt/|usr/)[^\s:',\]]*/", "…/", line)
        return f"{line[:LONGEST]} …" if len(line) > LONGEST else line.rstrip()


def _checkout(followed: Followed, home: Path) -> None:
    stock = other_hosts.stock_folder(followed.host)
    checkout, python = other_hosts.on_a_checkout(home, stock, followed.packages)
    packages = other_hosts.packages_of(python)
    # Odoo is started in its checkout, pip and this page's commands elsewhere.
    (Path(packages) / "odoo.pth").write_text(str(checkout))
    places = {checkout: "…/odoo", Path(packages): "…/site-packages"}
    followed.set_up(python, places, checkout / "addons")
    followed.install_needs()
    followed.run(WHEELS)
    followed.run(INTO_PYTHON)
    followed.run(WHICH)
    followed.run(INSTALL)
    followed.tell_states()
    _go_back(followed)
    followed.run(OUT_OF_PYTHON)
    followed.run(FORGET)
    followed.run(STOCK_AGAIN)


def _system(followed: Followed, home: Path) -> None:
    stock = other_hosts.stock_folder(followed.host)
    python = other_hosts.of_the_system(home, stock, followed.packages)
    packages = Path(other_hosts.packages_of(python))
    places = {stock: "/usr/lib/python3/dist-packages", packages: "/usr/local/lib/python3"}
    followed.set_up(python, places)
    followed.install_needs(BREAK)
    followed.run(WHEELS)
    followed.run(INTO_PYTHON, BREAK)
    followed.run(WHICH)
    followed.run(INSTALL)
    followed.tell_states()
    _go_back(followed)
    followed.run(OUT_OF_PYTHON, BREAK)
    followed.run(FORGET)
    followed.run(WHICH)
    followed.run(STOCK_AGAIN)


def _archive(followed: Followed, home: Path) -> None:
    stock = other_hosts.stock_folder(followed.host)
    python = other_hosts.by_pip(home, stock, followed.packages)
    packages = Path(other_hosts.packages_of(python))
    followed.set_up(python, {packages: "…/site-packages", home / "opt": "/opt"})
    followed.install_needs()
    followed.run(WHEELS)
    followed.run(INTO_FOLDER)
    followed.python_path = home / "opt/open-crm"
    followed.lines.append("From here on with `PYTHONPATH=/opt/open-crm`.\n")
    followed.run(WHICH)
    followed.run(INSTALL)
    followed.tell_states()
    _go_back(followed)
    followed.run(OUT_OF_FOLDER)
    followed.run(FORGET)
    followed.run(WHICH)
    followed.run(STOCK_AGAIN)


def _go_back(followed: Followed) -> None:
    followed.uninstall()
    followed.lines += [
        "### Back to stock's `crm_mail_plugin`\n",
        "Ours was uninstalled in Apps, and no server runs.\n",
    ]


HOSTS = {
    "A virtual environment with a checkout of Odoo": _checkout,
    "Debian's package, and the official image, which has the same layout": _system,
    "Odoo installed with pip from its archive": _archive,
}


def main() -> int:
    """Write the transcript; return the exit status."""
    lines = []
    with setup.ready() as host, tempfile.TemporaryDirectory() as folder:
        for number, (title, follow) in enumerate(HOSTS.items()):
            home = Path(folder, str(number))
            home.mkdir()
            with host.database("readme", ours=False) as database:
                followed = Followed(host, home, database, title)
                follow(followed, home)
                followed.tell_states()
                lines += followed.lines
    TARGET.write_text(HEAD + "\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
