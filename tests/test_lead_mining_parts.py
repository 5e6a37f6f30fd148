"""Directory and enrichment come with Lead Mining, and it goes on without each of its parts."""

import json

import pytest

from tools.commands.test import NO_AUTOVACUUM

LOOK = """
import json
Module = env["ir.module.module"]
Provider = env["lead.mining.provider"].with_context(active_test=False)
provider = Provider.search([("code", "=", "directory")])
print(json.dumps({
    "installed": sorted(Module.search(
        [("name", "=like", "crm_lead_directory"), ("state", "=", "installed")]).mapped("name")),
    "offered": "directory" in dict(Provider._selection_code()),
    "searched": "directory" in env["lead.mining.request"]._searched_codes(),
    "in use": provider.mapped("active"),
    "delivered": env["lead.mining.result"].search_count([("provider_id.code", "=", "directory")]),
    "tables": sorted(
        env["ir.model"].search([("model", "=like", "lead.directory.%")]).mapped("model")),
    "jobs": sorted(env["ir.cron"].with_context(active_test=False).search(
        [("model_id.model", "=like", "lead.directory.%")]).mapped("code")),
    "menus": sorted(env["ir.model.data"].search(
        [("module", "=", "crm_lead_directory"), ("model", "=", "ir.ui.menu")]).mapped("name")),
}))
"""
MINE_FROM_THE_DIRECTORY = """
import json
env.company.country_id = env.ref("base.be")
dataset = env["lead.directory.dataset"].create({{"name": "Register {number}"}})
env["lead.directory.company"].create({{
    "dataset_id": dataset.id, "identity": "domain:synthetic{number}.example",
    "name": "Synthetic {number}", "domain": "synthetic{number}.example", "country_code": "BE",
    "industry": "62", "industries": "62"}})
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust(
    10 - account.credits_available, reason="Test", idempotency_key="credits {number}")
env.cr.commit()
request = env["lead.mining.request"].create(
    {{"lead_number": 1, "country_ids": [(6, 0, env.company.country_id.ids)]}})
request.action_generate()
env.cr.commit()
env["lead.mining.worker"]._run_lane()
print(json.dumps(request.lead_ids.mapped("partner_name")))
"""
#: All that users and scheduled actions do, with a provider that another addon has brought.
GO_ON = """
import base64, json
from odoo.addons.crm_lead_mining.tests.common import SyntheticProvider, synthetic_company
from odoo.exceptions import UserError
for model in sorted(name for name in env.registry if name.startswith("lead.")):
    if not env[model]._abstract and not env[model]._transient:
        env[model].search([], limit=1)
for view in env["ir.ui.view"].search([("model", "in", [
        *(name for name in env.registry if name.startswith("lead.")),
        "crm.lead", "res.partner", "res.config.settings"])]):
    if view.type != "qweb":
        env[view.model].get_view(view.id, view.type)
env["res.config.settings"].create({"lead_mining_max_leads": 50}).execute()
env["lead.mining.suppression"].create({"kind": "domain", "value": "never.example"})
wizard = env["lead.mining.suppression.import"].create({"file": base64.b64encode(b"a\\0b" * 99)})
try:
    wizard.action_preview()
except UserError as error:
    refused = str(error)
privacy = env["lead.mining.privacy"].create({"email": "ada@acme.example"})
privacy.action_search()
privacy.action_erase()
old = env["lead.mining.request"].search([], limit=1)
again = old.copy({"provider_id": old.result_ids.provider_id.id})
try:
    again.action_generate()
except UserError as error:
    gone = str(error)
Model = env.registry["lead.mining.provider"]
known = Model._adapter_classes
Model._adapter_classes = lambda self: known(self) | {"synthetic": SyntheticProvider}
SyntheticProvider.companies = (synthetic_company(7),)
env["lead.mining.provider"].create({"name": "Synthetic", "code": "synthetic", "sequence": 1})
request = env["lead.mining.request"].create({"lead_number": 1, "country_ids": [
    (6, 0, env.ref("base.be").ids)]})
request.action_generate()
env.cr.commit()
for cron in env["ir.cron"].search([("model_id.model", "=like", "lead.%")]):
    cron.ir_actions_server_id.run()
Model._adapter_classes = known
print(json.dumps({
    "mined": request.lead_ids.mapped("partner_name"), "refused": refused, "gone": gone}))
"""
ENRICH = """
import json
account = env["iap.account"]._get_local("reveal")
account.adjust(5, reason="Test", idempotency_key="credits of enrichment {number}")
env.cr.commit()
env["lead.enrichment.worker"]._set_lanes(3)
lead = env["crm.lead"].create({{"name": "Question", "website": "https://synthetic3.example"}})
lead.action_enrich()
env.cr.commit()
env["lead.enrichment.worker"]._run_lane()
print(json.dumps([lead.enrichment_state, lead.partner_name]))
"""
#: What enrichment had a hand in, after it is gone.
WITHOUT_ENRICHMENT = """
import json
from odoo.addons.crm_lead_mining.tools.settings import Settings
for view in env["ir.ui.view"].search([("model", "in", [
        *(name for name in env.registry if name.startswith("lead.")),
        "crm.lead", "res.partner", "res.config.settings"])]):
    if view.type != "qweb":
        env[view.model].get_view(view.id, view.type)
env["res.config.settings"].create({"lead_mining_price_lead": 2}).execute()
first, second = env["crm.lead"].create([{"name": "One"}, {"name": "Two"}])
merged = (first | second).merge_opportunity()
env["iap.account"]._get_waited_for()
env["ir.ui.menu"].load_menus(False)
crons = env["ir.cron"].with_context(active_test=False)
print(json.dumps({
    "merged": len(merged.exists()),
    "models": env["ir.model"].search([("model", "=like", "lead.enrichment%")]).mapped("model"),
    "jobs": crons.search([("name", "like", "nrichment")]).mapped("name"),
    "price": Settings.of(env).price_lead,
    "offered": env["ir.actions.server"].search([("code", "like", "enrichment")]).mapped("name"),
}))
"""
MINE_INVENTED = """
import json
provider = env["lead.mining.provider"].search([("code", "=", "demo")])
account = env["iap.account"]._get_local("reveal")
account.adjust(1, reason="Test", idempotency_key="credits of what is invented")
env.cr.commit()
request = env["lead.mining.request"].create({"lead_number": 1, "provider_id": provider.id,
    "country_ids": [(6, 0, env.ref("base.it").ids)]})
request.action_generate()
env.cr.commit()
env["lead.mining.worker"]._run_lane()
print(json.dumps(request.state))
"""
LOOK_FOR_INVENTED = """
import json
Provider = env["lead.mining.provider"].with_context(active_test=False)
lines = env["lead.mining.provenance"].search([("provider", "=", "demo")])
env["lead.mining.result"].search([("provider_id.code", "=", "demo")]).read()
print(json.dumps({
    "in use": Provider.search([("code", "=", "demo")]).mapped("active"),
    "offered": "demo" in dict(Provider._selection_code()),
    "leads": len(lines.lead_id),
    "source": lines.mapped("source"),
}))
"""
OTHER_DATABASE = """
import json
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
answers = []
for name in (env.cr.dbname, {other!r}):
    with Registry(name).cursor() as cr:
        Provider = api.Environment(cr, SUPERUSER_ID, {{}})["lead.mining.provider"]
        provider = Provider.new({{"name": "Directory", "code": "directory"}})
        answers.append([
            "directory" in dict(Provider._selection_code()),
            bool(provider._adapter_class()),
            provider.is_ready,
        ])
print(json.dumps(answers))
"""
CHANGE = """
env["ir.module.module"].search([("name", "=", "{name}")]).button_immediate_{change}()
"""


