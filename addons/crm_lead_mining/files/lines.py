"""Physical lines of text as the records of a CSV file."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from operator import itemgetter, length_hint
from typing import Any

from .errors import RowError

MAX_LINE = 1 << 16  # characters of one physical line
PIECE_LINES = 250  # lines that are looked at together; the marks of running imports count on it
MAX_RECORD = 1 << 18  # characters of one record, over all its lines
#: Excel's first line, which names the delimiter.
_SEP = re.compile(r'\ufeff?"?sep=.?"?', re.IGNORECASE)


def is_sep(cells: list[str]) -> bool:
    """Whether a record is Excel's "sep=;", split by whatever delimiter."""
    return len(cells) < 3 and bool(_SEP.fullmatch(cells[0])) and not any(cells[1:])


class Lines:
    """Physical lines as records: bounded, counted, refusing what PostgreSQL cannot store.

    Pieces of the file are read and looked at as a whole; one with anything unusual in it is gone
    through line by line.
    """

    def __init__(self, text: io.TextIOWrapper, delimiter: str):
        self._text = text
        self._delimiter = delimiter
        self.begin(text.tell(), 0)

    def begin(self, cookie: int, line: int, skipped: int = 0) -> None:
        """Read on from a piece's beginning.

        :param cookie: where it begins
        :param line: number of the line before it
        :param skipped: how many of its lines were read
        """
        self._text.seek(cookie)
        self._piece = cookie, line
        self._skipped = skipped
        self._last = line + skipped
        self._ahead: Iterator[int] = iter(())
        self.budget = MAX_RECORD

    @property
    def number(self) -> int:
        """How many lines were read."""
        return self._last - length_hint(self._ahead)

    def place(self) -> tuple[int, int, int]:
        """Return what `begin` needs to read on from here."""
        cookie, line = self._piece
        return cookie, line, self.number - line

    def first(self) -> list[str] | RowError:
        """Return the first record, whatever its width; none if there is none."""
        _line, cells = next(self._one_by_one(self.take(), None), (0, []))
        self.begin(*self.place())
        return cells

    def beginning(self, count: int) -> tuple[list[tuple[int, int, int]], list[list[str]]]:
        """Return where the first records begin, and their cells; none of what is no row."""
        places, records = [self.place()], []
        for _line, cells in islice(self._one_by_one(self.take(), None), count):
            places.append(self.place())
            records.append([] if isinstance(cells, RowError) or is_sep(cells) else cells)
        return places, records

    def pieces(self, width: int) -> Iterator[Iterable[tuple[int, list[str] | RowError]]]:
        """Yield the records with the number of their last line, piece by piece.

        :param width: how many cells a record should have
        """
        while lines := self.take():
            text = "".join(lines)
            if "\0" in text or "\ufffd" in text or _has_long(lines, text):
                yield self._one_by_one(lines, width)
            elif rows := self._rows(lines, text, width):
                yield self._at_once(rows, width)
            else:
                yield self._one_by_one(lines, width)

    def take(self) -> list[str]:
        """Return the lines of the next piece, long ones without what is beyond `MAX_LINE`."""
        while True:
            self._piece = self._text.tell(), self._last - self._skipped
            lines = list(islice(iter(partial(self._text.readline, MAX_LINE), ""), PIECE_LINES))
            if _longest(lines) >= MAX_LINE:
                lines = self._without_tails(lines)
            unread, self._skipped = lines[self._skipped :], 0
            if unread or not lines:
                return unread

    def _without_tails(self, pieces: list[str]) -> list[str]:
        lines, ended = [], True
        for piece in pieces:
            if ended:
                lines.append(piece)
            ended = piece.endswith("\n") or len(piece) < MAX_LINE
        while not ended and (piece := self._text.readline(MAX_LINE)):
            ended = piece.endswith("\n")
        return lines

    def _rows(self, lines: list[str], text: str, width: int) -> list[Any]:
        """Return the cells of lines if they are one record each, else nothing."""
        # Without a quote, or with all cells in quotes that hold none, there is nothing for
        # csv.reader to do but this, at a third of the speed.
        if "\r" in text:
            texts = [line.rstrip("\r\n") for line in lines]
        else:
            texts = text.removesuffix("\n").split("\n")
        if '"' not in text:
            return [line.split(self._delimiter) if line else [] for line in texts]
        if width > 1 and lines[0].count('"') == 2 * width:
            between = f'"{self._delimiter}"'
            rows = [line[1:-1].split(between) for line in texts]
            if (
                set(map(len, rows)) == {width}
                and {line[0] + line[-1] for line in texts} == {'""'}
                and text.count('"') == 2 * width * len(rows)
            ):
                return rows
        try:
            # The line behind is a record of its own unless the last one is still open.
            rows = list(csv.reader([*lines, "\n"], delimiter=self._delimiter))
        except csv.Error:
            return []
        return rows[:-1] if len(rows) == len(lines) + 1 else []

    def _at_once(self, rows: list[Any], width: int) -> Iterable[tuple[int, list[str] | RowError]]:
        """Return the records of a piece, one a line."""
        self._ahead = iter(range(self._last + 1, self._last + 1 + len(rows)))
        self._last += len(rows)
        if set(map(len, rows)) != {width}:
            rows = [cells and _fit(cells, width) for cells in rows]
        records = zip(self._ahead, rows, strict=True)
        return records if all(rows) else filter(itemgetter(1), records)

    def _one_by_one(
        self, lines: list[str], width: int | None
    ) -> Iterator[tuple[int, list[str] | RowError]]:
        """Yield the records of lines with anything in them; the last may end in a later piece."""
        records = csv.reader(_Checked(self, lines), delimiter=self._delimiter)
        while True:
            self.budget = MAX_RECORD
            try:
                cells = next(records)
            except StopIteration:
                return
            except RowError as error:
                yield self.number, error
            except csv.Error as error:
                yield (
                    self.number,
                    RowError("too_long" if "limit" in str(error) else "nul", str(error)),
                )
            else:
                if cells:
                    yield self.number, cells if width is None else _fit(cells, width)

    def check(self, line: str) -> None:
        """:raise RowError: if the line is no part of a row"""
        self._last += 1
        self.budget -= len(line)
        if self.budget < 0 or (len(line) >= MAX_LINE and not line.endswith("\n")):
            code = "too_long"
        elif "\0" in line:
            code, line = "nul", line.replace("\0", "␀")
        elif not line.isascii() and "\ufffd" in line:
            code = "bad_bytes"
        else:
            return
        raise RowError(code, line)


