"""No unit test of JavaScript lies where nobody runs it."""

import ast
import glob
from pathlib import Path

from odoo.tests import BaseCase

from .javascript import unit_tests

ADDONS = Path(__file__).parents[2]


class TestJavaScript(BaseCase):
    def test_every_unit_test_is_in_the_bundle_and_is_run(self):
        """Where an addon runs its own, a file that is in no bundle fails there as well."""
        tested = [path.parent for path in ADDONS.glob("*/__manifest__.py")]
        tested = [addon for addon in tested if unit_tests(addon)]
        self.assertTrue(tested)
        for addon in tested:
            with self.subTest(addon.name):
                self.assertFalse(unit_tests(addon) - _bundled(addon))
                self.assertRegex((addon / "tests/__init__.py").read_text(), r"\btest_javascript\b")
                self.assertIn(
                    f'assertJavaScriptWorks("{addon.name}")',
                    (addon / "tests/test_javascript.py").read_text(),
                )


def _bundled(addon: Path) -> set[str]:
    """Return the files that an addon puts into the bundle of unit tests, below the addon."""
    files: set[str] = set()
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    for entry in manifest.get("assets", {}).get("web.assets_unit_tests", []):
        directive, pattern = ("add", entry) if isinstance(entry, str) else (entry[0], entry[-1])
        found = glob.glob(pattern.removeprefix(f"{addon.name}/"), root_dir=addon, recursive=True)
        files = files - set(found) if directive == "remove" else files | set(found)
    return files
