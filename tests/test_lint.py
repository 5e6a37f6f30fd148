"""`./run lint` is the one list of checks, and lets nothing off for ever."""

import re
from pathlib import Path

from tools import paths, setup, texts, type_check
from tools.commands import lint


def test_a_commit_is_checked_by_the_same_checks():
    config = (paths.REPO / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert sorted(re.findall(r"entry: \./run lint (\w+)$", config, re.M)) == sorted(lint.CHECKS)


def test_an_error_of_types_counts_but_in_a_file_that_is_let_off():
    lines = ["a.py:1: error: no", "b.py:2: error: no", "b.py:2: note: why"]
    assert type_check.judge(lines, ["b.py"]) == (["a.py:1: error: no"], [])
    assert type_check.judge(lines, ["b.py", "c.py"]) == (["a.py:1: error: no"], ["c.py"])


def test_every_file_that_is_let_off_is_there_and_runs_without_the_orm():
    for line in type_check.LET_OFF.read_text(encoding="utf-8").splitlines()[1:]:
        assert (paths.REPO / line).is_file(), line
        assert set(Path(line).parts) & set(type_check.PURE), line


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
