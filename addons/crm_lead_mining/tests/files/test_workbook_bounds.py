"""How large the parts of a workbook may be."""

import io
import zipfile

from odoo.tests import BaseCase, tagged

from ...files import workbook
from ...files.errors import FileError


@tagged("post_install", "-at_install")
class TestWorkbookBounds(BaseCase):
    def check(self, **parts):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name.replace("_", "/").replace("0", "."), content)
        with zipfile.ZipFile(packed) as archive:
            workbook._check(archive)

    def test_all_parts_together_may_be_as_large_as_the_limit(self):
        self.patch(workbook, "MAX_XML", 2000)
        self.check(a="x" * 1000, b="x" * 1000)
        with self.assertRaises(FileError) as caught:
            self.check(a="x" * 1000, b="x" * 1001)
        self.assertEqual(caught.exception.code, "too_large")

    def test_a_part_that_unfolds_too_far_is_a_bomb(self):
        self.patch(workbook, "MAX_PART_EXPANSION", 10)
        self.check(a="x" * 10240)
        with self.assertRaises(FileError):
            self.check(a="x" * 10241)

    def test_texts_that_all_sheets_share_have_a_limit_of_their_own(self):
        self.patch(workbook, "MAX_STRINGS", 1000)
        self.patch(workbook, "_STRINGS", "shared")
        self.check(shared="x" * 1000, other="x" * 1001)
        with self.assertRaises(FileError):
            self.check(shared="x" * 1001)

    def test_definitions_that_expand_are_refused_in_xml_alone(self):
        for name, is_refused in (("a0xml", True), ("a0rels", True), ("a0png", False)):
            for definition in ("<!DOCTYPE x>", "<!ENTITY x>", "<!\0ENTITY x>"):
                with self.subTest(name, definition=definition):
                    if not is_refused:
                        self.check(**{name: definition})
                        continue
                    with self.assertRaises(FileError) as caught:
                        self.check(**{name: definition})
                    self.assertEqual(caught.exception.code, "damaged")
