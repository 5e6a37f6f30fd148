"""The statements by which the directory is searched."""

from collections.abc import Sequence

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import nace
from odoo.addons.crm_lead_mining.company.fields import COMPANY
from odoo.addons.crm_lead_mining.company.types import CompanyQuery

from .conditions import (
    ALIVE,
    ALL_KEYS,
    GAPS,
    KEYS,
    all_of,
    anywhere,
    exclusions,
    narrowing,
    other_industry,
    scope,
    wanted_contacts,
)
from .ended import is_told_of

COLUMNS = ("id", "dataset_id", "identity", *(column for one in COMPANY for column in one.columns))
COLUMNS_SQL = SQL(", ").join(SQL("company.%s", SQL.identifier(column)) for column in COLUMNS)

#: Numbers a row as if by chance, each one differently (Knuth's multiplicative hashing).
_SHUFFLED = SQL("(company.id::bigint * 2654435761 & 4294967295)")


class Statements:
    """Statements on the companies of some datasets.

    :param known: as `DirectoryProvider` takes it
    :param heeded: the same
    """

    def __init__(self, dataset_ids: Sequence[int], known: SQL | None, heeded: Sequence[int]):
        self._dataset_ids = list(dataset_ids)
        self._known = known
        self.alive = ALIVE
        if heeded:
            self.alive = SQL("%s AND NOT %s", ALIVE, is_told_of(ALL_KEYS, heeded))

    def _filters(self, query: CompanyQuery) -> SQL:
        datasets = SQL("company.dataset_id = ANY(%s)", self._dataset_ids)
        return all_of([datasets, ALIVE, *narrowing(query), *exclusions(query)])

    def _deliverable(self, query: CompanyQuery) -> SQL:
        """Who is neither known nor has ended elsewhere: a look-up for each row."""
        if self._known is None or query.include_known:
            return self.alive
        # OFFSET keeps it a look-up: as a join, PostgreSQL believes that it leaves a fraction of
        # the rows, and looks all of them up and sorts them where the first few would do.
        return SQL(
            "NOT EXISTS (SELECT FROM %s AS known WHERE known.key = ANY(%s) OFFSET 0) AND %s",
            self._known,
            KEYS,
            self.alive,
        )

    def count(self, query: CompanyQuery, limit: int) -> SQL:
        """How many companies match, by their main industry or by another one, up to a limit."""
        matches = self._matches(query, scope(query), limit)
        if not query.industries:
            return SQL("SELECT count(*) FROM (%s) AS matches", matches)
        # Whose main industry is another one is asked only where the others are too few.
        return SQL(
            "SELECT CASE WHEN number >= %(limit)s THEN number ELSE least(%(limit)s, number"
            " + (SELECT count(*) FROM (%(others)s) AS matches)) END"
            " FROM (SELECT count(*) AS number FROM (%(matches)s) AS matches) AS by_main_industry",
            limit=limit,
            matches=matches,
            others=self._matches(query, other_industry(query), limit),
        )

    def _matches(self, query: CompanyQuery, place: SQL, limit: int) -> SQL:
        return SQL(
            "SELECT FROM lead_directory_company AS company WHERE %s AND %s AND %s LIMIT %s",
            place,
            self._filters(query),
            self._deliverable(query),
            limit,
        )

    def matching(self, query: CompanyQuery) -> SQL:
        """Whether a company, by any of its industries, is found."""
        return all_of([anywhere(query), self._filters(query), self._deliverable(query)])

    def count_contacts(self, query: CompanyQuery, limit: int) -> SQL:
        """How many contacts that fit the matches have."""
        return SQL(
            "SELECT count(*) FROM (SELECT FROM lead_directory_company AS company"
            " JOIN lead_directory_contact AS contact ON contact.directory_company_id = company.id"
            " WHERE %s AND %s AND %s AND %s LIMIT %s) AS matches",
            wanted_contacts(query),
            anywhere(query),
            self._filters(query),
            self._deliverable(query),
            limit,
        )

    def first(self, condition: SQL) -> SQL:
        """The company that fits, of the first dataset that has one."""
        return SQL(
            "SELECT %s FROM lead_directory_company AS company"
            " WHERE company.dataset_id = ANY(%s) AND %s AND %s"
            " ORDER BY array_position(%s, company.dataset_id), company.id LIMIT 1",
            COLUMNS_SQL,
            self._dataset_ids,
            condition,
            self.alive,
            self._dataset_ids,
        )

    def merged_into(self, condition: SQL) -> SQL:
        """Whether somebody has merged companies that fit into a company."""
        return SQL(
            """
            company.id IN (
                WITH RECURSIVE chain(id) AS (
                    SELECT merge.kept_id
                      FROM lead_directory_company AS company
                      JOIN lead_directory_merge AS merge ON merge.merged_id = company.id
                     WHERE company.dataset_id = ANY(%s) AND %s
                     UNION
                    SELECT merge.kept_id
                      FROM chain JOIN lead_directory_merge AS merge ON merge.merged_id = chain.id
                ) SELECT id FROM chain)
            """,
            self._dataset_ids,
            condition,
        )

    def ranges(
        self, query: CompanyQuery, countries: Sequence[str], gaps: Sequence[int], after: Sequence
    ) -> list[tuple]:
        """Return the index ranges to read one after the other.

        :param countries: those of the query, else all that there are
        :param gaps: how many gaps companies have, the fewest first
        :param after: (country, industry, id) of the last company of the page before, or none; it
            has the first number of gaps
        :return: (gaps, country, industry or None for all, industry and id after which to start)
        """
        industries = nace.expand(query.industries) if query.industries else (None,)
        keys = [
            (country, industry) for country in sorted(set(countries)) for industry in industries
        ]
        fresh = [(number, *key, "", 0) for number in gaps for key in keys]
        if not after:
            return fresh
        *last_key, last_id = after
        return [
            (gaps[0], *key, last_key[1], last_id) if [*key] == [last_key[0], key[1] and last_key[1]]
            else (gaps[0], *key, "", 0)
            for key in keys
            if [key[0], key[1] or last_key[1]] >= last_key
        ] + fresh[len(keys):]  # fmt: skip

    def complete(self, query: CompanyQuery, ranges: Sequence[tuple], limit: int) -> SQL:
        """Companies of these `ranges`, in their order."""
        # Each range is read in the order of the index, and only as far as the page needs.
        place = (
            SQL("company.industry = span.industry AND company.id > span.after_id")
            if query.industries
            else SQL("(company.industry, company.id) > (span.after_industry, span.after_id)")
        )
        return SQL(
            """
            SELECT company.*
              FROM unnest(%(gaps)s, %(countries)s, %(industries)s::varchar[], %(after)s,
                          %(after_ids)s) WITH ORDINALITY
                AS span(gaps, country, industry, after_industry, after_id, position)
        CROSS JOIN LATERAL (
                SELECT %(columns)s, %(known_gaps)s
                  FROM lead_directory_company AS company
                 WHERE company.country_code = span.country AND %(known_gaps)s = span.gaps
                   AND %(place)s AND %(filters)s AND %(deliverable)s
              ORDER BY company.industry, company.id
                 LIMIT %(limit)s
                   ) AS company
          ORDER BY span.position, company.industry, company.id
             LIMIT %(limit)s
            """,
            gaps=[one[0] for one in ranges],
            countries=[one[1] for one in ranges],
            industries=[one[2] for one in ranges],
            after=[one[3] for one in ranges],
            after_ids=[one[4] for one in ranges],
            columns=COLUMNS_SQL,
            known_gaps=GAPS,
            place=place,
            filters=self._filters(query),
            deliverable=self._deliverable(query),
            limit=limit,
        )

    def others(self, query: CompanyQuery, after: tuple, limit: int) -> SQL:
        """Companies whose main industry is another one, after those whose main one is wanted.

        :param after: gaps, country, industry and id after which to start
        """
        order = SQL("%s, company.country_code, company.industry, company.id", GAPS)
        return SQL(
            "SELECT %s, %s FROM lead_directory_company AS company"
            " WHERE %s AND (%s) > (%s, %s, %s, %s) AND %s AND %s ORDER BY %s LIMIT %s",
            COLUMNS_SQL,
            GAPS,
            other_industry(query),
            order,
            *after,
            self._filters(query),
            self._deliverable(query),
            order,
            limit,
        )

    def shuffled(self, query: CompanyQuery, after: int, limit: int) -> SQL:
        """Companies by their number in the mix, whether they may come, and that number."""
        # Who is known or has ended is asked of those only that the page is made of.
        return SQL(
            """
            SELECT %(columns)s, %(deliverable)s, company.number
              FROM (
                SELECT company.*, %(number)s AS number
                  FROM lead_directory_company AS company
                 WHERE %(scope)s AND %(filters)s AND %(number)s > %(after)s
              ORDER BY number
                 LIMIT %(limit)s
                   ) AS company
          ORDER BY company.number
            """,
            columns=COLUMNS_SQL,
            deliverable=self._deliverable(query),
            number=_SHUFFLED,
            scope=anywhere(query),
            filters=self._filters(query),
            after=after,
            limit=limit,
        )
