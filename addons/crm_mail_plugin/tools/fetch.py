"""Pictures from the web, taken only from public hosts and only when they are pictures.

What to fetch comes from outside: from a provider's answer or from a sender's domain. So each URL, a
redirect's as well, goes through the guard of public hosts; type, size and time are bounded.
"""

import io
import logging
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import TypeVar

import requests
import urllib3
from PIL import Image

from odoo.addons.crm_common.tools.pieces import read_piece
from odoo.addons.crm_common.tools.public_hosts import (
    HostNotPublic,
    HostUnknown,
    NameServiceFailed,
    PublicHostAdapter,
    Resolve,
    is_public_url,
    resolve_public,
)

_logger = logging.getLogger(__name__)

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4096 * 4096
MAX_REDIRECTS = 2
MAX_URL = 2048
SECONDS = 3.0
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "ICO")
Answer = TypeVar("Answer")
#: Pictures that a process fetches at once, those that nobody waits for any more included.
MAX_AT_ONCE = 16
_THREAD = "crm_mail_plugin.pictures"
_slots = threading.BoundedSemaphore(MAX_AT_ONCE)
CONTENT_TYPES = ("image/", "application/octet-stream")


class FetchRefused(Exception):
    """A picture is not fetched or not taken.

    :ivar reason: why, for the log
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def fetch_image(
    url: object, *, resolve: Resolve = resolve_public, closed: bool = False
) -> bytes | None:
    """Return the picture at `url`, None when there is none that may be had.

    :param url: anything; only http and https to a public host is followed
    :param resolve: the check of hosts, replaced only in tests
    :param closed: whether nobody may be asked at all, as from a copy of a database
    """
    if closed:
        _logger.info("No picture is fetched from a neutralized copy of a database.")
        return None
    return within(SECONDS, lambda: _fetch_image(url, resolve))


def within(seconds: float, work: Callable[[], Answer]) -> Answer | None:
    """Return what `work` returns, None when it has not ended by then.

    Time-outs of sockets count from the last byte, and the name service has none, so the work is
    done by a thread that is left alone when its time is over. Of those there are few at once.

    :param seconds: from now on
    :param work: what is done; no database, no request
    """
    if threading.current_thread().name == _THREAD:
        return work()  # The time of the one that waits runs already.
    deadline = time.monotonic() + seconds
    slots = _slots
    if not slots.acquire(timeout=max(seconds, 0)):
        _logger.info("A picture was not fetched: too many are on their way.")
        return None
    answers: list[Answer] = []

    def run() -> None:
        try:
            answers.append(work())
        finally:
            slots.release()

    thread = threading.Thread(target=run, name=_THREAD, daemon=True)
    thread.start()
    thread.join(max(deadline - time.monotonic(), 0))
    if not answers:
        _logger.info("A picture was not fetched: it took too long.")
    return answers[0] if answers else None


def _fetch_image(url: object, resolve: Resolve) -> bytes | None:
    deadline = time.monotonic() + SECONDS
    try:
        with _session(resolve) as session:
            for _hop in range(MAX_REDIRECTS + 1):
                content, url = _fetch(session, url, deadline)
                if content is not None:
                    return _checked(content)
        raise FetchRefused("too many redirects")
    except FetchRefused as refusal:
        _logger.info("A picture was not fetched: %s", refusal.reason)
    except (
        HostNotPublic, HostUnknown, NameServiceFailed, OSError, ValueError,
        urllib3.exceptions.HTTPError,
    ) as error:  # fmt: skip
        _logger.info("A picture could not be fetched: %s", type(error).__name__)
    return None


def _session(resolve: Resolve) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # neither proxies nor credentials of ours
    session.headers = {"Accept": "image/*", "User-Agent": "Mozilla/5.0"}
    adapter = PublicHostAdapter(resolve, SECONDS)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _fetch(
    session: requests.Session, url: object, deadline: float
) -> tuple[bytes | None, str | None]:
    """Ask once; return the content, or else the URL that the answer points to."""
    if not isinstance(url, str) or len(url) > MAX_URL or not is_public_url(url):
        raise FetchRefused("no URL of a public host")
    with session.get(url, stream=True, allow_redirects=False, timeout=_left(deadline)) as answer:
        if answer.is_redirect:
            return None, urllib.parse.urljoin(url, answer.headers["Location"])
        return _read(answer, deadline), None


def _read(answer: requests.Response, deadline: float) -> bytes:
    if answer.status_code != 200:
        raise FetchRefused(f"status {answer.status_code}")
    if not answer.headers.get("Content-Type", "").lower().startswith(CONTENT_TYPES):
        raise FetchRefused("no picture by its type")
    content = b""
    while chunk := read_piece(answer.raw, 16384, decode=False):
        content += chunk
        if len(content) > MAX_BYTES:
            raise FetchRefused("too large")
        _left(deadline)
    return content


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchRefused("too slow")
    return left


def _checked(content: bytes) -> bytes:
    """Return `content` if it is a picture of a usual format and size."""
    known = [form for form in FORMATS if form in Image.OPEN]
    try:
        with Image.open(io.BytesIO(content), formats=known) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise FetchRefused("too many pixels")
            image.verify()
    except FetchRefused:
        raise
    except Exception as error:  # Pillow's readers raise whatever a broken file leads to
        raise FetchRefused("no picture by its content") from error
    return content
