"""Which of a company's contacts a query asks for, where the provider cannot choose by itself."""

from collections.abc import Iterable

from .types import CompanyQuery, Contact


def choose_contacts(contacts: Iterable[Contact], query: CompanyQuery) -> tuple[Contact, ...]:
    """Return the contacts that fit, those of the preferred role first, as many as wanted."""
    if not query.with_contacts or query.contacts_per_company <= 0:
        return ()
    fitting = [contact for contact in contacts if _fits(contact, query)]
    if query.preferred_role:
        fitting.sort(key=lambda contact: contact.role != query.preferred_role)
    return tuple(fitting[: query.contacts_per_company])


def _fits(contact: Contact, query: CompanyQuery) -> bool:
    if query.contact_filter == "role":
        wanted = {role for role in (query.preferred_role, *query.other_roles) if role}
        return not wanted or contact.role in wanted
    if query.contact_filter == "seniority" and query.seniority:
        return contact.seniority == query.seniority
    return True
