"""What a publisher's server may do, and what comes of it."""

import gzip
import io
import os
import random
import shutil
import tempfile
import zipfile
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, common, tagged

from ..registers import download as module
from ..registers.download import Limits, download
from ..registers.network import DownloadError
from .publisher import Proxy, Published, Publisher

HOST, MIRROR, FOREIGN = "data.example", "files.example", "elsewhere.example"
URL = f"https://{HOST}/companies"
TEXT = b"name,number\n" + b"".join(b"Synthetic %d,%d\n" % (n, n) for n in range(20_000))
NOISE = random.Random(1).randbytes(300_000)
LIMITS = Limits(connect=2, read=2, patience=0.5, slowest=100_000, backoff=0.01, look=0.0)


class Stopped(Exception):
    """Who asked has had enough."""


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("companies.csv", content)
    return buffer.getvalue()


class DownloadCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.publisher = Publisher(folder, HOST, MIRROR, FOREIGN).__enter__()
        cls.addClassCleanup(cls.publisher.__exit__)

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo lets tests ask "localhost" only; here every name leads to this process.
        return common._super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = self.folder / "companies"
        self.publisher.asked.clear()
        self.publisher.files.clear()

    def publish(self, content=TEXT, host=HOST, path="/companies", **options):
        one = self.publisher.files[host + path] = Published(content, **options)
        return one

    def redirect(self, target):
        self.publish(b"", status=302, headers={"Location": target})

    def get(self, url=URL, **options):
        defaults = {
            "hosts": (HOST, MIRROR), "limits": LIMITS, "resolve": self.publisher.resolve,
            "verify": self.publisher.certificate, "keep_free": 0,
        }  # fmt: skip
        return download(url, self.path, **{**defaults, **options})

    def fails(self, code, host=HOST, **options):
        with self.assertRaises(DownloadError) as caught:
            self.get(**options)
        self.assertEqual((caught.exception.code, caught.exception.host), (code, host))
        self.assertFalse(self.path.exists())
        return caught.exception

    def left(self):
        return sorted(one.name for one in self.folder.iterdir())

    def ranges(self):
        return [one.headers.get("Range") for one in self.publisher.asked]

    def assertIsHere(self, content=TEXT):
        self.assertEqual(self.path.read_bytes(), content)
        self.assertEqual(self.left(), ["companies"])


@tagged("post_install", "-at_install")
class TestDownload(DownloadCase):
    def test_a_file_comes_with_what_tells_its_edition(self):
        one = self.publish()
        found = self.get()
        self.assertIsHere()
        self.assertEqual((found.etag, found.modified), (one.etag, one.modified))
        (asked,) = self.publisher.asked
        self.assertNotIn("Authorization", asked.headers)
        self.assertEqual(asked.headers["Accept-Encoding"], "identity")

    def test_packed_files_are_tested_and_stay_packed(self):
        for content in (gzip.compress(TEXT), zipped(TEXT), b"PAR1" + TEXT + b"PAR1"):
            with self.subTest(content[:4]):
                self.publish(content)
                self.get()
                self.assertIsHere(content)

    def test_a_file_that_is_packed_on_its_way_is_gone_on_with_and_stays_packed(self):
        content = gzip.compress(NOISE)
        self.publish(content, headers={"Content-Encoding": "gzip"}, cuts=[100_000])
        self.get()
        self.assertIsHere(content)

    def test_a_file_without_a_length_comes_too(self):
        self.publish(chunked=True)
        self.get()
        self.assertIsHere()

    def test_redirects_are_followed_among_the_hosts_of_the_source(self):
        self.publish(host=MIRROR, path="/file")
        self.redirect("/0")
        self.publish(b"", path="/0", status=302, headers={"Location": f"https://{MIRROR}/file"})
        self.get()
        self.assertIsHere()

    def test_redirects_lead_nowhere_else(self):
        self.publish(host=FOREIGN, path="/file")
        for target, code, host in (
            (f"https://{FOREIGN}/file", "foreign", FOREIGN),
            (f"http://{HOST}/companies", "insecure", HOST),
            ("https://127.0.0.1/file", "foreign", "127.0.0.1"),
            (f"https://user:password@{HOST}/companies", "not_public", HOST),
            (f"https://{HOST}:8443/companies", "not_public", HOST),
            ("file:///etc/passwd", "insecure", ""),
            ("/companies", "redirects", HOST),
        ):
            with self.subTest(target):
                self.redirect(target)
                self.fails(code, host)
        self.assertFalse([one for one in self.publisher.asked if one.host == FOREIGN])

    def test_a_host_whose_address_is_private_is_not_asked(self):
        self.publish()
        private = [(2, 1, 6, "", ("10.0.0.1", 443))]
        with patch.object(module.resolve_public.__globals__["socket"], "getaddrinfo") as found:
            found.return_value = private
            self.fails("not_public", resolve=module.resolve_public)
        self.assertEqual(self.publisher.asked, [])

    def test_a_certificate_that_fails_ends_it(self):
        self.publish()
        self.fails("certificate", verify=True)
        self.publish(host="127.0.0.1")
        self.fails("certificate", "other.example", url="https://other.example/companies",
                   hosts=["other.example"])  # fmt: skip
        self.assertEqual(self.publisher.asked, [])

    def test_a_copy_of_a_database_asks_nobody(self):
        self.publish()
        self.fails("closed", "", closed=True)
        self.assertEqual(self.publisher.asked, [])

    def test_what_a_status_means(self):
        for status, code, times in (
            (404, "gone", 1), (410, "gone", 1), (401, "refused", 1), (403, "refused", 1),
            (429, "busy", 1), (503, "busy", 1), (418, "status", 1), (204, "status", 1),
            (500, "unavailable", LIMITS.attempts), (502, "unavailable", LIMITS.attempts),
        ):  # fmt: skip
            with self.subTest(status):
                self.publisher.asked.clear()
                self.publish(b"", status=status)
                self.fails(code)
                self.assertEqual(len(self.publisher.asked), times)

    def test_nobody_there(self):
        self.fails("unreachable", resolve=lambda *_host: [("127.0.0.1", 1)])

    def test_a_proxy_of_the_server_is_used(self):
        self.publish()
        with Proxy(self.publisher.port) as proxy:
            names = {"HTTPS_PROXY": proxy.url, "NO_PROXY": "", "no_proxy": ""}
            with patch.dict(os.environ, names):
                self.get(resolve=lambda *_host: [("127.0.0.1", 1)])
                self.assertIsHere()
                self.path.unlink()
                self.fails("certificate", verify=True)
        self.assertEqual(proxy.asked, [f"{HOST}:443"] * 2)

    def test_a_proxy_that_is_not_there(self):
        self.publish()
        with patch.dict(os.environ, {"HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": ""}):
            self.fails("proxy", "")


