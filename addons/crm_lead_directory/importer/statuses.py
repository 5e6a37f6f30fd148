"""Which rows are of companies that have ceased, are insolvent or may not be sent advertising."""

from collections.abc import Sequence

from odoo.addons.crm_lead_mining.company.cells import without_placeholders
from odoo.addons.crm_lead_mining.company.status import Status, read_status, worst


class Statuses:
    """What is known of the columns of one file that hold a status.

    :param mapping: target of each column
    :param header: the columns' names, none where they are not known
    """

    def __init__(self, mapping: Sequence[str], header: Sequence[str]):
        self._columns = {
            place: header[place] if place < len(header) else ""
            for place, target in enumerate(mapping)
            if target == "status"
        }

    def of(self, rows: Sequence[Sequence[str]]) -> tuple[list[Status], list[tuple[int, str]]]:
        """Return the status of each row, and (place, cell) of those that nobody understands."""
        statuses: list[Status] = [""] * len(rows)
        unknown: list[tuple[int, str]] = []
        for column, header in self._columns.items():
            given = [row[column] for row in rows]
            different = list(set(given))
            cells = without_placeholders([" ".join(cell.split()) for cell in different])
            read = {
                before: (read_status(cell, header), cell)
                for before, cell in zip(different, cells, strict=True)
            }
            if not any(found != "" for found, _cell in read.values()):
                continue
            for place, before in enumerate(given):
                found, cell = read[before]
                if found is None:
                    unknown.append((place, cell))
                elif found:
                    statuses[place] = worst((statuses[place], found))
        return statuses, unknown
