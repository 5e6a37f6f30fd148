"""Where in a file the table begins, and whether its columns have names."""

import re
from collections import Counter
from collections.abc import Sequence

LOOKED_AT = 30  # records that tell it

_EMAIL = re.compile(r"[^@\s,;]+@[\w.-]+\.\w{2,}")
_SITE = re.compile(r"(?:https?://\S+|www\.\S+|(?:[a-z0-9-]+\.)+[a-z]{2,24}/?)", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Za-z]{0,3}[\d][\d .,/()+-]{4,}|\+[\d ()/.-]{6,}|\d+[.,]\d+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_KINDS = (_EMAIL, _SITE, _DATE, _NUMBER)


def find_table(records: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """Return the place of the table's first record, and whether that names the columns.

    Lines above it hold a title, or a remark, in few of its cells.

    :param records: the first ones of the file
    """
    widths = Counter(filter(lambda width: width > 1, map(_width, records)))
    width, often = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
    first = 0
    if often > 1:
        fitting = (place for place, one in enumerate(records) if _filled(one) >= 0.6 * width)
        first = next(fitting, 0)
        if any(_filled(one) > max(1, width / 2) for one in records[:first]):
            first = 0
    return first, not _is_data(records[first : first + LOOKED_AT])


def is_list(records: Sequence[Sequence[str]]) -> bool:
    """Whether the records are a list of sites or of e-mail addresses, and nothing beside them."""
    cells = [one[0].strip() for one in records if one]
    found = sum(_kind(cell) in (1, 2) for cell in cells)
    return all(len(one) < 2 for one in records) and 0 < len(cells) < 2 * found


def column_name(place: int) -> str:
    """Return how a spreadsheet names a column: "A", "B", … "AA"."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _is_data(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first record is one like those that follow."""
    if not records:
        return False
    for place, cell in enumerate(records[0]):
        below = [
            one[place].strip() for one in records[1:] if place < len(one) and one[place].strip()
        ]
        kind = _kind(cell.strip())
        if kind and (
            sum(_kind(one) == kind for one in below) > len(below) / 2 or (not below and kind == 1)
        ):
            return True
    return False


def _kind(text: str) -> int:
    """Return what a cell looks like that is no name of a column, or 0."""
    kinds = (number for number, kind in enumerate(_KINDS, 1) if kind.fullmatch(text))
    return next(kinds, 0)


def _width(record: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(record, 1) if cell.strip()), default=0)


def _filled(record: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in record)
