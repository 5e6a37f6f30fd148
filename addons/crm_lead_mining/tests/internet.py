"""A small internet on loopback: made-up websites behind a real HTTP server."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.tests import BaseCase
from odoo.tests.common import _super_send

from ..providers.public_hosts import resolve_public
from ..providers.website import WebsiteProvider
from ..providers.website.visit import HostGate, Limits


@dataclass(frozen=True)
class Reply:
    """What a page answers; `write` replaces body and headers by whatever it sends itself."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[BaseHTTPRequestHandler], None] | None = None

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Request:
    host: str
    path: str
    headers: dict[str, str]
    began: float
    ended: float


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "loopback", ""

    def do_GET(self):
        began = time.monotonic()
        host = self.headers.get("Host", "").partition(":")[0]
        reply = self.server.internet.sites.get(host, {}).get(self.path, Reply(status=404))
        try:
            self._send(reply)
        finally:
            seen = Request(host, self.path, dict(self.headers), began, time.monotonic())
            self.server.internet.requests.append(seen)

    def _send(self, reply: Reply):
        if reply.write:
            self.close_connection = True
            return reply.write(self)
        headers = {"Content-Type": "text/html; charset=utf-8"} | reply.headers
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content)

    def log_message(self, *args):
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    internet: "Internet"

    def handle_error(self, request, client_address):
        """Clients that leave early are part of the tests."""


class Internet:
    """Hosts by name, and what was asked of them.

    :ivar sites: host -> path -> reply
    """

    def __init__(self):
        self.sites: dict[str, dict[str, Reply]] = {}
        self.requests: list[Request] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.internet = self
        with socket.create_server(("127.0.0.1", 0)) as unused:
            self._closed = unused.getsockname()
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def resolve(self, host: str, port: int) -> list[tuple[str, int]]:
        """Made-up hosts live here, and only on port 80; all others are judged as ever."""
        if host in self.sites:
            return [self._server.server_address if port == 80 else self._closed]
        return resolve_public(host, port)

    def paths(self, host: str) -> list[str]:
        """The paths that were asked of a host, but for robots.txt."""
        return [
            request.path
            for request in self.requests
            if request.host == host and request.path != "/robots.txt"
        ]


class InternetCase(BaseCase):
    """Base of tests that read made-up websites; they need no database."""

    limits = Limits(delay=0, seconds=10, timeout=5)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internet = Internet()
        cls.addClassCleanup(cls.internet.close)

    @classmethod
    def _request_handler(cls, session, request, /, **kw):
        # Odoo lets tests ask only "localhost"; here every name leads to this process.
        return _super_send(session, request, **kw)

    def setUp(self):
        super().setUp()
        self.internet.sites.clear()
        self.internet.requests.clear()

    def publish(self, host: str, home: str | bytes | Reply = "", **pages: str | bytes | Reply):
        """Put a website up; a page's keyword is its path, "robots" is robots.txt."""
        site = {"/": home, **{f"/{name}": page for name, page in pages.items()}}
        if "/robots" in site:
            site["/robots.txt"] = Reply(site.pop("/robots"), headers={"Content-Type": "text/plain"})
        self.internet.sites[host] = {
            path: page if isinstance(page, Reply) else Reply(page) for path, page in site.items()
        }

    def provider(self, **options) -> WebsiteProvider:
        options = {
            "limits": self.limits, "resolve": self.internet.resolve, "gate": HostGate(), **options,
        }  # fmt: skip
        return WebsiteProvider(**options)

    def enrich(self, domain: str, **options):
        return self.provider(**options).enrich(domain=domain)

    def read(self, home: str | bytes | Reply, host: str = "acme.example", **pages):
        """Enrich from a website with these pages."""
        self.publish(host, home, **pages)
        return self.enrich(host)
