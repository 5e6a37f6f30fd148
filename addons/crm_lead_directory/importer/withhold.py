"""Takes out of converted rows who is never mined, before anything of them is stored."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from odoo.addons.crm_lead_mining.company.alike import is_record
from odoo.addons.crm_lead_mining.company.types import Company, Contact
from odoo.addons.crm_lead_mining.tools.suppression import Screened, addresses_in, without_texts

from .converted import CONTACT_COLUMNS, Converted

#: Columns of a company that its entry may be about; texts may name addresses.
_IDENTITY = (
    "name", "registry", "registry_id", "lei", "vat", "domain", "website", "country_code", "zip",
    "city", "phone", "description",
)  # fmt: skip

Screen = Callable[[Sequence[Company]], Sequence[Screened]]


def withhold(columns: Sequence[str], converted: Converted, screen: Screen) -> set[int]:
    """Leave out what is on the list, in place.

    :param columns: those of the companies' lines
    :param screen: the gate, called once for all
    :return: lines of the file from which something was left out
    """
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for _key, line in converted.companies]
    companies = [_company(*pair) for pair in zip(rows, converted.contacts, strict=True)]
    remarks = [Company("", description=problem.value) for problem in converted.problems]
    named = [Company(problem.value) for problem in converted.problems]
    screened = screen([*companies, *remarks, *named])
    items, notes = screened[: len(rows)], screened[len(rows) :]
    if not any(item.withheld for item in screened):
        return set()
    touched = {line for line, item in zip(converted.lines, items, strict=True) if item.withheld}
    gone = _gone(companies, items)
    _clean_problems(converted, notes, touched, gone)
    names = _names_gone(converted, companies, items)
    dropped = set()
    for place, item in enumerate(items):
        identity, _line = converted.companies[place]
        if item.kind:
            converted.note(place, "never", "")
            dropped.add(place)
        elif item.withheld or identity in names:
            line = _line_of(columns, rows[place], item, names.get(identity, ()))
            converted.companies[place] = identity, line
        if item.withheld and not item.kind:
            contact = converted.contacts[place]
            if contact and item.company.contacts:
                contact = tuple(without_texts(cell, item.addresses) for cell in contact)
            else:
                contact = None
            converted.contacts[place] = contact
    converted.drop(dropped)
    converted.problems.sort(key=lambda problem: problem.line)
    return touched


def _company(row: dict[str, str], contact: Sequence[str] | None) -> Company:
    """Return the company with its contact, as the gate looks at them."""
    values = {name: row[name] for name in _IDENTITY if name in row}
    if is_record(row["identity"]):
        values["record_key"] = row["identity"]
    contacts = ()
    if contact:
        person = dict(zip(CONTACT_COLUMNS, contact, strict=True))
        contacts = (Contact(person["name"], email=person["email"], phone=person["phone"]),)
    emails = tuple(email for email in row.get("emails", "").split(", ") if email)
    # Any cell may name an address, whatever its column is meant for.
    cells = [cell for name, cell in row.items() if "@" in cell and name != "emails"]
    if contact:
        cells += (person["name"], person["job_title"], person["phone"])
    sources = {f"emails:{address}": "" for cell in cells for address in addresses_in(cell)}
    return Company(**values, emails=emails, contacts=contacts, sources=sources)


def _line_of(
    columns: Sequence[str], row: dict[str, str], item: Screened, names: Collection[str]
) -> str:
    clean = {name: without_texts(cell, item.addresses) for name, cell in row.items()}
    clean["emails"] = ", ".join(item.company.emails)
    clean["description"] = without_texts(item.company.description, (), names)
    return "\t".join(clean[column] for column in columns)


def _names_gone(
    converted: Converted, companies: Sequence[Company], items: Sequence[Screened]
) -> Mapping[str, set[str]]:
    """Return the names of those who are left out, by the identity of their company.

    Another row of the company, with another person, may name them in its texts.
    """
    names = defaultdict(set)
    for (identity, _line), company, item in zip(converted.companies, companies, items, strict=True):
        for contact in company.contacts:
            if identity and contact not in item.company.contacts:
                names[identity].add(contact.name)
    return dict(names)


def _gone(companies: Sequence[Company], items: Sequence[Screened]) -> tuple[set[str], set[str]]:
    """Return the addresses and the names of those who are left out."""
    pairs = [pair for pair in zip(companies, items, strict=True) if pair[1].withheld]
    persons = [
        contact for company, item in pairs for contact in company.contacts
        if contact not in item.company.contacts
    ]  # fmt: skip
    emails = {
        email for company, item in pairs for email in company.emails
        if email not in item.company.emails
    }  # fmt: skip
    texts = "\n".join((*emails, *(person.email for person in persons)))
    return set(addresses_in(texts)), {person.name for person in persons}


def _clean_problems(converted: Converted, notes, touched: set[int], gone) -> None:
    """Take those who are left out also out of the remarks, which quote the file."""
    half = len(notes) // 2
    for place, problem in enumerate(converted.problems):
        remark, named = notes[place], notes[half + place]
        value = remark.company.description if not named.kind else ""
        value = without_texts(value, *gone)
        if remark.withheld or named.kind:
            touched.add(problem.line)
        if value != problem.value:
            converted.problems[place] = replace(problem, value=value)
