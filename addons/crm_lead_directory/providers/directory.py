"""The directory: companies in this database's PostgreSQL, read with plain SQL."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg2

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import nace
from odoo.addons.crm_lead_mining.company.fields import COMPANY
from odoo.addons.crm_lead_mining.company.identity import (
    identity_keys,
    normalise_domain,
    normalise_registry_id,
)
from odoo.addons.crm_lead_mining.company.types import (
    Company,
    CompanyQuery,
    Contact,
    Page,
    Provenance,
)
from odoo.addons.crm_lead_mining.providers.base import COUNT_LIMIT, Probe, Provider
from odoo.addons.crm_lead_mining.providers.errors import ProviderAnswerInvalid, ProviderTimeout

from .conditions import all_of, narrowing, other_industry, scope, wanted_contacts

#: What cursors behind the companies of the main industries begin with.
_OTHERS = "+"
COUNT_TIMEOUT = 2.0  # seconds
SEARCH_TIMEOUT = 30.0
MAX_LIMIT = 500

_COLUMNS = ("id", "dataset_id", *(column for one in COMPANY for column in one.columns))
_NUMBERS, _LISTS, _NETWORKS, _TEXTS = (
    tuple(
        column
        for one in COMPANY
        # The main industry stands in a column of its own.
        if one.kind in kinds and one.target != "industry"
        for column in one.columns
    )
    for kinds in (("number",), ("list",), ("network",), ("text", "long"))
)
_OF_CONTACT = ("name", "job_title", "role", "seniority", "email", "phone")
_COLUMNS_SQL = SQL(", ").join(SQL("company.%s", SQL.identifier(column)) for column in _COLUMNS)

#: The identity keys of a row, as `identity.identity_keys` makes them; NULL where there is none. The
#: strongest one, under which the company was imported, is the one of its register if it has that.
_KEYS_SQL = SQL(
    "ARRAY[company.identity, 'lei:' || company.lei, 'vat:' || company.vat,"
    " 'domain:' || company.domain]"
)


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
    """

    code = "directory"
    count_is_free = True
    enrich_is_free = True
    filters = frozenset({"states", "industries", "size", "technologies"})

    def __init__(
        self,
        cr: Any,
        datasets: Iterable[Dataset],
        known: SQL | None = None,
        patience: float = SEARCH_TIMEOUT,
    ):
        self._cr = cr
        self._patience = patience
        self._datasets = {dataset.id: dataset for dataset in datasets}
        self._known = known

    def within(self, seconds: float) -> "DirectoryProvider":
        return DirectoryProvider(self._cr, self._datasets.values(), self._known, seconds)

    def count(self, query: CompanyQuery) -> int | None:
        scopes = [scope(query), *([other_industry(query)] if query.industries else [])]
        total = 0
        try:
            for one in scopes:
                statement = SQL(
                    "SELECT count(*) FROM (SELECT FROM lead_directory_company AS company"
                    " WHERE %s AND %s LIMIT %s) AS matches",
                    one,
                    self._filters(query),
                    COUNT_LIMIT + 1 - total,
                )
                total += self._fetch(statement, COUNT_TIMEOUT)[0][0]
        except ProviderTimeout:
            return None
        return total

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        limit = max(1, min(limit, MAX_LIMIT))
        after = _read_cursor(cursor.removeprefix(_OTHERS)) if cursor else None
        rows: list[tuple] = []
        others: list[tuple] = []
        if not (cursor or "").startswith(_OTHERS):
            if ranges := self._ranges(query, after):
                rows = self._fetch(self._search_sql(query, ranges, limit), SEARCH_TIMEOUT)
            after = None
        if query.industries and len(rows) < limit:
            statement = self._others_sql(query, after, limit - len(rows))
            others = self._fetch(statement, SEARCH_TIMEOUT)
        next_cursor = None
        if len(rows) + len(others) == limit:
            next_cursor = _OTHERS + _write_cursor(others[-1]) if others else _write_cursor(rows[-1])
        return Page(self._companies([*rows, *others], query), next_cursor)

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        if not self._datasets:
            return None
        if registry_id:
            registry, _colon, number = registry_id.partition(":")
            registry, number = normalise_registry_id(registry, number)
            return self.find(f"reg:{registry}:{number}") if number else None
        host = normalise_domain(domain or "")
        return self._first(SQL("domain = %s", host)) if host else None

    def find(self, identity: str) -> Company | None:
        """Return the company of a row by the identity key that it was imported under."""
        return self._first(SQL("identity = %s", identity)) if self._datasets else None

    def probe(self) -> Probe:
        return Probe(ok=bool(self._datasets))

    # === SQL === #

    def _filters(self, query: CompanyQuery) -> SQL:
        datasets = SQL("company.dataset_id = ANY(%s)", list(self._datasets))
        return all_of([datasets, *narrowing(query), *self._exclusions(query)])

    def _exclusions(self, query: CompanyQuery) -> list[SQL]:
        kinds: dict[str, list[str]] = {"reg": [], "lei": [], "vat": [], "domain": []}
        for key in query.exclude:
            kind, _colon, value = key.partition(":")
            kinds.get(kind, []).append(key if kind == "reg" else value)
        columns = {
            "reg": SQL("company.identity"),
            "lei": SQL("company.lei"),
            "vat": SQL("company.vat"),
            "domain": SQL("company.domain"),
        }
        # PostgreSQL hashes a constant array, so each row costs one look-up.
        terms = [
            SQL("(%s <> ALL(%s)) IS NOT FALSE", columns[kind], values)
            for kind, values in kinds.items()
            if values
        ]
        if self._known is not None and not query.include_known:
            terms.append(
                SQL(
                    "NOT EXISTS (SELECT FROM %s AS known WHERE known.key = ANY(%s))",
                    self._known,
                    _KEYS_SQL,
                )
            )
        return terms

    def _ranges(self, query: CompanyQuery, after: tuple | None) -> list[tuple]:
        """Return the index ranges to read one after the other.

        :param after: (country, industry, id) of the last company of the page before
        :return: (country, industry or None for all, industry and id after which to start)
        """
        countries = sorted(set(query.countries)) or self._known_countries()
        industries = nace.expand(query.industries) if query.industries else (None,)
        keys = [(country, industry) for country in countries for industry in industries]
        if not after:
            return [(*key, "", 0) for key in keys]
        *last_key, last_id = after
        return [
            (*key, last_key[1], last_id) if [*key] == [last_key[0], key[1] and last_key[1]]
            else (*key, "", 0)
            for key in keys
            if [key[0], key[1] or last_key[1]] >= last_key
        ]  # fmt: skip

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

    def _search_sql(self, query: CompanyQuery, ranges: Sequence[tuple], limit: int) -> SQL:
        # Each range is read in the order of the index, and only as far as the page needs.
        place = (
            SQL("company.industry = span.industry AND company.id > span.after_id")
            if query.industries
            else SQL("(company.industry, company.id) > (span.after_industry, span.after_id)")
        )
        return SQL(
            """
            SELECT company.*
              FROM unnest(%(countries)s, %(industries)s::varchar[], %(after)s, %(after_ids)s)
                   WITH ORDINALITY
                AS span(country, industry, after_industry, after_id, position)
        CROSS JOIN LATERAL (
                SELECT %(columns)s
                  FROM lead_directory_company AS company
                 WHERE company.country_code = span.country AND %(place)s AND %(filters)s
              ORDER BY company.industry, company.id
                 LIMIT %(limit)s
                   ) AS company
          ORDER BY span.position, company.industry, company.id
             LIMIT %(limit)s
            """,
            countries=[one[0] for one in ranges],
            industries=[one[1] for one in ranges],
            after=[one[2] for one in ranges],
            after_ids=[one[3] for one in ranges],
            columns=_COLUMNS_SQL,
            place=place,
            filters=self._filters(query),
            limit=limit,
        )

    def _others_sql(self, query: CompanyQuery, after: tuple | None, limit: int) -> SQL:
        """Companies whose main industry is another one, after those whose main one is wanted."""
        return SQL(
            "SELECT %s FROM lead_directory_company AS company"
            " WHERE %s AND (company.country_code, company.industry, company.id) > (%s, %s, %s)"
            " AND %s ORDER BY company.country_code, company.industry, company.id LIMIT %s",
            _COLUMNS_SQL,
            other_industry(query),
            *(after or ("", "", 0)),
            self._filters(query),
            limit,
        )

    def _first(self, condition: SQL) -> Company | None:
        rows = self._fetch(
            SQL(
                "SELECT %s FROM lead_directory_company AS company"
                " WHERE dataset_id = ANY(%s) AND %s"
                " ORDER BY array_position(%s, dataset_id), id LIMIT 1",
                _COLUMNS_SQL,
                list(self._datasets),
                condition,
                list(self._datasets),
            ),
            SEARCH_TIMEOUT,
        )
        return next(iter(self._companies(rows, CompanyQuery())), None)

    def _fetch(self, statement: SQL, timeout: float) -> list[tuple]:
        with _bounded(self._cr, min(timeout, self._patience)):
            self._cr.execute(statement, log_exceptions=False)
            return self._cr.fetchall()

    # === ROWS TO COMPANIES === #

    def _companies(self, rows: Sequence[tuple], query: CompanyQuery) -> tuple[Company, ...]:
        found = [dict(zip(_COLUMNS, row, strict=False)) for row in rows]
        contacts = self._contacts([row["id"] for row in found], query) if found else {}
        companies = [self._company(row, contacts.get(row["id"], [])) for row in found]
        # Two datasets may have one company; one that nothing identifies is judged like others.
        first: dict[object, Company] = {}
        for one in companies:
            first.setdefault(next(iter(identity_keys(one)), id(one)), one)
        return tuple(first.values())

    def _company(self, row: dict, contacts: Sequence[Contact]) -> Company:
        industries = (row["industries"] or row["industry"] or "").split(",")
        values: dict[str, Any] = {name: row[name] for name in _NUMBERS}
        values |= {name: row[name] or "" for name in _TEXTS}
        values |= {name: tuple(filter(None, (row[name] or "").split(", "))) for name in _LISTS}
        return Company(
            **values,
            industries=tuple(filter(None, industries)),
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


def _provenance(dataset: Dataset) -> Provenance:
    return Provenance(
        provider=DirectoryProvider.code,
        dataset=dataset.name,
        dataset_version=dataset.version,
        licence=dataset.licence,
        url=dataset.url,
        fetched_on=dataset.imported_on,
    )


def _write_cursor(row: tuple) -> str:
    values = dict(zip(_COLUMNS, row, strict=False))
    return f"{values['country_code']}/{values['industry']}/{values['id']}"


def _read_cursor(cursor: str) -> tuple[str, str, int]:
    country, _slash, rest = cursor.partition("/")
    industry, _slash, last_id = rest.partition("/")
    if not (last_id.isascii() and last_id.isdigit()):
        raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=DirectoryProvider.code)
    return country, industry, int(last_id)


@contextmanager
def _bounded(cr: Any, seconds: float) -> Iterator[None]:
    """Bound the statements inside, which only read, and few rows; a stricter bound holds.

    :raise ProviderTimeout: if a statement took longer
    """
    try:
        # Rolled back in any case: so the caller's settings come back.
        with closing(cr.savepoint(flush=False)):
            # All is over after a few thousand rows: compiling takes longer than reading them.
            # The view pg_settings takes as long as the search of a small directory.
            cr.execute(
                """
                SELECT set_config('jit', 'off', true),
                       set_config('statement_timeout', least(nullif(before, 0), %s) || 's', true)
                  FROM CAST(current_setting('statement_timeout') AS interval) AS given,
                       extract(epoch FROM given) AS before
                """,
                [max(seconds, 0.001)],  # none would be no bound
            )
            yield
    except psycopg2.errors.QueryCanceled as error:
        raise ProviderTimeout(provider=DirectoryProvider.code) from error
