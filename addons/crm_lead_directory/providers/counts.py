"""How many companies do business, kept by what writes them so that nobody has to count them.

`lead_directory_count` holds numbers to be added up. What is written appends its differences, so
that nobody waits for another's row. A company is in these rows, each for its whole country and for
its state:

- one without an industry, which counts it whatever its industries are;
- one for each of its industries, with those before it in an order of its own. Where several are
  wanted it counts at the first of them alone: at that which has no wanted one before it.
"""

from collections.abc import Collection

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import nace
from odoo.addons.crm_lead_mining.company.bands import INSEE, LINKEDIN
from odoo.addons.crm_lead_mining.company.states import state_key
from odoo.addons.crm_lead_mining.company.types import CompanyQuery

#: What companies are counted by, beside their countries.
KEPT = frozenset({"states", "industries", "size"})
#: In place of a state: all of the country.
ANY_STATE = "*"
#: Where bands of sizes begin. One ends where the next begins.
STARTS = sorted({least for bands in (LINKEDIN, INSEE) for least, _most in bands.values()})
#: Bands of who has no least or no largest number of employees, which fits in no range.
_NO_LEAST, _NO_MOST = -1, 1000

#: Of the triggers that note what is written, and of what they do.
FUNCTION = "lead_directory_company_count"
#: Whether the numbers are those of the companies: they rest while many are loaded.
ARE_KEPT = SQL(
    "NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'lead_directory_company'::regclass"
    " AND tgname = %s AND tgenabled = 'D')",
    f"{FUNCTION}_insert",
)

_READ = (
    "dataset_id", "status", "country_code", "state_code", "industry", "industries",
    "employees_min", "employees_max",
)  # fmt: skip
COLUMNS = SQL(
    "dataset_id, country_code, state_code, industry, earlier, least_band, most_band, number"
)


def _band(column: str, unknown: int) -> SQL:
    return SQL(
        "coalesce(width_bucket(%s, %s::int4[]), %s)", SQL.identifier(column), STARTS, unknown
    )


def noted(added: str | None, removed: str | None = None) -> SQL:
    """Return the statement that notes rows of companies that have come and gone.

    :param added: a table with the columns of companies
    :param removed: the same
    """
    read = SQL(", ").join(map(SQL.identifier, _READ))
    sources = [
        SQL("SELECT %s AS number, %s FROM %s", number, read, SQL.identifier(table))
        for number, table in ((1, added), (-1, removed))
        if table
    ]
    return SQL(
        """
        INSERT INTO lead_directory_count (%(columns)s)
        WITH changed AS MATERIALIZED (
            SELECT dataset_id, country_code, coalesce(state_code, '') AS state_code,
                   coalesce(industry, '') AS industry,
                   CASE WHEN strpos(industries, ',') > 0 THEN industries ELSE '' END AS industries,
                   %(least)s AS least_band, %(most)s AS most_band, sum(number) AS number
              FROM (%(sources)s) AS company
             WHERE status IS NULL
          GROUP BY 1, 2, 3, 4, 5, 6, 7
            HAVING sum(number) <> 0
        ), sets AS (
            SELECT industry, industries,
                   ARRAY(SELECT DISTINCT code COLLATE "C"
                           FROM unnest(string_to_array(industries, ',') || industry::text)
                             AS code
                          WHERE code <> '' ORDER BY 1) AS codes
              FROM (SELECT DISTINCT industry, industries FROM changed) AS distinct_ones
        ), placed AS MATERIALIZED (
            SELECT industry, industries, '' AS code, '{}'::text[] AS earlier
              FROM sets
         UNION ALL
            SELECT industry, industries, code, codes[:place - 1]
              FROM sets CROSS JOIN unnest(codes) WITH ORDINALITY AS one(code, place)
        )
        SELECT dataset_id, country_code, state.code, placed.code, earlier, least_band, most_band,
               sum(number)
          FROM changed JOIN placed USING (industry, industries)
    CROSS JOIN LATERAL (VALUES (%(any_state)s), (state_code)) AS state(code)
      GROUP BY 1, 2, 3, 4, 5, 6, 7
        HAVING sum(number) <> 0
        """,
        columns=COLUMNS,
        least=_band("employees_min", _NO_LEAST),
        most=_band("employees_max", _NO_MOST),
        sources=SQL(" UNION ALL ").join(sources),
        any_state=ANY_STATE,
    )


