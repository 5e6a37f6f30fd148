import base64
import json
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import codes

CLAIMS = codes.Claims(
    nonce="n", uid=2, name="Outlook", scope="outlook", redirect="https://a.example", timestamp=1000
)


class TestCodes(BaseCase):
    def test_a_code_says_what_was_put_in(self):
        message, signature = codes.split(codes.join(CLAIMS.to_message(), "abcd"))
        self.assertEqual(codes.Claims.from_message(message), CLAIMS)
        self.assertEqual(signature, b"abcd")

    def test_a_code_is_fresh_for_three_minutes(self):
        for age, fresh in ((0, True), (180, True), (181, False), (-5, True), (-6, False)):
            self.assertEqual(CLAIMS.is_fresh(1000 + age), fresh, age)

    def test_what_is_no_code_is_refused(self):
        for code in (
            "",
            ".",
            "a.b",
            "a.b.c",
            "YQ==",
            "é.é",
            "YQ==.",
            None,
            7,
            [],
            "a" * 9000 + ".",
        ):
            with self.assertRaises(codes.InvalidCode, msg=repr(code)):
                message, _signature = codes.split(code)
                codes.Claims.from_message(message)

    def test_a_code_that_was_touched_or_is_too_long_is_refused(self):
        code = codes.join(CLAIMS.to_message(), "abcd")
        self.assertEqual(codes.split(code), (CLAIMS.to_message(), b"abcd"))
        for wrong in (f"*{code}", code.replace(".", "\n."), code + " "):
            with self.assertRaises(codes.InvalidCode, msg=wrong):
                codes.split(wrong)
        with patch.object(codes, "MAX_LENGTH", len(code)):
            self.assertTrue(codes.split(code))
        with patch.object(codes, "MAX_LENGTH", len(code) - 1), self.assertRaises(codes.InvalidCode):
            codes.split(code)

    def test_claims_of_another_shape_are_refused(self):
        for change in ({"uid": "2"}, {"uid": True}, {"timestamp": 1.5}, {"more": 1}):
            message = json.dumps({**CLAIMS.to_dict(), **change}).encode()
            with self.assertRaises(codes.InvalidCode, msg=str(change)):
                codes.Claims.from_message(message)

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=80) | st.binary(max_size=40))
    def test_anything_is_read_or_refused(self, junk):
        if isinstance(junk, bytes):
            junk = base64.b64encode(junk).decode() + "." + base64.b64encode(junk).decode()
        try:
            message, _signature = codes.split(junk)
            claims = codes.Claims.from_message(message)
        except codes.InvalidCode:
            return
        self.assertIsInstance(claims, codes.Claims)
