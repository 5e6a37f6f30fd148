"""`./run lint` is the one list of checks."""

import re

from tools import paths, setup
from tools.commands import lint


def test_a_commit_is_checked_by_the_same_checks():
    config = (paths.REPO / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert sorted(re.findall(r"entry: \./run lint (\w+)$", config, re.M)) == sorted(lint.CHECKS)


def test_the_overlay_leads_to_our_addons():
    assert (setup.overlay() / "odoo/addons").resolve() == paths.ADDONS
