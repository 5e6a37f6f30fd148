"""From a row's cells to what is stored of a company and its contact."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..providers import nace, roles
from ..providers.identity import (
    normalise_domain,
    normalise_lei,
    normalise_registry_id,
    normalise_vat,
)
from .columns import TARGETS
from .errors import RowError
from .values import read_email, read_employees, read_year, split_list

#: Columns of the company's table that the importer writes, in the order of `Row.company`.
COMPANY_COLUMNS = (
    "identity", "name", "registry", "registry_id", "lei", "vat", "domain", "website", "street",
    "street2", "city", "zip", "state_code", "country_code", "phone", "emails", "employees_min",
    "employees_max", "employees", "industry", "industries", "founded", "revenue", "description",
    "logo_url", "technologies", "timezone", "linkedin", "facebook", "twitter",
)  # fmt: skip
#: The same for the contact's table; `company_identity` names the company.
CONTACT_COLUMNS = (
    "company_identity", "identity", "name", "job_title", "role", "seniority", "email", "phone",
)  # fmt: skip
INTEGER_COLUMNS = frozenset({"employees_min", "employees_max", "employees", "founded"})

MAX_TEXT = 256
MAX_LONG_TEXT = 4000
_LONG = frozenset({"description", "technologies", "industry"})

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

#: Spellings of countries that res.country does not have.
COUNTRY_ALIASES = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "england & wales": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US",
    "united states of america": "US", "holland": "NL", "the netherlands": "NL", "russia": "RU",
    "russian federation": "RU", "south korea": "KR", "republic of korea": "KR",
    "czech republic": "CZ", "uae": "AE", "republic of ireland": "IE", "eire": "IE",
}  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Countries and states as res.country and res.country.state know them.

    :ivar countries: lower-case name or code -> ISO 3166-1 alpha-2
    :ivar states: (country code, lower-case name or code) -> state's code
    """

    countries: Mapping[str, str]
    states: Mapping[tuple[str, str], str]

    def country(self, text: str) -> str:
        key = text.casefold()
        return self.countries.get(key) or COUNTRY_ALIASES.get(key, "")

    def state(self, country_code: str, text: str) -> str:
        text = text.casefold().removeprefix(f"{country_code.casefold()}-")
        return self.states.get((country_code, text), "")


@dataclass(slots=True)
class Row:
    """A row ready for COPY: texts without tabs or line breaks, empty means unknown."""

    company: list[str]
    contact: list[str] | None
    notes: list[tuple[str, str]] = field(default_factory=list)  # (cause, value) of IGNORED


