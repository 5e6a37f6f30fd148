"""A CSV file of any encoding and dialect as an iterator of rows, in bounded memory."""

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import itemgetter, length_hint
from typing import Any

from .dialect import SAMPLE_BYTES, dialect_of, is_binary, is_web_page
from .errors import FileError, RowError
from .header import LOOKED_AT, column_name, find_table, is_list
from .source import Source, Uncloseable, file_errors

MAX_LINE = 1 << 16  # characters of one physical line
PIECE_LINES = 250  # lines that are looked at together; the marks of running imports count on it
MAX_RECORD = 1 << 18  # characters of one record, over all its lines
MAX_COLUMNS = 1000
#: Excel's first line, which names the delimiter.
_SEP = re.compile(r'\ufeff?"?sep=.?"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two records of a file.

    :ivar size: bytes of the file as stored
    :ivar cookie: where a piece begins, as `TextIOWrapper.seek` understands it; may exceed 64 bits
    :ivar line: number of the line before the piece
    :ivar skipped: lines of the piece before the place
    """

    size: int
    cookie: int
    line: int
    skipped: int


class CompaniesFile:
    """An open file of rows: CSV, XLSX or lines of JSON, plain, as gz or alone in a zip.

    `header` is stripped of spaces; `rows()` yields (line number, cells or RowError): one bad row
    never ends the reading. `position` tells how far into the file (as stored) the reading is;
    `mark()` and `go_to()` continue it in another process.

    :param path: where the file is
    :param encoding: Python's name of the encoding, empty to detect it
    :param delimiter: one character, empty to detect it
    :param min_columns: a header with fewer is no header
    :param find_header: whether lines of a title may stand above the header, or there is none; the
        columns are called "A", "B" then, and a list of one column is one
    :param most_rows: see `Source`, `member` too
    :ivar has_header: whether the file names its columns
    :raise FileError: if the file as a whole cannot be read
    """

    def __init__(
        self,
        path: str | os.PathLike,
        encoding: str = "",
        delimiter: str = "",
        min_columns: int = 2,
        *,
        find_header: bool = False,
        most_rows: int | None = None,
        member: str = "",
    ):
        self.min_columns = min_columns
        self.has_header = True
        self._source = Source(path, most_rows, member=member)
        try:
            self.size = self._source.size
            sample = self._read_sample()
            self.dialect = self._source.dialect or dialect_of(sample, encoding, delimiter)
            self._lines = _Lines(self._text(), self.dialect.delimiter)
            with file_errors():
                self.header = self._find_header() if find_header else self._read_header()
        except BaseException:  # whatever stops it, an open file is not left behind
            self.close()
            raise

    def __enter__(self) -> "CompaniesFile":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._source.close()

    @property
    def position(self) -> int:
        """Bytes of the file that were read, of `size`."""
        return self._source.position

    def rows(self) -> Iterator[tuple[int, list[str] | RowError]]:
        """Yield (line number of the record's end, cells); blank lines are left out.

        :raise FileError: "truncated" or "damaged", after the rows that could be read
        """
        with file_errors():
            for piece in self._lines.pieces(len(self.header)):
                yield from piece

    def mark(self) -> Mark:
        """Return where the next record begins."""
        return Mark(self.size, *self._lines.place())

    def go_to(self, mark: Mark) -> bool:
        """Read on from a mark of the file, opened with the same dialect.

        :return: whether it is this file's mark; otherwise nothing happens
        :raise FileError: "truncated" or "damaged"
        """
        if mark.size != self.size:
            return False
        with file_errors():
            self._lines.begin(mark.cookie, mark.line, mark.skipped)
        return True

    def preview(self, count: int = 5) -> list[list[str]]:
        """Return the next rows that can be read, at most `count`."""
        found: list[list[str]] = []
        for _line, cells in self.rows():
            if not isinstance(cells, RowError):
                found.append(cells)
            if len(found) >= count:
                break
        return found

    def _read_sample(self) -> bytes:
        stream, sample = self._source.begin(), b""
        try:
            with file_errors():
                while len(sample) < SAMPLE_BYTES and (
                    chunk := stream.read(SAMPLE_BYTES - len(sample))
                ):
                    sample += chunk
        except FileError as error:
            # What can be read of a truncated gz comes out again, row by row.
            if error.code != "truncated" or not sample:
                raise
        if not sample.strip():
            raise FileError("empty")
        if is_binary(sample):
            raise FileError("binary")
        if is_web_page(sample):
            raise FileError("web_page")
        return sample

    def _text(self) -> io.TextIOWrapper:
        # Bytes that are not in the encoding become U+FFFD, which `_Lines` turns into a row error.
        return io.TextIOWrapper(
            io.BufferedReader(Uncloseable(self._source.begin()), 1 << 18),
            encoding=self.dialect.encoding,
            errors="replace",
            newline="",
        )

    def _find_header(self) -> list[str]:
        """Go to where the table begins and return its header."""
        places, records = self._lines.beginning(LOOKED_AT)
        first, self.has_header = find_table(records)
        while first < len(records) - 1 and not records[first]:
            first += 1
        self._lines.begin(*places[first])
        if self.has_header:
            self.min_columns = 1 if is_list(records[first + 1 :]) else self.min_columns
            return self._read_header()
        width = max(map(len, records))
        if width < self.min_columns and not is_list(records):
            raise FileError("one_column", records[first][0][:80])
        return [column_name(place) for place in range(width)]

    def _read_header(self) -> list[str]:
        cells = self._lines.first()
        if not isinstance(cells, RowError) and _is_sep(cells):
            cells = self._lines.first()
        if isinstance(cells, RowError):
            raise FileError("header_missing", cells.code) from cells
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise FileError("too_large", str(len(cells)))
        if len(cells) < self.min_columns:
            raise FileError("one_column", (cells or [""])[0][:80])
        return [cell.strip().lstrip("\ufeff") for cell in cells]


def _is_sep(cells: list[str]) -> bool:
    """Whether a record is Excel's "sep=;", split by whatever delimiter."""
    return len(cells) < 3 and bool(_SEP.fullmatch(cells[0])) and not any(cells[1:])


class _Lines:
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
            records.append([] if isinstance(cells, RowError) or _is_sep(cells) else cells)
        return places, records

    def pieces(self, width: int) -> Iterator[Iterable[tuple[int, list[str] | RowError]]]:
        """Yield the records with the number of their last line, piece by piece.

        :param width: how many cells a record should have
        """
        while lines := self.take():
            text = "".join(lines)
            if "\0" in text or "\ufffd" in text or _longest(lines) >= MAX_LINE:
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
        texts = [line.rstrip("\r\n") for line in lines]
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

    def __init__(self, source: _Lines, lines: list[str]):
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
