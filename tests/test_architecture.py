"""An arrow that the architecture forbids fails the check, however it is written."""

import re

import pytest

from tools import paths
from tools.architecture.arrows import House
from tools.architecture.rules import Rules

MODEL = "class A(models.Model):\n    _name = '{}'\n"
ROOMS = ("company", "files", "providers", "tools", "wizards", "controllers")
MODELS = ("mining", "contacts", "privacy", "providers", "searches", "stock")
#: One model or module in each room of crm_lead_mining; nothing in it is forbidden.
CLEAN = {
    "crm_common/tools/domains.py": "",
    "crm_common/models/mixin.py": MODEL.format("common.mixin"),
    "crm_iap_credits/models/account.py": MODEL.format("credit.account"),
    "crm_mail_recipients/models/rule.py": MODEL.format("recipient.rule"),
    "crm_mail_plugin/models/place.py": MODEL.format("plugin.place"),
    "crm_lead_directory/models/dataset.py": MODEL.format("directory.dataset"),
    "crm_lead_enrichment/models/attempt.py": MODEL.format("enrichment.attempt"),
    **{f"crm_lead_mining/{room}/thing.py": "" for room in ROOMS},
    **{
        f"crm_lead_mining/models/{room}/thing.py": MODEL.format(f"thing.{room}")
        for room in MODELS
    },
    "crm_lead_mining/wizards/ask.py": MODEL.format("thing.ask"),
}  # fmt: skip
DEPENDS = {
    "crm_common": [],
    "crm_iap_credits": ["payment"],
    "crm_mail_recipients": ["crm_common"],
    "crm_mail_plugin": ["crm_common"],
    "crm_lead_mining": ["crm", "crm_common", "crm_iap_credits"],
    "crm_lead_directory": ["crm_lead_mining"],
    "crm_lead_enrichment": ["crm_lead_mining"],
}
ENV = "def f(self):\n    return self.env['{}']\n"


def faults(folder, more=None, rules=None):
    """Return what the check says of the clean house with these files over it."""
    for addon, depends in DEPENDS.items():
        _write(folder, f"{addon}/__manifest__.py", repr({"depends": depends}))
    for path, text in {**CLEAN, **(more or {})}.items():
        _write(folder, path, text)
    rules = rules or Rules.ours()
    return rules.faults(House(folder / "addons", rules.divided))


def _write(folder, path, text):
    file = folder / "addons" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_a_house_in_order_has_no_fault(tmp_path):
    assert faults(tmp_path) == []


FORBIDDEN = {
    "a company knows files": ("company", "from ..files.thing import a"),
    "a company knows a model": ("company", ENV.format("thing.mining")),
    "a company knows Odoo": ("company", "from odoo.tools import SQL"),
    "a company knows the models of the base": (
        "company", "from odoo.addons.crm_common.models import mixin"),
    "files know providers": ("files", "from ..providers import thing"),
    "files know Odoo's addons": ("files", "import odoo.addons.base.models"),
    "providers know models": ("providers", "from ..models.providers import thing"),
    "providers know requests": ("providers", ENV.format("thing.mining")),
    "providers know Odoo inside a function": ("providers", "def f():\n    import odoo"),
    "pure rules know models": ("tools", "from ..models.mining.thing import A"),
    "models know routes": ("models/stock", "from ...controllers import thing"),
    "models know a dialog": ("models/mining", ENV.format("thing.ask")),
    "a provider's row knows requests": (
        "models/providers", "class B(models.Model):\n    a = fields.Many2one('thing.mining')"),
    "the eraser knows a contact": ("models/privacy", ENV.format("thing.contacts")),
    "the eraser knows by a table of names": ("models/privacy", "PLACES = ('thing.searches',)"),
    "the eraser knows by import": ("models/privacy", "from ..mining.thing import A"),
    "the eraser inherits": (
        "models/privacy", "class B(models.Model):\n    _inherit = ['thing.stock']"),
    "mining knows the directory": ("models/stock", ENV.format("directory.dataset")),
    "mining asks whether there is enrichment": (
        "wizards", "def f(env):\n    return 'enrichment.attempt' in env"),
    "mining knows a record of the directory": (
        "controllers", "def f(env):\n    env.ref('crm_lead_directory.menu')"),
}  # fmt: skip


@pytest.mark.parametrize(("room", "text"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_forbidden_arrow_inside_mining_fails(tmp_path, room, text):
    path = f"crm_lead_mining/{room}/other.py"
    found = faults(tmp_path, {path: text})
    assert found
    assert all(one.startswith(f"addons/{path}:") for one in found)


STRANGERS = [
    ("crm_iap_credits", "directory.dataset"),
    ("crm_iap_credits", "recipient.rule"),
    ("crm_mail_recipients", "credit.account"),
    ("crm_mail_recipients", "plugin.place"),
    ("crm_mail_plugin", "thing.mining"),
    ("crm_mail_plugin", "enrichment.attempt"),
    ("crm_lead_mining", "recipient.rule"),
    ("crm_common", "credit.account"),
]


@pytest.mark.parametrize(("addon", "model"), STRANGERS)
def test_main_addons_know_only_what_they_depend_on(tmp_path, addon, model):
    path = f"{addon}/models/other.py"
    (found, *more) = faults(tmp_path, {path: f"class B(models.Model):\n    _inherit = '{model}'"})
    assert f"addons/{path}:2:" in found
    assert all("depend" in one or "without" in one for one in (found, *more))


def test_a_dependency_that_is_not_granted_fails(tmp_path):
    manifest = repr({"depends": ["crm_common", "crm_iap_credits"]})
    (found,) = faults(tmp_path, {"crm_mail_plugin/__manifest__.py": manifest})
    assert "may_know" in found


def test_what_is_no_arrow_passes(tmp_path):
    assert faults(tmp_path, {
        # A window that a button opens, a package that loads its parts, what is not ours, tests.
        "crm_lead_mining/models/mining/button.py":
            "def f(self):\n    return {'res_model': 'thing.ask', 'type': 'window'}",
        "crm_lead_mining/models/__init__.py": "from . import mining, privacy",
        "crm_lead_mining/models/privacy/stock.py": ENV.format("res.partner"),
        "crm_lead_mining/company/tests/test_thing.py": ENV.format("thing.mining"),
        "crm_lead_mining/providers/good.py":
            "from odoo.addons.crm_common.tools.domains import a\nfrom ..company import thing",
    }) == []  # fmt: skip


def test_a_rule_for_a_room_that_is_gone_is_told(tmp_path):
    rules = Rules.ours()
    rules.forbidden[0]["from"] = ["crm_lead_mining/firm"]
    (found,) = faults(tmp_path, rules=rules)
    assert "crm_lead_mining/firm" in found


def test_no_addon_of_ours_makes_its_installation_go_through_every_table():
    """As Odoo does for one that extends all models: see `init_models` of its registry."""
    extends_all = re.compile(r"_inherit = \[?[\"']base[\"']")
    sources = [path for path in paths.ADDONS.rglob("*.py") if "tests" not in path.parts]
    found = [path for path in sources if extends_all.search(path.read_text(encoding="utf-8"))]
    assert sources and found == []
