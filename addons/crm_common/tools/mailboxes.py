"""When two e-mail addresses are one mailbox: one strict reader, one canonical key.

And what of a text that people type or paste is an address.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from .domains import domain_key, domain_spellings

_MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3 (path without the angle brackets)
_MAX_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_ASCII_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
# A line break in the disguise of a link.
_ENCODED_CONTROL = re.compile(r"%(?:[01][0-9A-F]|7F)", re.IGNORECASE)
_MAX_TEXT = 20_000
# Of each a name may begin that never ends: ten thousand of them took seconds.
_ESCAPED_QUOTE, _MAX_ESCAPED = '\\"', 100
_ENTRY = re.compile(r'(?:"(?:\\.|[^"\\])*"|<[^<>]*>|[^,;\r\n\t"])+')
_NAMED = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^<>"])*<(?P<addresses>[^<>"]+)>')
_LINK = re.compile(r"mailto:(?P<address>[^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
# What stands beside an address: comments, and names in quotation marks.
_ASIDE = re.compile(r'\([^()]*\)|"(?:\\.|[^"\\])*"')
_BRACKETED = re.compile("<([^<>]*)>")
# Neither stands in an address: spaces and what is invisible, bars, brackets, dashes and bullets,
# commas and semicolons of the East.
_BETWEEN = re.compile(
    "[ \t\u00a0\u2002-\u200b\u200e\u200f\u202f\u2060\u3000\ufeff\u00ad/|<>\\[\\]–—→·•、，；]+"
)
# What looks like the end of an address, and belongs to no address that people have.
_ODD = re.compile("[“”„«»‘’‹›–—→·•、，；]")
_EDGES = "\u00ad\u200b\u200e\u200f\u2060\ufeff" + "".join(
    char for char in map(chr, range(0x3001)) if char.isspace()
)
# Around an address, in pairs or at the end of a sentence. The first stand in addresses as well, but
# at the end of none.
_QUOTED = re.compile(r"(?P<mark>['\"`*_]+)(?P<address>.+)(?P=mark)")
_QUOTATION_MARKS, _END_OF_SENTENCE = "“”„«»‘’‹›", "!?…"
# One address that was torn apart, and a part of one beside other words.
_TORN = re.compile(r"[\w.+-]+ *@ *[\w-]+(?: *\. *[\w-]+)+")
_TORN_OFF = re.compile(r"\.\w")


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
    # IDNA drops them, so that two words would become one host.
    if any(unicodedata.category(char) == "Cf" for char in domain):
        return None
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


def mailbox_parts(text: object) -> Iterator[str]:
    """Yield what may be an address in a text, in its order.

    Read are lists (`a@x.org, "B" <b@x.org>; c@x.org`), several addresses of one name
    (`"B" <b@x.org,c@x.org>`), and what people type: `a@x.org (office)`, `a@x.org / b@x.org`,
    `a@x.org b@x.org`, `mailto:a@x.org`, `Mario Rossi a@x.org`, `PEC:a@x.org`, `“a@x.org”`. An entry
    that holds something with an at sign that is no address is yielded whole: no address is made up
    of it.

    :param text: what somebody typed or a field holds
    """
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        return
    if text.count(_ESCAPED_QUOTE) > _MAX_ESCAPED:
        return
    for entry in _ENTRY.findall(text):
        named = _NAMED.fullmatch(entry.strip())
        for part in re.split("[,;]", named["addresses"]) if named else (entry,):
            plain = _without_link(part.strip(_EDGES))
            if named or "@" not in plain or _is_plain(plain):
                yield plain
            else:
                yield from _words_of(plain)


def _words_of(entry: str) -> list[str]:
    """Return the addresses among the words of an entry; the entry where one of them is none.

    Where some stand in angle brackets, the others belong to names.
    """
    if _is_plain(_unquoted(entry)):
        return [_unquoted(entry)]
    text = _ASIDE.sub(" ", entry).strip(_EDGES)
    words = [part.strip() for inner in _BRACKETED.findall(text) for part in re.split("[,;]", inner)]
    if not any("@" in word for word in words):
        words = _BETWEEN.split(text)
        words = [part for word in words for part in _without_link(word).split(":")]
    if _TORN.fullmatch(text):
        words = [text.replace(" ", "")]
    if any(map(_TORN_OFF.match, words)):
        return [entry]
    found = [_unquoted(_without_link(word)) for word in words if "@" in word]
    return found if found and all(map(address_key, found)) else [entry]


def _is_plain(text: str) -> bool:
    return bool(address_key(text)) and not _ODD.search(text)


def _unquoted(word: str) -> str:
    """Return a word without what stands around it; a long one as it is, as it is no address."""
    if len(word) > 2 * _MAX_ADDRESS:
        return word
    word = word.strip(_QUOTATION_MARKS).rstrip(_END_OF_SENTENCE).strip(_QUOTATION_MARKS)
    quoted = _QUOTED.fullmatch(word)
    return quoted["address"] if quoted else word


def _without_link(text: str) -> str:
    link = _LINK.fullmatch(text)
    return link["address"] if link else text


def _local_key(local: str) -> str | None:
    if len(local.encode("utf-8", "replace")) > _MAX_LOCAL or _ENCODED_CONTROL.search(local):
        return None
    if local.isascii():
        return local.lower() if _ASCII_LOCAL.fullmatch(local) else None
    ascii_part = "".join(char for char in local if char.isascii())
    if ascii_part and not _ASCII_LOCAL.fullmatch(ascii_part):
        return None
    # Letters, marks, numbers, punctuation, symbols: no separators, no control characters.
    return local if all(unicodedata.category(char)[0] in "LMNPS" for char in local) else None
