"""Odoo's own lead mining beside ours: whichever comes first, and when one of them goes."""

import json

import pytest

VIEWS = (
    "crm.crm_case_kanban_view_leads",
    "crm.view_crm_lead_kanban",
    "crm.crm_case_tree_view_oppor",
    "crm.crm_case_tree_view_leads",
)
STATE = f"""
import json
from odoo.tests.common import new_test_user
login = f"manager-{{env['res.users'].search_count([])}}"
manager = new_test_user(env, login=login, groups="sales_team.group_sale_manager")
leads = env["crm.lead"].with_user(manager)
archs = [leads.get_view(env.ref(view).id)["arch"] for view in {VIEWS!r}]
menu = env.ref("crm_iap_mine.crm_iap_lead_mining_request_menu_action", raise_if_not_found=False)
menus = env["ir.ui.menu"].with_user(manager).load_menus(False)
print(json.dumps({{
    "ours": sum("action_open_lead_mining" in arch for arch in archs),
    "stock": sum('"action_generate_leads"' in arch for arch in archs),
    "stock menu": bool(menu and menu.id in menus),
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
env["res.config.settings"].create({{"lead_mining": {on}}}).execute()
env.cr.commit()
"""
BOTH = {"ours": 4, "stock": 0, "stock menu": False}


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
    assert BOTH.items() <= state().items()
    # Now stock's comes after ours.
    change("crm_iap_mine", "install")
    assert BOTH.items() <= state().items()
    # Unticked, there is none at all, in whichever order they came.
    switch(False)
    assert {"ours": 0, "stock": 0, "stock menu": False}.items() <= state().items()
    change("crm_lead_mining", "uninstall")
    assert state() == {"ours": 0, "stock": 4, "stock menu": True, "tables": 0, "jobs": 0}
