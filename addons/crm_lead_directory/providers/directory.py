"""The directory: companies in this database's PostgreSQL, read with plain SQL."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.alike import is_record
from odoo.addons.crm_lead_mining.company.fields import COMPANY
from odoo.addons.crm_lead_mining.company.identity import (
    identity_keys,
    normalise_domain,
    normalise_registry_id,
)
from odoo.addons.crm_lead_mining.company.status import Status
from odoo.addons.crm_lead_mining.company.types import (
    Company,
    CompanyQuery,
    Contact,
    Page,
    Provenance,
)
from odoo.addons.crm_lead_mining.providers.base import COUNT_LIMIT, FILTERS, Probe, Provider
from odoo.addons.crm_lead_mining.providers.errors import ProviderAnswerInvalid, ProviderTimeout

from . import overview
from .bounded import fetch_bounded
from .conditions import MOST_GAPS, REACHED, wanted_contacts
from .counts import KEPT, is_banded, living
from .ended import look_up
from .groups import Groups, shown
from .statements import COLUMNS, Statements

#: What cursors behind the companies of the main industries begin with.
_OTHERS = "+"
COUNT_TIMEOUT = 2.0  # seconds
SEARCH_TIMEOUT = 30.0
MAX_LIMIT = 500

_NUMBERS, _LISTS, _NETWORKS, _TEXTS = (
    tuple(
        column
        for one in COMPANY
        # The main industry stands in a column of its own.
        if one.kind in kinds and one.target != "industry"
        for column in one.columns
        if column != "revenue_class"  # which is there to be searched by
    )
    for kinds in (("number",), ("list",), ("network",), ("text", "long"))
)
_OF_CONTACT = ("name", "job_title", "role", "seniority", "email", "phone")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that may be searched, as its companies' provenance tells it."""

    id: int
    name: str = ""
    version: str = ""
    licence: str = ""
    url: str = ""
    imported_on: date | None = None