class _Checked:
    """The lines of a piece, and those after it that its last record needs.

    Goes on after those that are refused.
    """

    def __init__(self, source: Lines, lines: list[str]):
        self._source = source
        self._lines = iter(lines)

    def __iter__(self) -> "_Checked":
        return self

    def __next__(self) -> str:
        line = next(self._lines, "")
        if not line and self._source.budget < MAX_RECORD:
            self._lines = iter(self._source.take())
            line = next(self._lines, "")
        if not line:
            raise StopIteration
        self._source.check(line)
        return line


def _has_long(lines: list[str], text: str) -> bool:
    """Whether one of the lines, which are the text, has `MAX_LINE` characters."""
    return len(text) >= MAX_LINE and _longest(lines) >= MAX_LINE


def _longest(lines: list[str]) -> int:
    return max(map(len, lines), default=0)


def _fit(cells: list[str], width: int) -> list[str] | RowError:
    """Make a row as wide as the header: missing cells are empty, empty ones too many are cut."""
    if len(cells) == width:
        return cells
    if len(cells) < width:
        # One cell of many is no row but a remark or the rest of a broken one.
        if len(cells) == 1:
            return RowError("cells", cells[0])
        return cells + [""] * (width - len(cells))
    if any(cell.strip() for cell in cells[width:]):
        return RowError("cells", str(len(cells)))
    return cells[:width]
