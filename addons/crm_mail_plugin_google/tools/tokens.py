"""Whether Google has sent a request, and for whom: its signed tokens (JWT, RFC 7519).

Source: Google Workspace add-ons, "Build an add-on in any language", and OpenID Connect's rules for
id tokens. Of the algorithms of RFC 7518 only RS256 is taken.
"""

import base64
import binascii
import dataclasses
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

ISSUERS = ("accounts.google.com", "https://accounts.google.com")
#: Seconds that Google's clock and ours may differ by.
LEEWAY = 60
MAX_LENGTH = 8192
MAX_KID = 200
#: Seconds between two questions for keys, whoever sends keys that are not known.
PAUSE = 60
#: Seconds that keys are good for where the answer does not say, and the most.
DAY = 24 * 3600
_SMALLEST = 2048


class Refused(Exception):
    """A token is not accepted.

    :ivar reason: a word: ``form``, ``algorithm``, ``key``, ``signature``, or one of `OF_SIGNED`
    :ivar told: what the token says instead, "" unless Google has signed it
    """

    #: Reasons that only a token which Google has signed is refused for.
    OF_SIGNED = frozenset({"issuer", "expired", "early", "audience", "account", "unverified"})

    def __init__(self, reason: str, told: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.told = told

    @property
    def is_signed(self) -> bool:
        """Whether Google has signed the token, so that no stranger has made it up."""
        return self.reason in self.OF_SIGNED


@dataclasses.dataclass(frozen=True)
class Claims:
    """What a token says.

    :ivar subject: the account's number, which stays when its address changes
    :ivar email: the account's address
    """

    subject: str
    email: str


class Keys:
    """Google's public keys, kept in this process as long as Google says.

    :param fetch: returns the keys' document (JWK set, RFC 7517) and for how many seconds it is
        good; raises OSError or ValueError where there is none
    """

    def __init__(self, fetch: Callable[[], tuple[Any, int]]):
        self._fetch = fetch
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._until = 0.0
        self._asked = float("-inf")
        self._lock = threading.Lock()

    def get(self, kid: str) -> RSAPublicKey | None:
        """Return the key of a name; old keys stay good while no new ones can be had.

        Of requests at once one fetches them, and those that have no key wait for it.
        """
        is_known = kid in self._keys
        is_good = is_known and time.monotonic() < self._until
        if not is_good and self._lock.acquire(blocking=not is_known):
            try:
                self._refresh(kid)
            finally:
                self._lock.release()
        return self._keys.get(kid)

    def _refresh(self, kid: str) -> None:
        now = time.monotonic()
        if (kid not in self._keys or now >= self._until) and now - self._asked >= PAUSE:
            self._asked = now
            try:
                document, seconds = self._fetch()
                keys = read_keys(document)
            except (OSError, ValueError):
                keys, seconds = {}, 0
            if keys:
                self._keys, self._until = keys, now + min(max(seconds, PAUSE), DAY)


def read_keys(document: Any) -> dict[str, RSAPublicKey]:
    """Return the RSA keys of a JWK set, by name.

    :raise ValueError: when it is none
    """
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("no set of keys")
    found = {}
    for one in document["keys"]:
        if not isinstance(one, dict) or one.get("kty") != "RSA":
            continue
        number, exponent = (
            int.from_bytes(_decode(str(one.get(name, ""))), "big") for name in ("n", "e")
        )
        if number.bit_length() >= _SMALLEST:
            found[str(one.get("kid"))] = RSAPublicNumbers(exponent, number).public_key()
    return found


def verify(
    token: str, keys: Keys, *, audience: str, account: str = "", now: float | None = None
) -> Claims:
    """Check an id token of Google's.

    :param audience: whom it must be for
    :param account: whose address it must name, "" for anybody's
    :param now: seconds since 1970, else the clock's
    :raise Refused: when it is not accepted; keys are asked for only after its form was looked at
    """
    claims = _signed(token, keys)
    now = time.time() if now is None else now
    if claims.get("iss") not in ISSUERS:
        raise Refused("issuer", _text(claims.get("iss")))
    ends, begins = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if ends is None or now > ends + LEEWAY:
        raise Refused("expired")
    if begins is None or begins > now + LEEWAY:
        raise Refused("early")
    if claims.get("aud") != audience:
        raise Refused("audience", _text(claims.get("aud")))
    email, subject = _text(claims.get("email")), _text(claims.get("sub"))
    if account and email.lower() != account.lower():
        raise Refused("account", email)
    if claims.get("email_verified") is not True:
        raise Refused("unverified", email)
    if not email or not subject:
        raise Refused("form")
    return Claims(subject, email)


def _signed(token: str, keys: Keys) -> dict[str, Any]:
    """Return the claims of a token that Google has signed."""
    if len(token) > MAX_LENGTH or token.count(".") != 2 or not token.isascii():
        raise Refused("form")
    signed, _dot, signature = token.rpartition(".")
    head, _dot, body = signed.partition(".")
    try:
        header, claims = json.loads(_decode(head)), json.loads(_decode(body))
        sealed = _decode(signature)
    except (ValueError, RecursionError):
        raise Refused("form") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Refused("form")
    if header.get("alg") != "RS256":
        raise Refused("algorithm")
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID or "crit" in header:
        raise Refused("form")
    key = keys.get(kid)
    if key is None:
        raise Refused("key")
    try:
        key.verify(sealed, signed.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        raise Refused("signature") from None
    return claims


def _decode(text: str) -> bytes:
    """Decode base64url without padding (RFC 7515)."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("no base64url") from error


def _moment(value: Any) -> float | None:
    """Return a moment that a token names, in seconds since 1970; None for what is none."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return value[:500] if isinstance(value, str) else ""
