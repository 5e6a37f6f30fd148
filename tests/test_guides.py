"""A guide works as it is written: its addon is made of it, installed, tried and uninstalled."""

import dataclasses
import re

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
