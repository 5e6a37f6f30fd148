"""A salesperson mines leads in a real browser while a real scheduler does the work."""

import json
import time

import comebacks
import pytest

from tools.browser import browser

PATIENCE = 60
SET_UP = """
from odoo.tests.common import new_test_user
sally = new_test_user(env, login="sally", password="sally-secret", name="Sally Sample",
                      email="sally@ours.example", groups="sales_team.group_sale_salesman")
new_test_user(env, login="otto", password="otto-secret", name="Otto Officer",
              email="otto@ours.example", groups="sales_team.group_sale_manager")
env.company.country_id = env.ref("base.be")
env["ir.cron"].search([("code", "not like", "_run_lane")]).active = False
dataset = env["lead.directory.dataset"].create({"name": "Synthetic", "licence": "CC0-1.0"})
companies = env["lead.directory.company"].create([
    {
        "dataset_id": dataset.id,
        "identity": f"reg:XX-TEST:{number:06d}",
        "name": f"Synthetic {number}",
        "registry": "XX-TEST",
        "registry_id": f"{number:06d}",
        "domain": f"synthetic{number}.example",
        "country_code": "BE",
        "city": "Gent",
        "industry": "62",
        "industries": "62",
        "employees": 40 + number,
        "employees_min": 40 + number,
        "employees_max": 40 + number,
        "technologies": "PostgreSQL",
        "timezone": "Europe/Brussels",
    }
    for number in range(1, 5)
])
env["lead.directory.contact"].create([
    {
        "directory_company_id": company.id,
        "identity": f"person@{company.domain}",
        "name": f"Person of {company.name}",
        "job_title": "CEO",
        "role": "ceo",
        "email": f"person@{company.domain}",
    }
    for company in companies
])
env.cr.commit()
"""

#: The publisher still names the erased person; the other one was deleted, but not erased.
NEXT_EDITION = """
company = env["lead.directory.company"].search([("name", "=", "Synthetic 1")])
assert not company.contact_ids
env["lead.directory.contact"].create({
    "directory_company_id": company.id,
    "identity": f"person@{company.domain}",
    "name": f"Person of {company.name}",
    "job_title": "CEO",
    "role": "ceo",
    "email": f"person@{company.domain}",
})
env["lead.mining.contact"].search([("name", "=", "Person of Synthetic 2")]).unlink()
env.cr.commit()
"""
PERSONS = "SELECT name FROM lead_mining_contact ORDER BY name"


@pytest.fixture(scope="module")
def database(host):
    with host.database("mining_journey") as name:
        host.shell(name, SET_UP)
        yield name


@pytest.fixture(scope="module")
def server(host, database):
    with host.server(database, cron=1) as server:
        yield server


@pytest.fixture
def tab(database, server):
    with browser(height=900) as tab:
        tab.sign_in(server.url, database, "sally", "sally-secret")
        yield tab


def shows(tab, *texts, selector="body"):
    """Wait until an element reads all these texts."""
    deadline = time.monotonic() + PATIENCE
    question = (
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        f".some((one) => {json.dumps(texts)}.every((text) => one.innerText.includes(text)))"
    )
    while not tab.evaluate(question):
        if time.monotonic() > deadline:
            seen = tab.evaluate("document.body.innerText")
            pytest.fail(f"{texts} did not appear in {selector}, but:\n{seen}")
        time.sleep(0.2)


def fill(tab, field, value):
    tab.wait_for(f".modal [name={field}] input")
    tab.evaluate(
        f"""(() => {{
            const input = document.querySelector(".modal [name={field}] input");
            input.value = {json.dumps(value)};
            for (const kind of ["input", "change"])
                input.dispatchEvent(new Event(kind, {{ bubbles: true }}));
        }})()"""
    )


def choose(tab, selector, text):
    """Click the element that reads `text`, which may be drawn anew while it is looked for."""
    shows(tab, text, selector=selector)
    tab.wait_until(
        f"(() => {{ const found = [...document.querySelectorAll({json.dumps(selector)})]"
        f".find((one) => one.innerText.trim() === {json.dumps(text)});"
        " found?.click(); return !!found; })()",
        text,
    )


FOCUSED = """
(() => {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        wanted: one.matches(%s),
        inside: !!one.closest(%s),
        shown: [one, ...(one.labels || [])].some((it) => it.contains(top) || top?.contains(it)),
        what: one.outerHTML.slice(0, 200),
        over: top && top.outerHTML.slice(0, 200),
    };
})()
"""
#: Presses of a key after which nobody looks for a field any more.
MANY = 80
#: Seconds within which a dialog that moves or grows has come to rest.
SETTLING = 5


def focus(tab, selector):
    """Go where Odoo's search box, which keeps Tab to itself, has a key of its own for."""
    tab.wait_for(selector)
    tab.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
    found = tab.evaluate(FOCUSED % (json.dumps(selector), '"body"'))
    assert found["wanted"], f"the focus cannot be on {selector}"


