"""Every screen of our addons opens without an error, for those who come to it."""

import json

import pytest

from tests.screens.walker import Walker
from tools import paths
from tools.browser import browser
from tools.host import our_modules

#: Login and groups of each kind of user; the administrator is Odoo's own, with a password "admin".
ROLES = {"admin": None, "sally": "sales_team.group_sale_salesman"}
LANGUAGES = ("it_IT", "en_US")
WIDTH = 1366
#: Window actions that show no record in the test, each with the reason.
WITHOUT_RECORDS: dict[str, str] = {}
USERS = """
from odoo.tests.common import new_test_user
env["ir.cron"].search([]).active = False
# Screens of accounts ask their server, which is not to be reached.
env["ir.config_parameter"].set_param("iap.endpoint", "http://127.0.0.1:9")
for login, groups in {roles!r}.items():
    if groups:
        new_test_user(env, login=login, password=login, groups=groups,
                      email=login + "@ours.example")
env.cr.commit()
"""
SPEAK = """
env["res.lang"]._activate_lang({language!r})
ours = env["ir.module.module"].search([("name", "in", {modules!r})])
ours._update_translations(filter_lang={language!r})
env["res.users"].search([("login", "in", {logins!r})]).lang = {language!r}
env.cr.commit()
"""
CALL = """
import json, sys
sys.path.insert(0, {repo!r})
from tests.screens.{name} import main
print(json.dumps(main(env, {job!r})))
"""


@pytest.fixture(scope="module")
def database(host):
    with host.database("screens") as name:
        host.shell(name, USERS.format(roles=ROLES))
        yield name


@pytest.fixture(scope="module")
def server(host, database):
    with host.server(database, cron=0) as server:
        yield server


def call(host, database, name, job):
    """Call `main` of a module of `tests.screens` in an Odoo shell; return its answer."""
    script = CALL.format(repo=str(paths.REPO), name=name, job=job)
    return json.loads(host.shell(database, script).splitlines()[-1])


def walk(host, database, server, *, searches, logins=tuple(ROLES), width=WIDTH):
    """Open everything as each of these users; return what there is to open, and all faults.

    :param searches: whether all filters, groups and fields of the search boxes are tried.
    """
    plan = call(host, database, "plan", {"modules": our_modules(), "logins": list(logins)})
    faults = []
    with browser(width=width) as tab:
        walker = Walker(tab, server, database, searches)
        for login, screens in plan["screens"].items():
            walker.enter(login, login)
            faults += [f"{login}: {line}" for line in walker.walk(screens)]
            print(f"{login}: {len(screens)} actions, {walker.opened} screens and searches so far")
    return plan, faults


def speak(host, database, language):
    """Have all users read our screens in this language."""
    values = {"language": language, "modules": our_modules(), "logins": list(ROLES)}
    host.shell(database, SPEAK.format(**values))


def test_every_screen_opens_in_italian_while_there_is_nothing_to_show(host, database, server):
    speak(host, database, LANGUAGES[0])
    _plan, faults = walk(host, database, server, searches=False)
    assert not faults, "\n".join(faults)


def test_every_screen_opens_and_shows_records(host, database, server):
    speak(host, database, LANGUAGES[1])
    call(host, database, "records", {"login": "sally"})
    plan, faults = walk(host, database, server, searches=True)
    empty = {name for name, count in plan["counts"].items() if not count}
    assert empty == WITHOUT_RECORDS.keys(), "tests/screens/records.py has to make one of each"
    assert not faults, "\n".join(faults)
