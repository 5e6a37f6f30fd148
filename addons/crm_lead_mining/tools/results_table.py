"""Results of a request as a table, and the table as CSV or XLSX that no spreadsheet executes."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odoo.addons.crm_common.tools.spreadsheets import plain_cell

from ..company.fields import COMPANY, CONTACT, Attribute
from ..company.lead_values import employees_text
from ..company.types import Company

#: The most that a cell of XLSX holds.
MAX_CELL = 32_767

COMPANY_COLUMNS = tuple(one for one in COMPANY if one.exported and one.target != "name")
CONTACT_COLUMNS = tuple(one for one in CONTACT if one.exported)
PROVENANCE_COLUMNS = ("provider", "dataset", "dataset_version", "licence", "url", "fetched_on")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result; `company` is None where nothing was paid, so nothing of it is told."""

    name: str
    outcome: str
    reason: str
    credits: int
    lead: str
    company: Company | None


Cell = str | int


def most_contacts(rows: Iterable[ResultRow]) -> int:
    """Return how many contacts the company with the most of them has."""
    return max((len(row.company.contacts) for row in rows if row.company), default=0)


def cells(row: ResultRow, contacts: int) -> list[Cell]:
    """Return the row's cells: name, company, contacts, outcome, reason, credits, lead, source."""
    company = row.company or Company("")
    people = [*company.contacts[:contacts]]
    return [
        row.name,
        *(_company_cell(company, column) for column in COMPANY_COLUMNS),
        *(getattr(person, one.fields[0]) for person in people for one in CONTACT_COLUMNS),
        *[""] * (len(CONTACT_COLUMNS) * (contacts - len(people))),
        row.outcome,
        row.reason,
        row.credits,
        row.lead,
        *(_provenance_cell(company, column) for column in PROVENANCE_COLUMNS),
    ]


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return UTF-8 with a byte order mark, as spreadsheets expect; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def to_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet; texts are texts, whatever they look like."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(title))
        bold = workbook.add_format({"bold": True, "bg_color": "#E9ECEF"})
        for column, label in enumerate(header):
            sheet.write_string(0, column, label, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, cell[:MAX_CELL])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, 0, len(header) - 1)
        sheet.set_column(0, len(header) - 1, 18)
    return out.getvalue()


def _company_cell(company: Company, attribute: Attribute) -> Cell:
    name = attribute.fields[0]
    if attribute.kind == "network":
        return company.socials.get(name, "")
    value = getattr(company, name)
    if name == "employees" and value is None:
        return employees_text(company)
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else value


def _provenance_cell(company: Company, column: str) -> str:
    value = company.provenance and getattr(company.provenance, column)
    return str(value) if value else ""


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in "[]:*?/\\'")[:31] or "Results"
