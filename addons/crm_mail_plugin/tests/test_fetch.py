import contextlib
import io
import socket
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from PIL import Image

from odoo.tests import BaseCase, common

from odoo.addons.crm_common.tests.hostile_hosts import HOSTILE_ADDRESSES, HOSTILE_URLS
from odoo.addons.crm_common.tools.public_hosts import HostNotPublic

from ..tools import fetch, logos


def picture(form="PNG", size=(2, 2)):
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, form)
    return content.getvalue()


class Website(BaseHTTPRequestHandler):
    """A website on loopback that answers what a path names."""

    asked = []
    port = 0

    def do_GET(self):
        if self.path == "/logo.png?slow-headers":
            with contextlib.suppress(OSError):  # whoever has asked has left
                for byte in b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n" * 2:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            return
        if self.path == "/logo.png?slow-redirect":
            time.sleep(0.2)
            self.path = "/loop"
        self.asked.append((self.path, self.headers["Host"]))
        status, headers, body = {
            "/logo.png": (200, {"Content-Type": "image/png"}, picture()),
            "/page": (200, {"Content-Type": "text/html"}, b"<html>secret</html>"),
            "/liar.png": (200, {"Content-Type": "image/png"}, b"<html>secret</html>"),
            "/drawing.svg": (200, {"Content-Type": "image/svg+xml"}, b"<svg onload='x'/>"),
            "/large.png": (200, {"Content-Type": "image/png"}, b"\x89PNG" + b"x" * 2**21),
            "/moved": (302, {"Location": "/logo.png"}, b""),
            "/inside": (302, {"Location": "http://inside.example/logo.png"}, b""),
            "/elsewhere": (302, {"Location": "file:///etc/passwd"}, b""),
            "/1": (301, {"Location": "/logo.png"}, b""),
            "/2": (308, {"Location": "/1"}, b""),
            "/3": (303, {"Location": "/2"}, b""),
            "/nowhere": (302, {}, picture()),
            "/bytes": (200, {"Content-Type": "Application/Octet-Stream"}, picture("ICO", (16, 16))),
            "/logo.png?dripping": (200, {"Content-Type": "image/png"}, picture()),
            "/loop": (302, {"Location": "/loop"}, b""),
        }.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.path == "/logo.png?dripping":
            with contextlib.suppress(OSError):  # whoever has asked has left
                for byte in picture():
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