def reach(tab, selector, inside="body", key="Tab"):
    """Press Tab until the focus is there; it is seen wherever it comes, and never leaves.

    Where what had it is gone with an answer, the next Tab goes on from there.
    """
    for _press in range(MANY):
        tab.key(key)
        if tab.evaluate("document.activeElement === document.body"):
            tab.key(key)
        found = tab.evaluate(FOCUSED % (json.dumps(selector), json.dumps(inside)))
        deadline = time.monotonic() + SETTLING
        while not found["shown"] and time.monotonic() < deadline:
            time.sleep(0.1)
            found = tab.evaluate(FOCUSED % (json.dumps(selector), json.dumps(inside)))
        assert found["inside"], f"the focus has left {inside} for {found['what']}"
        assert found["shown"], f"{found['over']} covers the focus on {found['what']}"
        if found["wanted"]:
            return
    pytest.fail(f"{selector} is not reached by keyboard")


def mine(tab, server, leads, price, known="Skip them"):
    """Ask for companies with a contact each, and wait until the request is shown.

    :param price: what the preview says that it costs, in credits.
    """
    tab.open(f"{server.url}/odoo/crm", ".o_kanban_view, .o_list_view")
    tab.click(".o_button_lead_mining")
    tab.click(".modal .o_radio_item:nth-child(2) input")
    fill(tab, "lead_number", str(leads))
    tab.click(".modal [name=known_policy] input")
    tab.wait_for(".o_select_menu_item")
    choose(tab, ".o_select_menu_item", known)
    shows(tab, f"to {price} credits", selector=".modal .o_lead_mining_preview")
    # Typing has not reloaded the page, and the work does not either.
    tab.evaluate("window.journey = true")
    tab.click(".modal footer button[name=action_generate]")
    tab.wait_for(".o_form_view .o_statusbar_status")


def erase(tab, server, email):
    """Erase a person in the wizard for it."""
    tab.open(f"{server.url}/odoo/crm", ".o_kanban_view, .o_list_view")
    tab.click("[data-menu-xmlid='crm_lead_mining.menu_lead_generation']")
    tab.click("[data-menu-xmlid='crm_lead_mining.lead_mining_access_menu']")
    fill(tab, "email", email)
    tab.click(".modal footer button[name=action_search]")
    shows(tab, "Mined contacts: 1", selector=".modal .alert")
    tab.click(".modal footer button[name=action_erase]")
    choose(tab, ".modal footer button", "Ok")
    shows(tab, "The person is never mined again", selector=".modal .alert")


def test_from_the_search_to_the_lead_and_the_erased_person_stays_away(host, database, server, tab):
    # Nobody has made an account before: the first preview does, with its trial.
    mine(tab, server, 2, price=4)
    shows(tab, "Done", selector=".o_arrow_button_current")
    assert tab.evaluate("window.journey"), "the form was reloaded to show the progress"
    shows(tab, "2", selector=".o_field_widget[name=created_count]")
    tab.click("button[name=action_view_leads]")
    shows(tab, "Synthetic 1", selector=".o_kanban_record, .o_data_row")
    tab.click(".o_kanban_record, .o_data_row .o_data_cell")
    shows(tab, "PostgreSQL", "Europe/Brussels", "person@synthetic", selector=".o-mail-Message")
    tab.click(".o_notebook .nav-link[name=company]")
    shows(tab, "Person of Synthetic", selector="[name=mining_contact_ids]")

    tab.sign_in(server.url, database, "otto", "otto-secret")
    erase(tab, server, "person@synthetic1.example")
    host.shell(database, NEXT_EDITION)

    # "Fill what is empty" asks for what is known as well, and adds persons that a lead lacks.
    tab.sign_in(server.url, database, "sally", "sally-secret")
    mine(tab, server, 4, price=8, known="Fill what is empty")
    shows(tab, "Partly Done", selector=".o_arrow_button_current")
    persons = [name for (name,) in host.sql(PERSONS, database=database)]
    assert persons == [f"Person of Synthetic {number}" for number in (2, 3, 4)]

    seen = comebacks.walk(host, database, server)
    found = [contact for way, contact in seen.items() if way.startswith(("file", "provider"))]
    assert found == [[comebacks.COLLEAGUE]] * len(found)
    assert comebacks.EMAIL not in str(seen).lower()
    assert comebacks.NAME not in str(seen)
    assert comebacks.everything(host, database) == {}


def test_leads_are_generated_by_keyboard_alone(tab, server):
    tab.resize(1440, 844)
    tab.open(f"{server.url}/odoo/crm", ".o_kanban_view, .o_list_view")
    focus(tab, ".o_control_panel .o_button_lead_mining")
    tab.key("Enter")
    tab.wait_for(".modal .o_lead_mining_preview[data-ready='1']")
    reach(tab, "[name=lead_number] input", inside=".modal")
    tab.type("1")
    reach(tab, "[name=country_ids] input", inside=".modal")
    tab.type("Belg")
    tab.wait_for(".o-autocomplete--dropdown-item")
    tab.key("Escape")
    reach(tab, ".modal summary", inside=".modal")
    tab.key("Enter")
    reach(tab, "[name=words] input", inside=".modal")
    tab.type("Synthetic")
    reach(tab, "button[name=action_generate]", inside=".modal")
    shows(tab, "match", selector=".modal .o_lead_mining_preview")
    tab.key("Enter")
    tab.wait_for(".o_form_view .o_statusbar_status")
