"""What a company becomes on a lead and on its note, in plain values."""

from collections.abc import Callable
from typing import Any

from .fields import COMPANY
from .types import Company, Contact

_MAX_NAME = 256
#: Network -> field of its profile.
SOCIAL_FIELDS = {
    network: one.records[0] for one in COMPANY if one.kind == "network" for network in one.fields
}
#: What of the profile is kept as it is told: field -> field of `Company`.
_AS_TOLD = {
    one.records[0]: one.fields[0]
    for one in COMPANY
    if one.group == "profile" and one.kind in ("text", "number")
}


def lead_values(company: Company) -> dict[str, Any]:
    """Return the lead's fields that need no record of the database.

    The first contact fills the lead's contact fields; its e-mail comes before the company's, as
    the lead is written to a person then.
    """
    contact = company.contacts[0] if company.contacts else Contact(name="")
    email = next((item for item in (contact.email, *company.emails) if "@" in item), "")
    values = {
        "name": company.name.strip()[:_MAX_NAME],
        "partner_name": company.name.strip()[:_MAX_NAME],
        "contact_name": contact.name,
        "function": contact.job_title,
        "email_from": email,
        "phone": contact.phone or company.phone,
        "website": company.website or company.domain,
        "street": company.street,
        "street2": company.street2,
        "city": company.city,
        "zip": company.zip,
        "company_vat": company.vat,
        "company_register": company.registry,
        "company_registry_id": company.registry_id,
        **profile_values(company),
    }
    return {name: value for name, value in values.items() if value}


def profile_values(company: Company) -> dict[str, Any]:
    """Return the firmographics of a lead or contact that need no record of the database."""
    values = {field: getattr(company, name) for field, name in _AS_TOLD.items()} | {
        "company_lei": company.lei,
        "company_employees": employees(company),
        "company_employees_range": company.employees is None and employees_text(company),
    }
    for network, url in company.socials.items():
        if name := SOCIAL_FIELDS.get(network):
            values[name] = url
    return {name: value for name, value in values.items() if value}


def employees(company: Company) -> int:
    """Return the number of employees, the lower end of a band, or 0 when unknown."""
    return company.employees or company.employees_min or 0


def employees_text(company: Company, written: Callable[[int], str] = str) -> str:
    """Return "250", "51-200", "10000+", "up to 9" as "0-9", or "" when unknown.

    :param written: how the reader's language writes a number
    """
    if company.employees is not None:
        return written(company.employees)
    low, high = company.employees_min, company.employees_max
    if low is None and high is None:
        return ""
    least = written(low or 0)
    return f"{least}+" if high is None else f"{least}-{written(high)}"
