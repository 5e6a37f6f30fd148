"""Filling a company's gaps with what another provider knows, each value with its source."""

from dataclasses import replace
from typing import Any

from .types import Company

#: What a lead should have: a company without one of them is worth a further question.
WANTED = ("website", "phone", "emails")
#: Fields that only make sense together: they are taken together or not at all.
_GROUPS = (
    ("domain", "website"),
    ("street", "street2", "city", "zip", "state_code"),
    ("employees", "employees_min", "employees_max"),
)
_SINGLE = (
    "lei", "vat", "phone", "emails", "country_code", "industries", "founded", "revenue",
    "description", "logo_url", "technologies", "timezone", "languages",
)  # fmt: skip


def has_gaps(company: Company) -> bool:
    """Whether a company lacks what a lead should have."""
    return any(not getattr(company, name) for name in WANTED)


def completed(company: Company, found: Company) -> Company:
    """Return the company with its empty fields taken from another description of it.

    Values that are there are never changed. `sources` tells where each taken one was read, or at
    least by whom. A description of a company in another country is not of this one.
    """
    if company.country_code and found.country_code not in ("", company.country_code):
        return company
    changes: dict[str, Any] = {}
    for group in (*_GROUPS, *((name,) for name in _SINGLE)):
        if not any(_known(company, name) for name in group):
            changes |= {name: getattr(found, name) for name in group if _known(found, name)}
    networks = found.socials.keys() - company.socials.keys()
    sources = {name: _source(found, name) for name in changes}
    for network in sorted(networks):
        sources[f"socials:{network}"] = _source(found, f"socials:{network}")
    if networks:
        changes["socials"] = found.socials | company.socials
    return replace(company, **changes, sources=sources | company.sources) if changes else company


def _known(company: Company, name: str) -> bool:
    return getattr(company, name) not in ("", (), None)


def _source(found: Company, name: str) -> str:
    url = found.provenance.url if found.provenance else ""
    code = found.provenance.provider if found.provenance else ""
    return found.sources.get(name) or url or code