@tagged("post_install", "-at_install")
class TestDownloadInPieces(DownloadCase):
    def stop_after(self, size, **options):
        def told(progress):
            if progress.done >= size:
                raise Stopped

        with self.assertRaises(Stopped):
            self.get(told=told, **options)
        self.assertFalse(self.path.exists())
        return (self.folder / "companies.part").stat().st_size

    def test_what_is_cut_off_goes_on_where_it_was(self):
        for options in ({}, {"etag": ""}, {"etag": 'W/"1"'}):
            with self.subTest(options):
                self.publisher.asked.clear()
                one = self.publish(cuts=[100_000, 50_000], **options)
                self.get()
                self.assertIsHere()
                self.assertEqual(self.ranges(), [None, "bytes=100000-", "bytes=150000-"])
                validator = one.etag if one.etag == '"1"' else one.modified
                self.assertEqual(self.publisher.asked[1].headers["If-Range"], validator)

    def test_a_publisher_that_cannot_go_on_begins_anew(self):
        for options in ({"ranges": False}, {"etag": "", "modified": ""}):
            with self.subTest(options):
                self.publish(cuts=[100_000], **options)
                self.get()
                self.assertIsHere()

    def test_a_file_that_changes_between_two_pieces_is_begun_anew(self):
        def change(one):
            one.content, one.etag, one.modified = TEXT[::-1], '"2"', "later"

        for heeds in (True, False):
            with self.subTest(heeds=heeds):
                one = self.publish(cuts=[100_000], heeds=heeds)
                one.before = lambda one: change(one) if not one.cuts else None
                found = self.get()
                self.assertIsHere(TEXT[::-1])
                self.assertEqual(found.etag, '"2"')

    def test_a_shorter_file_than_what_has_come_is_begun_anew(self):
        def shrink(one):
            if not one.cuts:
                one.content = TEXT[:50_000]

        self.publish(cuts=[100_000], before=shrink, heeds=False)
        self.get()
        self.assertIsHere(TEXT[:50_000])

    def test_what_was_stopped_goes_on_in_a_later_call(self):
        self.publish()
        size = self.stop_after(100_000)
        self.assertGreaterEqual(size, 100_000)
        self.assertLess(size, len(TEXT))
        self.get()
        self.assertIsHere()
        self.assertEqual(self.ranges(), [None, f"bytes={size}-"])

    def test_who_stops_is_told_whether_a_later_call_can_go_on(self):
        for options, resumable in (({}, True), ({"etag": "", "modified": ""}, False)):
            told = []
            self.publish(**options)
            self.get(told=told.append)
            with self.subTest(options):
                self.assertEqual({one.resumable for one in told}, {resumable})
                self.assertEqual({one.total for one in told}, {len(TEXT)})
                self.assertEqual(told[-1].done, len(TEXT))

    def test_what_has_come_of_another_address_is_not_gone_on_with(self):
        self.publish()
        self.stop_after(100_000)
        self.publish(TEXT[::-1], path="/other")
        self.get(URL.replace("companies", "other"))
        self.assertIsHere(TEXT[::-1])

    def test_what_is_noted_of_a_piece_and_cannot_be_read_is_begun_anew(self):
        self.publish()
        for note in ("", "[]", "{}", '{"url": 1}'):
            with self.subTest(note):
                self.stop_after(100_000)
                (self.folder / "companies.json").write_text(note)
                self.get()
                self.assertIsHere()
                self.path.unlink()

    def test_a_process_that_ended_before_the_last_step_asks_nobody_again(self):
        self.publish()
        with patch.object(module.Part, "become_whole", side_effect=Stopped), \
                self.assertRaises(Stopped):  # fmt: skip
            self.get()
        self.get()
        self.assertIsHere()
        self.assertEqual(len(self.publisher.asked), 1)


