"""Odoo's own lead mining beside ours: whichever comes first, and when one of them goes."""

import json

import pytest

VIEWS = (
    "crm.crm_case_kanban_view_leads",
    "crm.view_crm_lead_kanban",
    "crm.crm_case_tree_view_oppor",
    "crm.crm_case_tree_view_leads",
)
#: Menus of ours that generate leads.
OWN = ("menu_lead_mining_request", "menu_lead_mining_search", "menu_lead_mining_report")
STATE = f"""
import json
from odoo.exceptions import UserError
from odoo.tests.common import new_test_user
env["ir.config_parameter"].set_param("iap.endpoint", "http://127.0.0.1:9")  # Nobody is asked.
login = f"manager-{{env['res.users'].search_count([])}}"
manager = new_test_user(env, login=login, groups="sales_team.group_sale_manager")
leads = env["crm.lead"].with_user(manager)
archs = [leads.get_view(env.ref(view).id)["arch"] for view in {VIEWS!r}]
form = leads.get_view(env.ref("crm.crm_lead_view_form").id)["arch"]
bound = env["ir.actions.actions"].with_user(manager).get_bindings("crm.lead")["action"]
lead = leads.create({{"name": "A question", "email_from": "jane@synthetic.example"}})
ways = ("action_open_lead_mining", "action_enrich", "action_generate_leads", "iap_enrich")
refused = []
# Tried where there is nothing to click: they are refused, or would do their work.
buttons = any("action_open_lead_mining" in arch or "action_generate" in arch for arch in archs)
for way in () if buttons else ways:
    try:
        getattr(lead, way, lambda: None)()
    except UserError as error:
        refused += [way] * ("switched off" in str(error))
own = [env.ref(f"crm_lead_mining.{{name}}", raise_if_not_found=False) for name in {OWN!r}]
menu = env.ref("crm_iap_mine.crm_iap_lead_mining_request_menu_action", raise_if_not_found=False)
menus = env["ir.ui.menu"].with_user(manager).load_menus(False)
print(json.dumps({{
    "ours": sum("action_open_lead_mining" in arch for arch in archs),
    "stock": sum('"action_generate_leads"' in arch for arch in archs),
    "stock menu": bool(menu and menu.id in menus),
    "our menus": sum(bool(one and one.id in menus) for one in own),
    "enrich": ('"action_enrich"' in form) + ('"iap_enrich"' in form),
    "bound": sum("nrich" in action["name"] for action in bound),
    "refused": refused,
    "tables": len(env["ir.model"].search([("model", "=like", "lead.mining.%")])),
    "jobs": env["ir.cron"].with_context(active_test=False).search_count(
        ["|", ("code", "like", "_run_lane"), ("code", "like", "_cron_run_due")]),
}}))
"""  # fmt: skip
CHANGE = """
module = env["ir.module.module"].search([("name", "=", "{name}")])
module.button_immediate_{change}()
"""
SWITCH = """
env["res.config.settings"].create({{"lead_mining": {on}, "lead_enrichment": {on}}}).execute()
env.cr.commit()
"""
BOTH = {
    **{"ours": 4, "stock": 0, "stock menu": False, "our menus": len(OWN)},
    **{"enrich": 1, "bound": 1, "refused": []},
}
#: What is left of them once they are unticked, but for the ways that there are.
OFF = {
    **{"ours": 0, "stock": 0, "stock menu": False, "our menus": 0, "enrich": 0, "bound": 0},
}
OUR_WAYS = ["action_open_lead_mining", "action_enrich"]
STOCK_WAYS = ["action_generate_leads", "iap_enrich"]


@pytest.fixture(scope="module")
def database(host):
    with host.database("installation") as name:
        yield name


@pytest.fixture
def state(host, database):
    def look():
        return json.loads(host.shell(database, STATE).splitlines()[-1])

    return look


@pytest.fixture
def change(host, database):
    def apply(name, change):
        host.shell(database, CHANGE.format(name=name, change=change))

    return apply


@pytest.fixture
def switch(host, database):
    def apply(on):
        host.shell(database, SWITCH.format(on=on))

    return apply


def test_order_of_installation_does_not_matter_and_stock_comes_back(state, change, switch):
    # The template installs ours after stock's.
    assert BOTH.items() <= state().items()
    change("crm_iap_mine", "uninstall")
    change("crm_iap_enrich", "uninstall")
    assert BOTH.items() <= state().items()
    # Unticked, nothing is left without stock's either.
    switch(False)
    assert {**OFF, "refused": OUR_WAYS}.items() <= state().items()
    switch(True)
    # Now stock's comes after ours.
    change("crm_iap_mine", "install")
    change("crm_iap_enrich", "install")
    assert BOTH.items() <= state().items()
    # Unticked, there is none at all, in whichever order they came.
    switch(False)
    assert {**OFF, "refused": OUR_WAYS + STOCK_WAYS}.items() <= state().items()
    change("crm_lead_mining", "uninstall")
    back = {"ours": 0, "stock": 4, "stock menu": True, "our menus": 0, "enrich": 1, "bound": 1}
    assert (back | {"tables": 0, "jobs": 0}).items() <= state().items()
