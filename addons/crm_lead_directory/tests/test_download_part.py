"""What is kept of a file that has come in part, and when it is of no use any more."""

import errno
import gzip
import json
import shutil
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..importer.problems import DROPPED, IDENTIFYING, IGNORED, Problem
from ..registers.network import DownloadError
from ..registers.part import Part, disk_errors

URL = "https://data.example/companies"
HEADERS = {"ETag": '"1"', "Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT", "Content-Length": "9"}


@tagged("post_install", "-at_install")
class TestPart(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = Path(folder) / "companies"

    def part(self, content=b"", headers=None):
        """Return what has come, as an earlier process has left it."""
        part = Part(self.path, URL)
        part.begin(HEADERS if headers is None else headers)
        part.path.write_bytes(content)
        return part

    def test_a_part_is_gone_on_with_while_it_may_be_the_file_s(self):
        for content, headers, size in (
            (b"12345", HEADERS, 5), (b"123456789", HEADERS, 9), (b"1234567890", HEADERS, 0),
            (b"1234567890", {"ETag": '"1"'}, 10),
        ):  # fmt: skip
            self.part(content, headers)
            with self.subTest(content, headers=headers):
                self.assertEqual(Part(self.path, URL).size, size)
        self.part(b"12345")
        self.assertEqual(Part(self.path, URL + "2").size, 0)
        self.assertEqual(Part(self.path, URL).size, 0)  # gone for good

    def test_a_note_that_cannot_be_read_is_none(self):
        for note in ("", "[]", "{", '{"etag": "1"}', "null"):
            self.part(b"12345")
            self.path.with_name("companies.json").write_text(note)
            with self.subTest(note):
                part = Part(self.path, URL)
                self.assertEqual((part.size, part.etag, part.total), (0, "", None))

    def test_what_proves_the_file_is_a_strong_tag_or_else_its_date(self):
        modified = HEADERS["Last-Modified"]
        for etag, validator in (('"1"', '"1"'), ('W/"1"', modified), ("", modified)):
            part = self.part(headers={**HEADERS, "ETag": etag})
            self.assertEqual(part.validator, validator)
            self.assertEqual(Part(self.path, URL).validator, validator)
        self.assertEqual(self.part(headers={}).validator, "")
        self.assertIsNone(self.part(headers={"Content-Length": "many"}).total)

    def test_the_whole_file_leaves_no_note_behind(self):
        part = self.part(b"123456789")
        part.become_whole()
        self.assertEqual(self.path.read_bytes(), b"123456789")
        self.assertEqual([one.name for one in self.path.parent.iterdir()], ["companies"])

    def test_pages_are_told_from_files_packed_or_not(self):
        page = b"  <!DOCTYPE html><p>Sorry"
        for content in (page, gzip.compress(page), b'<?xml version="1.0"?> <html>'):
            with self.subTest(content[:9]), self.assertRaises(DownloadError) as caught:
                self.part(content).check_head("data.example")
            self.assertEqual(caught.exception.code, "html")
        for content in (b"name,city", gzip.compress(b"name"), b'<?xml version="1.0"?><data>'):
            self.part(content).check_head("data.example")
        with self.assertRaises(DownloadError) as caught:
            self.part(b"").check_head("data.example")
        self.assertEqual(caught.exception.code, "damaged")

    def test_what_is_packed_is_read_to_its_end(self):
        packed = gzip.compress(b"x" * 1000)
        self.assertEqual(sum(self.part(packed).unpacked("h")), 1000)
        self.assertEqual([*self.part(b"name,city").unpacked("h")], [])
        self.assertEqual([*self.part(b"PAR1...PAR1").unpacked("h")], [0])
        for damaged in (packed[:-4], packed[:-8] + b"\0" * 8, b"PAR1....", b"PK\x03\x04..."):
            with self.subTest(damaged[:4]), self.assertRaises(DownloadError) as caught:
                list(self.part(damaged).unpacked("data.example"))
            self.assertEqual(caught.exception.code, "damaged")

    def test_a_full_disk_is_told_from_a_broken_one(self):
        for number, code in (
            (errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EIO, "disk"),
        ):  # fmt: skip
            with self.assertRaises(DownloadError) as caught, disk_errors():
                raise OSError(number, "why")
            self.assertEqual((caught.exception.code, caught.exception.detail), (code, "why"))
            with self.assertRaises(DownloadError) as caught, disk_errors():
                raise OSError(number, None)
            self.assertEqual(caught.exception.detail, "")
        with self.assertRaises(gzip.BadGzipFile), disk_errors():
            raise gzip.BadGzipFile

    def test_a_note_survives_the_process(self):
        self.part(b"12345")
        note = json.loads(self.path.with_name("companies.json").read_text())
        self.assertEqual(note["url"], URL)
        part = Part(self.path, URL)
        self.assertEqual((part.etag, part.total, part.size), ('"1"', 9, 5))


@tagged("post_install", "-at_install")
class TestProblems(BaseCase):
    def test_a_problem_drops_a_row_or_leaves_a_value_out(self):
        self.assertTrue(all(Problem(1, code, "").dropped for code in DROPPED))
        self.assertFalse(any(Problem(1, code, "").dropped for code in IGNORED))
        self.assertLessEqual(IDENTIFYING, {*IGNORED})
