import io
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from odoo.tests import BaseCase

from ..tools import fetch


def picture(form="PNG", size=(2, 2)):
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, form)
    return content.getvalue()


class Website(BaseHTTPRequestHandler):
    """A website on loopback that answers what a path names."""

    asked = []
    port = 0

    def do_GET(self):
        self.asked.append((self.path, self.headers["Host"]))
        status, headers, body = {
            "/logo.png": (200, {"Content-Type": "image/png"}, picture()),
            "/page": (200, {"Content-Type": "text/html"}, b"<html>secret</html>"),
            "/liar.png": (200, {"Content-Type": "image/png"}, b"<html>secret</html>"),
            "/drawing.svg": (200, {"Content-Type": "image/svg+xml"}, b"<svg onload='x'/>"),
            "/large.png": (200, {"Content-Type": "image/png"}, b"\x89PNG" + b"x" * 2**21),
            "/moved": (302, {"Location": "/logo.png"}, b""),
            "/inside": (302, {"Location": f"http://inside.example:{self.port}/logo.png"}, b""),
            "/elsewhere": (302, {"Location": "file:///etc/passwd"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
        }.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
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

    def _resolve(self, host, port, **kw):
        """Let a name stand for loopback, which is public in these tests, or for the inside."""
        address = {"inside.example": "10.0.0.1"}.get(host, "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def _fetch(self, path, **options):
        return fetch.fetch_image(
            f"http://public.example:{Website.port}{path}",
            allow=lambda address: address == "127.0.0.1",
            resolve=self._resolve,
            ports={"http": Website.port},
            **options,
        )

    def test_nothing_is_asked_from_a_neutralized_copy(self):
        self.assertIsNone(self._fetch("/logo.png", closed=True))
        self.assertEqual(Website.asked, [])

    def test_a_picture_of_a_public_host_is_taken(self):
        self.assertEqual(self._fetch("/logo.png"), picture())
        self.assertEqual(Website.asked, [("/logo.png", f"public.example:{Website.port}")])

    def test_a_redirect_is_followed_to_a_public_host_only(self):
        self.assertEqual(self._fetch("/moved"), picture())
        Website.asked.clear()
        for path in ("/inside", "/elsewhere", "/loop"):
            self.assertIsNone(self._fetch(path), path)
        self.assertNotIn("/logo.png", [path for path, _host in Website.asked])

    def test_what_is_no_picture_is_not_taken(self):
        for path in ("/page", "/liar.png", "/drawing.svg", "/large.png", "/missing"):
            self.assertIsNone(self._fetch(path), path)

    def test_no_other_host_is_asked(self):
        for url in (
            f"http://127.0.0.1:{Website.port}/logo.png",
            f"http://localhost:{Website.port}/logo.png",
            "http://127.0.0.1/logo.png",
            "http://2130706433/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://user@127.0.0.1/",
            "https://127.0.0.1:5432/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "gopher://127.0.0.1/",
            "//127.0.0.1/",
            "http://",
            "http://[",
            "",
            None,
            7,
            "http://" + "a" * 3000,
        ):
            self.assertIsNone(fetch.fetch_image(url), url)
        self.assertEqual(Website.asked, [])

    def test_a_host_with_one_inner_address_is_not_asked(self):
        def resolve(host, port, **kw):
            both = ("93.184.216.34", "10.0.0.1")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in both]

        self.assertIsNone(fetch.fetch_image("http://two.example/logo.png", resolve=resolve))

    def test_public_addresses_are_told_from_inner_ones(self):
        for address in ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"):
            self.assertTrue(fetch.is_public(address), address)
        for address in (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
            "0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1",
            "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::", "ff02::1", "not an address",
        ):  # fmt: skip
            self.assertFalse(fetch.is_public(address), address)

    def test_a_picture_of_very_many_pixels_is_not_taken(self):
        with self.assertRaises(fetch.FetchRefused):
            fetch._checked(picture(size=(5000, 5000)))
