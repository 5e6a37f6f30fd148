"""An XLSX workbook as lines of CSV, by openpyxl, which Odoo needs too."""

import csv
import datetime
import re
import zipfile
from itertools import islice
from typing import Any, TextIO

from .errors import FileError

MAX_XML = 1 << 30  # bytes of all parts as they expand
MAX_STRINGS = 64 << 20  # bytes of the table of texts, which is held in memory
MAX_PART_EXPANSION = 200  # of a part: real ones expand to some twenty times their size
MAX_CELLS = 1000  # cells of a row

_STRINGS = "xl/sharedStrings.xml"
_HEAD = 1 << 16
_ZEROS = re.compile(r"0{2,20}")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is an XLSX."""
    return "xl/workbook.xml" in archive.namelist()


def write_workbook(archive: zipfile.ZipFile, text: TextIO, most_rows: int | None) -> None:
    """Write the first visible sheet with anything in it, a line for each of its rows.

    :raise FileError: "too_large", "damaged" or "empty"
    """
    from openpyxl import load_workbook  # noqa: PLC0415 takes half a second, and few files need it

    _check(archive)
    writer = csv.writer(text, lineterminator="\n")
    try:
        book = load_workbook(archive.fp, read_only=True, data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            # What a file says of its own size is not to be believed.
            sheet.reset_dimensions()
            filled = False
            for row in islice(sheet.iter_rows(), most_rows):
                cells = [_text(cell) for cell in row[:MAX_CELLS]]
                filled = filled or any(cells)
                writer.writerow(cells)
            if filled:
                return
            text.seek(0)
            text.truncate()
    except FileError:
        raise
    except Exception as error:  # openpyxl raises whatever the parts of a broken file lead to
        raise FileError("damaged", str(error)[:200]) from error
    raise FileError("empty")


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse parts that are too large, and definitions of XML entities, which expand again.

    No more is read of a part than the size that the zip names.
    """
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_XML:
        raise FileError("too_large")
    for part in parts:
        packed = max(part.compress_size, 1 << 10)
        limit = MAX_STRINGS if part.filename == _STRINGS else MAX_XML
        if part.file_size > min(limit, packed * MAX_PART_EXPANSION):
            raise FileError("too_large")
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                head = stream.read(_HEAD).replace(b"\0", b"")
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise FileError("damaged", part.filename)


def _text(cell: Any) -> str:
    """Return a cell's value as people read it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        # A format of zeros is how postal codes and numbers keep theirs.
        is_padded = _ZEROS.fullmatch(cell.number_format or "")
        return str(value).zfill(len(cell.number_format)) if is_padded else str(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else str(value)
    return str(value)
