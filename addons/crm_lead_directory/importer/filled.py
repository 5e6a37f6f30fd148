"""Two rows of one company as one: the values of the first that has any."""

from collections.abc import Sequence

from odoo.tools import SQL

from .converted import COMPANY_COLUMNS
from .groups import units

#: What tells one row from another, and is never taken over.
OWN = frozenset({"identity", "name", "status", "country_code"})


def filled(columns: Sequence[str], ours: str, theirs: str) -> SQL:
    """Return the values of columns, from the other row where ours has none.

    What belongs together is taken as a whole, and only of the same place.

    :param ours: alias of the table whose values count
    """
    values = {}
    for unit, lies_in in units(columns):
        names = [columns[position] for position in unit]
        texts = (SQL("%s::text", SQL.identifier(ours, name)) for name in names)
        fits = SQL("concat(%s) = ''", SQL(", ").join(texts))
        for position in lies_in:
            place = columns[position]
            fits = SQL(
                "%s AND %s = %s", fits, SQL.identifier(ours, place), SQL.identifier(theirs, place)
            )
        for name in names:
            own, other = SQL.identifier(ours, name), SQL.identifier(theirs, name)
            values[name] = SQL("CASE WHEN %s THEN %s ELSE %s END", fits, other, own)
    return SQL(", ").join(values[column] for column in columns)


def missing(known, other) -> dict:
    """Return the values that another company has and the known one has not, by the same rule."""
    if not known or not other:
        return {}
    columns = [name for name in COMPANY_COLUMNS if name not in OWN and name in known._fields]
    (known | other).flush_recordset(columns)
    [row] = known.env.execute_query(
        SQL(
            """
            SELECT %s FROM lead_directory_company AS ours, lead_directory_company AS theirs
             WHERE ours.id = %s AND theirs.id = %s
            """,
            filled(columns, "ours", "theirs"),
            known.id,
            other.id,
        )
    )
    values = zip(columns, row, strict=True)
    return {name: value for name, value in values if value and value != known[name]}


def complete_staged(cr, dataset_id: int) -> None:
    """Give staged rows what the companies know more that somebody has merged into theirs.

    So an edition empties nothing that came with a merge. See `lead.directory.merge`.
    """
    cr.execute(
        SQL(
            """
            SELECT max(number) FROM (
                SELECT count(*) AS number FROM lead_directory_merge AS merge
                  JOIN lead_directory_company AS kept ON kept.id = merge.kept_id
                 WHERE kept.dataset_id = %s GROUP BY merge.kept_id) AS merges
            """,
            dataset_id,
        )
    )
    columns = [column for column in COMPANY_COLUMNS if column not in OWN]
    for number in range(cr.fetchone()[0] or 0):
        cr.execute(
            SQL(
                """
                UPDATE lead_directory_company_staging AS staging
                   SET (%(columns)s) = ROW(%(values)s)
                  FROM (SELECT kept.identity AS of_identity, other.*,
                               row_number() OVER (PARTITION BY kept.id ORDER BY merge.id) AS number
                          FROM lead_directory_merge AS merge
                          JOIN lead_directory_company AS kept ON kept.id = merge.kept_id
                          JOIN lead_directory_company AS other ON other.id = merge.merged_id
                          JOIN lead_directory_dataset AS ours ON ours.id = kept.dataset_id
                          JOIN lead_directory_dataset AS theirs ON theirs.id = other.dataset_id
                         WHERE kept.dataset_id = %(dataset_id)s
                           AND (theirs.company_id IS NULL OR theirs.company_id = ours.company_id)
                       ) AS other
                 WHERE staging.identity = other.of_identity AND other.number = %(number)s
                """,
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=filled(columns, "staging", "other"),
                dataset_id=dataset_id,
                number=number + 1,
            )
        )
