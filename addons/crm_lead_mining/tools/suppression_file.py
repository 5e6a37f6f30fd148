"""A file of what is never mined, row by row; dialects and encodings are `files.csv_table`'s."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..files.errors import RowError
from .suppression import Entry, Keys

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
MAX_ROWS = 200_000
MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the file says.

    :ivar entries: what is never mined
    :ivar problem: "" or why a cell, or the whole line, cannot be used: a code of RowError, "empty",
        or the kind of which `value` is none
    """

    number: int
    entries: tuple[Entry, ...] = ()
    reason: str = ""
    problem: str = ""
    value: str = ""


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
