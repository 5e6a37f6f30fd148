"""A small internet on loopback: made-up websites by name, behind a real HTTP server."""

import socket
from urllib.parse import urlsplit

from odoo.tests import common

from ..providers.public_hosts import HostUnknown, resolve_public
from ..providers.website import WebsiteProvider
from ..providers.website.visit import HostGate, Limits
from .http_server import Answer, Asked, LoopbackCase, LoopbackServer

HTML = {"Content-Type": "text/html; charset=utf-8"}


def reply(content: str | bytes = "", status: int = 200, **options) -> Answer:
    """Return what a web page answers; `headers` add to or replace the usual ones."""
    content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    headers = HTML | options.pop("headers", {})
    return Answer(content, status, headers, **options)


def redirect(target: str, status: int = 302) -> Answer:
    return reply(status=status, headers={"Location": target})


class Internet:
    """Hosts by name.

    :ivar sites: host -> path -> answer; a path that is missing is "404 Not Found"
    """

    def __init__(self):
        self.sites: dict[str, dict[str, Answer]] = {}
        self._server = LoopbackServer(self._answer)
        self._port = urlsplit(self._server.url).port
        with socket.create_server(("127.0.0.1", 0)) as unused:
            self._nobody = unused.getsockname()

    def __enter__(self) -> "Internet":
        self._server.__enter__()
        return self

    def __exit__(self, *exc_info) -> None:
        self._server.__exit__(*exc_info)

    def _answer(self, asked: Asked) -> Answer:
        return self.sites.get(asked.headers.get("Host"), {}).get(asked.path, reply("", 404))

    @property
    def asked(self) -> list[Asked]:
        return self._server.asked

    def paths(self, host: str) -> list[str]:
        """Return the paths that were asked of a host, but for robots.txt."""
        paths = [asked.path for asked in self.asked if asked.headers["Host"] == host]
        return [path for path in paths if path != "/robots.txt"]

    def resolve(self, host: str, port: int) -> list[tuple[str, int]]:
        """Made-up hosts live here, on port 80 only; all others are judged as ever."""
        if host in self.sites:
            return [("127.0.0.1", self._port) if port == 80 else self._nobody]
        if host.endswith(".example"):
            raise HostUnknown(host)  # without asking a name service
        return resolve_public(host, port)


class InternetCase(LoopbackCase):
    """Base of tests that read made-up websites; they need no database."""

    limits = Limits(delay=0, seconds=10, timeout=5)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internet = Internet().__enter__()
        cls.addClassCleanup(cls.internet.__exit__, None, None, None)

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo lets tests ask "localhost" only; here every name leads to this process or nowhere.
        return common._super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        self.internet.sites.clear()
        self.internet.asked.clear()

    def publish(self, host: str, home: str | bytes | Answer = "", **pages: str | bytes | Answer):
        """Put a website up; a page's keyword is its path, and `robots` is robots.txt."""
        site = {"/": home, **{f"/{name}": page for name, page in pages.items()}}
        if robots := site.pop("/robots", None):
            site["/robots.txt"] = robots
        self.internet.sites[host] = {
            path: page if isinstance(page, Answer) else reply(page) for path, page in site.items()
        }

    def provider(self, **options) -> WebsiteProvider:
        defaults = {"limits": self.limits, "resolve": self.internet.resolve, "gate": HostGate()}
        return WebsiteProvider(**{**defaults, **options})

    def enrich(self, domain: str | None, **options):
        return self.provider(**options).enrich(domain=domain)

    def published(self, home: str | bytes | Answer, host: str = "acme.example", **pages):
        """Enrich from a website with these pages."""
        self.publish(host, home, **pages)
        return self.enrich(host)
