"""Cells of files that spreadsheets open: none of them is run."""

import re
import unicodedata
from typing import TypeVar

_Cell = TypeVar("_Cell")

#: OWASP, "CSV Injection", and what starts a command in old files; other widths are folded to these.
_STARTS = frozenset("=+-@|%")
#: What separates cells or rows where another separator than the comma is expected.
_SEPARATORS = re.compile(r"([;\t\r\n])")
_NUMBER = re.compile(r"-[0-9]+([.,][0-9]+)*")


def plain_cell(cell: _Cell) -> _Cell | str:
    """Return `cell`, with a quote wherever it is a text that a spreadsheet might run or cut.

    That is before it, and before each of its pieces where a file is read with another separator
    than its own. Numbers stay numbers, also those in texts; a telephone number stays the text that
    it is.
    """
    return _plain_text(cell) if isinstance(cell, str) else cell


def _plain_text(text: str) -> str:
    pieces = _SEPARATORS.split(text)
    if any(map(_is_run, pieces)):
        text = "".join(f"'{piece}" if _is_run(piece) else piece for piece in pieces)
    return f"'{text}" if unicodedata.category(text[:1] or "x") == "Cc" else text


def _is_run(piece: str) -> bool:
    if _NUMBER.fullmatch(piece):
        return False
    shown = next((char for char in piece if not _is_unseen(char)), "")
    # Writers of Excel files take "{=" for the beginning of a formula too.
    return _folded(shown) in _STARTS or piece.startswith("{=")


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _folded(char: str) -> str:
    return unicodedata.normalize("NFKC", char)
