"""A copy of a database asks nobody, charges nothing, mails nobody and keeps no key of production's.

A copy is one that was neutralized, or one that Odoo's own means have duplicated or restored as a
copy, which gives it an identity of its own.
"""

import json
import re
import time
from contextlib import closing

import psycopg2
import pytest
from mail_plugin_client import SET_UP, Addin
from test_free_features import Session
from test_mining_providers import CREDITS, ProviderServer, hunter
from test_mining_providers import SETUP as PROVIDERS

from tools import paths
from tools.console import execute
from tools.host import our_modules

LEASE_SECONDS = 2
#: How long servers with schedulers run on a copy, seconds.
WATCHED = 8

#: Fills everything that a copy must not keep, and queues what it must not do.
FILL = """
import json
from datetime import timedelta
from odoo import fields
from odoo.addons.crm_iap_credits.tools.ledger import NO_DOCUMENT, Wish
env["ir.config_parameter"].set_param("crm_lead_enrichment.mode", "automatic")
account = env["iap.account"]._get_local("reveal")
belgium = [(6, 0, env.ref("base.be").ids)]
env["lead.mining.request"].create(
    {"lead_number": 5, "country_ids": belgium}
).action_generate()
running = env["lead.mining.request"].create({"lead_number": 5, "country_ids": belgium})
running.action_generate()
lead = env["crm.lead"].create({"name": "Question", "email_from": "jane@synthetic1.example"})
env["lead.mining.search"].create({
    "name": "Each day", "lead_number": 5, "schedule": "daily", "country_ids": belgium,
    "next_run": fields.Datetime.now() - timedelta(days=1),
})
env["mail.plugin.code"].sudo().create({"nonce": "of-production"})
account.warning_threshold = 100000
env.cr.commit()
hold = account.hold(5, reason="Test", idempotency_key="running")
env.cr.execute(env["iap.credit.wish"]._get_insertion(Wish(
    account_id=account.id, credits=5, token="of-production", reason="Test",
    idempotency_key="waiting", request_hash="", document=NO_DOCUMENT,
    expires_in=timedelta(days=1))))
env.flush_all()
env.cr.execute(
    "UPDATE lead_mining_run SET state = 'running', lease_token = 'lease', hold_token = %s,"
    " hold_credits = 5, lease_expires_at = now() AT TIME ZONE 'utc' WHERE id = %s",
    [hold.token, running.run_id.id])
env.cr.execute("UPDATE lead_enrichment SET lease_token = 'lease', hold_token = 'hold'")
env.cr.commit()
print(json.dumps({"account": account.id, "lead": lead.id}))
"""

#: Columns of ours that can hold a secret, as Odoo's registry knows them.
SECRETS = r"""
import json, re
ours = set({modules!r})
found = []
for name, model in sorted(env.registry.items()):
    if model._abstract or model._transient or not model._auto:
        continue
    for field in model._fields.values():
        stored = field.store and field.column_type and field.type in ("char", "text", "binary")
        named = re.search("passw|secret|token|nonce|credential|api_key|base_url", field.name)
        if stored and named and ours & set(field._modules or ()):
            found.append([model._table, field.name])
print(json.dumps(found + [["iap_account", "account_token"]]))
"""
CRONS = """
import json
ours = set({modules!r})
crons = env["ir.cron"].with_context(active_test=False).search([])
xmlids = crons.get_external_id()
models = env["ir.model"].search([]).get_external_id()
of_ours = [
    cron for cron in crons
    if {{xmlids[cron.id].split(".")[0], models[cron.model_id.id].split(".")[0]}} & ours
]
print(json.dumps([[cron.cron_name, cron.active] for cron in of_ours]))
"""
#: What an administrator of the copy tries by hand.
BY_HAND = """
import json
from unittest.mock import patch
providers = env["lead.mining.provider"].with_context(active_test=False).search(
    [("code", "in", ("hunter", "recherche_entreprises", "companies_house", "people_data_labs",
                     "odoo_iap", "gleif"))])
providers.write({{"active": True, "api_key": "copy", "base_url": {url!r}}})
sentences = {{}}
for provider in providers:
    sentences[provider.code] = provider.action_test_connection()["params"]["message"]
env["lead.enrichment.worker"]._run_lane()
env["lead.mining.worker"]._run_lane()
env["lead.mining.search"]._cron_run_due()
from odoo.addons.crm_lead_enrichment.tools.enrichment import subject_of
found = env["lead.mining.provider"].sudo()._enrich(subject_of(["synthetic2.example"]))
env["ir.cron"].with_context(active_test=False).search([("code", "like", "_run_lane")]).active = True
env.cr.commit()
print(json.dumps({{"sentences": sentences, "problems": found.problems,
                   "company": found.company and found.company.name}}))
"""


