"""How the addons run the unit tests of their JavaScript."""

import logging
import re
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import HttpCase

SECONDS = 300
SUCCESS = "[HOOT] Test suite succeeded"
# How HOOT tells that a file is done, with its counts: of passed tests first, where there are some.
DONE = re.compile(r'"(@[^"]+)" ended \(passed: \d+ / time')


def unit_tests(addon: Path) -> set[str]:
    """Return the paths of an addon's unit tests, below the addon."""
    return {str(path.relative_to(addon)) for path in addon.glob("static/**/*.test.js")}


class JavaScriptCase(HttpCase):
    def assertJavaScriptWorks(self, addon: str) -> None:
        """Run an addon's unit tests in the browser: every file, and no test of it is skipped."""
        # Texts are tested in Italian as well, with the terms that the users get.
        self.env["res.lang"]._activate_lang("it_IT")
        errors = []
        with self.assertLogs(self._logger.getChild("browser"), logging.INFO) as log:
            try:
                self.browser_js(
                    f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={_id(addon)}",
                    code="",
                    login="admin",
                    timeout=SECONDS,
                    success_signal=SUCCESS,
                    error_checker=lambda message: "[HOOT]" not in message,
                )
            except AssertionError as error:
                errors = [str(error)]
        messages = [record.getMessage() for record in log.records]
        errors += [
            record.getMessage() for record in log.records if record.levelno >= logging.WARNING
        ]
        self.assertFalse(errors, "\n\n".join(errors))
        done = {match[1] for message in messages for match in DONE.finditer(message)}
        files = {
            f"@{addon}/" + path.removeprefix("static/tests/").removesuffix(".test.js")
            for path in unit_tests(Path(get_module_path(addon)))
        }
        self.assertFalse(files - done, "A file of tests does not run, or not all of it")


def _id(addon: str) -> str:
    """Return the id that HOOT gives to the tests of an addon: a hash of their common name."""
    number = 0
    for character in f"@{addon}":
        number = (number * 31 + ord(character)) & 0xFFFFFFFF
    return f"{number:08x}"
