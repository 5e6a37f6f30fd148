"""A company's identity: registry id (with its register), LEI, VAT number, domain, in this order.

Keys are normalised, so that two spellings of one identity are one key; a value that cannot be an
identity (a bad check digit, a shared host) gives no key at all.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import idna

from odoo.addons.crm_common.tools.domains import PLAIN_HOST, is_nobodys, nobodys

from .numbers import (
    are_checked_registry_ids,
    behind_label,
    checked_registry_id,
    checked_vat,
    despoiled,
    has_check_digits,
)
from .types import Company

#: GLEIF's codes of registration authorities for the registers that we name as org-id.guide does.
REGISTRY_ALIASES = {
    "RA000585": "GB-COH",
    "RA000586": "GB-COH",
    "RA000587": "GB-COH",
    "RA000192": "FR-SIRENE",
    "RA000189": "FR-SIRENE",
    "RA000014": "AU-ACN",
    "RA000025": "BE-BCEKBO",
    "RA000548": "CH-FDJP",
    "RA000549": "CH-FDJP",
    "RA000163": "CZ-ICO",
    "RA000170": "DK-CVR",
    "RA000181": "EE-RIK",
    "RA000188": "FI-PRO",
    "RA000402": "IE-CRO",
    "RA000423": "LV-RE",
    "RA000430": "LT-RC",
    "RA000463": "NL-KVK",
    "RA000472": "NO-BRC",
    "RA000473": "NO-BRC",
    "RA000484": "PL-KRS",
    "RA000544": "SE-BLV",
    "RA000681": "BR-CNPJ",
    # What org-id.guide calls them now.
    "FR-RCS": "FR-SIRENE",
    "FR-INSEE": "FR-SIRENE",
    "SE-ON": "SE-BLV",
}

#: Registers whose numbers are padded with zeros: {register: number of digits}.
_PADDED = {"GB-COH": 8, "FR-SIRENE": 9, "NL-KVK": 8, "PL-KRS": 10}
#: Those whose check digits tell whether the zeros are missing.
_PROVEN = {
    "AU-ACN": 9, "BE-BCEKBO": 10, "BR-CNPJ": 14, "CZ-ICO": 8, "FI-PRO": 8, "HR-OIB": 11,
    "IT-PIVA": 11, "PL-REGON": 9,
}  # fmt: skip

#: Countries whose VAT number holds the number of a register -> (register, start, length).
REGISTERS_OF_VAT = {
    "BE": ("BE-BCE_KBO", 2, 10),
    "CH": ("CH-FDJP", 0, 12),
    "DK": ("DK-CVR", 2, 8),
    "FR": ("FR-SIRENE", 4, 9),
    "NO": ("NO-BRC", 2, 9),
    "SE": ("SE-BLV", 2, 10),
}

_FEWEST_DIGITS = 4  # of a number that has lost its zeros
MAX_VALUE = 2048  # characters that are looked at

# Two labels at least; the last one isn't a number, which leaves IP addresses out.
_HOST_NAME = re.compile(r"(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?![0-9]+$)(?!-)[a-z0-9-]{2,63}(?<!-)")
#: Sites as most files write them.
_PLAIN_SITE = rf"(?:https?://)?(?:www\.)?({PLAIN_HOST})/?"
#: The host of each line, "" of one that is anything else.
_PLAIN_SITES = re.compile(rf"^(?:{_PLAIN_SITE}|.*)$", re.MULTILINE)
#: What stands between two numbers, or between one and its remark.
_BETWEEN_NUMBERS = re.compile(r"[;,|()\[\]/]|\s[-–—]\s")
_END_OF_HOST = re.compile(r"[/?#\\]")


def identity_keys(company: Company) -> tuple[str, ...]:
    """Return the company's identity keys, the strongest first; empty when it has none.

    "reg:GB-COH:01234567", "lei:…", "vat:…", "domain:example.com"; of a company that has none the
    key of its record, if the provider gives it one.
    """
    registry, registry_id = normalise_registry_id(company.registry, company.registry_id)
    keys = keys_of(
        registry,
        registry_id,
        normalise_lei(company.lei),
        normalise_vat(company.vat, company.country_code),
        normalise_domain(company.domain or company.website),
    )
    return keys or tuple(filter(None, [company.record_key]))


def keys_of(registry: str, number: str, lei: str, vat: str, domain: str) -> tuple[str, ...]:
    """Return the identity keys of normalised values, the strongest first."""
    keys = (
        number and f"reg:{registry}:{number}",
        lei and f"lei:{lei}",
        vat and f"vat:{vat}",
        domain and f"domain:{domain}",
    )
    return tuple(key for key in keys if key)


def all_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return identity keys with that of the register whose number a VAT number holds.

    A number of a register is more certain: the VAT number may be that of a group.
    """
    vat = next((key.removeprefix("vat:") for key in keys if key.startswith("vat:")), "")
    registry, number = registry_of_vat(vat)
    if not number or keys[0].startswith("reg:"):
        return keys
    return (*keys, f"reg:{registry}:{number}")


def normalise_registry_id(registry: str, registry_id: str) -> tuple[str, str]:
    """Return (register, number) in upper case without separators; ("", "") unless both are given.

    Numbers of registers with a fixed length are padded with zeros, as spreadsheets drop them. A
    number whose check digits are wrong, or that was only typed to fill the cell, is none.
    """
    registry = normalise_registry(registry)
    number = _compact(despoiled(registry_id or ""))
    if not registry or not number:
        return "", ""
    for one in _registered(registry, number):
        if found := checked_registry_id(registry, one):
            return registry, found
    return "", ""


