"""One person's data: how they are recognised in what is stored, and taken out of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any

from dateutil.relativedelta import relativedelta
from lxml import etree, html

from odoo.addons.crm_common.tools.mailboxes import spellings
from odoo.addons.crm_common.tools.traces import Traces

from ..company import company_json
from .suppression import (
    addresses_in,
    company_keys,
    named_in,
    normalise_email,
    person_words,
    scrubbed,
)

#: Article 14(3)(a) GDPR: "at the latest within one month".
NOTICE_PERIOD = relativedelta(months=1)


def notice_due(collected_on: date, first_contact_on: date | None = None) -> date:
    """Return until when a person must be told: a month, or the first contact if that is earlier.

    Source: Article 14(3)(a) and (b) GDPR.
    """
    due = collected_on + NOTICE_PERIOD
    return min(due, first_contact_on) if first_contact_on else due


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looked for: by e-mail address, by name, or by both.

    :ivar email: normalised, "" when unknown
    :ivar words: words of the name in one order, "" when unknown
    """

    email: str = ""
    words: str = ""

    @classmethod
    def of(cls, email: str | None, name: str | None) -> "Person":
        return cls(normalise_email(email or ""), person_words(name or ""))

    @classmethod
    def of_traces(cls, traces: Traces) -> "Person":
        """Return who leaves these traces; the spellings of an address are one mailbox."""
        return cls.of(next(iter(traces.emails), ""), next(iter(traces.names), ""))

    def is_named_in(self, text: str) -> bool:
        """Tell whether a text has the address, or all words of the name."""
        if self.email in addresses_in(text):
            return True
        words = set(self.words.split())
        return bool(words) and words <= set(person_words(text).split())

    @property
    def emails(self) -> tuple[str, ...]:
        """Every way in which the address may have been stored."""
        return tuple(sorted(spellings(self.email))) if self.email else ()

    def __bool__(self) -> bool:
        return bool(self.email or self.words)

    def is_one(self, email: str | None, name: str | None) -> bool:
        """Tell whether a record with this address and name is of this person.

        Where the address is known it decides: a namesake with another address is somebody else.
        """
        other = Person.of(email, name)
        if self.email and (other.email or not self.words):
            return self.email == other.email
        return bool(self.words) and self.words == other.words


def of_person(data: dict[str, Any], person: Person) -> list[dict[str, Any]]:
    """Return a stored company's contacts who are this person.

    :param data: a company as `company_json.to_json` makes it
    """
    return [
        contact
        for contact in data.get("contacts", ())
        if person.is_one(contact.get("email"), contact.get("name"))
    ]


def holds(data: dict[str, Any], person: Person) -> bool:
    """Tell whether a stored company holds anything of this person."""
    emails = map(normalise_email, data.get("emails", ()))
    return bool(
        of_person(data, person)
        or (person.email and person.email in emails)
        or (person.email and person.email in named_in(company_json.from_json(data)))
    )


def held_of(companies: Iterable[dict[str, Any]], person: Person) -> dict[str, list]:
    """Return what stored companies hold of this person, by the company's name."""
    return {
        company.get("name", ""): of_person(company, person) or [{"email": person.email}]
        for company in companies
        if holds(company, person)
    }


def identities_in(
    companies: Iterable[dict[str, Any]], person: Person
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (address, name, keys of the company) by which stored companies know this person."""
    return [
        (
            normalise_email(contact.get("email", "")),
            contact.get("name", ""),
            company_keys(company_json.from_json(company)),
        )
        for company in companies
        for contact in of_person(company, person)
    ]


def without_person(
    data: dict[str, Any], person: Person, *, keep_places: bool = False
) -> dict[str, Any]:
    """Return a stored company without this person, and without their address in any text.

    :param keep_places: leave an empty contact in place, for others are known by their position
    """
    removed = of_person(data, person)
    blank: list[dict[str, Any]] = [{}] if keep_places else []
    gone = {person.email, *(normalise_email(contact.get("email", "")) for contact in removed)}
    kept = {
        "contacts": [
            place
            for contact in data.get("contacts", ())
            for place in (blank if contact in removed else [contact])
        ],
        "emails": [email for email in data.get("emails", ()) if normalise_email(email) not in gone],
        "sources": {
            name: url
            for name, url in data.get("sources", {}).items()
            if normalise_email(name.partition(":")[2]) not in gone - {""}
        },
    }
    clean = data | {name: value for name, value in kept.items() if name in data}
    # Contacts stay as they are: some are known by their position.
    company = company_json.from_json({**clean, "contacts": ()})
    if gone.isdisjoint(named_in(company)):
        return clean
    plain = company_json.to_json(replace(company, **scrubbed(company, gone)))
    return plain | {name: clean[name] for name in ("contacts",) if name in clean}


def scrub_html(body: str, texts: Iterable[str], mask: str = "…") -> str:
    """Return a note without these texts, and a company's card without the persons' rows.

    :param texts: names, addresses and numbers, in any case
    """
    texts = [text.strip() for text in texts if text and len(text.strip()) > 2]
    if not texts or not body:
        return body
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in texts), re.I)
    if not pattern.search(unescape(body)):
        return body
    root = html.fragment_fromstring(body, create_parent="div")
    rows = root.xpath("//div[contains(@class, 'o_lead_mining_card')]//tr[.//b]")
    for row in rows:
        # Each text by itself: lines of a cell would be one word.
        if any(map(pattern.search, row.itertext())):
            row.drop_tree()
    for element in root.iter(etree.Element):
        _scrub_element(element, pattern, mask)
    inner = html.tostring(root, encoding="unicode")
    return inner.removeprefix("<div>").removesuffix("</div>")


def _scrub_element(element: Any, pattern: re.Pattern[str], mask: str) -> None:
    element.text = element.text and pattern.sub(mask, element.text)
    element.tail = element.tail and pattern.sub(mask, element.tail)
    for name, value in element.attrib.items():
        element.attrib[name] = pattern.sub(mask, value)
