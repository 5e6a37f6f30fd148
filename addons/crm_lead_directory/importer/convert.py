"""From rows of cells to what is stored of companies and their contacts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import compress, islice
from typing import TypeVar

from odoo.addons.crm_lead_mining.company import roles
from odoo.addons.crm_lead_mining.company.bands import coded_by
from odoo.addons.crm_lead_mining.company.cells import (
    read_year,
    split_list,
    without_placeholders,
)
from odoo.addons.crm_lead_mining.company.classes import revenue_class
from odoo.addons.crm_lead_mining.company.fields import COMPANY
from odoo.addons.crm_lead_mining.company.identity import (
    are_registry_ids,
    normalise_lei,
    normalise_registry,
    normalise_registry_id,
    normalise_vat,
)
from odoo.addons.crm_lead_mining.company.names import is_function
from odoo.addons.crm_lead_mining.company.persons import is_register_style, officer_name
from odoo.addons.crm_lead_mining.company.sizes import read_employees
from odoo.addons.crm_lead_mining.files.errors import RowError

from ..tools.memo import Memo
from .addresses import first_email, tell_persons
from .clean import are_clean, clean
from .columns import TARGETS, together
from .converted import COMPANY_COLUMNS, CONTACT_COLUMNS, Converted, Ended
from .identities import fill_from_emails, identities, own_hosts
from .industries import Industries
from .locations import spread
from .losses import Losses, dropped_rows
from .named import named_identities
from .places import Places
from .problems import Problem
from .statuses import Statuses

#: Columns that have a value whatever the file has, or are asked for whatever they have.
_ALWAYS = frozenset({"identity", "name", "registry", "registry_id", "lei", "vat", "domain",
                     "country_code", "industry"})  # fmt: skip
#: Column -> the target that fills it.
_TARGETS = {column: one.target for one in COMPANY for column in one.columns}

_OF_LOCATION = ("city", "state", "country")  # what a cell with a whole place fills

PIECE_ROWS = 1000  # rows that are converted together
MAX_KNOWN = 50_000  # values of a column of which it is known what is made of them
MAX_TEXT = 256
MAX_LONG_TEXT = 4000
_PLACES = frozenset({"country", "state"})
_NUMBERS = frozenset({"registry_id", "lei", "vat"})
_LONG = frozenset(one.target for one in COMPANY if one.kind in ("long", "list"))

Value = TypeVar("Value")
Result = TypeVar("Result")


class Converter:
    """Converts rows of one file, as many at once as fit the processor's cache, column by column.

    :param mapping: target of each column, "" for one that is left out
    :param places: countries and states
    :param registry: register of registration numbers in a file that has no column for it
    :param country_code: country of companies in a file that has no column for it
    :param header: the columns' names, which tell the codes of sizes; `samples`, `editions`: see
        `Industries`
    :param named: see `named.prefix_of`; "" drops rows of which only name and place are known
    :ivar columns: those of `COMPANY_COLUMNS` that the file can fill; the others are empty
    """

    def __init__(
        self,
        mapping: Sequence[str],
        places: Places,
        *,
        registry: str = "",
        country_code: str = "",
        header: Sequence[str] = (),
        samples: Sequence[Sequence[str]] = (),
        editions: Sequence[str] = (),
        named: str = "",
    ):
        filled = {*mapping, *(_OF_LOCATION if "location" in mapping else ())}
        self.columns = tuple(
            column for column in COMPANY_COLUMNS if column in _ALWAYS or _TARGETS[column] in filled
        )
        self._mapping = mapping
        self._places = places
        self._registry = registry
        self._country_code = country_code
        self._named = named
        self._sizes = {
            place: codes
            for place, (target, name) in enumerate(zip(mapping, header, strict=False))
            if target == "employees" and (codes := coded_by(name))
        }
        self._industries = Industries(mapping, header, samples, country_code, editions)
        self._statuses = Statuses(mapping, header)
        # Of the whole file: most of its columns have few different values.
        self._plain: list[set[str]] = [set() for _target in mapping]
        self._years = Memo(_year, MAX_KNOWN)
        self._states = Memo(self._state, MAX_KNOWN)

    def convert(self, records: Iterable[tuple[int, Sequence[str] | RowError]]) -> Converted:
        """Return what to store of the records, given with their lines.

        A row that cannot be used (a cause of `problems.DROPPED`) is a problem and nothing else.
        """
        converted = Converted()
        records = iter(records)
        while piece := list(islice(records, PIECE_ROWS)):
            converted.extend(self._convert(piece))
        return converted

    def _convert(self, records: Sequence[tuple[int, Sequence[str] | RowError]]) -> Converted:
        problems = []
        lines, rows = _unzip(2, records)
        if RowError in set(map(type, rows)):
            bad = [one for one in records if isinstance(one[1], RowError)]
            problems = [Problem(line, cells.code, cells.value) for line, cells in bad]
            lines, rows = _unzip(2, [one for one in records if not isinstance(one[1], RowError)])
        columns = self._columns(rows)
        losses = Losses()
        if "location" in self._mapping:
            spread(columns, self._places.country)
        if "name" not in self._mapping:  # a list of domains: nothing else names who has them
            columns["name"] = own_hosts(columns["domain"], columns["website"])
        countries = _each(self._country, columns["country"])
        industries = self._industries.codes_of(rows, countries)
        companies, hosts = self._companies(columns, countries, industries, losses)
        contacts = self._contacts(columns, companies, losses)
        statuses, unknown = self._statuses.of(rows)
        for place, cell in unknown:
            losses.add(place, "unknown_status", cell)
        ended = {place: status for place, status in enumerate(statuses) if status}
        dropped = dropped_rows(columns, companies, countries, ended)
        kept, gone = lines, []
        unused = [companies[place][0] for place in dropped if companies[place][0]]
        if dropped or ended:
            used = [place not in dropped and place not in ended for place in range(len(rows))]
            gone = [
                Ended.of(self.columns, companies[place], columns["name"][place], status)
                for place, status in ended.items()
            ]
            companies = list(compress(companies, used))
            contacts = list(compress(contacts, used))
            hosts = list(compress(hosts, used))
            kept = list(compress(lines, used))
        problems += [
            Problem(lines[place], code, value[:200])
            for place, code, value in (
                *((place, *cause) for place, cause in dropped.items()),
                *losses.outside(dropped, ended),
            )
        ]
        problems.sort(key=lambda problem: problem.line)
        return Converted(
            len(records), companies, contacts, list(kept), hosts, problems, gone, unused
        )

    def _columns(self, rows: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
        """Return the clean values of each target."""
        columns = dict.fromkeys(TARGETS, ("",) * len(rows))
        given = set()
        cells = zip(self._mapping, zip(*rows, strict=True), strict=False)
        for place, (target, column) in enumerate(cells):
            if target in ("", "status"):  # which is read with its header
                continue
            column = self._cleaned(place, target, column)
            if codes := self._sizes.get(place):
                column = [codes.get(cell, cell) for cell in column]
            if target in given:
                column = _together(target, columns[target], column)
            given.add(target)
            columns[target] = column
        return columns

    def _cleaned(self, place: int, target: str, column: Sequence[str]) -> Sequence[str]:
        """Return what the cells of a column hold that is a value."""
        plain, different = self._plain[place], set(column)
        if different <= plain:
            return column
        limit = MAX_LONG_TEXT if target in _LONG else MAX_TEXT
        cleaned = column
        if not are_clean(different, limit):
            cleaned = [clean(cell, limit) for cell in column]
        cleaned = without_placeholders(
            cleaned, are_places=target in _PLACES, are_numbers=target in _NUMBERS
        )
        # Cells that hardly come again are not worth being kept.
        if 2 * len(different) < len(column):
            if len(plain) > MAX_KNOWN:
                plain.clear()
            plain |= different
            if cleaned is not column:
                plain.difference_update(
                    before for before, after in zip(column, cleaned, strict=True) if before != after
                )
        return cleaned

    def _country(self, text: str) -> str:
        return self._places.country(text) if text else self._country_code

    def _companies(
        self,
        columns: Mapping[str, Sequence[str]],
        countries: Sequence[str],
        industries: Sequence[Sequence[str]],
        losses: Losses,
    ) -> tuple[list[tuple[str, str]], list[str]]:
        """Return (identity, line) and the domain of each company."""
        registries, numbers = self._registry_ids(columns["registry"], columns["registry_id"])
        if "registry_id" in self._mapping:
            losses.note("bad_registry_id", self._with_register(columns), numbers)
        leis = columns["lei"]
        if any(leis):
            leis = [normalise_lei(lei) if lei else "" for lei in leis]
        losses.note("bad_lei", columns["lei"], leis)
        vats = columns["vat"]
        if any(vats):
            vats = [
                normalise_vat(vat, country) if vat else ""
                for vat, country in zip(vats, countries, strict=True)
            ]
        losses.note("bad_vat", columns["vat"], vats)
        domains = own_hosts(columns["domain"], columns["website"])
        fill_from_emails(domains, (numbers, leis, vats), columns["email"])
        tell_persons(columns, self._mapping, losses.add)
        employees: Sequence[Sequence[str]] = (columns["employees"],) * 3
        if any(columns["employees"]):
            employees = _unzip(3, map(_employees, columns["employees"]))
        losses.note("bad_employees", columns["employees"], employees[0])
        losses.note("unknown_industry", columns["industry"], industries[0])
        founded = columns["founded"]
        if any(founded):
            founded = [self._years[text] for text in founded]
        losses.note("bad_year", columns["founded"], founded)
        keys = identities(registries, numbers, leis, vats, domains)
        named_identities(self._named, {**columns, "country_code": countries}, keys)
        stored = {
            **columns,
            "identity": keys,
            "registry": registries,
            "registry_id": numbers,
            "lei": leis,
            "vat": vats,
            "domain": domains,
            "country_code": countries,
            "emails": columns["email"],
            "employees_min": employees[0],
            "employees_max": employees[1],
            "employees": employees[2],
            "industry": industries[0],
            "industries": industries[1],
            "industry_codes": industries[2],
            "founded": founded,
        }
        if "revenue" in self._mapping:
            stored["revenue_class"] = _each(revenue_class, columns["revenue"])
        if "state_code" in self.columns:
            # Only in Italy the postal code tells more than the state.
            zips: Sequence[str] = ("",) * len(countries)
            if "IT" in countries:
                zips = [
                    zip_code if country == "IT" else ""
                    for country, zip_code in zip(countries, columns["zip"], strict=True)
                ]
            places = zip(countries, columns["state"], zips, strict=True)
            stored["state_code"] = [self._states[place] for place in places]
        if "technologies" in self._mapping:
            stored["technologies"] = _each(_technologies, columns["technologies"])
        lines = map("\t".join, zip(*(stored[column] for column in self.columns), strict=True))
        return list(zip(keys, lines, strict=True)), domains

    def _with_register(self, columns: Mapping[str, Sequence[str]]) -> Sequence[str]:
        """Return the registration numbers whose register is known."""
        if self._registry:
            return columns["registry_id"]
        pairs = zip(columns["registry"], columns["registry_id"], strict=True)
        return [registry and number for registry, number in pairs]

    def _registry_ids(
        self, registries: Sequence[str], numbers: Sequence[str]
    ) -> Sequence[Sequence[str]]:
        if "registry" not in self._mapping:
            registry = normalise_registry(self._registry)
            if registry and are_registry_ids(registry, numbers):
                return [registry] * len(numbers), numbers
        return _unzip(
            2,
            (
                normalise_registry_id(registry or self._registry, number) if number else ("", "")
                for registry, number in zip(registries, numbers, strict=True)
            ),
        )

    def _state(self, place: tuple[str, str, str]) -> str:
        country, state, zip_code = place
        return self._places.state(country, state, zip_code) if state else ""

    def _contacts(
        self,
        columns: Mapping[str, Sequence[str]],
        companies: Sequence[Sequence[str]],
        losses: Losses,
    ) -> list[tuple[str, ...] | None]:
        names = columns["contact_name"]
        if not any(names):
            return [None] * len(companies)
        names = [officer_name(name) if is_register_style(name) else name for name in names]
        given = [
            email if name else ""
            for email, name in zip(columns["contact_email"], names, strict=True)
        ]
        emails = [first_email(email) if email else "" for email in given]
        losses.note("bad_email", given, emails)
        functions = set(filter(is_function, set(emails)))
        titles = columns["contact_title"]
        stored = {
            "company_identity": (company[0] for company in companies),
            # An address that several share tells nobody from the others.
            "identity": (
                email if email and email not in functions else f"name:{name.casefold()}"
                for email, name in zip(emails, names, strict=True)
            ),
            "name": names,
            "job_title": titles,
            "role": _each(roles.role_of, titles),
            "seniority": _each(roles.seniority_of, titles),
            "email": emails,
            "phone": columns["contact_phone"],
        }
        contacts = zip(*(stored[column] for column in CONTACT_COLUMNS), strict=True)
        return [contact if name else None for contact, name in zip(contacts, names, strict=True)]


def _each(function: Callable[[Value], Result], column: Iterable[Value]) -> list[Result]:
    """Return the function of each value, called once for equal ones: most columns have few."""
    column = tuple(column)
    known = {value: function(value) for value in set(column)}
    if len(known) == 1:
        return [*known.values()] * len(column)
    return [known[value] for value in column]


def _together(target: str, ours: Sequence[str], others: Sequence[str]) -> Sequence[str]:
    """Return one column of two of a target, the second of which most rows leave empty."""
    if not any(others):
        return ours
    join = together(target)
    return [join(one, other) if other else one for one, other in zip(ours, others, strict=True)]


def _unzip(width: int, rows: Iterable[tuple[str, ...]]) -> Sequence[Sequence[str]]:
    """Return the columns of the rows, which may be none."""
    return tuple(zip(*rows, strict=True)) or ((),) * width


@lru_cache(1024)
def _employees(text: str) -> tuple[str, str, str]:
    """Return (at least, at most, exactly); nothing when there is no number."""
    least, most, exact = (text and read_employees(text)) or (None, None, None)
    return _text(least), _text(most), _text(exact)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _year(text: str) -> str:
    return _text(read_year(text)) if text else ""


def _technologies(text: str) -> str:
    return ", ".join(split_list(text)) if text else ""