#: Modules of ours that may open a connection: each is told when the network is closed.
DOORS = {
    "crm_lead_directory/registers/download.py",
    "crm_lead_directory/registers/network.py",  # how that one asks
    "crm_lead_mining/providers/http.py",
    "crm_common/tools/pieces.py",  # which reads what the others have opened
    "crm_common/tools/public_hosts.py",
    "crm_lead_mining/providers/website/visit.py",
    "crm_mail_plugin/tools/address_check.py",  # asks this database itself, as an add-in would
    "crm_iap_server/tools/in_time.py",  # looks at the connection that a request has come by
    "crm_mail_plugin/tools/fetch.py",
    "crm_mail_plugin_outlook/tools/pane_check.py",  # the same, of the pane
    "crm_mail_plugin_google/tools/network.py",  # Gmail, which a copy's notice comes before
}
CONNECTS = re.compile(
    r"^\s*(?:import|from) (?:requests|urllib3|httpx|socket|smtplib|ftplib|http\.client"
    r"|urllib\.request|xmlrpc)\b|iap_jsonrpc\(",
    re.MULTILINE,
)


def test_nothing_of_ours_opens_a_connection_by_another_door():
    sources = [path for path in paths.ADDONS.rglob("*.py") if "tests" not in path.parts]
    found = {
        str(path.relative_to(paths.ADDONS))
        for path in sources
        if CONNECTS.search(path.read_text(encoding="utf-8"))
    }
    assert found == DOORS


def answered(host, database: str, script: str) -> object:
    """Return the JSON that a script in an Odoo shell ends with."""
    return json.loads(host.shell(database, script).splitlines()[-1])


def values_of(host, database: str, columns: list) -> dict:
    """Return what is in these columns that is not empty, as text."""
    return {
        f"{table}.{column}": [
            value
            for [value] in host.sql(
                f'SELECT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL ORDER BY 1',
                database=database,
            )
        ]
        for table, column in columns
    }


def let_schedulers_work(host, database: str) -> None:
    with psycopg2.connect(**host.dsn("postgres")) as schedulers:
        schedulers.autocommit = True
        deadline = time.monotonic() + WATCHED
        while time.monotonic() < deadline:
            with schedulers.cursor() as cr:
                cr.execute("SELECT pg_notify('cron_trigger', %s)", [database])
            time.sleep(0.5)


class Copy:
    """A neutralized database and what it was filled with before."""

    def __init__(self, host, name: str, provider):
        self.host, self.name, self.provider = host, name, provider
        self.known = json.loads(host.shell(name, SET_UP).splitlines()[-1])
        host.shell(name, PROVIDERS.format(url=provider.url, lease=LEASE_SECONDS, credits=CREDITS))
        self.known |= answered(host, name, FILL)
        self.columns = answered(host, name, SECRETS.format(modules=our_modules()))
        self.secrets = values_of(host, name, self.columns)
        self.mails = self.count_mails()
        self.balance = self.ledger()

    def run_odoo(self, *arguments: str) -> None:
        log = paths.LOGS / f"copy-{self.name}.log"
        command = [self.host.python, "-m", "odoo", *arguments]
        execute(command, log=log, env=self.host.environment(), advice="Odoo failed")

    def count_mails(self) -> int:
        [[mails]] = self.host.sql("SELECT count(*) FROM mail_mail", database=self.name)
        return mails

    def ledger(self) -> list:
        return self.host.sql(
            "SELECT kind, amount::text FROM iap_credit_entry ORDER BY id", database=self.name
        )


