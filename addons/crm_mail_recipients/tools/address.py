"""E-mail addresses as the policy compares them: one strict reader, one canonical key."""

import re
import unicodedata
from dataclasses import dataclass

import idna

_MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3 (path without the angle brackets)
_MAX_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_MAX_FIELD = 20_000
_ASCII_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_ASCII_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_NAMED = re.compile(r'(?P<name>(?:"(?:\\.|[^"\\])*"|[^<>"])*)<(?P<address>[^<>"]+)>')
_CHUNKS = re.compile(r'(?:"(?:\\.|[^"\\])*"|<[^<>]*>|[^,;\r\n"])+')


@dataclass(frozen=True)
class Address:
    """One mailbox: `email` as somebody wrote it, `key` as it is compared and mailed."""

    email: str
    key: str
    label: str = ""


def address_key(text):
    """Return the canonical key of exactly one plain address, or None.

    Local part: lower case when it is ASCII, otherwise untouched. Domain: IDNA A-label, lower case,
    without the final dot. No folding of dots, plus signs or look-alikes: those are other mailboxes.
    Control characters, quoted local parts, groups, comments and several `@` are not one plain
    address.

    :param str text: what somebody typed or a field holds
    :rtype: str | None
    """
    if not isinstance(text, str):
        return None
    local, at, domain = text.strip(" ").partition("@")
    local, domain = _local_key(local), _domain_key(domain)
    if not at or not local or not domain or len(local) + len(domain) + 1 > _MAX_ADDRESS:
        return None
    return f"{local}@{domain}"


def _local_key(local):
    if len(local.encode("utf-8", "replace")) > _MAX_LOCAL:
        return None
    if local.isascii():
        return local.lower() if _ASCII_LOCAL.fullmatch(local) else None
    ascii_part = "".join(char for char in local if char.isascii())
    if ascii_part and not _ASCII_LOCAL.fullmatch(ascii_part):
        return None
    # Letters, marks, numbers, punctuation, symbols: no separators, no control characters.
    return local if all(unicodedata.category(char)[0] in "LMNPS" for char in local) else None


def _domain_key(domain):
    domain = domain.removesuffix(".")
    if domain.isascii():
        domain = domain.lower()
        if "xn--" not in domain:
            return domain if _ASCII_DOMAIN.fullmatch(domain) else None
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def parse_addresses(text, label=""):
    """Read a stored field that may hold several addresses (`a@x.org, "B" <b@x.org>; c@x.org`).

    A contact with several addresses is formatted as `"B" <b@x.org,c@x.org>`. What is not one plain
    address is left out: it cannot be mailed.

    :rtype: tuple[Address, ...]
    """
    found = {}
    for email in _parts(text):
        key = address_key(email)
        if key and key not in found:
            found[key] = Address(email, key, label)
    return tuple(found.values())


def unreadable_parts(text):
    """Return what of a recipient text was meant as an address and is none; all of it, where it
    holds no address at all.

    :rtype: tuple[str, ...]
    """
    parts = list(_parts(text))
    if not any(map(address_key, parts)):
        text = text.strip(" \t\r\n,;") if isinstance(text, str) else ""
        return (text,) if text else ()
    # A piece without an at sign belongs to a name: `Corp, Inc. <info@corp.org>`.
    return tuple(part for part in parts if "@" in part and not address_key(part))


def _parts(text):
    if not text or not isinstance(text, str) or len(text) > _MAX_FIELD:
        return
    for chunk in _CHUNKS.findall(text):
        named = _NAMED.fullmatch(chunk.strip())
        emails = re.split("[,;]", named["address"]) if named else [chunk]
        yield from (email.strip() for email in emails)


def display_name(name):
    """Return a name that is fit for a To line: never one that looks like an address."""
    name = " ".join((name or "").split())
    return "" if any(char in name for char in "@＠﹫<>") else name


def spellings(key):
    """Return the ways in which the domain of `key` may be stored: as A-labels and as letters."""
    local, _at, domain = key.rpartition("@")
    found = {key}
    if "xn--" in domain:
        found.add(f"{local}@{idna.decode(domain)}")
    return found
