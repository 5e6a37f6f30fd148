"""Which of a company's contacts a query asks for, where the provider cannot choose by itself."""

import unicodedata
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from odoo.addons.crm_common.tools.gaps import Unit, to_fill

from .types import CompanyQuery, Contact

#: What was verified is one address.
_UNITS = (Unit(("email", "email_status")),)


def choose_contacts(contacts: Iterable[Contact], query: CompanyQuery) -> tuple[Contact, ...]:
    """Return the contacts that fit, those of the preferred role first, as many as wanted."""
    if not query.with_contacts or query.contacts_per_company <= 0:
        return ()
    fitting = [contact for contact in contacts if _fits(contact, query)]
    if query.contact_filter == "role" and query.preferred_role:
        fitting.sort(key=lambda contact: contact.role != query.preferred_role)
    return tuple(fitting[: query.contacts_per_company])


def distinct_contacts(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return each person once, in the order given; those without a name are left out.

    Two contacts of one company are one person if they share an address or a name. What the first
    lacks is taken from the later ones.
    """
    kept: list[Contact] = []
    index: dict[str, int] = {}
    for contact in contacts:
        keys = _person_keys(contact)
        if not contact.name.strip():
            continue
        place = next((index[key] for key in keys if key in index), len(kept))
        if place < len(kept):
            kept[place] = _completed(kept[place], contact)
        else:
            kept.append(contact)
        index.update(dict.fromkeys((*keys, *_person_keys(kept[place])), place))
    return tuple(kept)


def _person_keys(contact: Contact) -> list[str]:
    name = unicodedata.normalize("NFKC", contact.name).casefold()
    words = sorted("".join(char if char.isalnum() else " " for char in name).split())
    email = contact.email.strip().casefold()
    return [key for key in (email, " ".join(words)) if key]


def _completed(contact: Contact, other: Contact) -> Contact:
    return replace(contact, **to_fill(_values(contact), _values(other), _UNITS))


def _values(contact: Contact) -> dict[str, Any]:
    values = ((field.name, getattr(contact, field.name)) for field in fields(contact))
    return {name: value for name, value in values if value}


def _fits(contact: Contact, query: CompanyQuery) -> bool:
    if query.contact_filter == "role":
        wanted = {role for role in (query.preferred_role, *query.other_roles) if role}
        return not wanted or contact.role in wanted
    if query.contact_filter == "seniority" and query.seniority:
        return contact.seniority == query.seniority
    return True
