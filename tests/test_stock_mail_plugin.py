"""Stock's own tests of the add-ins' server, run against our drop-in for crm_mail_plugin."""

import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tools import paths
from tools.host import free_port

OURS = "crm_mail_plugin"
STOCK_ADDONS = (OURS, "mail_plugin", "project_mail_plugin")
# Stock buys a company's data on opening an e-mail, which an administrator has to allow ours.
BUY_ON_OPENING = (
    "INSERT INTO ir_config_parameter (key, value) VALUES ('crm_mail_plugin.enrichment', 'open')"
)
WHERE_STOCK_IS = "import odoo.addons.mail_plugin as addon; print(addon.__path__[0])"


@pytest.fixture(scope="module")
def stock_results(host, tmp_path_factory):
    """Run the three suites in one process.

    :return: for each test's name, what went wrong ("" when nothing did)
    """
    report = tmp_path_factory.mktemp("stock") / "report.xml"
    with host.database("stock_mail_plugin") as database:
        host.sql(BUY_ON_OPENING, database=database)
        config = host.config(database, http_port=free_port())
        command = [host.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        # Of a rootdir above all suites, names begin with the path, which holds the addon's.
        options = ["--import-mode=importlib", f"--odoo-config={config}", "--odoo-http"]
        options.append("--rootdir=/")
        suites = _stock_folders(host, tmp_path_factory.mktemp("overlay"))
        done = subprocess.run(
            [*command, *options, f"--junit-xml={report}", *suites],
            env=_environment(host, suites[0]),
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert report.exists(), done.stdout + done.stderr
    return {
        f"{case.get('classname')}.{case.get('name')}": "".join(
            (problem.text or problem.get("message"))
            for kind in ("failure", "error", "skipped")
            for problem in case.iter(kind)
        )
        for case in ElementTree.parse(report).iter("testcase")
    }


def _stock_folders(host, overlay):
    """Return the folders of the suites.

    The one of the addon that is ours now is seen inside ours: pytest imports the packages that a
    test lies in, so at its own place it would test stock's addon.
    """
    done = subprocess.run(
        [host.python, "-c", WHERE_STOCK_IS],
        env=host.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    stock = Path(done.stdout.strip()).parent
    ours = overlay / "odoo/addons" / OURS
    ours.mkdir(parents=True)
    for entry in (paths.ADDONS / OURS).iterdir():
        if entry.name != "tests":
            (ours / entry.name).symlink_to(entry)
    shutil.copytree(stock / OURS / "tests", ours / "tests")
    return [str(ours if name == OURS else stock / name) for name in STOCK_ADDONS]


def _environment(host, ours):
    """Return the environment in which the addon is found with stock's tests in it."""
    overlay = str(Path(ours).parents[2])
    environment = host.environment()
    environment["PYTHONPATH"] = os.pathsep.join([overlay, environment["PYTHONPATH"]])
    return environment


@pytest.mark.parametrize("addon", STOCK_ADDONS)
def test_the_stock_suite_passes_with_our_addon_in_place(stock_results, addon):
    of_addon = {name: text for name, text in stock_results.items() if f".{addon}." in f".{name}"}
    assert of_addon, "no test of this suite was collected"
    assert [name for name, text in of_addon.items() if text] == [], "\n".join(of_addon.values())


def test_the_addon_that_is_loaded_is_ours(host):
    done = subprocess.run(
        [host.python, "-c", WHERE_STOCK_IS.replace("mail_plugin", "crm_mail_plugin")],
        env=host.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    manifest = Path(done.stdout.strip()) / "__manifest__.py"
    assert "Open CRM Services" in manifest.read_text(encoding="utf-8")
