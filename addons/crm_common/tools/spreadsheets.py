"""Cells of files that spreadsheets open: none of them is run."""

import re
import unicodedata
from typing import TypeVar

_Cell = TypeVar("_Cell")

#: OWASP, "CSV Injection", and what starts a command in old files; other widths are folded to these.
_STARTS = frozenset("=+-@|%")
_NUMBER = re.compile(r"-[0-9]+([.,][0-9]+)*")


def plain_cell(cell: _Cell) -> _Cell | str:
    """Return `cell`, behind a quote if it is a text that a spreadsheet might run or cut.

    Numbers stay numbers, also those in texts; a telephone number stays the text that it is.
    """
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    shown = next((char for char in cell if not _is_unseen(char)), "")
    if unicodedata.category(cell[:1] or "x") == "Cc" or _folded(shown) in _STARTS:
        return f"'{cell}"
    return cell


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _folded(char: str) -> str:
    return unicodedata.normalize("NFKC", char)
