import json
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..tools import json_bounds
from ..tools.json_bounds import MAX_DEPTH, is_deep
from .common import AddinCase

GET, VERSION = "/mail_plugin/partner/get", "/mail_plugin/auth/check_version"


def nested(depth):
    return b"[" * depth + b"]" * depth


class TestDepth(BaseCase):
    def test_depth_is_told_without_parsing(self):
        for depth in (1, MAX_DEPTH, MAX_DEPTH + 1, 100_000):
            self.assertIs(is_deep(nested(depth)), depth > MAX_DEPTH and depth > 17, depth)

    def test_what_stands_in_a_text_does_not_count(self):
        texts = ["[" * 99, '"[[' * 20, "\\" + "[" * 99, '\\"' + "{" * 99, "\n[{" * 99]
        self.assertFalse(is_deep(json.dumps({"params": {"a": texts}}).encode()))
        self.assertTrue(is_deep(json.dumps(texts).encode() + nested(99)))

    def test_many_beside_each_other_are_not_deep(self):
        self.assertFalse(is_deep(json.dumps([[["a", {}]]] * 9999).encode()))


@tagged("post_install", "-at_install")
class TestBounds(AddinCase):
    def raw(self, route, body, token=None, kind="application/json"):
        headers = {"Content-Type": kind, "Authorization": f"Bearer {token or self.token}"}
        return self.url_open(route, data=body, headers=headers)

    def test_a_deep_request_is_refused_in_a_sentence(self):
        deep = b'{"jsonrpc": "2.0", "params": {"email": ' + nested(20_000) + b"}}"
        for kind in ("application/json", "application/json-rpc"):
            for route, token in (
                (GET, None),
                (GET, "wrong"),
                (VERSION, None),
                ("/mail_plugin/no", None),
            ):
                answer = self.raw(route, deep, token, kind)
                self.assertNotIn("Traceback", answer.text)
                self.assertNotIn("RecursionError", answer.text)
                self.assertIn(answer.status_code, (200, 404), answer.text)
                told = "is not valid" if token is None and "/no" not in route else ""
                self.assertIn(told, answer.text)

    def test_nothing_large_is_parsed_for_who_shows_no_token(self):
        large = json.dumps(
            {"params": {"email": "a" * (json_bounds.MAX_BYTES_UNKNOWN + 1)}}
        ).encode()
        with patch("odoo.http.Request.get_json_data", side_effect=AssertionError("parsed")):
            for route, token in ((GET, "wrong"), (VERSION, ""), ("/mail_plugin/auth/check", "")):
                answer = self.raw(route, large, token or "none")
                self.assertIn(answer.status_code, (200, 413), route)
                self.assertNotIn("AssertionError", answer.text)

    def test_a_request_is_bounded_with_a_token_too(self):
        with patch.object(json_bounds, "MAX_BYTES", 1000):
            body = json.dumps({"params": {"email": "a" * 1000}}).encode()
            self.assertIn("too large", self.raw(GET, body).text)
            self.assertIn("partner", self.raw(GET, b'{"params": {"email": "a@b.test"}}').text)
