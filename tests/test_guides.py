"""A guide works as it is written: what it names is on screens, and its addon does what it says."""

import ast
import dataclasses
import json
import re
from pathlib import Path

import polib
import pytest

from tools import paths

GUIDE = paths.REPO / "docs/add-a-provider.md"
ADDON = "lead_mining_fairs"
FILE = re.compile(r"^`([\w./]+)`[^\n]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENDED = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
UNINSTALL = f"""
env["ir.module.module"].search([("name", "=", {ADDON!r})]).button_immediate_uninstall()
"""
LEFT = """
provider = env["lead.mining.provider"].with_context(active_test=False)
print(provider.search_count([("code", "=", "fairs")]))
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with the guide's addon."""
    text = GUIDE.read_text(encoding="utf-8")
    files = dict(FILE.findall(text))
    assert len(files) == len(re.findall(r"^```\w+$", text, re.MULTILINE)), "a block has no file"
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return tmp_path


def test_the_guide_to_a_provider_works_as_it_is_written(host, folder):
    host = dataclasses.replace(host, addons_path=(*host.addons_path, str(folder)))
    with host.database("guide") as database:
        host.install(database, [ADDON], "--test-tags", f"/{ADDON}", "--log-level=info")
        log = (paths.LOGS / f"install-{database}.log").read_text(encoding="utf-8")
        failed, errors, tests = map(int, ENDED.findall(log)[-1])
        assert (failed, errors) == (0, 0)
        # Those that it shows, and those of the contract.
        assert tests > 25, "Odoo's runner left tests of the contract out"
        assert host.shell(database, LEFT).strip() == "1"
        host.shell(database, UNINSTALL)
        assert host.shell(database, LEFT).strip() == "0"


#: Guides of users, and the groups of whom each speaks to.
ADMINISTRATOR = "base.group_system,sales_team.group_sale_manager"
READERS = {
    "docs/salesperson.md": "sales_team.group_sale_salesman",
    "docs/sales_manager.md": "sales_team.group_sale_manager",
    "docs/administrator.md": ADMINISTRATOR,
    "docs/operator.md": ADMINISTRATOR,
    "README.md": ADMINISTRATOR,
    "README.it.md": ADMINISTRATOR,
    **{str(one.relative_to(paths.REPO)): ADMINISTRATOR for one in paths.ADDONS.glob("*/README.md")},
}
#: What stands in one pair of asterisks is a name on a screen, or a way to one, if it is capital.
NAMED = re.compile(r"(?<![\w*])\*([A-Z][^*`\[]*)\*(?![\w*])")
STEP = re.compile(r" [‣>] ")
#: Names in Google's console, of Belgium's files and of invented contacts.
OF_OTHERS = {"Uninstall", "Full", "Example"}
#: What the page of settings is divided by, beside its menus, and the menu of the developer mode.
HEADINGS = {"CRM", "Contacts", "Technical"}
MENUS = """
import json
env["res.lang"]._activate_lang("it_IT")
env["ir.module.module"].search([("state", "=", "installed")])._update_translations(["it_IT"])
users = env["res.users"]

def menus(groups, lang):
    ids = [env.ref(group).id for group in groups.split(",")]
    values = {{"name": "Reader", "login": f"{{lang}}:{{groups}}", "lang": lang}}
    user = users.create(values | {{"group_ids": [(6, 0, ids)]}})
    loaded = env["ir.ui.menu"].with_user(user).with_context(lang=lang)
    loaded = loaded.load_menus(False)

    def below(menu, way):
        for child in menu["children"]:
            name = [*way, loaded[child]["name"]]
            yield name, not loaded[child]["children"]
            yield from below(loaded[child], name)

    return list(below(loaded["root"], []))

print(json.dumps([menus(*one) for one in {asked!r}]))
"""


def named(page):
    """Return the ways that a guide names, each as its steps."""
    text = (paths.REPO / page).read_text(encoding="utf-8")
    return [STEP.split(" ".join(name.split())) for name in NAMED.findall(text)]


@pytest.fixture(scope="module")
def texts(host):
    """What stands on screens, of ours and of Odoo: in English, and in Italian."""
    english, italian = set(), set()
    for folder in folders(host):
        for template in folder.glob("i18n/*.pot"):
            english |= {one for entry in polib.pofile(template) for one in words(entry.msgid)}
        for translation in folder.glob("i18n/it.po"):
            italian |= {one for entry in polib.pofile(translation) for one in words(entry.msgstr)}
    return english, italian


def folders(host):
    """Return those of our addons, and of all that they are built on."""
    places = [Path(place) for place in (*host.addons_path, *host.python_path)]
    places += [place / "odoo/addons" for place in places]
    found, wanted = (
        {},
        {"base", *(one.parent.name for one in paths.ADDONS.glob("*/__manifest__.py"))},
    )
    while wanted:
        name = wanted.pop()
        # A package of the system may have an addon's parts in several places.
        found[name] = {
            one.parent for place in places for one in place.glob(f"{name}/__manifest__.py")
        }
        for folder in found[name]:
            manifest = ast.literal_eval((folder / "__manifest__.py").read_text(encoding="utf-8"))
            wanted |= set(manifest.get("depends", ())) - found.keys()
    return set().union(*found.values())


def words(text):
    """Return the parts of a text that tags divide, as they are read, and all without tags."""
    for part in (*re.split(r"<[^>]*>", text), re.sub(r"<[^>]*>", " ", text)):
        yield " ".join(part.split()).rstrip(" (").replace("%s", "…")


@pytest.mark.parametrize("page", READERS)
def test_what_a_guide_names_is_on_a_screen(texts, page):
    english, italian = texts
    known = italian if page.endswith(".it.md") else english
    assert not {step for way in named(page) for step in way} - known - OF_OTHERS


@pytest.fixture(scope="module")
def ways(host):
    """The menus of each reader: (groups, language) -> ways, and whether each ends there."""
    asked = sorted(
        {(groups, "it_IT" if page.endswith(".it.md") else "en_US")
         for page, groups in READERS.items()}
    )  # fmt: skip
    with host.database("menus") as database:
        told = json.loads(host.shell(database, MENUS.format(asked=asked)).splitlines()[-1])
    return {
        one: {tuple(way): ends for way, ends in menus}
        for one, menus in zip(asked, told, strict=True)
    }


@pytest.mark.parametrize("page", READERS)
def test_a_way_by_menus_can_be_gone_by_its_reader(ways, page):
    """What a way names beyond the last menu is on that menu's screen."""
    menus = ways[READERS[page], "it_IT" if page.endswith(".it.md") else "en_US"]
    wrong = []
    for way in named(page):
        if len(way) == 1 or (way[0],) not in menus:
            continue
        longest = max(n for n in range(1, len(way) + 1) if tuple(way[:n]) in menus)
        heading = way[0] == "Settings" and way[1] in HEADINGS
        if longest < len(way) and not menus[tuple(way[:longest])] and not heading:
            wrong.append(" ‣ ".join(way))
    assert not wrong
