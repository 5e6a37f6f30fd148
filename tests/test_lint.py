"""`./run lint` is the one list of checks."""

import re

from tools import paths, setup, texts
from tools.commands import lint


def test_a_commit_is_checked_by_the_same_checks():
    config = (paths.REPO / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert sorted(re.findall(r"entry: \./run lint (\w+)$", config, re.M)) == sorted(lint.CHECKS)


def test_a_text_that_the_extraction_would_lose_is_named_with_its_line():
    table = {
        '[("a", self.env._("A")),\n ("b", self.env._("B"))]': [2],
        'x = _("%s") % (\n"1", 2)': [1],
        "x = f\"{a} {env._('B')}\"": [1],
        '{"a": _("A"), "b": _("B")}': [],
        'x = _("%s and %s") % (1, "b")': [],
        '[("a", _("A"), one), ("b", _lt("B"))]': [],
        'x = _(\n    "A"\n    " and B", _("C"), key=(1, 2))\n': [],
        'x = f"{a} {b}" + _("(A)")': [],
        'x = f"{env._(one.label)} {number}"': [],
    }
    for source, lines in table.items():
        assert [line for line, _sentence in texts.lost(source)] == lines, source


def test_the_overlay_leads_to_our_addons():
    assert (setup.overlay() / "odoo/addons").resolve() == paths.ADDONS
