"""Other kinds of host than the launcher's: Python environments as Odoo is installed in them.

Each finds the packages of a folder.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import paths, python_env

#: The versions of packages that Odoo 19 names.
OFFICIAL = paths.REPO / "tests/odoo-requirements.txt"


def official_python(*more) -> Path:
    """Return the Python of an environment with those, with what they need, and `more` files."""
    return python_env.ensure("official", [OFFICIAL, *more])


def of_the_system(folder, stock, packages):
    """Return Python where Odoo is a package of the system, as Debian's is and the image has it."""
    return _venv(folder / "venv", stock, packages)


def on_a_checkout(folder, stock, packages):
    """Return a checkout as git has it, and the Python that pip has told of it."""
    checkout = folder / "odoo"
    ignored = shutil.ignore_patterns("addons", "__pycache__")
    shutil.copytree(stock / "odoo", checkout / "odoo", ignore=ignored)
    core = checkout / "odoo/addons"
    for home in (core, checkout / "addons"):
        home.mkdir(parents=True)
    for addon in (stock / "odoo/addons").iterdir():
        if addon.is_dir():
            home = core if addon.name == "base" else checkout / "addons"
            (home / addon.name).symlink_to(addon)
    python = _venv(folder / "venv", packages)
    known = Path(packages_of(python), "odoo-19.0.dist-info")
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n")
    return checkout, python


def by_pip(folder, stock, packages):
    """Return Python into whose packages pip has installed Odoo itself."""
    python = _venv(folder / "venv", packages)
    Path(packages_of(python), "odoo").symlink_to(stock / "odoo")
    return python


def stock_folder(host):
    """Return the folder that Odoo's package lies in."""
    code = "import odoo.tools; print(odoo.tools.__path__[0])"
    environment = host.without_ours().environment()
    found = subprocess.check_output([host.python, "-c", code], env=environment, text=True).strip()
    return Path(found).parent.parent


def pip(python, *arguments):
    """Have pip install into the environment of `python` without asking an index."""
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index"]
    done = subprocess.run(
        [*command, "--no-compile", "--disable-pip-version-check", *map(str, arguments)],
        env=variables(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def variables():
    """Return what the environment says, but for the launcher's overlay and settings."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PG", "ODOO"))}


def packages_of(python):
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    return subprocess.check_output([python, "-c", code], text=True).strip()


def _venv(folder, *behind):
    """Return the Python of a clean environment that also finds the packages in `behind`."""
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    [packages] = folder.glob("lib/python3.*/site-packages")
    (packages / "behind.pth").write_text("\n".join(map(str, behind)), encoding="utf-8")
    return folder / "bin/python"