@pytest.fixture(scope="module")
def copy(host):
    with host.database("copy") as name, closing(ProviderServer(hunter)) as provider:
        copy = Copy(host, name, provider)
        copy.run_odoo("neutralize", "-c", str(host.config(name)))
        yield copy


def test_everything_was_filled(copy):
    assert [name for name, values in copy.secrets.items() if not values] == []


def test_every_column_of_ours_that_holds_a_secret_is_emptied(copy):
    now = values_of(copy.host, copy.name, copy.columns)
    # Accounts and holds must have a token: they have another one.
    replaced = {name: now.pop(name) for name in ("iap_account.account_token",
                                                 "iap_credit_hold.token")}  # fmt: skip
    assert {name: values for name, values in now.items() if values} == {}
    for name, values in replaced.items():
        before = {value.partition("+")[0] for value in copy.secrets[name]}
        assert before.isdisjoint(value.partition("+")[0] for value in values)


def test_every_scheduled_action_of_ours_is_off(copy):
    crons = answered(copy.host, copy.name, CRONS.format(modules=our_modules()))
    assert len(crons) >= 12
    assert [name for name, active in crons if active] == []


def test_nothing_goes_on_after_an_update_of_our_addons(copy):
    options = ["-u", ",".join(our_modules()), "--stop-after-init", "--no-http"]
    copy.run_odoo("-c", str(copy.host.config(copy.name)), *options)
    crons = answered(copy.host, copy.name, CRONS.format(modules=our_modules()))
    assert [name for name, active in crons if active] == []
    with copy.host.server(copy.name, cron=2) as server:
        let_schedulers_work(copy.host, copy.name)
        addin = Addin(server.url, copy.known["token"])
        assert "result" not in addin.post("/mail_plugin/log_mail_content", {}).json()
        # Settings can be saved on the copy.
        session = Session(server.url, copy.name, "admin", "admin")
        names = list(session.call("res.config.settings", "fields_get", [], ["type"]))
        values = session.call("res.config.settings", "default_get", names)
        values = {name: value for name, value in values.items() if value != []}
        [settings] = session.call("res.config.settings", "create", [values])
        session.call("res.config.settings", "execute", [settings])
    assert copy.provider.asked == []
    assert copy.ledger() == copy.balance
    assert copy.count_mails() == copy.mails


def test_not_even_an_administrator_who_switches_all_on_by_hand_asks_anybody(copy):
    answer = answered(copy.host, copy.name, BY_HAND.format(url=copy.provider.url))
    assert len(answer["sentences"]) == 6
    for sentence in (*answer["sentences"].values(), *answer["problems"]):
        assert "neutralized copy" in sentence
    with copy.host.server(copy.name, cron=2) as server:
        let_schedulers_work(copy.host, copy.name)
        token = answered(copy.host, copy.name, NEW_TOKEN)
        addin = Addin(server.url, token)
        person = {"email": "zoe@synthetic3.example", "name": "Zoe"}
        found = addin.call("/mail_plugin/partner/get", person)
        assert "neutralized copy" in found["partner"]["enrichment_info"]["info"]
    assert copy.provider.asked == []
    assert copy.ledger() == copy.balance


NEW_TOKEN = """
import json
user = env["res.users"].search([("login", "=", "sally")])
env["ir.config_parameter"].set_param("crm_mail_plugin.enrichment", "open")
token = env["res.users.apikeys"].with_user(user).generate_for_addin("Copy", "https://x.test", 9)
env.cr.commit()
print(json.dumps(token))
"""
