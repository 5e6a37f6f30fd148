"""By what client databases are known.

A client makes its token itself (`uuid4().hex` in Odoo 17 to 19). Links to buy credits carry its
SHA-1 from 19.0 on (`iap.account._hash_iap_token`). What is stored is a SHA-256 of that SHA-1: it
finds the client by the token and by the link, and gives away neither.
"""

import hashlib
import re
from dataclasses import dataclass

MAX_TOKEN = 128
MAX_UUID = 64
#: Tokens that many neutralized databases share, see `iap`'s neutralize.sql of Odoo 17.
SHARED = frozenset({"dummy_value", "dummy", "false", "none", "0" * 32})
#: Sandbox tokens of Odoo's documentation of IAP.
SANDBOX = frozenset({"000000", "000111", "111111"})

_SHA1 = re.compile(r"[0-9a-f]{40}")
_UUID = re.compile(r"[0-9A-Za-z_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Token:
    """A client's token as it was sent.

    :ivar key: under which it is stored, "" for one that is nobody's
    :ivar disabled: whether it has the suffix that Odoo gives to tokens of copies
    """

    key: str = ""
    disabled: bool = False


def read_token(value: object) -> Token:
    """Read whatever was sent as a token; nothing that could be several clients' has a key."""
    if not isinstance(value, str) or not value.isascii() or len(value) > MAX_TOKEN:
        return Token()
    token, plus, _suffix = value.strip().partition("+")
    if len(token) < 16 or token.casefold() in SHARED or token in SANDBOX or token.isspace():
        return Token(disabled=bool(plus))
    return Token(key_of_link(sha1(token)), bool(plus))


def sha1(token: str) -> str:
    """Return what stands in links instead of the token, as Odoo's clients make it."""
    return hashlib.sha1(token.encode()).hexdigest()  # noqa: S324 - the clients' choice


def key_of_link(token_hash: object) -> str:
    """Return the key of what a link carries, "" if that is no SHA-1."""
    if not isinstance(token_hash, str) or not _SHA1.fullmatch(token_hash):
        return ""
    return hashlib.sha256(f"iap:{token_hash}".encode()).hexdigest()


def read_uuid(value: object) -> str:
    """Return a database's uuid, "" if none was sent."""
    return value if isinstance(value, str) and _UUID.fullmatch(value) else ""
