"""What a register tells of groups of companies: who is whose parent."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from odoo.addons.crm_lead_mining.company.identity import normalise_lei
from odoo.addons.crm_lead_mining.files.csv_table import CompaniesFile
from odoo.addons.crm_lead_mining.files.errors import RowError

from .expressions import Layout, columns_of
from .recipe import Recipe
from .table import LayoutError


class Told(NamedTuple):
    """One row of the file: numbers and dates as it writes them.

    :ivar kind: "direct" or "ultimate", "" of one that is none of these or not in force
    """

    child: str
    parent: str
    kind: str
    since: str
    until: str


@contextmanager
def open_relations(recipe: Recipe, folder: str) -> Iterator[Iterator[Told] | None]:
    """Open the file of a register's relations.

    :param folder: where its files were downloaded to
    :return: its rows, None where the register or the folder has no such file
    :raise FileError: if it cannot be read, a `LayoutError` if it has not the columns it should
    """
    relations = recipe.relations
    path = os.path.join(folder, relations.key) if relations else ""
    if not relations or not os.path.isfile(path):
        yield None
        return
    [source] = [one for one in recipe.files if one.key == relations.key]
    file = CompaniesFile(path, source.encoding, source.delimiter, member=source.member)
    try:
        parts = [
            relations.child, relations.parent, relations.kind, relations.since, relations.until,
        ]  # fmt: skip
        layout = Layout(file.header)
        if missing := layout.missing(columns_of(*parts)):
            raise LayoutError(missing)
        cells = layout.cells(parts)
        yield (Told(*cells(row)) for _line, row in file.rows() if not isinstance(row, RowError))
    finally:
        file.close()


def relation_lines(rows: Iterable[Told], today: date) -> Iterator[str]:
    """Yield the cells of the relations that are in force: of two companies with an LEI.

    None of who would be their own parent, nor of what stands there instead of a parent's number.
    """
    for row in rows:
        if not row.kind or (row.until and row.until[:10] < today.isoformat()):
            continue
        child, parent = normalise_lei(row.child), normalise_lei(row.parent)
        if child and parent and child != parent:
            yield f"{child}\t{parent}\t{row.kind}\t{_day(row.since)}"


def _day(text: str) -> str:
    """Return the day of a time, "" of none that there is."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
