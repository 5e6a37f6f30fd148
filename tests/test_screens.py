"""Every screen and page of ours opens without an error, for those who come to it.

They are opened with and without records, in two languages and two widths: each in two of these
variants by each kind of user, all pairs of values met, or in all of them with `./run test --full`.
"""

import itertools
import json
import time

import pytest

from tests.screen_variants import IN_PAIRS, LANGUAGES, dealt, tried, variants
from tests.screens.plants import PLACES, PLANTED
from tests.screens.walker import Walker
from tools import paths
from tools.browser import browser
from tools.host import our_modules

#: Login and groups of each kind of user; the administrator is Odoo's own, with a password "admin".
ROLES = {
    "admin": None,
    "otto": "sales_team.group_sale_manager",
    "sally": "sales_team.group_sale_salesman",
}
#: Who sees pages: they, a customer with a login, and nobody.
VISITORS = {**ROLES, "paula": "base.group_portal", "": None}
#: Seconds that a test may take, where everything is opened in each variant.
pytestmark = pytest.mark.timeout(900 if IN_PAIRS else 7200)
#: Window actions that show no record in the test, each with the reason.
WITHOUT_RECORDS: dict[str, str] = {}
USERS = """
from odoo.tests.common import new_test_user
env["ir.cron"].search([]).active = False
# Screens of accounts ask their server, which is not to be reached.
env["ir.config_parameter"].set_param("iap.endpoint", "http://127.0.0.1:9")
for login, groups in {visitors!r}.items():
    if groups:
        new_test_user(env, login=login, password=login, groups=groups,
                      email=login + "@ours.example")
ours = env["ir.module.module"].search([("name", "in", {modules!r})])
for language in {languages!r}:
    env["res.lang"]._activate_lang(language)
    ours._update_translations(filter_lang=language)
env.cr.commit()
"""
SPEAK = """
env["res.users"].search([("login", "in", {logins!r})]).lang = {language!r}
env.cr.commit()
env.registry.signal_changes()  # Else the server remembers what they read before.
"""
CALL = """
import json, sys
sys.path.insert(0, {repo!r})
from tests.screens.{name} import main
print(json.dumps(main(env, {job!r})))
"""
#: Has a page go on to ask the server for something.
ASKS = 'setInterval(() => fetch("/web/login").catch(() => {}), 50)'


@pytest.fixture(scope="module")
def database(host):
    with host.database("screens") as name:
        values = {"visitors": VISITORS, "modules": our_modules(), "languages": LANGUAGES}
        host.shell(name, USERS.format(**values))
        yield name


@pytest.fixture(scope="module")
def server(host, database):
    with host.server(database, cron=0) as server:
        yield server


def call(host, database, name, job):
    """Call `main` of a module of `tests.screens` in an Odoo shell; return its answer."""
    script = CALL.format(repo=str(paths.REPO), name=name, job=job)
    return json.loads(host.shell(database, script).splitlines()[-1])


def walk(host, database, server, variant, *, chosen=lambda _title: True):
    """Open what there is to open in a variant, as each kind of user.

    :param chosen: whether a screen or page is wanted, by its title or address
    :return: what there was, see `plan.main` and `pages.main`; a line for each fault
    """
    host.shell(database, SPEAK.format(language=variant.language, logins=list(VISITORS)))
    plan = call(host, database, "plan", {"modules": our_modules(), "logins": list(ROLES)})
    plan |= call(host, database, "pages", {"modules": our_modules(), "logins": list(VISITORS)})
    faults = []
    with browser(width=variant.width, height=variant.height) as tab:
        tab.resize(variant.width, variant.height, touch=variant.is_phone)
        walker = Walker(tab, server, database)
        for number, login in enumerate(VISITORS):
            walker.enter(login, login, variant.language)
            screens = dealt(plan["screens"].get(login, []), "title", variant, number)
            screens = [
                one
                | {"search": searched(plan, one, login) if variant.records else []}
                | {"records": tried(one.get("records", []), number)}
                for one in screens
                if chosen(one["title"])
            ]
            pages = dealt(plan["pages"][login], "path", variant, number)
            pages = [one for one in pages if chosen(one["route"])]
            for line in itertools.chain(walker.walk(screens), walker.visit(pages)):
                faults.append(f"{login or 'nobody'}, {variant}: {line}")
                print(faults[-1], flush=True)
            counts = f"{len(screens)} actions, {len(pages)} pages, {walker.opened} opened so far"
            print(f"{variant}: {login or 'nobody'}: {counts}", flush=True)
    return plan, faults


def searched(plan, screen, login):
    """Return in which of a screen's views a user tries all that can be searched by.

    These are all of them, or the first one for who has the least rights alone.
    """
    having = [
        login
        for login, screens in plan["screens"].items()
        if any(one["title"] == screen["title"] and one.get("search") for one in screens)
    ]
    views = [view for view in screen["views"] if view in ("list", "kanban")]
    if IN_PAIRS:
        having, views = having[-1:], views[:1]
    return views if login in having else []


def test_every_screen_and_page_opens_while_there_is_nothing_to_show(host, database, server):
    walks = [walk(host, database, server, one) for one in variants(records=False)]
    faults = [line for _plan, found in walks for line in found]
    assert not faults, "\n".join(faults)


def test_every_screen_and_page_opens_and_shows_records(host, database, server):
    call(host, database, "records", {"login": "sally"})
    walks = [walk(host, database, server, one) for one in variants(records=True)]
    plan = walks[0][0]
    empty = {name for name, count in plan["counts"].items() if not count}
    assert empty == WITHOUT_RECORDS.keys(), "tests/screens/records.py has to make one of each"
    assert not plan["missing"], "tests/screens/pages.py has to open these, or say why it does not"
    faults = [line for _plan, found in walks for line in found]
    assert not faults, "\n".join(faults)


def test_a_fault_is_found_in_a_view_a_script_the_server_or_a_page(host, database, server):
    call(host, database, "plants", {})
    told = "\n".join(
        line
        for variant in variants(records=True)
        for line in walk(host, database, server, variant, chosen=PLACES.__contains__)[1]
    )
    assert [kind for kind, words in PLANTED.items() if words not in told] == [], told


def test_a_page_that_goes_on_asking_is_left_before_the_next_visitor_comes(host, database, server):
    with browser() as tab:
        walker = Walker(tab, server, database)
        walker.enter("paula", "paula", "en_US")
        tab.open(f"{server.url}/my", "body")
        tab.evaluate(ASKS)
        walker.enter("", "", "en_US")
        time.sleep(1)  # Answers to the page before would bring a session meanwhile.
        assert tab.call("Network.getCookies", urls=[server.url])["cookies"] == []
