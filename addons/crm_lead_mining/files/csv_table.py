"""A CSV file of any encoding and dialect as an iterator of rows, in bounded memory."""

import io
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .dialect import SAMPLE_BYTES, dialect_of, is_binary, is_web_page
from .errors import FileError, RowError
from .header import LOOKED_AT, column_name, find_table, is_list
from .lines import Lines, is_sep
from .source import Source, Uncloseable, file_errors

MAX_COLUMNS = 1000


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
    :param header: names of the columns of a file that does not name them
    :ivar has_header: whether the file names its columns
    :ivar left_out: how many rows were left out, by reason: none, that is for who knows the file
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
        header: Sequence[str] = (),
    ):
        self.min_columns = min_columns
        self.has_header = not header
        self.left_out: Counter[str] = Counter()
        self._source = Source(path, most_rows, member=member)
        try:
            self.size = self._source.size
            sample = self._read_sample()
            self.dialect = self._source.dialect or dialect_of(sample, encoding, delimiter)
            self._lines = Lines(self._text(), self.dialect.delimiter)
            with file_errors():
                if header:
                    self.header = self._given_header(header)
                else:
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
        # Bytes that are not in the encoding become U+FFFD, which `Lines` turns into a row error.
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

    def _given_header(self, header: Sequence[str]) -> list[str]:
        place, cells = self._lines.place(), self._lines.first()
        if isinstance(cells, RowError) or len(cells) != len(header):
            width = 1 if isinstance(cells, RowError) else len(cells)
            raise FileError("layout", ", ".join(header[width:]) or str(width))
        self._lines.begin(*place)
        return list(header)

    def _read_header(self) -> list[str]:
        cells = self._lines.first()
        if not isinstance(cells, RowError) and is_sep(cells):
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
