"""The text of a stored file, whatever it is packed in: plain, gz, zip, a workbook, lines of JSON.

All are bounded before they are read. Workbooks and lines of JSON become a temporary CSV file.
"""

import gzip
import io
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any, BinaryIO

from .dialect import SAMPLE_BYTES, Dialect
from .errors import FileError
from .json_lines import are_json_lines, write_json_lines
from .workbook import is_workbook, write_workbook

MAX_EXPANSION = 1000  # what a file may expand to, as a multiple of its size (deflate's limit: 1032)
MAX_BYTES = 64 << 30
MAX_DIRECTORY = 1 << 20  # bytes of a zip's own directory: thousands of members

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
#: Where a zip tells how large its directory is.
_END_OF_ZIP = struct.Struct("<4s4H2LH")
#: What the file is written in that workbooks and lines of JSON become.
WRITTEN = Dialect("utf-8", ",")


class Source:
    """A stored file as a stream of text in bytes, which can be begun anew.

    :param path: where the file is
    :param most_rows: of workbooks and lines of JSON, more are not read; None for all
    :param member: pattern of the name of the file in a zip of several
    :param as_is: whether workbooks and lines of JSON stay what they are
    :ivar size: bytes of the file that `position` counts
    :ivar dialect: what the text is written in, None if that has to be found out
    :raise FileError: if the file as a whole cannot be read
    """

    def __init__(
        self,
        path: str | os.PathLike,
        most_rows: int | None = None,
        *,
        member: str = "",
        as_is: bool = False,
    ):
        self.size = os.path.getsize(path)
        self.dialect: Dialect | None = None
        self._file: BinaryIO = open(path, "rb")  # noqa: SIM115 closed by close()
        self._archive: zipfile.ZipFile | None = None
        try:
            with file_errors():
                self._unpack(most_rows, member, as_is)
        except BaseException:  # whatever stops it, an open file is not left behind
            self.close()
            raise

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self._archive:
            self._archive.close()
        self._file.close()

    @property
    def position(self) -> int:
        """Bytes of the file that were read."""
        return self._file.tell()

    def begin(self) -> Any:
        """Return the text from its beginning; only the last one that was begun can be read."""
        self._file.seek(0)
        limit = min(MAX_BYTES, max(self.size * MAX_EXPANSION, SAMPLE_BYTES))
        if self._archive:
            member = self._archive.infolist()[self._member]
            return _Bounded(self._archive.open(member), limit)
        if self._magic.startswith(_GZIP):
            return _Bounded(gzip.GzipFile(fileobj=self._file), limit)
        return self._file

    def _unpack(self, most_rows: int | None, member: str, as_is: bool) -> None:
        self._magic = self._file.read(4)
        if self._magic == _ZIP:
            self._archive = _open_zip(self._file)
            if not as_is and is_workbook(self._archive):
                self._become(write_workbook, self._archive, most_rows)
                return
            self._member = _only_member(self._archive, member)
        if not as_is and are_json_lines(self.begin().read(4096)):
            self._become(write_json_lines, self.begin(), most_rows)

    def _become(self, write: Any, origin: Any, most_rows: int | None) -> None:
        """Put the rows, written to a temporary file, in the place of the stored one."""
        copy = tempfile.TemporaryFile()  # noqa: SIM115 closed by close()
        try:
            text = io.TextIOWrapper(copy, encoding="utf-8", newline="", write_through=True)
            write(origin, text, most_rows)
            text.flush()
            text.detach()
        except BaseException:  # whatever stops it, an open file is not left behind
            copy.close()
            raise
        self.close()
        self._archive, self._magic = None, b""
        self._file, self.dialect = copy, WRITTEN
        self.size = copy.tell()


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Open a zip whose directory is small enough to be read at all."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _END_OF_ZIP.size - 0xFFFF))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END_OF_ZIP.size:
        raise FileError("truncated")
    if _END_OF_ZIP.unpack_from(tail, place)[5] > MAX_DIRECTORY:
        raise FileError("too_large")
    return zipfile.ZipFile(file)


def _only_member(archive: zipfile.ZipFile, pattern: str) -> int:
    """Return the place of the file that the zip holds, of the one that a pattern names."""
    places = [
        place
        for place, member in enumerate(archive.infolist())
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not os.path.basename(member.filename).startswith(".")
        and fnmatchcase(os.path.basename(member.filename).casefold(), pattern.casefold() or "*")
    ]
    if len(places) != 1:
        raise FileError("members", str(len(places)))
    return places[0]


@contextmanager
def file_errors() -> Iterator[None]:
    """Say what is wrong with a file in our own words."""
    try:
        yield
    except EOFError as error:
        raise FileError("truncated") from error
    except (OSError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        raise FileError("damaged", str(error)) from error
    except RuntimeError as error:  # a zip with a password
        raise FileError("encrypted") from error


class Uncloseable(io.RawIOBase):
    """Keeps the owner's stream open when a wrapper around it is collected."""

    def __init__(self, stream: Any):
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        return self._stream.readinto(buffer)


class _Bounded(Uncloseable):
    """Reads from a decompressor until a limit: a file that expands beyond it is a bomb."""

    def __init__(self, stream: Any, limit: int):
        super().__init__(stream)
        self._limit = limit

    def readinto(self, buffer: Any) -> int:
        # read1 gives what can be had before the end of a truncated file, readinto nothing.
        chunk = self._stream.read1(len(buffer))
        if self._stream.tell() > self._limit:
            raise FileError("too_large")
        buffer[: len(chunk)] = chunk
        return len(chunk)
