"""Writes converted rows with COPY and set-based SQL; needs a database cursor, not the ORM."""

import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import psycopg2

from odoo.tools import SQL

from .convert import COMPANY_COLUMNS, CONTACT_COLUMNS, INTEGER_COLUMNS, Converted

#: `industry` takes part in the order of the search.
NEVER_NULL = frozenset({"industry"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one batch did; companies that were there and did not change count as unchanged."""

    created: int
    updated: int
    unchanged: int
    contacts_created: int
    contacts_updated: int


def load(
    cr, dataset_id: int, columns: Sequence[str], converted: Converted, *, all_new: bool = False
) -> Loaded:
    """Write companies and contacts to a dataset, in the caller's transaction.

    Companies are the same by identity, contacts by e-mail address or name; of several of one
    company the last decides. Loading them again changes nothing.

    :param cr: database cursor
    :param columns: which of `COMPANY_COLUMNS` the companies' values are; the others become empty
    :param all_new: that the dataset has none of the companies yet is likely, and is tried first
    """
    companies = dict(converted.companies)
    known: set[str] = set()
    if not (all_new and _insert_if_new(cr, dataset_id, columns, companies.values())):
        known = _known_identities(cr, dataset_id, list(companies))
        new = [one for identity, one in companies.items() if identity not in known]
        _insert_companies(cr, dataset_id, columns, new)
    changed = [companies[identity] for identity in known]
    updated = _update_companies(cr, dataset_id, columns, changed)
    contacts = [contact for contact in converted.contacts if contact]
    contacts_created = contacts_updated = 0
    if contacts:
        lines = map("\t".join, contacts)
        _stage(cr, "lead_directory_contact_staging", CONTACT_COLUMNS, CONTACT_COLUMNS, lines)
        contacts_created, contacts_updated = _upsert_contacts(cr, dataset_id)
    return Loaded(
        len(companies) - len(known),
        updated,
        len(known) - updated,
        contacts_created,
        contacts_updated,
    )


def _stage(
    cr,
    table: str,
    all_columns: Sequence[str],
    columns: Sequence[str],
    lines: Iterable[str],
) -> None:
    """Make a table of the lines that lasts until the end of the transaction."""
    definitions = SQL(", ").join(
        SQL("%s %s", SQL.identifier(column), SQL("int4" if column in INTEGER_COLUMNS else "text"))
        for column in all_columns
    )
    cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
    cr.execute(
        SQL(
            "CREATE TEMP TABLE %s (%s) ON COMMIT DROP",
            SQL.identifier(table),
            definitions,
        )
    )
    _copy(cr, table, columns, lines)


def _copy(cr, table: str, columns: Sequence[str], lines: Iterable[str], *, first: str = "") -> None:
    """Write lines of cells between tabs; an empty one is NULL, but not in a column of `NEVER_NULL`.

    Cells hold neither control characters nor line breaks, so nothing needs a quote or an escape.

    :param first: what all lines begin with
    """
    text = "".join((first, f"\n{first}".join(lines), "\n")).encode()
    options = ["FORMAT csv", r"DELIMITER E'\t'", r"QUOTE E'\x01'"]
    options += [f"FORCE_NOT_NULL ({column})" for column in columns if column in NEVER_NULL]
    cr.copy_expert(
        f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH ({', '.join(options)})",
        io.BytesIO(text),
        # In one piece: each further read would have to win Python's lock from who converts.
        size=len(text),
    )


def _known_identities(cr, dataset_id: int, identities: list[str]) -> set[str]:
    cr.execute(
        SQL(
            "SELECT identity FROM lead_directory_company"
            " WHERE dataset_id = %s AND identity = ANY(%s)",
            dataset_id,
            identities,
        )
    )
    return {identity for (identity,) in cr.fetchall()}


def _insert_if_new(cr, dataset_id: int, columns: Sequence[str], companies: Collection[str]) -> bool:
    """Return whether the companies were inserted; none is when the dataset has one of them."""
    try:
        with cr.savepoint(flush=False):
            _insert_companies(cr, dataset_id, columns, companies)
    except psycopg2.errors.UniqueViolation:
        return False
    return True


def _insert_companies(
    cr, dataset_id: int, columns: Sequence[str], companies: Collection[str]
) -> None:
    if companies:
        columns = ("dataset_id", *columns)
        _copy(cr, "lead_directory_company", columns, companies, first=f"{dataset_id}\t")


def _update_companies(
    cr, dataset_id: int, columns: Sequence[str], companies: Collection[str]
) -> int:
    """Return how many of the companies have changed."""
    if not companies:
        return 0
    _stage(cr, "lead_directory_company_staging", COMPANY_COLUMNS, columns, companies)
    columns = [column for column in COMPANY_COLUMNS if column != "identity"]
    cr.execute(
        SQL(
            """
            UPDATE lead_directory_company AS known
               SET (%(columns)s) = ROW(%(new)s)
              FROM lead_directory_company_staging AS staging
             WHERE known.dataset_id = %(dataset_id)s
               AND known.identity = staging.identity
               AND (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            columns=_names(columns),
            new=_names(columns, "staging"),
            old=_names(columns, "known"),
            dataset_id=dataset_id,
        )
    )
    return cr.rowcount


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
