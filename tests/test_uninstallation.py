"""All our addons into a database that exists, used, and removed: it is as it was before.

`hr` is there as well: it names many fields of contacts and users.
"""

import json
import re
import subprocess

import pytest
from installation import COMPLAINT, update

from tools import paths
from tools.host import our_modules

CATALOG = {
    "columns": """
        SELECT table_name, column_name, data_type FROM information_schema.columns
         WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": """
        SELECT proname FROM pg_proc LEFT JOIN pg_depend ON objid = pg_proc.oid AND deptype = 'e'
         WHERE pronamespace = 'public'::regnamespace AND objid IS NULL
    """,
    "triggers": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
    "sequences": "SELECT relname FROM pg_class WHERE relkind = 'S'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name FROM ir_model_fields",
    "parameters": "SELECT key, value FROM ir_config_parameter",
    "defaults": "SELECT field_id, json_value FROM ir_default",
    "jobs": "SELECT cron_name, active, interval_number, interval_type FROM ir_cron",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "rights": "SELECT name, perm_read, perm_write, perm_create, perm_unlink FROM ir_model_access",
    "rules": "SELECT name, domain_force FROM ir_rule",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu",
    "views": "SELECT name, arch_db->>'en_US' FROM ir_ui_view",
    "actions": "SELECT name->>'en_US', type FROM ir_actions",
    "activity types": "SELECT name->>'en_US' FROM mail_activity_type",
    "subtypes": "SELECT name->>'en_US' FROM mail_message_subtype",
    "templates": "SELECT name->>'en_US' FROM mail_template",
    "sequences of numbers": "SELECT name, prefix FROM ir_sequence",
    "assets": "SELECT bundle, path FROM ir_asset",
}
#: Where rows name a model: none may be left that names one that is gone.
NAMES = {
    "ir_act_window": "res_model",
    "ir_attachment": "res_model",
    "ir_exports": "resource",
    "ir_filters": "model_id",
    "ir_model_data": "model",
    "ir_ui_view": "model",
    "mail_activity": "res_model",
    "mail_activity_type": "res_model",
    "mail_followers": "res_model",
    "mail_message": "model",
    "mail_message_subtype": "res_model",
    "mail_scheduled_message": "model",
    "mail_template": "model",
}
USE = """
import datetime
for key, value in {
    "crm_lead_mining.price_lead": "3",
    "crm_lead_enrichment.price": "4",
    "crm_mail_plugin.token_days": "7",
    "crm_iap_credits.trial_credits": "7",
}.items():
    env["ir.config_parameter"].set_param(key, value)
env["ir.default"].set("lead.mining.request", "lead_number", 9)
dataset = env["lead.directory.dataset"].create({"name": "Register"})
company = env["lead.directory.company"].create({
    "dataset_id": dataset.id, "identity": "domain:synthetic.example", "name": "Synthetic",
    "domain": "synthetic.example", "country_code": "BE", "industry": "62", "industries": "62"})
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust(10 - account.credits_available, reason="Test", idempotency_key="use")
env.cr.commit()
request = env["lead.mining.request"].create(
    {"lead_number": 1, "country_ids": [(6, 0, env.ref("base.be").ids)]})
request.action_generate()
env.cr.commit()
env["lead.mining.worker"]._run_lane()
assert request.lead_ids.partner_name == "Synthetic"
account.warning_threshold = 1000
admin = env.ref("base.user_admin")
admin.email = "admin@acme.example"
account.warning_user_ids = admin
env["iap.account"]._cron_alert()
assert account.activity_ids
search = env["lead.mining.search"].create({"name": "Each week", "owner_id": admin.id})
for record in (request, search, request.lead_ids):
    if "activity_ids" in record._fields:
        record.activity_schedule("mail.mail_activity_data_todo", user_id=admin.id)
    if "message_ids" in record._fields:
        record.message_post(body="Seen", attachments=[("seen.txt", b"Seen")])
        record.message_subscribe(env.ref("base.partner_admin").ids)
        env["mail.scheduled.message"].create({
            "model": record._name, "res_id": record.id, "body": "Later",
            "author_id": env.ref("base.partner_admin").id,
            "scheduled_date": datetime.datetime.now() + datetime.timedelta(days=1)})
for model in ("lead.mining.request", "iap.credit.entry", "mail.recipient.log"):
    env["ir.filters"].create({"name": "Mine", "model_id": model, "domain": "[]"})
    env["ir.exports"].create({"name": "Mine", "resource": model})
env["lead.mining.suppression"].create({"kind": "email", "value": "never@acme.example"})
env.company.recipient_policy = True
env.cr.commit()
"""
REMOVE = """
env["ir.module.module"].search([("name", "=", "crm_common")]).button_immediate_uninstall()
"""
#: What README gives Odoo's shell on the way back to stock's mail plugin.
FORGET = r"odoo shell -d DATABASE --no-http <<< '([^']*)'"


@pytest.fixture(scope="module")
def journey(host):
    """The database before, and after all of ours were installed, used and removed."""
    with host.database("uninstallation", ours=False) as database:
        # The helpdesk is OCA's, and comes with what joins it.
        update(host.without_ours(), database, "-i", "hr,helpdesk_mgmt")
        before = look(host, database)
        installed = update(host, database, "-i", ",".join(our_modules()))
        host.shell(database, USE)
        removed = log_of_shell(host, database, REMOVE)
        yield database, before, installed, removed


def look(host, database):
    return {
        what: {json.dumps(row) for row in host.sql(query, database=database)}
        for what, query in CATALOG.items()
    }


def log_of_shell(host, database, script):
    """Run a script in Odoo's shell; return what a server would log of it."""
    done = subprocess.run(
        [*host.odoo_command(database)[:3], "shell", *host.odoo_command(database)[3:], "--no-http"],
        env=host.environment(),
        input=f"exec({script!r})\nprint('done')\n",
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout.endswith("done\n"), done.stderr[-3000:]
    return done.stderr


def test_nothing_of_ours_is_left(host, journey):
    database, before, _installed, _removed = journey
    after = look(host, database)
    for what in CATALOG:
        assert after[what] - before[what] == set(), what


def test_nothing_points_at_what_is_gone(host, journey):
    database, *_rest = journey
    for table, column in NAMES.items():
        query = (
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
            f" AND {column} NOT IN (SELECT model FROM ir_model)"
        )
        assert host.sql(query, database=database) == [], table
    pointless = """
        SELECT res_model, summary FROM mail_activity WHERE NOT EXISTS (
            SELECT FROM ir_model_fields WHERE model = res_model AND name = 'activity_ids')
    """
    assert host.sql(pointless, database=database) == []


def test_nothing_of_ours_complains_in_the_log(journey):
    _database, _before, installed, removed = journey
    assert COMPLAINT.findall(installed) == []
    assert COMPLAINT.findall(removed) == []


def test_stocks_mail_plugin_comes_back(host, journey):
    """README's way back, after ours were removed as above."""
    database, before, *_rest = journey
    stock = host.without_ours()
    [script] = re.findall(FORGET, (paths.REPO / "README.md").read_text(encoding="utf-8"))
    stock.shell(database, script.replace("\n    ", "\n"))
    log = update(stock, database, "-i", "crm_mail_plugin")
    assert COMPLAINT.findall(log) == []
    after = look(stock, database)
    for what in CATALOG:
        assert after[what] ^ before[what] == set(), what
