"""A file of what is never mined, row by row; dialects and encodings are `files.csv_table`'s."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from odoo.addons.crm_common.tools.spreadsheets import plain_cell

from ..files.errors import RowError
from .suppression import KINDS, Entry, Keys

#: Names of columns, in lower case without signs -> kind of entry, or "reason".
COLUMNS = {
    "domain": "domain", "website": "domain", "url": "domain", "sito": "domain", "dominio": "domain",
    "vat": "vat", "vatnumber": "vat", "taxid": "vat", "partitaiva": "vat", "piva": "vat",
    "tva": "vat", "ustid": "vat", "nif": "vat",
    "email": "email", "emailaddress": "email", "mail": "email", "emailhash": "email",
    "sha256": "email", "emailsha256": "email", "hash": "email",
    "phone": "phone", "phonenumber": "phone", "telephone": "phone", "mobile": "phone",
    "telefono": "phone", "telefon": "phone", "téléphone": "phone",
    "name": "name", "company": "name", "companyname": "name", "nome": "name", "azienda": "name",
    "person": "name", "contact": "name", "contactname": "name",
    "reason": "reason", "motivo": "reason", "note": "reason", "comment": "reason",
}  # fmt: skip
#: The first line of a list that was taken out whole, to be put back.
SAVED = ["kind", "key", "company", "reason", "source"]
#: The kind of its second line: what the hashes were made with.
SECRET = "secret"
MAX_ROWS = 200_000
MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the file says.

    :ivar entries: what is never mined
    :ivar problem: "" or why a cell, or the whole line, cannot be used: a code of RowError, "empty",
        or the kind of which `value` is none
    :ivar company: of a saved list, the company's name or "" for all companies; else None
    :ivar secret: of a saved list, what its hashes were made with
    """

    number: int
    entries: tuple[Entry, ...] = ()
    reason: str = ""
    problem: str = ""
    value: str = ""
    company: str | None = None
    source: str = "import"
    secret: str = ""


def read_header(header: Iterable[str]) -> list[str]:
    """Return each column's kind, "reason", or "" for one that means nothing here."""
    return [COLUMNS.get("".join(filter(str.isalnum, name.casefold())), "") for name in header]


def read_lines(
    rows: Iterable[tuple[int, list[str] | RowError]],
    columns: list[str],
    keys: Keys,
    country_code: str = "",
) -> Iterator[Line]:
    """Read what each line says; a cell that cannot be read gives a line with a problem.

    :param rows: as `CompaniesFile.rows` yields them
    :param country_code: of VAT and phone numbers without prefix
    """
    for number, cells in rows:
        if isinstance(cells, RowError):
            yield Line(number, problem=cells.code, value=cells.value)
            continue
        values = list(zip(columns, (cell.strip() for cell in cells), strict=True))
        reason = next((cell for kind, cell in values if kind == "reason" and cell), "")
        filled = [(kind, cell) for kind, cell in values if cell and kind not in ("", "reason")]
        if not filled:
            yield Line(number, problem="empty")
        entries = [(kind, cell, keys.entry(kind, cell, country_code)) for kind, cell in filled]
        if read := tuple(entry for _kind, _cell, entry in entries if entry):
            yield Line(number, read, reason[:MAX_REASON])
        for kind, cell, entry in entries:
            if not entry:
                yield Line(number, problem=kind, value=cell[:MAX_REASON])


def write_saved(secret: str, rows: Iterable[tuple[str, str, str, str, str]]) -> bytes:
    """Return a list that `read_saved` reads.

    :param rows: kind, key, company, reason and source
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([SAVED, [SECRET, secret, "", "", ""]])
    writer.writerows(map(plain_cell, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def read_saved(rows: Iterable[tuple[int, list[str] | RowError]]) -> Iterator[Line]:
    """Read a list that was taken out whole: keys are as they were kept."""
    for number, cells in rows:
        if isinstance(cells, RowError):
            yield Line(number, problem=cells.code, value=cells.value)
            continue
        kind, key, company, reason, source = map(_unquoted, cells)
        if kind == SECRET:
            yield Line(number, secret=key)
        elif kind in KINDS and key:
            yield Line(number, (Entry(kind, key),), reason, company=company, source=source)
        else:
            yield Line(number, problem="empty", value=kind[:MAX_REASON])


def _unquoted(cell: str) -> str:
    return cell.strip().removeprefix("'")
