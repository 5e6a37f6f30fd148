"""What a register tells of groups of companies: who is whose parent."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from odoo.addons.crm_lead_mining.files.csv_table import CompaniesFile
from odoo.addons.crm_lead_mining.files.errors import RowError

from ..importer.relations import Told
from .expressions import Layout, columns_of
from .recipe import Recipe
from .table import LayoutError


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
