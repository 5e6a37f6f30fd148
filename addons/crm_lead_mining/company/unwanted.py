"""Companies that somebody names one by one, as those that are not looked for."""

from typing import NamedTuple

from .identity import normalise_domain, normalise_lei, normalise_registry_id, normalise_vat

#: As many can be named.
MOST = 500
MAX_LINE = 256


class Unwanted(NamedTuple):
    """What companies are told apart by.

    :ivar keys: identity keys, see `identity`
    :ivar called: names and numbers of registers, in lower case
    """

    keys: frozenset[str]
    called: tuple[str, ...]


def lines_of(text: str | None) -> list[str]:
    """Return what a text names, each on a line of its own."""
    return list(filter(None, (line.strip()[:MAX_LINE] for line in (text or "").splitlines())))


def read_unwanted(text: str | None) -> Unwanted:
    """Return by what the companies of a text are known.

    A line is a domain or website, a VAT number with its country, an LEI, a number with its register
    ("GB-COH:01234567"), or else a name or the bare number of a register.
    """
    keys, called = set(), set()
    for line in lines_of(text)[:MOST]:
        key = _key(line)
        if key:
            keys.add(key)
        # A company may be called like its website.
        if not key or key.startswith("domain:"):
            called.add(line.lower())
    return Unwanted(frozenset(keys), tuple(sorted(called)))


def _key(line: str) -> str:
    if " " not in line and "." in line and (host := normalise_domain(line)):
        return f"domain:{host}"
    registry, colon, number = line.partition(":")
    if colon:
        registry, number = normalise_registry_id(registry, number)
        return f"reg:{registry}:{number}" if number else ""
    if lei := normalise_lei(line):
        return f"lei:{lei}"
    vat = normalise_vat(line, "")
    return f"vat:{vat}" if vat else ""
