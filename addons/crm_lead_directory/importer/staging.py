"""Rows of many companies on their way into the database."""

import io
from collections.abc import Iterable, Sequence

from odoo.tools import SQL

from .converted import INTEGER_COLUMNS

#: `industry` takes part in the order of the search.
NEVER_NULL = frozenset({"industry"})


def stage(
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
    copy(cr, table, columns, lines)


def copy(cr, table: str, columns: Sequence[str], lines: Iterable[str], *, first: str = "") -> None:
    """Write lines of cells between tabs; an empty one is NULL, but not in a column of `NEVER_NULL`.

    Cells hold neither control characters nor line breaks, so nothing needs a quote or an escape.

    :param first: what all lines begin with
    """
    rows = f"\n{first}".join(lines)
    if not rows:
        return
    text = "".join((first, rows, "\n")).encode()
    options = ["FORMAT csv", r"DELIMITER E'\t'", r"QUOTE E'\x01'"]
    options += [f"FORCE_NOT_NULL ({column})" for column in columns if column in NEVER_NULL]
    cr.copy_expert(
        f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH ({', '.join(options)})",
        io.BytesIO(text),
        # In one piece: each further read would have to win Python's lock from who converts.
        size=len(text),
    )


def names(columns: Sequence[str], table: str | None = None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, column) if table else SQL.identifier(column) for column in columns
    )
