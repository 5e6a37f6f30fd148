"""A CSV file of any encoding and dialect as an iterator of rows, in bounded memory."""

import csv
import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import charset_normalizer

from .errors import FileError, RowError

SAMPLE_BYTES = 1 << 20
MAX_LINE = 1 << 16  # characters of one physical line
MAX_RECORD = 1 << 18  # characters of one record, over all its lines
MAX_COLUMNS = 1000
MAX_EXPANSION = 1000  # what a gz may expand to, as a multiple of its size (deflate's limit: 1032)
MAX_BYTES = 64 << 30
DELIMITERS = ",;\t|"

#: What charset-normalizer may answer; a short text fits nearly every single-byte encoding.
_SINGLE_BYTE = ["cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2", "cp1251"]
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BINARY = re.compile(rb"^(PK\x03\x04|%PDF|\xd0\xcf\x11\xe0|\x89PNG|\xff\xd8\xff|7z\xbc\xaf|Rar!)")


@dataclass(frozen=True, slots=True)
class Dialect:
    encoding: str
    delimiter: str


class CompaniesFile:
    """An open CSV file, plain or gz.

    `header` is stripped of spaces; `rows()` yields (line number, cells or RowError): one bad row
    never ends the reading. `position` tells how far into the file (as stored) the reading is.

    :param path: where the file is
    :param encoding: Python's name of the encoding, empty to detect it
    :param delimiter: one character, empty to detect it
    :param min_columns: a header with fewer is no header
    :raise FileError: if the file as a whole cannot be read
    """

    def __init__(
        self,
        path: str | os.PathLike,
        encoding: str = "",
        delimiter: str = "",
        min_columns: int = 2,
    ):
        self.min_columns = min_columns
        self.size = os.path.getsize(path)
        self._raw = open(path, "rb")  # noqa: SIM115 closed by close()
        try:
            self.compressed = self._raw.read(2) == b"\x1f\x8b"
            self._raw.seek(0)
            sample = self._read_sample()
            self.dialect = _dialect(sample, encoding, delimiter)
            self._lines = _Lines(self._text())
            self._reader = csv.reader(self._lines, delimiter=self.dialect.delimiter)
            self.header = self._read_header()
        except BaseException:  # whatever stops it, an open file is not left behind
            self.close()
            raise

    def __enter__(self) -> "CompaniesFile":
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def close(self) -> None:
        self._raw.close()

    @property
    def position(self) -> int:
        """Bytes of the stored file that were read."""
        return self._raw.tell()

    def rows(self) -> Iterator[tuple[int, list[str] | RowError]]:
        """Yield (line number of the record's end, cells); blank lines are left out.

        :raise FileError: "truncated" or "damaged", after the rows that could be read
        """
        width = len(self.header)
        while True:
            try:
                cells = self._next_record()
            except RowError as error:
                yield self._lines.number, error
                continue
            if cells is None:
                return
            if not cells:
                continue
            if len(cells) != width:
                cells = _fit(cells, width)
            yield self._lines.number, cells

    def preview(self, count: int = 5) -> list[list[str]]:
        """Return the next rows that can be read, at most `count`."""
        found: list[list[str]] = []
        for _line, cells in self.rows():
            if not isinstance(cells, RowError):
                found.append(cells)
            if len(found) >= count:
                break
        return found

    def _next_record(self) -> list[str] | None:
        self._lines.budget = MAX_RECORD
        try:
            return next(self._reader, None)
        except csv.Error as error:
            raise RowError("too_long" if "limit" in str(error) else "nul", str(error)) from None
        except EOFError as error:
            raise FileError("truncated") from error
        except (OSError, zlib.error) as error:
            raise FileError("damaged", str(error)) from error

    def _read_sample(self) -> bytes:
        stream, sample = self._stream(), b""
        try:
            while len(sample) < SAMPLE_BYTES and (chunk := stream.read(SAMPLE_BYTES - len(sample))):
                sample += chunk
        except EOFError as error:
            # What can be read of a truncated gz comes out again, row by row.
            if not sample:
                raise FileError("truncated") from error
        except (OSError, zlib.error) as error:
            raise FileError("damaged", str(error)) from error
        self._raw.seek(0)
        if not sample.strip():
            raise FileError("empty")
        if _BINARY.match(sample):
            raise FileError("binary")
        return sample

    def _stream(self) -> BinaryIO:
        if not self.compressed:
            return self._raw
        limit = min(MAX_BYTES, max(self.size * MAX_EXPANSION, SAMPLE_BYTES))
        return _Bounded(gzip.GzipFile(fileobj=self._raw), limit)

    def _text(self) -> io.TextIOWrapper:
        # Bytes that are not in the encoding become U+FFFD, which `_Lines` turns into a row error.
        return io.TextIOWrapper(
            io.BufferedReader(_Uncloseable(self._stream()), 1 << 18),
            encoding=self.dialect.encoding,
            errors="replace",
            newline="",
        )

    def _read_header(self) -> list[str]:
        try:
            cells = self._next_record() or []
        except RowError as error:
            raise FileError("header_missing", error.code) from error
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise FileError("too_large", str(len(cells)))
        if len(cells) < self.min_columns:
            raise FileError("one_column", (cells or [""])[0][:80])
        return [cell.strip().lstrip("\ufeff") for cell in cells]