class DirectoryProvider(Provider):
    """Adapter of the directory.

    :param cr: Odoo's database cursor; nothing is written
    :param datasets: what may be searched; `enrich` answers from the first that has the company
    :param known: table expression with a column `key` of identity keys that are not wanted;
        for sets too large for `CompanyQuery.exclude`, one index look-up for each company seen
    :param patience: seconds that each answer may take
    :param heeded: ids of all datasets of whose companies that have ended none is found, those
        that may be searched by default; none where no dataset tells of any
    :param groups: what is known of groups of companies
    """

    code = "directory"
    count_is_free = True
    enrich_is_free = True
    filters = frozenset(FILTERS)

    def __init__(
        self,
        cr: Any,
        datasets: Iterable[Dataset],
        known: SQL | None = None,
        patience: float = SEARCH_TIMEOUT,
        heeded: Iterable[int] | None = None,
        groups: Groups | None = None,
    ):
        self._cr = cr
        self._patience = patience
        self._datasets = {dataset.id: dataset for dataset in datasets}
        self._known = known
        self._groups = groups or Groups((), 0)
        self._heeded = sorted(self._datasets if heeded is None else heeded)
        self._statements = Statements(list(self._datasets), known, self._heeded)

    def within(self, seconds: float) -> "DirectoryProvider":
        return DirectoryProvider(
            self._cr, self._datasets.values(), self._known, seconds, self._heeded, self._groups
        )

    def count(self, query: CompanyQuery) -> int | None:
        try:
            query = self._of_wanted_groups(query)
        except ProviderTimeout:
            return None
        return self._count(self._statements.count(query, COUNT_LIMIT + 1))

    def count_living(self, query: CompanyQuery) -> int | None:
        others = any(self._narrows(query, name) for name in FILTERS if name not in KEPT)
        if others or query.exclude or query.not_called or not is_banded(query):
            return None
        return self._count(living(query, self._datasets))

    def count_contacts(self, query: CompanyQuery) -> int | None:
        try:
            query = self._of_wanted_groups(query)
        except ProviderTimeout:
            return None
        return self._count(self._statements.count_contacts(query, COUNT_LIMIT + 1))

    def count_known(self, query: CompanyQuery) -> tuple[int, dict[str, int]]:
        query = self._of_wanted_groups(query)
        statement = overview.known(self._statements.matching(query), wanted_contacts(query))
        total, *numbers = self._fetch(statement, COUNT_TIMEOUT)[0]
        return total, dict(zip((*REACHED, "contacts"), numbers, strict=True))

    def count_roles(self, query: CompanyQuery) -> dict[str, int]:
        if not query.with_contacts:
            return {}
        statement = overview.roles(self._statements.matching(self._of_wanted_groups(query)))
        return dict(self._fetch(statement, COUNT_TIMEOUT))

    def count_industries(self, query: CompanyQuery) -> dict[str, int]:
        return dict(self._fetch(overview.industries(query, self._datasets), COUNT_TIMEOUT))

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        limit = max(1, min(limit, MAX_LIMIT))
        query = self._of_wanted_groups(query)
        page = self._shuffled_page if query.order == "shuffled" else self._complete_page
        return page(query, cursor, limit)

    def _of_wanted_groups(self, query: CompanyQuery) -> CompanyQuery:
        """Return the query without the companies that their group excludes."""
        left_out = self._groups.left_out(query, self._fetch_groups)
        return replace(query, exclude=query.exclude | left_out) if left_out else query

    def _fetch_groups(self, statement: SQL) -> list[tuple]:
        return self._fetch(statement, SEARCH_TIMEOUT)

    def _complete_page(self, query: CompanyQuery, cursor: str | None, limit: int) -> Page:
        first, *after = _read_cursor(cursor.removeprefix(_OTHERS)) if cursor else (0,)
        countries = query.countries or self._known_countries()
        rows: list[tuple] = []
        if not (cursor or "").startswith(_OTHERS):
            for gaps in _steps(first):
                if ranges := self._statements.ranges(query, countries, gaps, after):
                    statement = self._statements.complete(query, ranges, limit - len(rows))
                    rows += self._fetch(statement, SEARCH_TIMEOUT)
                if len(rows) == limit:
                    return Page(self._companies(rows, query), _write_cursor(rows[-1]))
                after = []
            first = 0
        if query.industries:
            place = (first, *(after or ("", "", 0)))
            statement = self._statements.others(query, place, limit - len(rows))
            rows += self._fetch(statement, SEARCH_TIMEOUT)
        next_cursor = _OTHERS + _write_cursor(rows[-1]) if len(rows) == limit else None
        return Page(self._companies(rows, query), next_cursor)

    def _shuffled_page(self, query: CompanyQuery, cursor: str | None, limit: int) -> Page:
        after = _read_number(cursor) if cursor else -1
        rows = self._fetch(self._statements.shuffled(query, after, limit), SEARCH_TIMEOUT)
        unknown = [row for row in rows if row[-2]]
        next_cursor = str(rows[-1][-1]) if len(rows) == limit else None
        return Page(self._companies(unknown, query), next_cursor)

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        key = _key(domain, registry_id)
        if key.startswith("domain:"):
            return self._first(SQL("company.domain = %s", key.removeprefix("domain:")))
        return self._first(SQL("company.identity = %s", key)) if key else None

    def status_of(self, *, domain: str | None = None, registry_id: str | None = None) -> Status:
        key = _key(domain, registry_id)
        if not key or not self._heeded:
            return ""
        rows = self._fetch(look_up([[key]], self._heeded), SEARCH_TIMEOUT)
        return rows[0][1] if rows else ""

    def find(self, identity: str) -> Company | None:
        """Return the company of a row by the identity key that it was imported under."""
        return self._first(SQL("company.identity = %s", identity))

    def probe(self) -> Probe:
        return Probe(ok=bool(self._datasets))

    # === SQL === #

    def _known_countries(self) -> list[str]:
        """Return all countries of the directory, jumping through the index from one to the next."""
        rows = self._fetch(
            SQL(
                """
                WITH RECURSIVE country(code) AS (
                    SELECT min(country_code) FROM lead_directory_company
                 UNION ALL
                    SELECT (SELECT min(country_code) FROM lead_directory_company
                             WHERE country_code > country.code)
                      FROM country WHERE country.code IS NOT NULL
                )
                SELECT code FROM country WHERE code IS NOT NULL
                """
            ),
            SEARCH_TIMEOUT,
        )
        return [row[0] for row in rows]

    def _first(self, condition: SQL) -> Company | None:
        """Return the company of the first dataset that has it, or the one that it is merged into.

        :param condition: on `company`
        """
        if not self._datasets:
            return None
        rows = self._fetch(self._statements.first(condition), SEARCH_TIMEOUT)
        if not rows:
            merged = self._statements.merged_into(condition)
            rows = self._fetch(self._statements.first(merged), SEARCH_TIMEOUT)
        return next(iter(self._companies(rows, CompanyQuery())), None)

    def _count(self, statement: SQL) -> int | None:
        try:
            return self._fetch(statement, COUNT_TIMEOUT)[0][0]
        except ProviderTimeout:
            return None

    def _fetch(self, statement: SQL, timeout: float) -> list[tuple]:
        return fetch_bounded(self._cr, statement, min(timeout, self._patience), self.code)

    # === ROWS TO COMPANIES === #

    def _companies(self, rows: Sequence[tuple], query: CompanyQuery) -> tuple[Company, ...]:
        found = [dict(zip(COLUMNS, row, strict=False)) for row in rows]
        contacts = self._contacts([row["id"] for row in found], query) if found else {}
        tops = self._tops(found)
        companies = [
            self._company(row, contacts.get(row["id"], []), tops.get(place, ""))
            for place, row in enumerate(found)
        ]
        # Two datasets may have one company; one that nothing identifies is judged like others.
        first: dict[object, Company] = {}
        for one in companies:
            first.setdefault(next(iter(identity_keys(one)), id(one)), one)
        return tuple(first.values())

    def _tops(self, found: Sequence[dict]) -> dict[int, str]:
        """Return place -> name of the ultimate parent, of those rows that have one."""
        companies = [(row["identity"], row["lei"]) for row in found]
        tops = self._groups.tops(companies, self._fetch_groups)
        names = self._groups.names(set(tops.values()), self._fetch_groups)
        return {place: shown(*top, names) for place, top in tops.items()}

    def _company(self, row: dict, contacts: Sequence[Contact], part_of: str) -> Company:
        industries = (row["industries"] or row["industry"] or "").split(",")
        values: dict[str, Any] = {name: row[name] for name in _NUMBERS}
        if is_record(row["identity"]):
            values["record_key"] = row["identity"]
        values |= {name: row[name] or "" for name in _TEXTS}
        values |= {name: tuple(filter(None, (row[name] or "").split(", "))) for name in _LISTS}
        return Company(
            **values,
            industries=tuple(filter(None, industries)),
            part_of=part_of,
            socials={network: row[network] for network in _NETWORKS if row[network]},
            contacts=tuple(contacts),
            provenance=_provenance(self._datasets[row["dataset_id"]]),
        )

    def _contacts(self, company_ids: list[int], query: CompanyQuery) -> dict[int, list[Contact]]:
        if not query.with_contacts or query.contacts_per_company <= 0:
            return {}
        wanted = wanted_contacts(query)
        rows = self._fetch(
            SQL(
                """
                SELECT company.id, company.dataset_id, %(columns)s
                  FROM lead_directory_company AS company
            CROSS JOIN LATERAL (
                    SELECT * FROM lead_directory_contact AS contact
                     WHERE contact.directory_company_id = company.id AND %(wanted)s
                  ORDER BY contact.role IS NOT DISTINCT FROM %(preferred)s DESC, contact.id
                     LIMIT %(limit)s
                       ) AS contact
                 WHERE company.id = ANY(%(ids)s)
                """,
                columns=SQL(", ").join(SQL.identifier("contact", name) for name in _OF_CONTACT),
                wanted=wanted,
                preferred=query.preferred_role,
                limit=query.contacts_per_company,
                ids=company_ids,
            ),
            SEARCH_TIMEOUT,
        )
        contacts: dict[int, list[Contact]] = {}
        for company_id, dataset_id, *cells in rows:
            values: dict[str, Any] = dict(
                zip(_OF_CONTACT, (cell or "" for cell in cells), strict=True)
            )
            contact = Contact(**values, provenance=_provenance(self._datasets[dataset_id]))
            contacts.setdefault(company_id, []).append(contact)
        return contacts


