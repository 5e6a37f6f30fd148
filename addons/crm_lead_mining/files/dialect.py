"""In which encoding and with which delimiter a file of rows is written."""

import csv
import re
from dataclasses import dataclass

import charset_normalizer

from .errors import FileError

SAMPLE_BYTES = 1 << 20
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
#: What a server answers in place of a file; the ".xls" that holds a table in HTML too.
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)

#: Excel's first line, which names the delimiter.
_SEP = re.compile(r'\ufeff?"?sep=(.)"?[;,\t]*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    encoding: str
    delimiter: str


def is_binary(sample: bytes) -> bool:
    """Tell whether a file is one of the kinds that are often taken for a table of text."""
    return bool(_BINARY.match(sample))


def is_web_page(sample: bytes) -> bool:
    """Tell whether a file is a web page, as is served in place of a file that is not there."""
    return bool(_WEB_PAGE.match(sample))


def dialect_of(sample: bytes, encoding: str = "", delimiter: str = "") -> Dialect:
    """Return what the beginning of a file is written in; what is given is taken as it is.

    :raise FileError: if there is no such encoding
    """
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
    if lines and (told := _SEP.fullmatch(lines[0])):
        return told[1]
    return max(DELIMITERS, key=lambda char: _evenness(lines, char))


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    if not widths or max(widths) < 2:
        return 0, 0
    # Lines of a title, with hardly a delimiter, may stand above.
    width = widths[0] if widths[0] > 1 else max(widths, key=widths.count)
    return (widths.count(width) / len(widths), width) if width > 1 else (0, 0)
