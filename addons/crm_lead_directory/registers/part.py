"""The part of a file that has come, and whether it is what it claims to be."""

import errno
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from .network import DownloadError

_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
HEAD = 1024  # bytes that tell a page from a file
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|!--|html|head|body|script)", re.I
)


class Part:
    """What has come of a file, and what the publisher said of it then."""

    def __init__(self, path: Path, url: str):
        self.whole = path
        self.path = path.with_name(path.name + ".part")
        self._note = path.with_name(path.name + ".json")
        self._url = url
        self.etag = self.modified = ""
        self.total: int | None = None
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            self.etag, self.modified, self.total = note["etag"], note["modified"], note["total"]
            if note["url"] != url or self.size > (self.total or self.size):
                self.remove()
        except (OSError, ValueError, KeyError, TypeError):
            self.remove()

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def validator(self) -> str:
        """What proves that a later answer is of the same file (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified

    def begin(self, headers: Mapping[str, str]) -> None:
        """Begin anew with an answer."""
        self.remove()
        self.etag = headers.get("ETag", "")
        self.modified = headers.get("Last-Modified", "")
        length = headers.get("Content-Length", "")
        self.total = int(length) if length.isdigit() else None
        note = {"url": self._url, "etag": self.etag, "modified": self.modified, "total": self.total}
        self._note.write_text(json.dumps(note), encoding="utf-8")

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
        self.etag = self.modified = ""
        self.total = None

    def become_whole(self) -> None:
        self.path.replace(self.whole)
        self._note.unlink(missing_ok=True)

    def check_head(self, host: str) -> None:
        """Refuse a page that stands where the file should be, and nothing at all.

        :raise DownloadError: "html" or "damaged"
        """
        head = self._head()
        if head.startswith(_GZIP):
            with suppress(zlib.error):
                head = zlib.decompressobj(31).decompress(head, HEAD)
        if _HTML.match(head):
            raise DownloadError("html", host)
        if not head:
            raise DownloadError("damaged", host)

    def unpacked(self, host: str) -> Iterator[int]:
        """Read a packed file to its end, with its own check sums; yield the sizes of what is in it.

        :raise DownloadError: "damaged"
        """
        blocks = next((_PACKED[one] for one in _PACKED if self._head().startswith(one)), None)
        if not blocks:
            return
        try:
            with disk_errors(), self.path.open("rb") as file:
                yield from blocks(file)
        except (
            EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError,
            RuntimeError,
        ) as error:  # fmt: skip
            raise DownloadError("damaged", host, type(error).__name__) from error

    def _head(self) -> bytes:
        with disk_errors(), self.path.open("rb") as file:
            return file.read(HEAD)


def _of_gzip(file: BinaryIO) -> Iterator[int]:
    with gzip.GzipFile(fileobj=file) as stream:
        yield from _sizes(stream)


def _of_zip(file: BinaryIO) -> Iterator[int]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                yield from _sizes(stream)


def _of_parquet(file: BinaryIO) -> Iterator[int]:
    file.seek(-len(_PARQUET), 2)
    if file.read() != _PARQUET:
        raise EOFError
    yield 0


def _sizes(stream: Any) -> Iterator[int]:
    while block := stream.read(1 << 22):
        yield len(block)


#: What a packed file begins with -> how it is read.
_PACKED = {_GZIP: _of_gzip, b"PK\x03\x04": _of_zip, _PARQUET: _of_parquet}


@contextmanager
def disk_errors() -> Iterator[None]:
    try:
        yield
    except gzip.BadGzipFile:  # an OSError, of no disk
        raise
    except OSError as error:
        code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "disk"
        raise DownloadError(code, detail=error.strerror or "") from error