def _key(domain: str | None, registry_id: str | None) -> str:
    """Return the key of a number in a register, else of a domain."""
    if registry_id:
        registry, _colon, number = registry_id.partition(":")
        registry, number = normalise_registry_id(registry, number)
        return f"reg:{registry}:{number}" if number else ""
    host = normalise_domain(domain or "")
    return f"domain:{host}" if host else ""


def _provenance(dataset: Dataset) -> Provenance:
    return Provenance(
        provider=DirectoryProvider.code,
        dataset=dataset.name,
        dataset_version=dataset.version,
        licence=dataset.licence,
        url=dataset.url,
        fetched_on=dataset.imported_on,
    )


def _steps(first: int) -> Iterator[range]:
    """Return the numbers of gaps to read together, from the first one on.

    Most pages are full of companies with the fewest gaps. Where there are few companies, a
    statement for each number would take longer than reading them.
    """
    size = 1
    while first <= MOST_GAPS:
        yield range(first, min(first + size, MOST_GAPS + 1))
        first, size = first + size, size * 2


def _write_cursor(row: tuple) -> str:
    values = dict(zip(COLUMNS, row, strict=False))
    return f"{row[-1]}/{values['country_code']}/{values['industry']}/{values['id']}"


def _read_cursor(cursor: str) -> tuple[int, str, str, int]:
    parts = cursor.split("/")
    if len(parts) != 4:
        raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=DirectoryProvider.code)
    gaps, country, industry, last_id = parts
    return _read_number(gaps), country, industry, _read_number(last_id)


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(2**32))):
        raise ProviderAnswerInvalid(f"cursor {text!r}", provider=DirectoryProvider.code)
    return int(text)
