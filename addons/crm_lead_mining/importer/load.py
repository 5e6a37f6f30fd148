"""Writes converted rows with COPY and set-based SQL; needs a database cursor, not the ORM."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odoo.tools import SQL

from .convert import COMPANY_COLUMNS, CONTACT_COLUMNS, INTEGER_COLUMNS, Row


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one batch did; companies that were there and did not change count as unchanged."""

    created: int
    updated: int
    unchanged: int
    contacts_created: int
    contacts_updated: int


def load(cr, dataset_id: int, rows: Sequence[Row]) -> Loaded:
    """Write the rows to a dataset, in the caller's transaction.

    Companies are the same by identity, contacts by e-mail address or name; of several rows of one
    company the last decides (ctid is the order of COPY). Loading them again changes nothing.

    :param cr: database cursor
    """
    if not rows:
        return Loaded(0, 0, 0, 0, 0)
    _copy(cr, "lead_directory_company_staging", COMPANY_COLUMNS, (row.company for row in rows))
    distinct = _count_distinct(cr)
    created, updated = _upsert_companies(cr, dataset_id)
    contacts = [row.contact for row in rows if row.contact]
    contacts_created = contacts_updated = 0
    if contacts:
        _copy(cr, "lead_directory_contact_staging", CONTACT_COLUMNS, contacts)
        contacts_created, contacts_updated = _upsert_contacts(cr, dataset_id)
    return Loaded(
        created, updated, distinct - created - updated, contacts_created, contacts_updated
    )


def _copy(cr, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    definitions = SQL(", ").join(
        SQL("%s %s", SQL.identifier(column), SQL("int4" if column in INTEGER_COLUMNS else "text"))
        for column in columns
    )
    cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
    cr.execute(
        SQL(
            "CREATE TEMP TABLE %s (%s) ON COMMIT DROP",
            SQL.identifier(table),
            definitions,
        )
    )
    # Cells hold neither tabs nor line breaks, so only the backslash needs an escape.
    text = "\n".join(map("\t".join, rows)).replace("\\", "\\\\") + "\n"
    names = ", ".join(columns)
    cr.copy_expert(f"COPY {table} ({names}) FROM STDIN WITH (NULL '')", io.StringIO(text))


def _count_distinct(cr) -> int:
    cr.execute("SELECT count(DISTINCT identity) FROM lead_directory_company_staging")
    return cr.fetchone()[0]


def _upsert_companies(cr, dataset_id: int) -> tuple[int, int]:
    columns = [column for column in COMPANY_COLUMNS if column != "identity"]
    # `industry` takes part in the order of the search and is never null.
    values = [
        SQL("COALESCE(industry, '')") if column == "industry" else SQL.identifier(column)
        for column in columns
    ]
    cr.execute(
        SQL(
            """
            WITH written AS (
                INSERT INTO lead_directory_company AS known (dataset_id, identity, %(columns)s)
                SELECT DISTINCT ON (identity) %(dataset_id)s, identity, %(values)s
                  FROM lead_directory_company_staging
              ORDER BY identity, ctid DESC
                    ON CONFLICT (dataset_id, identity) DO UPDATE
                   SET (%(columns)s) = ROW(%(new)s)
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
             RETURNING (xmax = 0) AS created
            )
            SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created)
              FROM written
            """,
            columns=_names(columns),
            values=SQL(", ").join(values),
            dataset_id=dataset_id,
            new=_names(columns, "excluded"),
            old=_names(columns, "known"),
        )
    )
    return cr.fetchone()


def _upsert_contacts(cr, dataset_id: int) -> tuple[int, int]:
    columns = [column for column in CONTACT_COLUMNS if column != "company_identity"]
    changing = [column for column in columns if column != "identity"]
    cr.execute(
        SQL(
            """
            WITH written AS (
                INSERT INTO lead_directory_contact AS known (directory_company_id, %(columns)s)
                SELECT company.id, %(values)s
                  FROM lead_directory_contact_staging AS staging
                  JOIN lead_directory_company AS company
                    ON company.dataset_id = %(dataset_id)s
                   AND company.identity = staging.company_identity
                 WHERE NOT EXISTS (
                       SELECT FROM lead_directory_contact_staging AS later
                        WHERE later.company_identity = staging.company_identity
                          AND later.identity = staging.identity
                          AND later.ctid > staging.ctid
                       )
              ORDER BY company.id, staging.ctid
                    ON CONFLICT (directory_company_id, identity) DO UPDATE
                   SET (%(changing)s) = ROW(%(new)s)
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
             RETURNING (xmax = 0) AS created
            )
            SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created)
              FROM written
            """,
            columns=_names(columns),
            values=_names(columns, "staging"),
            dataset_id=dataset_id,
            changing=_names(changing),
            new=_names(changing, "excluded"),
            old=_names(changing, "known"),
        )
    )
    return cr.fetchone()


def _names(columns: Sequence[str], table: str | None = None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, column) if table else SQL.identifier(column) for column in columns
    )
