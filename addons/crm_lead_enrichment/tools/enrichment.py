"""Rules of enrichment without the database: whom to ask about, what to fill, what has changed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from odoo.addons.crm_common.tools.domains import own_domain
from odoo.addons.crm_lead_mining.company.identity import (
    identity_keys,
    normalise_domain,
    normalise_registry_id,
    normalise_vat,
)
from odoo.addons.crm_lead_mining.company.types import Company

ADDRESS = ("street", "street2", "city", "zip", "state_id", "country_id")
#: What a user may allow to be overwritten -> fields of leads and contacts.
GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("partner_name",),
    "address": ADDRESS,
    "reach": ("phone", "email", "email_from", "website"),
    "profile": (
        "company_employees", "company_employees_range", "company_industry_id", "company_founded",
        "company_revenue", "company_timezone", "company_technology_ids", "company_linkedin",
        "company_x", "company_facebook", "company_instagram", "company_youtube",
        "company_github", "industry_id",
    ),
    "logo": ("image_1920", "company_logo"),
}  # fmt: skip

#: Countries whose VAT number holds the number of a register -> (register, start, length).
_REGISTERS_OF_VAT = {
    "BE": ("BE-BCE_KBO", 2, 10),
    "DK": ("DK-CVR", 2, 8),
    "FR": ("FR-SIRENE", 4, 9),
    "NO": ("NO-BRC", 2, 9),
}
_IDENTITY = ("registry", "registry_id", "lei", "vat", "domain")
_ADDRESS_OF_COMPANY = ("street", "street2", "city", "zip", "state_code", "country_code")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to ask about.

    :ivar registry_id: with its register, "FR-SIRENE:123456789", or ""
    :ivar identity: key of a company that has neither, under which its answer is kept
    """

    domain: str = ""
    registry_id: str = ""
    identity: str = ""

    @property
    def key(self) -> str:
        """Identity key under which the answer is kept; "" when nobody can be asked."""
        if self.domain:
            return f"domain:{self.domain}"
        return f"reg:{self.registry_id}" if self.registry_id else self.identity

    def as_company(self, name: str = "", vat: str = "", country_code: str = "") -> Company:
        """Return what is known of the company before anybody is asked."""
        kind, _colon, key = self.identity.partition(":")
        return Company(
            name=name,
            vat=vat or (key if kind == "vat" else ""),
            domain=self.domain,
            country_code=country_code,
        )


@dataclass(slots=True)
class Found:
    """What the providers know about one company.

    :ivar company: None when nobody knows it
    :ivar provider_ids: of those that have told something, in their order
    :ivar problems: sentences of those that could not answer
    :ivar retry_after: seconds after which those may answer, None when they never will
    :ivar refused: kind of the entry for which nobody may ask about it, "" if one may
    """

    company: Company | None = None
    provider_ids: tuple[int, ...] = ()
    problems: tuple[str, ...] = ()
    retry_after: float | None = None
    refused: str = ""


def subject_of(addresses: Iterable[str], vat: str = "", country_code: str = "") -> Subject:
    """Return whom to ask about: the first domain that is a company's own, and its register.

    :param addresses: websites and e-mail addresses, the most telling first
    """
    domains = (own_domain(normalise_domain(address)) for address in addresses if address)
    return Subject(next(filter(None, domains), ""), registry_id_of_vat(vat, country_code))


def registry_id_of_vat(vat: str, country_code: str = "") -> str:
    """Return "FR-SIRENE:123456789" for a VAT number that holds a register's number, else "".

    The register is spelled as `normalise_registry_id` does.
    """
    vat = normalise_vat(vat, country_code)
    registry, start, length = _REGISTERS_OF_VAT.get(vat[:2], ("", 0, 0))
    number = vat[start : start + length]
    if not registry or len(number) != length or not number.isdigit():
        return ""
    return ":".join(normalise_registry_id(registry, number))


# === WATERFALL === #


def is_same_company(one: Company, other: Company) -> bool:
    """Tell whether nothing says that two answers are about different companies."""
    kinds = {key.split(":")[0]: key for key in identity_keys(one) if not key.startswith("reg:")}
    for key in identity_keys(other):
        kind = key.split(":")[0]
        if kind in ("lei", "vat") and kinds.get(kind, key) != key:
            return False
    if one.registry and one.registry == other.registry and one.registry_id != other.registry_id:
        return False
    countries = {one.country_code, other.country_code} - {""}
    return len(countries) < 2


def with_sources(company: Company) -> Company:
    """Return the company with the source of every value that it has.

    Sources are URLs where they are known, else the provider's dataset or code.
    """
    provenance = company.provenance
    where = provenance and (provenance.url or provenance.dataset or provenance.provider)
    if not where:
        return company
    known = {name.partition(":")[0] for name in company.sources}
    missing = {name: where for name in _filled(company) if name not in known}
    return replace(company, sources={**missing, **company.sources})


def fill_gaps(company: Company, other: Company) -> Company:
    """Return `company` with what only `other` knows, each value with its source.

    An address is taken as a whole, as its parts only fit together.
    """
    other = with_sources(other)
    names = _filled(other) - _filled(company)
    if any(getattr(company, name) for name in ("street", "city", "zip")):
        names -= set(_ADDRESS_OF_COMPANY)
    if company.registry_id:
        names -= {"registry"}
    size = {"employees", "employees_min", "employees_max"}
    if _filled(company) & size:
        names -= size
    sources = {name: url for name, url in other.sources.items() if name.partition(":")[0] in names}
    return replace(
        company,
        **{name: getattr(other, name) for name in names},
        sources={**sources, **company.sources},
    )


def _filled(company: Company) -> set[str]:
    left_out = {"name", "contacts", "provenance", "sources"}
    return {
        field.name
        for field in fields(company)
        if field.name not in left_out and getattr(company, field.name) not in ("", None, (), {})
    }


# === CHANGES === #


def to_write(
    current: Mapping[str, Any], found: Mapping[str, Any], groups: Collection[str] = ()
) -> dict[str, Any]:
    """Return which of the values found are written.

    Empty fields are filled; fields of `groups` take what was found. Parts of an address are added
    only to an address that they do not contradict.

    :param current: the record's values by field, falsy when empty; only its fields are written
    :param found: values by field in the same form; falsy ones never empty a field
    :param groups: keys of GROUPS that may be overwritten
    """
    overwritten = {name for group in groups for name in GROUPS[group]}
    values = {
        name: value
        for name, value in found.items()
        if value
        and name in current
        and current[name] != value
        and (not current[name] or name in overwritten)
    }
    if "address" not in groups and _contradicts(current, found):
        values = {name: value for name, value in values.items() if name not in ADDRESS}
    return values


def _contradicts(current: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    return any(
        _plain(current[name]) != _plain(found[name])
        for name in ADDRESS
        if current.get(name) and found.get(name)
    )


def _plain(value: Any) -> Any:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value
