"""What anybody may send to our addresses, without a login, ends in no error of the server."""

import inspect
import io
import json
import re
from urllib.parse import quote

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .screens import our_addons

#: What scanners and broken clients send where a text is expected.
HOSTILE_TEXTS = (
    "", "0", "-1", "1e999", "\x00", "a\x00b", "\ud800", "é" * 40, "\u202e\ufeff", "a" * 9000,
    "%00", "../../etc/passwd", "' OR 1=1 --", "<script>alert(1)</script>", "${7*7}{{7*7}}",
    "\r\nX-Odd: 1", "𝟙", "None", "[]", "{}", str(2**31), str(2**63), str(10**30),
)  # fmt: skip
HOSTILE_NUMBERS = (0, 1, 2**31 - 1, 2**31, 2**63, 10**30)
HOSTILE_BODIES = (
    b"", b"null", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b"[" * 10_000, b'{"params": 7}',
    b'{"params": {"access_token": "\\u0000"}}', b'{"params": {"access_token": "\\ud800"}}',
    b'{"params": {"access_token": [1], "provider_id": {}, "token_id": [], "flow": 7}}',
)  # fmt: skip
CONVERTER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@tagged("post_install", "-at_install")
class TestPublicRoutes(HttpCase):
    def test_odd_requests_of_anybody_are_no_errors_of_the_server(self):
        routes = list(self._public_routes())
        self.assertTrue(routes)
        for address, methods, kind, names in routes:
            with self.subTest(address=address, methods=methods), self._quiet():
                for url, options in self._odd_requests(address, methods, kind, names):
                    response = self.opener.request(
                        url=self.base_url() + url, timeout=60, allow_redirects=False, **options
                    )
                    self.assertLess(response.status_code, 500, (url, options))
                    if kind == "jsonrpc":
                        self.assertNotIn("psycopg2", response.text, (url, options))

    def _quiet(self):
        return mute_logger("odoo.http", "odoo.addons.base.models.ir_http")

    def _public_routes(self):
        """Give address, methods, kind and names of parameters of what needs no login."""
        ours = tuple(f"odoo.addons.{addon}." for addon in our_addons(self.env))
        modules = sorted(self.env.registry._init_modules)
        for address, endpoint in http._generate_routing_rules(modules, nodb_only=False):
            routing, method = endpoint.routing, endpoint.func
            is_ours = any(
                method.__name__ in vars(cls) and cls.__module__.startswith(ours)
                for cls in type(method.__self__).mro()
            )
            if is_ours and routing["auth"] in ("public", "none"):
                names = inspect.signature(method).parameters
                names = [name for name, one in names.items() if one.kind != one.VAR_KEYWORD]
                yield address, routing["methods"] or ["POST"], routing["type"], names

    def _odd_requests(self, address, methods, kind, names):
        for url in self._odd_addresses(address):
            yield url, {"method": methods[0]}
        url = CONVERTER.sub(lambda match: "1" if match[1] == "int" else "a", address)
        for method in methods:
            if kind == "jsonrpc":
                for body in HOSTILE_BODIES:
                    headers = {"Content-Type": "application/json"}
                    yield url, {"method": method, "data": body, "headers": headers}
                for text in HOSTILE_TEXTS:
                    params = {name: text for name in names}
                    yield url, {"method": method, "json": {"params": params}}
                continue
            for text in HOSTILE_TEXTS:
                query = "&".join(f"{name}={quote(text, errors='replace')}" for name in names)
                yield f"{url}?{query}", {"method": method}
                if method == "POST":
                    data = {name: text.encode(errors="replace") for name in names}
                    yield url, {"method": method, "data": data}
            if method == "POST":
                files = {name: ("odd.txt", io.BytesIO(b"\x00")) for name in names or ["x"]}
                yield url, {"method": method, "files": files}
                yield url, {"method": method, "data": json.dumps({"x": 1}), "headers": {
                    "Content-Type": "application/json"}}  # fmt: skip

    def _odd_addresses(self, address):
        """Give the address with something odd in each of its places."""
        if not CONVERTER.search(address):
            return
        for number, text in zip(HOSTILE_NUMBERS * 9, HOSTILE_TEXTS, strict=False):
            odd = quote(text, safe="", errors="replace") or "x"
            yield CONVERTER.sub(
                lambda match, number=number, odd=odd: str(number) if match[1] == "int" else odd,
                address,
            )
