"""One visit of a website: few pages, slowly, as robots.txt allows, from public hosts only."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from protego import Protego
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

from odoo.addons.crm_common.tools.pieces import read_piece

from ..errors import (
    NetworkClosed,
    ProviderError,
    ProviderRateLimited,
    ProviderTimeout,
    ProviderUnavailable,
)
from ..http import _retry_after
from ..public_hosts import HostNotPublic, PublicHostAdapter, Resolve, is_public_url, resolve_public

_logger = logging.getLogger(__name__)

#: What robots.txt files may call us.
ROBOT = "OpenCRMServices"
HTML = ("text/html", "application/xhtml+xml")
IMAGES = ("image/png", "image/jpeg", "image/gif")

_CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one visit."""

    pages: int = 4
    page_bytes: int = 1 << 20  # of the decoded page; what follows is not read
    robots_bytes: int = 500 * 1024  # RFC 9309, section 2.5
    image_bytes: int = 2 << 20
    redirects: int = 5
    seconds: float = 30.0  # for the whole visit
    timeout: float = 8.0  # for one answer to begin
    delay: float = 1.0  # between two requests to one host
    longest_delay: float = 10.0  # a robots.txt that asks for more is left after the first page


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL led to.

    :ivar url: where it was found after redirects
    :ivar truncated: whether more followed than `Limits` allow
    """

    url: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    cookies: tuple[str, ...] = ()  # names
    body: bytes = b""
    truncated: bool = False

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class HostGate:
    """Lets one request at a time to each host, `delay` seconds apart, in this process."""

    _REMEMBERED = 1024

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: OrderedDict[str, tuple[threading.Lock, list[float]]] = OrderedDict()

    @contextmanager
    def turn(self, host: str, delay: float, patience: float) -> Iterator[None]:
        """Wait for our turn at `host`.

        :param delay: seconds since the end of the last request to this host
        :param patience: seconds to wait at most for others
        :raise ProviderTimeout: if it would take longer
        """
        lock, last_end = self._of(host)
        if not lock.acquire(timeout=max(patience, 0)):
            raise ProviderTimeout(f"Others are busy with {host}.")
        try:
            wait = last_end[0] + delay - self._clock() if last_end else 0
            if wait > patience:
                raise ProviderTimeout(f"There is no time left to wait for {host}.")
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                last_end[:] = [self._clock()]
        finally:
            lock.release()

    def _of(self, host: str) -> tuple[threading.Lock, list[float]]:
        with self._lock:
            entry = self._hosts.setdefault(host, (threading.Lock(), []))
            self._hosts.move_to_end(host)
            if len(self._hosts) > self._REMEMBERED:
                self._forget_oldest()
            return entry

    def _forget_oldest(self) -> None:
        oldest = next(iter(self._hosts))
        if not self._hosts[oldest][0].locked():
            del self._hosts[oldest]


GATE = HostGate()


class Visit:
    """Fetches what one enrichment needs; use it as a context manager.

    :param user_agent: the whole header; it tells who asks and where to complain
    :param resolve: the check of addresses, replaced only in tests
    :param closed: whether nobody may be visited, as from a copy of a database
    """

    def __init__(
        self,
        user_agent: str,
        *,
        limits: Limits | None = None,
        resolve: Resolve = resolve_public,
        gate: HostGate = GATE,
        verify: bool | str = True,
        closed: bool = False,
    ):
        self.limits = limits or Limits()
        self._closed = closed
        self._gate = gate
        self._robots: dict[str, Protego | None] = {}
        self._deadline = time.monotonic() + self.limits.seconds
        self._session = _session(user_agent, resolve, self.limits.seconds, verify)

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._session.close()

    def page(self, url: str) -> Answer | None:
        """Return a web page, or None if there is none or robots.txt does not allow to read it.

        :raise ProviderError: if the host cannot be reached, fails or takes too long
        """
        return self._follow(url, HTML, self.limits.page_bytes)

    def image(self, url: str) -> Answer | None:
        """Return an image, or None if there is none, it is too large or not allowed."""
        answer = self._follow(url, IMAGES, self.limits.image_bytes)
        return None if answer is None or answer.truncated else answer

    def is_patient_enough(self, url: str) -> bool:
        """Tell whether the host lets itself be asked again within the time of a visit."""
        robots = self._robots.get(_origin(url))
        asked = robots.crawl_delay(ROBOT) if robots else None
        return (asked or 0) <= self.limits.longest_delay

    # === REDIRECTS === #

    def _follow(self, url: str, types: tuple[str, ...], limit: int) -> Answer | None:
        for _hop in range(self.limits.redirects + 1):
            url = _checked(url)
            if not self._may_read(url):
                _logger.info("robots.txt does not allow to read %s", url)
                return None
            answer, target = self._request(url, types, limit)
            if not target:
                return _usable(answer, types)
            url = _joined(url, target)
        _logger.info("Too many redirects to %s", url)
        return None

    def _request(
        self, url: str, types: tuple[str, ...] | None, limit: int
    ) -> tuple[Answer, str | None]:
        """Return the answer and where it sends us; its body is read only if of the right type."""
        if self._closed:
            raise NetworkClosed
        patience = self._deadline - time.monotonic()
        with self._gate.turn(urlsplit(url).hostname or "", self._delay(url), patience):
            try:
                response = self._session.get(
                    url, stream=True, allow_redirects=False, timeout=self._timeout()
                )
                with response:
                    return self._answer(response, types, limit)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise self._translated(error, url) from error

    def _answer(
        self, response: requests.Response, types: tuple[str, ...] | None, limit: int
    ) -> tuple[Answer, str | None]:
        target = self._session.get_redirect_target(response)
        answer = Answer(
            url=response.url,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            cookies=tuple(cookie.name for cookie in response.cookies),
        )
        wanted = types is None or not answer.content_type or answer.content_type in types
        if target or not wanted or response.status_code != 200:
            return answer, target
        body, truncated = self._body(response, limit)
        return _with_body(answer, body, truncated), None

    def _body(self, response: requests.Response, limit: int) -> tuple[bytes, bool]:
        """Read at most `limit` decoded bytes: a small answer may unfold to gigabytes."""
        body = bytearray()
        try:
            while len(body) <= limit:
                if time.monotonic() > self._deadline:
                    raise ProviderTimeout(f"{response.url} takes too long.")
                chunk = read_piece(response.raw, _CHUNK)
                if not chunk:
                    break
                body += chunk
        except DecodeError:
            _logger.info("The compression of %s is broken", response.url)
        return bytes(body[:limit]), len(body) > limit

    # === POLITENESS === #

    def _may_read(self, url: str) -> bool:
        origin = _origin(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        robots = self._robots[origin]
        return robots is not None and robots.can_fetch(url, ROBOT)

    def _read_robots(self, origin: str) -> Protego | None:
        """Return the rules, None where they cannot be read: then nothing may be (RFC 9309, 2.3.1).

        Whoever has no robots.txt (4xx) allows everything.
        """
        url = f"{origin}/robots.txt"
        for _hop in range(self.limits.redirects + 1):
            answer, target = self._request(_checked(url), None, self.limits.robots_bytes)
            if target:
                url = _joined(url, target)
                continue
            if answer.status == 429 or answer.status >= 500:
                raise _failure(answer)
            return _parsed_robots(answer.body if answer.status == 200 else b"")
        return _parsed_robots(b"")

    def _delay(self, url: str) -> float:
        robots = self._robots.get(_origin(url))
        asked = robots.crawl_delay(ROBOT) if robots else None
        return min(max(asked or 0, self.limits.delay), self.limits.longest_delay)

    # === TIME AND FAILURES === #

    def _timeout(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise ProviderTimeout("The visit takes too long.")
        return min(left, self.limits.timeout)

    def _translated(self, error: Exception, url: str) -> ProviderError:
        late = time.monotonic() > self._deadline
        if late or isinstance(error, requests.Timeout | ReadTimeoutError | TimeoutError):
            return ProviderTimeout(f"{url} takes too long.")
        unreached = "NewConnectionError" in repr(error)
        return ProviderUnavailable(f"{url} cannot be read.", unreached=unreached)


def _session(
    user_agent: str, resolve: Resolve, lifetime: float, verify: bool | str
) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # neither proxies nor credentials of ours
    session.verify = verify
    # Cookies are seen but not kept: nobody is tracked through us.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers = {
        "User-Agent": user_agent,
        "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        "Accept-Encoding": "gzip",
    }
    adapter = PublicHostAdapter(resolve, lifetime)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _checked(url: str) -> str:
    url = urldefrag(url).url
    if not is_public_url(url):
        raise HostNotPublic(f"{url} does not lead to a public host.")
    return url


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError as error:
        raise HostNotPublic(f"{base} leads nowhere.") from error


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _parsed_robots(body: bytes) -> Protego:
    return Protego.parse(body.decode("utf-8", "replace"))


def _with_body(answer: Answer, body: bytes, truncated: bool) -> Answer:
    return Answer(answer.url, answer.status, answer.headers, answer.cookies, body, truncated)


def _usable(answer: Answer, types: tuple[str, ...]) -> Answer | None:
    """Return the answer if it has what was asked for; 4xx is "there is none".

    Even 401 and 403 say nothing about credentials: we have none.
    """
    if answer.status == 429 or answer.status >= 500:
        raise _failure(answer)
    fits = not answer.content_type or answer.content_type in types
    return answer if answer.status == 200 and fits else None


def _failure(answer: Answer) -> ProviderError:
    if answer.status == 429:
        return ProviderRateLimited(retry_after=_retry_after(answer.headers.get("retry-after")))
    return ProviderUnavailable(f"{answer.url} fails.", status=answer.status)
