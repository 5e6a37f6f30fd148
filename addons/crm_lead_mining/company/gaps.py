"""Filling a company's gaps with what another provider knows, each value with its source."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from odoo.addons.crm_common.tools.domains import registrable
from odoo.addons.crm_common.tools.gaps import to_fill

from .fields import UNITS
from .identity import identity_keys
from .types import Company

#: What a lead should have: a company without one of them is worth a further question.
WANTED = ("website", "phone", "emails")
#: No values of the company, or filled in their own way.
_APART = frozenset({"name", "contacts", "provenance", "sources", "socials"})
_SOCIALS = "socials:"


def has_gaps(company: Company) -> bool:
    """Whether a company lacks what a lead should have."""
    return any(not getattr(company, name) for name in WANTED)


def is_same_company(one: Company, other: Company) -> bool:
    """Whether nothing tells that two descriptions are of different companies.

    Different numbers of one kind do, and different countries. So do different domains, unless a
    number is the same: a company may have several.
    """
    if len({one.country_code, other.country_code} - {""}) > 1:
        return False
    ours, theirs = dict(_identities(one)), dict(_identities(other))
    shared = ours.keys() & theirs.keys()
    return all(ours[kind] == theirs[kind] for kind in shared - {"domain"} or shared)


def completed(company: Company, found: Company) -> Company:
    """Return the company with its empty values taken from another description of it.

    Values that are there are never changed. `sources` tells where each taken one was read, or at
    least by whom. A description of another company changes nothing.
    """
    if not is_same_company(company, found):
        return company
    found = with_sources(found)
    changes = to_fill(_values(company), _values(found), UNITS)
    if not company.name and found.name:
        changes["name"] = found.name
    if not changes:
        return company
    sources = {
        name: url
        for name, url in found.sources.items()
        if name in changes or name.partition(":")[0] in changes
    }
    networks = [name for name in changes if name.startswith(_SOCIALS)]
    socials = {name.removeprefix(_SOCIALS): changes.pop(name) for name in networks}
    return replace(
        company,
        **changes,
        socials=company.socials | socials,
        sources=sources | company.sources,
    )


def with_sources(company: Company) -> Company:
    """Return the company with the source of every value that it has.

    Sources are URLs where they are known, else the provider's dataset or code.
    """
    provenance = company.provenance
    where = provenance and (provenance.url or provenance.dataset or provenance.provider)
    if not where:
        return company
    told = {*company.sources, *(name.partition(":")[0] for name in company.sources)}
    missing = {name: where for name in _values(company) if name not in told}
    return replace(company, sources=missing | company.sources)


def _values(company: Company) -> dict[str, Any]:
    """Return what is known of the company, 0 employees too, and each of its profiles."""
    values = {field.name: getattr(company, field.name) for field in fields(company)}
    values |= {f"{_SOCIALS}{network}": url for network, url in company.socials.items()}
    return {
        name: value
        for name, value in values.items()
        if name not in _APART and value not in ("", None, ())
    }


def _identities(company: Company) -> Iterator[tuple[str, str]]:
    """Yield (kind, value) of the identities; numbers of two registers are two kinds."""
    for key in identity_keys(company):
        kind, _colon, value = key.rpartition(":")
        yield kind, registrable(value) if kind == "domain" else value