class TestFetch(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Website)
        Website.port = cls.server.server_port
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)

    def setUp(self):
        super().setUp()
        Website.asked.clear()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's own stops every name; here the guard decides where a name leads.
        return common._super_send(session, request, **options)

    def _resolve(self, host, port):
        """Let a name stand for the website on loopback; all others are judged as ever."""
        if host == "public.example":
            return [("127.0.0.1", Website.port)]
        raise HostNotPublic(host)

    def _fetch(self, path, **options):
        url = f"http://public.example{path}"
        return fetch.fetch_image(url, resolve=self._resolve, **options)

    def test_nothing_is_asked_from_a_neutralized_copy(self):
        self.assertIsNone(self._fetch("/logo.png", closed=True))
        self.assertEqual(Website.asked, [])

    def test_a_picture_of_a_public_host_is_taken(self):
        self.assertEqual(self._fetch("/logo.png"), picture())
        self.assertEqual(Website.asked, [("/logo.png", "public.example")])

    def test_a_redirect_is_followed_to_a_public_host_only(self):
        self.assertEqual(self._fetch("/moved"), picture())
        Website.asked.clear()
        for path in ("/inside", "/elsewhere", "/loop"):
            self.assertIsNone(self._fetch(path), path)
        self.assertNotIn("/logo.png", [path for path, _host in Website.asked])

    def test_two_redirects_are_followed_and_not_three(self):
        self.assertEqual(self._fetch("/2"), picture())
        self.assertIsNone(self._fetch("/3"))
        self.assertIsNone(self._fetch("/nowhere"))

    def test_a_picture_is_taken_whatever_case_its_type_is_written_in(self):
        self.assertEqual(self._fetch("/bytes"), picture("ICO", (16, 16)))

    def test_a_picture_of_the_largest_size_is_taken(self):
        for change, taken in ((0, True), (-1, False)):
            with patch.object(fetch, "MAX_BYTES", len(picture()) + change):
                self.assertEqual(self._fetch("/logo.png") is not None, taken)

    def test_who_answers_too_slowly_is_left(self):
        with patch.object(fetch, "SECONDS", 0.0):
            self.assertIsNone(self._fetch("/logo.png"))

    def test_who_answers_byte_by_byte_is_left(self):
        started = time.monotonic()
        with patch.object(fetch, "SECONDS", 0.3):
            self.assertIsNone(self._fetch("/logo.png?dripping"))
        self.assertLess(time.monotonic() - started, 2)

    def test_the_time_holds_as_a_whole_whatever_takes_it(self):
        def slow_name_service(host, port):
            time.sleep(3)
            return self._resolve(host, port)

        for path, resolve in (
            ("/logo.png", slow_name_service), ("/logo.png?slow-headers", self._resolve),
            ("/logo.png?slow-redirect", self._resolve),
        ):  # fmt: skip
            started = time.monotonic()
            url = f"http://public.example{path}"
            with patch.object(fetch, "SECONDS", 0.3):
                self.assertIsNone(fetch.fetch_image(url, resolve=resolve), path)
            self.assertLess(time.monotonic() - started, 1, path)

    def test_the_places_of_a_logo_share_the_time(self):
        def slow(url, closed=False):
            time.sleep(0.25)

        logos._of_domain.cache_clear()
        started = time.monotonic()
        with patch.object(fetch, "SECONDS", 0.3), patch.object(fetch, "fetch_image", slow):
            self.assertIsNone(logos.of_domain("acme.example"))
        self.assertLess(time.monotonic() - started, 0.45)

    def test_hosts_that_hang_do_not_pile_up(self):
        hanging, before = threading.Event(), set(threading.enumerate())
        self.addCleanup(hanging.set)
        started = time.monotonic()
        with patch.object(fetch, "_slots", threading.BoundedSemaphore(2)):
            for _time in range(4):
                self.assertIsNone(fetch.within(0.1, hanging.wait))
            self.assertLess(time.monotonic() - started, 2)
            self.assertLessEqual(len(set(threading.enumerate()) - before), 2)

    def test_what_is_no_picture_is_not_taken(self):
        for path in ("/page", "/liar.png", "/drawing.svg", "/large.png", "/missing"):
            self.assertIsNone(self._fetch(path), path)

    def test_no_other_place_is_asked(self):
        with patch.object(socket, "socket", side_effect=AssertionError("connected")):
            for url in (
                *HOSTILE_URLS, f"http://127.0.0.1:{Website.port}/logo.png",
                f"http://localhost:{Website.port}/logo.png", None, 7, "http://" + "a" * 3000,
                "http://acme.example/" + "a" * 3000,
            ):  # fmt: skip
                self.assertIsNone(fetch.fetch_image(url), url)

    def test_no_hostile_address_is_connected(self):
        for address, reason in HOSTILE_ADDRESSES.items():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            found = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
            with (
                self.subTest(address, reason=reason),
                patch.object(socket, "getaddrinfo", return_value=found),
                patch.object(socket, "socket", side_effect=AssertionError("connected")),
            ):
                self.assertIsNone(fetch.fetch_image("https://hostile.example/logo.png"))

    def test_a_picture_of_very_many_pixels_is_not_taken(self):
        self.assertTrue(fetch._checked(picture(size=(4096, 4096))))
        with self.assertRaises(fetch.FetchRefused):
            fetch._checked(picture(size=(4097, 4096)))

    def test_whatever_a_broken_picture_leads_to_is_a_refusal(self):
        good, header = picture(), picture()[:16]
        # So many that the reader itself refuses it, before its size could be asked for.
        huge = header + (50_000).to_bytes(4, "big") * 2 + good[24:29]
        huge += zlib.crc32(huge[12:29]).to_bytes(4, "big") + good[33:]
        for broken in (b"", header, good[:40], huge, b"GIF89a", b"\0\0\1\0\1\0" + b"\xff" * 16):
            with self.assertRaises(fetch.FetchRefused):
                fetch._checked(broken)