class _Lines:
    """Physical lines for csv.reader: bounded, counted, refusing what PostgreSQL cannot store."""

    def __init__(self, text: io.TextIOWrapper):
        self._readline = text.readline
        self.number = 0
        self.budget = MAX_RECORD

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.budget -= len(line)
        if len(line) >= MAX_LINE and not line.endswith("\n"):
            self._skip_to_end_of_line()
            raise RowError("too_long", line)
        if self.budget < 0:
            raise RowError("too_long", line)
        if "\0" in line:
            raise RowError("nul", line.replace("\0", "␀"))
        if not line.isascii() and "\ufffd" in line:
            raise RowError("bad_bytes", line)
        return line

    def _skip_to_end_of_line(self) -> None:
        while (line := self._readline(MAX_LINE)) and not line.endswith("\n"):
            pass


class _Bounded(io.RawIOBase):
    """Reads from a decompressor until a limit: a file that expands beyond it is a bomb."""

    def __init__(self, stream: gzip.GzipFile, limit: int):
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        # read1 gives what can be had before the end of a truncated file, readinto nothing.
        chunk = self._stream.read1(len(buffer))
        self._left -= len(chunk)
        if self._left < 0:
            raise FileError("too_large")
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Uncloseable(io.RawIOBase):
    """Keeps the owner's stream open when a wrapper around it is collected."""

    def __init__(self, stream):
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self._stream.readinto(buffer)


def _fit(cells: list[str], width: int) -> list[str] | RowError:
    """Make a row as wide as the header: missing cells are empty, empty ones too many are cut."""
    if len(cells) < width:
        # One cell of many is no row but a remark or the rest of a broken one.
        if len(cells) == 1:
            return RowError("cells", cells[0])
        return cells + [""] * (width - len(cells))
    if any(cell.strip() for cell in cells[width:]):
        return RowError("cells", str(len(cells)))
    return cells[:width]


def _dialect(sample: bytes, encoding: str, delimiter: str) -> Dialect:
    encoding = encoding or detect_encoding(sample)
    try:
        text = sample.decode(encoding, errors="replace")
    except LookupError as error:
        raise FileError("encoding", encoding) from error
    return Dialect(encoding, delimiter or detect_delimiter(text))


def detect_encoding(sample: bytes) -> str:
    """Return Python's name of the encoding of the beginning of a file."""
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    if not _has_mostly(sample, 0):
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    if _is_utf8(sample):
        return "utf-8"
    best = charset_normalizer.from_bytes(
        sample[:65536], cp_isolation=_SINGLE_BYTE, preemptive_behaviour=False
    ).best()
    return best.encoding if best else "cp1252"


def _has_mostly(sample: bytes, byte: int) -> bool:
    """Whether there are so few of a byte that the text isn't UTF-16 (an odd NUL is a bad row)."""
    return sample.count(byte) * 4 < len(sample)


def _is_utf8(sample: bytes) -> bool:
    """Whether at least 99 % of the lines are UTF-8: a few others are bad rows, not a verdict."""
    lines = sample.split(b"\n")
    if len(sample) >= SAMPLE_BYTES:
        lines.pop()  # cut in the middle
    foreign = sum(1 for line in lines if not line.isascii() and not _decodes(line))
    return foreign * 100 <= len(lines) and (not foreign or _any_multibyte(lines))


def _any_multibyte(lines: list[bytes]) -> bool:
    return any(not line.isascii() and _decodes(line) for line in lines)


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def detect_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines into the same number of columns."""
    lines = text.splitlines()[:25]
    return max(DELIMITERS, key=lambda char: _evenness(lines, char))


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    if not widths or widths[0] < 2:
        return 0, 0
    return widths.count(widths[0]) / len(widths), widths[0]