@tagged("post_install", "-at_install")
class TestBadDownloads(DownloadCase):
    def test_a_length_that_is_not_kept(self):
        self.publish(claims=len(TEXT) + 1, ranges=False)
        self.fails("cut")

    def test_half_a_packed_file_is_no_file(self):
        packed = gzip.compress(NOISE), zipped(NOISE)
        changed = [one[:2000] + b"\0\0" + one[2002:] for one in packed]
        cut = [one[:-9] for one in packed]
        for content in (*changed, *cut, b"PAR1" + NOISE):
            with self.subTest(content[:4], size=len(content)):
                self.publish(content)
                self.fails("damaged")
                self.assertEqual(self.left(), [])

    def test_a_page_is_no_file(self):
        for page in (b"<!DOCTYPE html><title>Sorry</title>", b"\xef\xbb\xbf\n <HTML lang=en>",
                     b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC>", b"<!-- x -->"):  # fmt: skip
            for content in (page, page + b" " * 100_000, gzip.compress(page)):
                with self.subTest(page, size=len(content)):
                    self.publish(content)
                    self.fails("html")
                    self.assertEqual(self.left(), [])

    def test_nothing_is_no_file(self):
        self.publish(b"")
        self.fails("damaged")

    def test_a_page_is_told_before_all_of_it_has_come(self):
        self.publish(b"<html>" + b" " * 5_000_000, pause=0.01)
        self.fails("html")

    def test_a_file_that_is_too_large(self):
        self.publish()
        self.fails("too_large", max_bytes=1000)
        self.publish(chunked=True)
        self.fails("too_large", max_bytes=1000)
        self.assertEqual(self.left(), [])

    def test_a_packed_file_that_becomes_too_large(self):
        self.publish(gzip.compress(bytes(1 << 24)))
        with patch.object(module, "MAX_BYTES", 1 << 23):
            self.fails("too_large")

    def test_a_publisher_that_is_too_slow(self):
        self.publish(pause=0.02)
        self.fails("timeout", limits=replace(LIMITS, attempts=1))

    def test_a_publisher_that_falls_silent(self):
        self.publish(b"x" * 2000, pause=3)
        self.fails("timeout", limits=replace(LIMITS, attempts=1, read=0.3))

    def test_a_disk_without_room_is_told_before_anything_comes(self):
        self.publish()
        free = shutil.disk_usage(self.folder).free
        error = self.fails("disk_full", "", keep_free=free + (1 << 40))
        self.assertGreaterEqual(int(error.detail), 1 << 39)
        self.assertEqual(self.left(), [])

    def test_a_disk_that_fills_meanwhile(self):
        usage = namedtuple("usage", "free")
        self.publish()
        with patch.object(module.shutil, "disk_usage", side_effect=[usage(1 << 20), usage(5)]):
            self.fails("disk_full", "", keep_free=1000)
        self.assertEqual(self.left(), [])

    def test_a_disk_that_is_full(self):
        full = self.folder / "companies.part"
        full.symlink_to("/dev/full")
        self.addCleanup(full.unlink, missing_ok=True)
        self.publish()
        with patch.object(module.Part, "remove"):
            self.fails("disk_full", "")

    def test_a_folder_that_is_gone(self):
        self.publish()
        self.path = self.folder / "gone" / "companies"
        self.fails("disk", "")
