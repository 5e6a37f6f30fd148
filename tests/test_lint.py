"""`./run lint` is the one list of checks, and lets nothing off for ever."""

import re
from pathlib import Path

from tools import paths, setup, type_check
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


def test_the_overlay_leads_to_our_addons():
    assert (setup.overlay() / "odoo/addons").resolve() == paths.ADDONS
