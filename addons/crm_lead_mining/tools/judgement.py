"""Which companies of an answer may become leads, judged without the database."""

from dataclasses import dataclass, replace
from typing import Literal

from odoo.addons.crm_common.tools.mailboxes import address_key

from ..company.identity import identity_keys
from ..company.status import Status
from ..company.types import Company

Outcome = Literal["created", "updated", "linked", "duplicate", "skipped", "invalid", "failed"]
Flaw = Literal["", "no_name", "no_identity", "other_country"] | Status


@dataclass(frozen=True, slots=True)
class Candidate:
    """One company of an answer with its identity and what is wrong with it, if anything."""

    company: Company
    keys: tuple[str, ...]
    flaw: Flaw = ""


def candidate(
    company: Company, countries: tuple[str, ...] = (), most_contacts: int = 0
) -> Candidate:
    """Judge a company by itself.

    :param countries: ISO codes that were asked for, empty for any
    :param most_contacts: contacts that were asked for; more are not delivered, nor paid
    """
    company = replace(company, contacts=company.contacts[:most_contacts])
    keys = identity_keys(company)
    return Candidate(company, keys, _flaw(company, keys, countries))


def known_contacts_last(item: Candidate, known: set[str]) -> tuple[Candidate, int]:
    """Put the people whose e-mail address is known after the others.

    :param known: keys of mailboxes, see `address_key`
    :return: the candidate, and how many of its contacts are new
    """
    contacts = sorted(item.company.contacts, key=lambda one: address_key(one.email) in known)
    new = sum(address_key(contact.email) not in known for contact in contacts)
    return replace(item, company=replace(item.company, contacts=tuple(contacts))), new


def _flaw(company: Company, keys: tuple[str, ...], countries: tuple[str, ...]) -> Flaw:
    if company.status:
        return company.status
    if not company.name.strip():
        return "no_name"
    if not keys:
        # Without an identity it could be delivered, and paid, again and again.
        return "no_identity"
    if countries and company.country_code and company.country_code not in countries:
        return "other_country"
    return ""
