import base64
import contextlib
import hashlib
import hmac
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from odoo.tests import BaseCase, tagged

from ..tools import tokens
from . import fake_google
from .fake_google import ACCOUNT, claims, encode, jwk, sign

AUDIENCE = "https://odoo.example/gmail_addon"
NOW = 1_700_000_000


class Certs:
    """Where keys are fetched from, counted."""

    def __init__(self, *keys):
        self.answers = [{"keys": list(keys)}]
        self.count = 0
        self.is_down = False

    def fetch(self):
        self.count += 1
        if self.is_down:
            raise OSError
        return self.answers[-1], 3600


@tagged("post_install", "-at_install")
class TestTokens(BaseCase):
    def setUp(self):
        super().setUp()
        self.certs = Certs(jwk(fake_google._KEY, "one"))
        self.keys = tokens.Keys(self.certs.fetch)
        self.clock = 1000.0
        self.enterContext(patch.object(time, "monotonic", lambda: self.clock))

    def verify(self, token, now=NOW):
        return tokens.verify(token, self.keys, audience=AUDIENCE, account=ACCOUNT, now=now)

    def refused(self, token, now=NOW):
        with self.assertRaises(tokens.Refused) as caught:
            self.verify(token, now)
        return caught.exception

    def claims(self, **changes):
        return {**claims(AUDIENCE, ACCOUNT, "service", NOW), **changes}

    def test_requests_at_once_wait_for_the_keys_that_one_of_them_fetches(self):
        token, asked, answers = sign(self.claims()), threading.Event(), threading.Event()

        def fetch():
            asked.set()
            answers.wait(10)
            return self.certs.fetch()

        self.keys = tokens.Keys(fetch)
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.verify, token)
            asked.wait(10)
            second = pool.submit(self.verify, token)
            with contextlib.suppress(TimeoutError):
                second.exception(0.2)
            answers.set()
            self.assertEqual({first.result(), second.result()}, {self.verify(token)})
        self.assertEqual(self.certs.count, 1)

    def test_what_google_has_signed_for_us_is_taken(self):
        found = self.verify(sign(self.claims()))
        self.assertEqual((found.subject, found.email), ("service", ACCOUNT))
        for issuer in tokens.ISSUERS:
            self.verify(sign(self.claims(iss=issuer)))

    def test_clocks_may_differ_by_a_minute_and_not_by_more(self):
        ends = NOW + 3600
        for now in (NOW - 30, NOW - 60, ends + 30, ends + 60):
            self.verify(sign(self.claims()), now)
        self.assertEqual(self.refused(sign(self.claims()), NOW - 61).reason, "early")
        self.assertEqual(self.refused(sign(self.claims()), ends + 61).reason, "expired")

    def test_anything_else_is_refused_with_a_reason_that_tells_what_google_says(self):
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        for token, reason, told in (
            (sign(self.claims(iss="https://evil.example")), "issuer", "https://evil.example"),
            (sign(self.claims(aud=AUDIENCE + "/compose")), "audience", AUDIENCE + "/compose"),
            (sign(self.claims(aud=[AUDIENCE])), "audience", ""),
            (sign(self.claims(email="service-7@x.iam.gserviceaccount.com")), "account",
             "service-7@x.iam.gserviceaccount.com"),
            (sign(self.claims(email_verified=False)), "unverified", ACCOUNT),
            (sign(self.claims(email_verified="true")), "unverified", ACCOUNT),
            (sign(self.claims(exp=None)), "expired", ""),
            (sign(self.claims(exp=True)), "expired", ""),
            (sign(self.claims(iat="x")), "early", ""),
            (sign(self.claims(sub="")), "form", ""),
            (sign(self.claims(), key=other), "signature", ""),
            (sign(self.claims(), kid="two"), "key", ""),
            (sign(self.claims(), alg="none"), "algorithm", ""),
            (sign(self.claims(), alg="HS256"), "algorithm", ""),
            (sign(self.claims(), crit=["x"]), "form", ""),
        ):  # fmt: skip
            with self.subTest(reason=reason, told=told):
                refusal = self.refused(token)
                self.assertEqual((refusal.reason, refusal.told), (reason, told))
                self.assertEqual(refusal.is_signed, reason in tokens.Refused.OF_SIGNED)

    def test_the_public_key_is_no_secret_to_sign_with(self):

        public = fake_google._KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        signed = f"{encode({'alg': 'HS256', 'kid': 'one'})}.{encode(self.claims())}"
        seal = hmac.new(public, signed.encode(), hashlib.sha256).digest()
        self.assertEqual(self.refused(f"{signed}.{encode(seal)}").reason, "algorithm")

    def test_what_has_not_the_form_of_a_token_asks_for_no_key(self):
        for token in (
            "", "a", "a.b", "a.b.c.d", "...", "é.é.é", "x" * 9000,
            f"{encode([])}.{encode({})}.{encode(b'x')}",
            f"{encode({'alg': 'RS256'})}.{encode({})}.{encode(b'x')}",
            f"{encode({'alg': 'RS256', 'kid': 7})}.{encode({})}.{encode(b'x')}",
            f"{encode({'alg': 'RS256', 'kid': 'k' * 300})}.{encode({})}.{encode(b'x')}",
            base64.urlsafe_b64encode(b"[" * 5000).decode() + ".e30.e30",
        ):  # fmt: skip
            with self.subTest(token=token[:20]):
                self.refused(token)
        self.assertEqual(self.certs.count, 0)

    def test_new_keys_are_fetched_once_when_google_changes_them(self):
        new = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.verify(sign(self.claims()))
        self.certs.answers.append({"keys": [jwk(new, "two")]})
        self.assertEqual(self.refused(sign(self.claims(), "two", new)).reason, "key")
        self.clock += tokens.PAUSE
        for _time in range(3):
            self.verify(sign(self.claims(), "two", new))
        self.assertEqual(self.certs.count, 2)

    def test_known_keys_stay_good_while_no_others_can_be_had(self):
        self.verify(sign(self.claims()))
        self.certs.is_down = True
        for _hour in range(3):
            self.clock += 3600
            self.verify(sign(self.claims()))
        self.assertEqual(self.certs.count, 4)
        self.certs.is_down = False
        for wrong in ([], {"keys": 7}, {"keys": [{"kty": "EC"}, 3]}, {}):
            self.certs.answers.append(wrong)
            self.clock += 3600
            self.verify(sign(self.claims()))

    def test_strangers_who_make_up_keys_have_them_fetched_once_a_minute(self):
        for minute in range(3):
            self.clock += tokens.PAUSE
            for number in range(1000):
                self.refused(sign_unread(f"{minute}-{number}"))
        self.assertEqual(self.certs.count, 3)

    def test_short_keys_are_none(self):
        small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        self.assertEqual(tokens.read_keys({"keys": [jwk(small, "small")]}), {})


def sign_unread(kid):
    """Return a token whose signature nobody comes to."""
    return f"{encode({'alg': 'RS256', 'kid': kid})}.{encode({})}.{encode(b'x')}"
