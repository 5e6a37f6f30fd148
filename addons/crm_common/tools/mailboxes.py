"""When two e-mail addresses are one mailbox: one strict reader, one canonical key."""

import re
import unicodedata
from collections.abc import Iterable

from .domains import domain_key, domain_spellings

_MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3 (path without the angle brackets)
_MAX_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_ASCII_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")


def address_key(text: object) -> str | None:
    """Return the canonical key of exactly one plain address, or None.

    Local part: lower case when it is ASCII, otherwise untouched. Domain: IDNA A-label, lower case,
    without the final dot. No folding of dots, plus signs or look-alikes: those are other mailboxes.
    Control characters, quoted local parts, groups, comments and several `@` are not one plain
    address.

    :param text: what somebody typed or a field holds
    """
    if not isinstance(text, str):
        return None
    local, at, domain = text.strip(" ").partition("@")
    local_key, host = _local_key(local), domain_key(domain)
    if not at or not local_key or not host:
        return None
    key = f"{local_key}@{host}"
    return key if len(key) <= _MAX_ADDRESS else None


def spellings(key: str) -> frozenset[str]:
    """Return the ways in which Odoo may have stored a mailbox: with its domain in ASCII or not.

    :param key: of `address_key`
    """
    if "xn--" not in key:
        return frozenset((key,))
    local, _at, domain = key.rpartition("@")
    return frozenset((key, *(f"{local}@{one}" for one in domain_spellings(domain))))


def spellings_of_all(keys: Iterable[str]) -> list[str]:
    """Return the ways in which Odoo may have stored any of these mailboxes.

    :param keys: of `address_key`
    """
    return sorted(frozenset[str]().union(*map(spellings, keys)))


def spellings_of(address: str) -> frozenset[str]:
    """Return the ways in which Odoo may have stored an address that it has normalized itself."""
    return spellings(address_key(address) or address) | {address}


def _local_key(local: str) -> str | None:
    if len(local.encode("utf-8", "replace")) > _MAX_LOCAL:
        return None
    if local.isascii():
        return local.lower() if _ASCII_LOCAL.fullmatch(local) else None
    ascii_part = "".join(char for char in local if char.isascii())
    if ascii_part and not _ASCII_LOCAL.fullmatch(ascii_part):
        return None
    # Letters, marks, numbers, punctuation, symbols: no separators, no control characters.
    return local if all(unicodedata.category(char)[0] in "LMNPS" for char in local) else None