@pytest.fixture(scope="module")
def database(host):
    with host.database("directory", ours=False) as name:
        # Odoo changes no addon while PostgreSQL cleans up its table of addons.
        host.sql(NO_AUTOVACUUM, database=name)
        host.install(name, ["crm_lead_mining"])
        yield name


@pytest.fixture
def shell(host, database):
    def run(script):
        output = host.shell(database, script).strip()
        return json.loads(output.splitlines()[-1]) if output else None

    return run


def test_lead_mining_brings_the_directory_and_goes_on_without_it(host, database, shell):
    there = shell(LOOK)
    assert there.items() >= {
        "installed": ["crm_lead_directory"], "offered": True, "searched": True, "in use": [True],
        "delivered": 0,
    }.items()  # fmt: skip
    assert "lead.directory.company" in there["tables"]
    assert "model._cron_import()" in there["jobs"]
    assert "lead_directory_source_menu" in there["menus"]
    assert shell(MINE_FROM_THE_DIRECTORY.format(number=1)) == ["Synthetic 1"]

    shell(CHANGE.format(name="crm_lead_directory", change="uninstall"))
    # What it delivered still names it.
    assert shell(LOOK) == {
        "installed": [], "offered": False, "searched": False, "in use": [False], "delivered": 1,
        "tables": [], "jobs": [], "menus": [],
    }  # fmt: skip
    done = shell(GO_ON)
    assert done["mined"] == ["Synthetic 7"]
    assert "cannot be read as a header" in done["refused"]
    assert "No provider is set up" in done["gone"]

    with host.database("both") as other:
        output = host.shell(other, OTHER_DATABASE.format(other=database))
        assert json.loads(output.splitlines()[-1]) == [[True, True, True], [False, False, False]]

    shell(CHANGE.format(name="crm_lead_directory", change="install"))
    assert shell(LOOK) == {**there, "delivered": 1}
    assert shell(MINE_FROM_THE_DIRECTORY.format(number=2)) == ["Synthetic 2"]


def test_lead_mining_goes_on_without_enrichment(shell):
    shell(MINE_FROM_THE_DIRECTORY.format(number=3))
    assert shell(ENRICH.format(number=1)) == ["done", "Synthetic 3"]

    shell(CHANGE.format(name="crm_lead_enrichment", change="uninstall"))
    assert shell(WITHOUT_ENRICHMENT) == {
        "merged": 1, "models": [], "jobs": [], "price": 2, "offered": [],
    }  # fmt: skip
    assert shell(MINE_FROM_THE_DIRECTORY.format(number=4)) == ["Synthetic 4"]

    shell(CHANGE.format(name="crm_lead_enrichment", change="install"))
    assert shell(ENRICH.format(number=2))[0] == "done"


def test_leads_of_invented_companies_stay_when_their_provider_is_gone(shell):
    shell(CHANGE.format(name="crm_lead_mining_demo", change="install"))
    assert shell(MINE_INVENTED) == "done"
    there = {
        "in use": [True], "offered": True, "leads": 1, "source": ["Invented companies"],
    }  # fmt: skip
    assert shell(LOOK_FOR_INVENTED) == there

    shell(CHANGE.format(name="crm_lead_mining_demo", change="uninstall"))
    assert shell(LOOK_FOR_INVENTED) == there | {"in use": [False], "offered": False}

    shell(CHANGE.format(name="crm_lead_mining_demo", change="install"))
    assert shell(LOOK_FOR_INVENTED) == there
