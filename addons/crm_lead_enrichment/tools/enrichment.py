"""Rules of enrichment without the database: whom to ask about, what may be overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass

from odoo.addons.crm_common.tools.domains import own_domain
from odoo.addons.crm_lead_mining.company.fields import fields_of
from odoo.addons.crm_lead_mining.company.identity import (
    normalise_domain,
    normalise_vat,
    registry_of_vat,
)
from odoo.addons.crm_lead_mining.company.types import Company

#: What a user may allow to be overwritten -> fields of leads and contacts.
GROUPS = {group: fields_of(group) for group in ("name", "address", "reach", "profile", "logo")}


def overwritten(groups: Iterable[str]) -> set[str]:
    """Return the fields of these keys of GROUPS."""
    return {name for group in groups for name in GROUPS[group]}


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
        registry, _colon, number = self.registry_id.partition(":")
        return Company(
            name=name,
            registry=registry,
            registry_id=number,
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
    :ivar notes: sentences about why nobody knows it
    :ivar retry_after: seconds after which those may answer, None when they never will
    :ivar refused: kind of the entry for which nobody may ask about it, or the company's status, ""
        if one may
    """

    company: Company | None = None
    provider_ids: tuple[int, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
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
    registry, number = registry_of_vat(normalise_vat(vat, country_code))
    return f"{registry}:{number}" if number else ""
