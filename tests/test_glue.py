"""Addons that install themselves arrive in any order; what is missing is told, and installed."""

import dataclasses
import json
import urllib.request

import pytest
from installation import COMPLAINT, states, update

from tools import paths

GLUE = [
    "crm_mail_plugin_project",
    "crm_mail_recipients_account",
    "crm_mail_recipients_mass_mailing",
    "crm_mail_recipients_sale",
]
TABLES = "SELECT to_regclass('mail_plugin_connection') IS NOT NULL"
MISSING = """
import json
settings = env["res.config.settings"].create({})
print(json.dumps(sorted(settings.missing_glue_ids.mapped("name"))))
"""
INSTALL = "env['res.config.settings'].create({}).action_install_missing_glue()"
#: What runs by itself or on a click, apart from the add-ins, and would ask for the tables.
GO_ON = """
import json
from odoo.addons.crm_common.tools.traces import Traces
env["ir.autovacuum"].with_context(cron_id=env.ref("base.autovacuum_job").id)._run_vacuum_cleaner()
env.user._action_revoke_all_devices()
found = env["mail.plugin.claim"]._person_find(Traces(emails=["a@acme.example"]), [False])
print(json.dumps(len(found)))
"""


def version(server):
    """What an add-in is told that asks whether it is served."""
    request = urllib.request.Request(
        f"{server.url}/mail_plugin/auth/check_version",
        data=json.dumps({"jsonrpc": "2.0", "params": {}}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture
def database(host):
    with host.database("glue", ours=False) as name:
        yield name


def test_stocks_mail_plugin_is_taken_over_by_whatever_addon_of_ours_comes_first(host, database):
    log = update(host, database, "-i", "crm_mail_recipients")
    assert states(host, database, "crm_mail_plugin", *GLUE) == {"installed"}
    assert host.sql(TABLES, database=database) == [[True]]
    assert COMPLAINT.findall(log) == []


def test_what_did_not_come_is_told_in_the_settings_and_installed_from_there(host, database):
    update(host, database, "-i", "crm_mail_recipients", "--skip-auto-install")
    assert states(host, database, *GLUE) == {"uninstalled"}
    assert json.loads(host.shell(database, MISSING).splitlines()[-1]) == GLUE
    host.shell(database, INSTALL)
    assert states(host, database, *GLUE) == {"installed"}
    assert json.loads(host.shell(database, MISSING).splitlines()[-1]) == []


def test_without_the_update_it_is_one_sentence_and_with_it_all_is_there(host, database):
    """Ours were installed where stock's mail plugin was found first, which was mended since."""
    overlay = str(paths.STATE / "overlay")
    late = dataclasses.replace(
        host, python_path=tuple(path for path in host.python_path if path != overlay)
    )
    update(late, database, "-i", "crm_iap_credits")
    assert host.sql(TABLES, database=database) == [[False]]

    with host.server(database, cron=0) as server:
        refused = version(server)["error"]["message"]
        assert "odoo -u crm_mail_plugin" in refused
        complaints = COMPLAINT.findall(server.log_path.read_text())
    # Odoo itself lists the columns that the update will make.
    told, refusal = [one for one in complaints if "Missing not-null constraint" not in one]
    assert f"odoo -d {database} -u crm_mail_plugin" in told
    assert refused in refusal
    assert host.shell(database, GO_ON).strip().endswith("0")

    assert COMPLAINT.findall(update(host, database, "-u", "crm_mail_plugin")) == []
    assert states(host, database, "crm_mail_plugin_project") == {"installed"}
    with host.server(database, cron=0) as server:
        assert version(server)["result"] == 1