class RowConverter:
    """Converts rows of one file.

    :param mapping: target of each column, "" for one that is left out
    :param places: countries and states
    :param registry: register of registration numbers in a file that has no column for it
    :param country_code: country of companies in a file that has no column for it
    """

    def __init__(
        self, mapping: Sequence[str], places: Places, *, registry: str = "", country_code: str = ""
    ):
        self._places = places
        self._registry = registry
        self._country_code = country_code
        self._columns = [(index, target) for index, target in enumerate(mapping) if target]
        self._blank = dict.fromkeys(TARGETS, "")
        self._has_contacts = "contact_name" in mapping

    def convert(self, cells: Sequence[str]) -> Row:
        """Return the row to store.

        :raise RowError: if the row cannot be used (a cause of `errors.DROPPED`)
        """
        values = self._values(cells)
        if not values["name"]:
            raise RowError("no_name")
        country = self._country(values["country"])
        notes: list[tuple[str, str]] = []
        identity = self._identity(values, country, notes)
        company = [
            identity[0],
            values["name"],
            *identity[1:],
            values["website"],
            values["street"],
            values["street2"],
            values["city"],
            values["zip"],
            self._places.state(country, values["state"]) if values["state"] else "",
            country,
            values["phone"],
            _emails(values["email"], notes),
            *_employees(values["employees"], notes),
            *_industries(values["industry"], country, notes),
            _year(values["founded"], notes),
            values["revenue"],
            values["description"],
            values["logo_url"],
            ", ".join(split_list(values["technologies"])) if values["technologies"] else "",
            values["timezone"],
            values["linkedin"],
            values["facebook"],
            values["twitter"],
        ]
        contact = self._contact(identity[0], values, notes) if self._has_contacts else None
        return Row(company, contact, notes)

    def _values(self, cells: Sequence[str]) -> dict[str, str]:
        values = self._blank.copy()
        for index, target in self._columns:
            text = cells[index]
            if not text:
                continue
            text = _clean(text, MAX_LONG_TEXT if target in _LONG else MAX_TEXT)
            # Only the targets that may come from several columns ever have a value already.
            values[target] = f"{values[target]}; {text}" if values[target] else text
        return values

    def _country(self, text: str) -> str:
        country = self._places.country(text) if text else self._country_code
        if not country:
            raise RowError("unknown_country" if text else "no_country", text)
        return country

    def _identity(self, values, country: str, notes: list) -> tuple[str, ...]:
        """Return (identity, register, number, LEI, VAT number, domain)."""
        registry, number = normalise_registry_id(
            values["registry"] or self._registry, values["registry_id"]
        )
        lei = vat = ""
        if values["lei"]:
            lei = normalise_lei(values["lei"])
            if not lei:
                notes.append(("bad_lei", values["lei"]))
        if values["vat"]:
            vat = normalise_vat(values["vat"], country)
        domain = normalise_domain(values["domain"] or values["website"])
        identity = (
            (number and f"reg:{registry}:{number}")
            or (lei and f"lei:{lei}")
            or (vat and f"vat:{vat}")
            or (domain and f"domain:{domain}")
        )
        if not identity:
            raise RowError("no_identity", values["name"])
        return identity, registry, number, lei, vat, domain

    def _contact(self, company_identity: str, values, notes: list) -> list[str] | None:
        name = values["contact_name"]
        if not name:
            return None
        email = read_email(values["contact_email"])
        if values["contact_email"] and not email:
            notes.append(("bad_email", values["contact_email"]))
        title = values["contact_title"]
        return [
            company_identity,
            email or f"name:{name.casefold()}",
            name,
            title,
            roles.role_of(title),
            roles.seniority_of(title),
            email,
            values["contact_phone"],
        ]


def _clean(text: str, limit: int) -> str:
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit].rstrip()


def _emails(text: str, notes: list) -> str:
    if not text:
        return ""
    found = [read_email(part) for part in split_list(text)]
    if not all(found):
        notes.append(("bad_email", text))
    return ", ".join(dict.fromkeys(filter(None, found)))


def _employees(text: str, notes: list) -> tuple[str, str, str]:
    if not text:
        return "", "", ""
    size = read_employees(text)
    if size is None:
        notes.append(("bad_employees", text))
        return "", "", ""
    least, most, exact = ("" if number is None else str(number) for number in size)
    return least, most, exact


def _industries(text: str, country: str, notes: list) -> tuple[str, str]:
    """Return (main NACE code, all of them); the first that is a division is the main one."""
    if not text:
        return "", ""
    industries = _read_industries(text, country)
    if not industries[0]:
        notes.append(("unknown_industry", text))
    return industries


@lru_cache(4096)
def _read_industries(text: str, country: str) -> tuple[str, str]:
    parts = [text] if text[:1].isdigit() and ";" not in text else text.split(";")
    codes = list(dict.fromkeys(filter(None, (nace.read(part, country) for part in parts))))
    if not codes:
        return "", ""
    main = next((code for code in codes if code in nace.DIVISIONS), codes[0])
    return main, ",".join(dict.fromkeys([main, *codes]))


def _year(text: str, notes: list) -> str:
    if not text:
        return ""
    year = read_year(text)
    if year is None:
        notes.append(("bad_year", text))
    return str(year or "")