def is_banded(query: CompanyQuery) -> bool:
    """Whether a query asks for no size, or for whole bands."""
    return (query.size_min is None or query.size_min in STARTS) and (
        query.size_max is None or query.size_max + 1 in STARTS
    )


def living(query: CompanyQuery, dataset_ids: Collection[int]) -> SQL:
    """Return how many companies of a query do business, all datasets together; NULL while the
    numbers rest.

    :param query: that `is_banded`, narrowed by `KEPT` alone
    """
    terms = [SQL("dataset_id = ANY(%s)", list(dataset_ids))]
    if query.countries:
        terms.append(SQL("country_code = ANY(%s)", list(query.countries)))
    if query.industries:
        wanted = list(nace.expand(query.industries))
        terms.append(SQL("industry = ANY(%s) AND NOT earlier && %s::text[]", wanted, wanted))
    else:
        terms.append(SQL("industry = ''"))
    if query.size_min is not None:
        terms.append(SQL("least_band BETWEEN %s AND %s", _number(query.size_min), len(STARTS)))
    if query.size_max is not None:
        terms.append(SQL("most_band <= %s", _number(query.size_max)))
    narrowed = list({country for country, _state in query.states})
    whole = SQL("state_code = %s", ANY_STATE)
    if not narrowed:
        places = [whole]
    else:
        keys = {(country, state_key(country, state)) for country, state in query.states}
        places = [
            SQL("%s AND country_code <> ALL(%s)", whole, narrowed),
            SQL(
                "country_code = ANY(%s) AND state_code = ANY(%s)"
                " AND country_code || '-' || state_code = ANY(%s)",
                narrowed,
                list({state for _country, state in keys if state}),
                [f"{country}-{state}" for country, state in keys],
            ),
        ]
    parts = [
        SQL(
            "SELECT sum(number) AS number FROM lead_directory_count WHERE %s",
            SQL(" AND ").join([*terms, place]),
        )
        for place in places
    ]
    return SQL(
        "SELECT CASE WHEN %s THEN coalesce(sum(number), 0)::int8 END FROM (%s) AS part",
        ARE_KEPT,
        SQL(" UNION ALL ").join(parts),
    )


def _number(employees: int) -> int:
    """Return in which band a number of employees is, as `width_bucket` has it."""
    return sum(start <= employees for start in STARTS)


def folded(dataset_ids: Collection[int] | None = None) -> SQL:
    """Return the statement that adds up what has been appended, of some datasets or of all."""
    key = SQL("dataset_id, country_code, state_code, industry, earlier, least_band, most_band")
    return SQL(
        """
        WITH several AS MATERIALIZED (
            SELECT %(key)s
              FROM lead_directory_count
             WHERE %(of_these)s
          GROUP BY %(key)s
            HAVING count(*) > 1
        ), taken AS (
            DELETE FROM lead_directory_count
             WHERE (%(key)s) IN (SELECT %(key)s FROM several)
         RETURNING *
        )
        INSERT INTO lead_directory_count (%(columns)s)
        SELECT %(key)s, sum(number) FROM taken GROUP BY %(key)s HAVING sum(number) <> 0
        -- As they are read, so that what is read lies side by side.
      ORDER BY industry, country_code, state_code
        """,
        key=key,
        columns=COLUMNS,
        of_these=SQL("TRUE")
        if dataset_ids is None
        else SQL("dataset_id = ANY(%s)", list(dataset_ids)),
    )