def _registered(registry: str, number: str) -> Iterator[str]:
    """Yield what a number of a register may be, as it is written in full."""
    is_number = number.isascii() and number.isdigit()
    if not is_number and (behind := behind_label(number)):
        number = behind[-1]
        is_number = number.isascii() and number.isdigit()
    yield number.zfill(_PADDED.get(registry, 0)) if is_number else number
    if is_number and len(number) >= _FEWEST_DIGITS:
        yield number.zfill(_PROVEN.get(registry, 0))
    if not is_number and has_check_digits(registry):  # "RCS Paris 552 100 554", "NO889640782MVA"
        yield re.sub(r"[^0-9]", "", number)


def registry_of_vat(vat: str) -> tuple[str, str]:
    """Return the (register, number) that a VAT number holds, as some countries' do, else ("", "").

    :param vat: as `normalise_vat` writes it
    """
    registry, start, length = REGISTERS_OF_VAT.get(vat[:2], ("", 0, 0))
    number = vat[start : start + length]
    is_persons = registry == "SE-BLV" and number[2:3] in ("0", "1")  # a date of birth
    is_whole = len(number) == length and not is_persons
    return normalise_registry_id(registry, number) if is_whole else ("", "")


def are_registry_ids(registry: str, numbers: Collection[str]) -> bool:
    """Whether there are only numbers as `normalise_registry_id` writes them.

    False says nothing: the register's own spelling may be another one.

    :param registry: normalised register
    """
    text = "".join(numbers)
    return (
        text.isascii()
        and text.isalnum()
        and text == text.upper()
        and min(map(len, numbers)) >= max(1, _PADDED.get(registry, 0))
        and are_checked_registry_ids(registry, numbers)
    )


@lru_cache(1024)
def normalise_registry(registry: str) -> str:
    """Return a register's name in upper case, under the name that we use."""
    registry = _compact(registry, keep="-")
    return REGISTRY_ALIASES.get(registry, registry)


def normalise_lei(lei: str) -> str:
    """Return the LEI in upper case, or "" if its length or check digits are wrong (ISO 17442)."""
    lei = _compact(lei)
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", lei):
        return ""
    return lei if int("".join(str(int(char, 36)) for char in lei)) % 97 == 1 else ""


def normalise_vat(vat: str, country_code: str = "") -> str:
    """Return the VAT number with its country prefix; "" when it is nobody's (see `checked_vat`).

    Greece's EL is written as VIES does, whatever the country's code.
    """
    country = _compact(country_code)
    found, is_proven = _vat(despoiled(vat or ""), country)
    if is_proven or not vat or not _BETWEEN_NUMBERS.search(vat):
        return found
    # "IT00743110157 (Italy)", "C.F. … - P.IVA …": where check digits prove one number alone.
    parts = (_vat(part, country) for part in _BETWEEN_NUMBERS.split(vat[:MAX_VALUE]))
    proven = {part for part, is_proven in parts if is_proven}
    return proven.pop() if len(proven) == 1 else found


@lru_cache(4096)
def _vat(text: str, country: str) -> tuple[str, bool]:
    """Return the VAT number of a text, maybe behind a label, and whether check digits prove it."""
    number = _compact(text).lstrip("+")
    found = checked_vat(number, country, complete=True)
    if found[1] or not number[:2].isalpha():
        return found
    behind = [checked_vat(one, country, complete=True) for one in behind_label(number)]
    return next((one for one in behind if one[1]), behind[-1] if behind else found)


def normalise_domain(value: str) -> str:
    """Return the host name of a domain, URL or e-mail address, or "" if it identifies nobody.

    Lower case, IDNA 2008 (UTS #46), without scheme, user, port, path and "www.". IP addresses,
    names without a dot and hosts that are nobody's own give "".
    """
    host = (value or "").lower()
    if not _is_host_name(host):  # but a URL, an address, or not ASCII
        host = _encoded(_host(value))
    if host.startswith("www."):
        host = host.removeprefix("www.") if _is_host_name(host.removeprefix("www.")) else ""
    return "" if is_nobodys(host) else host


def normalise_domains(values: Sequence[str]) -> list[str]:
    """Return `normalise_domain` of each of many values, in a fraction of the time."""
    hosts = _PLAIN_SITES.findall("\n".join(values))
    if len(hosts) != len(values):  # one has a line break
        return list(map(normalise_domain, values))
    shared = nobodys(list(filter(None, hosts)))
    return [
        host if host and host not in shared else value and normalise_domain(value)
        for host, value in zip(hosts, values, strict=True)
    ]


def _is_host_name(host: str) -> bool:
    return bool(_HOST_NAME.fullmatch(host)) and len(host) <= 253


def _encoded(host: str) -> str:
    """Return the host in ASCII and lower case, or "" if it cannot be one."""
    try:
        host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""
    return host if _is_host_name(host) else ""


def _host(value: str) -> str:
    """Return the host of a URL, a domain or an e-mail address, as it is written."""
    value = _clean(value).strip()
    _scheme, slashes, rest = value.partition("://")
    rest = (rest if slashes else value).removeprefix("//")
    rest = _END_OF_HOST.split(rest, maxsplit=1)[0]
    return rest.rpartition("@")[2].partition(":")[0].strip(".")


def _compact(value: str, keep: str = "") -> str:
    if value and value.isascii() and value.isalnum():  # as most are
        return value[:MAX_VALUE].upper()
    value = _clean(value).upper()
    return "".join(char for char in value if char.isalnum() or char in keep or char in "+*")


def _clean(value: str) -> str:
    """NFKC, so that full-width and composed spellings are one; bounded."""
    value = (value or "")[:MAX_VALUE]
    return value if value.isascii() else unicodedata.normalize("NFKC", value)
