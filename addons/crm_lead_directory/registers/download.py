"""A publisher's file: had as a whole, in as many pieces as it takes, or not at all.

What has come lies beside the wanted path until it is complete and what it claims to be. It goes on
where it ended if the publisher still has the same file, in this process or in another one.
"""

import re
import shutil
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import requests

from odoo.addons.crm_common.tools.pieces import read_piece
from odoo.addons.crm_common.tools.public_hosts import Resolve, resolve_public
from odoo.addons.crm_lead_mining.files.source import MAX_BYTES

from .network import DownloadError, follow, host_of, meaning, network_errors, open_session
from .part import HEAD, Part, disk_errors

#: Causes that may be gone when it is tried again at once.
PASSING = frozenset({"changed", "cut", "timeout", "unavailable", "unreachable"})
#: Causes after which what has come is of no use.
USELESS = frozenset({"changed", "damaged", "disk_full", "html", "too_large"})
_PIECE = 1 << 18
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a download may take.

    :ivar connect: seconds until the connection stands
    :ivar read: seconds between two pieces
    :ivar slowest: bytes a second, over `patience` seconds
    :ivar lifetime: seconds of one connection
    :ivar attempts: how often it is begun or gone on with, at most
    :ivar backoff: seconds before the second attempt; doubles with each further one
    :ivar look: seconds between two looks at the disk, the pace and who asked
    """

    connect: float = 10.0
    read: float = 30.0
    slowest: int = 4096
    patience: float = 60.0
    lifetime: float = 6 * 3600.0
    attempts: int = 4
    backoff: float = 1.0
    redirects: int = 5
    look: float = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is.

    :ivar total: bytes of the whole file, None if the publisher does not say
    :ivar resumable: whether what has come is of use to a later call
    """

    done: int
    total: int | None
    resumable: bool


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What the publisher said of the file that has come; empty where it did not."""

    etag: str
    modified: str


def download(
    url: str,
    path: Path,
    *,
    hosts: Collection[str],
    max_bytes: int = 16 << 30,
    keep_free: int = 256 << 20,
    told: Callable[[Progress], None] = lambda progress: None,
    closed: bool = False,
    limits: Limits = Limits(),
    resolve: Resolve = resolve_public,
    verify: bool | str = True,
) -> Downloaded:
    """Have the file at `url` in `path`, whose folder exists.

    :param hosts: who may be asked, also by a redirect; over TLS only
    :param keep_free: bytes of the disk that are left to others
    :param told: hears how far it is, some times a second; what it raises ends the download, and
        what has come is kept for the next call
    :param closed: whether nobody may be asked at all, as from a copy of a database
    :param resolve: the check of addresses, replaced only in tests
    :param verify: see `requests`
    :raise DownloadError: with one code for each cause
    """
    if closed:
        raise DownloadError("closed")
    part = Part(path, url)
    fetch = _Fetch(part, frozenset(hosts), max_bytes, keep_free, told, limits, verify)
    with open_session(resolve, limits.lifetime) as session:
        for attempt in range(limits.attempts):
            try:
                fetch.run(session, url)
                break
            except DownloadError as error:
                if error.code in USELESS:
                    part.remove()
                if error.code not in PASSING or attempt == limits.attempts - 1:
                    raise
            time.sleep(limits.backoff * 2**attempt)
    with disk_errors():
        part.become_whole()
    return Downloaded(part.etag, part.modified)


@dataclass
class _Fetch:
    """One download: asks, writes what comes, and looks at it."""

    part: Part
    hosts: frozenset[str]
    max_bytes: int
    keep_free: int
    told: Callable[[Progress], None]
    limits: Limits
    verify: bool | str
    looked: float = 0.0

    def run(self, session: requests.Session, url: str) -> None:
        """Ask for what is missing, and test the file once nothing is.

        :raise DownloadError: as `download` does
        """
        part = self.part
        if part.total is None or part.size < part.total:
            self._ask(session, url)
        part.check_head(host_of(url))
        if part.total not in (None, part.size):
            raise DownloadError("cut", host_of(url), f"{part.size} of {part.total} bytes")
        unpacked = 0
        for size in part.unpacked(host_of(url)):
            unpacked += size
            if unpacked > MAX_BYTES:
                raise DownloadError("too_large", host_of(url), f"{unpacked}")
            self._look(part.size)

    def _ask(self, session: requests.Session, url: str) -> None:
        part, headers = self.part, {}
        if part.size and part.validator:
            headers = {"Range": f"bytes={part.size}-", "If-Range": part.validator}
        with network_errors(host_of(url)):
            response = follow(
                session,
                url,
                headers,
                hosts=self.hosts,
                timeout=(self.limits.connect, self.limits.read),
                redirects=self.limits.redirects,
                verify=self.verify,
            )
        with response:
            host = host_of(response.url)
            if response.status_code == 206 and headers:
                self._check_range(response, host)
            elif response.status_code == 416 and headers:
                raise DownloadError("changed", host)
            elif response.status_code == 200:
                with disk_errors():
                    part.begin(response.headers)
            else:
                raise DownloadError(meaning(response.status_code), host, f"{response.status_code}")
            if (part.total or 0) > self.max_bytes:
                raise DownloadError("too_large", host, f"{part.total}")
            self._check_room(max(0, (part.total or 0) - part.size))
            self._receive(response, host)

    def _check_range(self, response: requests.Response, host: str) -> None:
        """Refuse a piece of another file, or of another place of it."""
        part = self.part
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        # Not every server heeds If-Range.
        is_same = response.headers.get("ETag", part.etag) == part.etag
        if not (found and is_same and int(found[1]) == part.size):
            raise DownloadError("changed", host)
        if found[2].isdigit():
            if part.total not in (None, int(found[2])):
                raise DownloadError("changed", host)
            part.total = int(found[2])

    def _receive(self, response: requests.Response, host: str) -> None:
        """Write what comes, no further than the limits."""
        part, limits = self.part, self.limits
        done = part.size
        is_known = done >= HEAD
        begun, before = time.monotonic(), done
        with disk_errors(), part.path.open("ab") as file:
            while piece := self._next(response, host):
                file.write(piece)
                done += len(piece)
                if done > min(self.max_bytes, part.total or self.max_bytes):
                    raise DownloadError("too_large", host, f"{done}")
                if not is_known and done >= HEAD:
                    file.flush()
                    part.check_head(host)
                    is_known = True
                if (spent := time.monotonic() - begun) >= limits.patience:
                    if done - before < limits.slowest * spent:
                        raise DownloadError("timeout", host)
                    begun, before = time.monotonic(), done
                self._look(done)

    def _look(self, done: int) -> None:
        """Now and then, look whether the disk still has room, and tell how far it is."""
        now = time.monotonic()
        if now - self.looked < self.limits.look:
            return
        self.looked = now
        self._check_room(0)
        self.told(Progress(done, self.part.total, bool(self.part.validator)))

    @staticmethod
    def _next(response: requests.Response, host: str) -> bytes:
        # What is packed on its way stays so: its length is that of what is sent, and whoever reads
        # files unpacks them.
        with network_errors(host):
            return read_piece(response.raw, _PIECE, decode=False)

    def _check_room(self, wanted: int) -> None:
        free = shutil.disk_usage(self.part.path.parent).free
        if free - wanted < self.keep_free:
            raise DownloadError("disk_full", detail=f"{wanted + self.keep_free - free}")
