"""One request pipeline for all providers that are asked by HTTP.

URL, headers, credentials, time-outs, retries, size limit, log and errors are the same everywhere;
an adapter only says what to ask and reads the JSON that comes back.
"""

import email.utils
import itertools
import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

import requests

from odoo.addons.crm_common.tools.pieces import read_piece

from .errors import (
    NetworkClosed,
    ProviderAnswerInvalid,
    ProviderAnswerTooLarge,
    ProviderError,
    ProviderQuotaExceeded,
    ProviderRateLimited,
    ProviderRefused,
    ProviderRequestInvalid,
    ProviderTimeout,
    ProviderUnavailable,
)
from .pace import UNPACED, Pace

_logger = logging.getLogger(__name__)

USER_AGENT = "open-crm-lead-mining/19.0"
MAX_REDIRECTS = 3
MAX_RETRY_AFTER = 24 * 3600.0  # seconds; more is believed to be a mistake
MAX_PACE_WAIT = 3.0  # seconds; who has to wait longer for a turn has better things to do
REDACTED = "[redacted]"
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question to a provider may take.

    :ivar connect: seconds until the connection stands
    :ivar read: seconds between two pieces of the answer
    :ivar deadline: seconds for all of it, retries and waiting included
    :ivar attempts: how often a question is asked at most
    :ivar backoff: seconds before the second attempt; doubles with each further one
    :ivar max_bytes: size of an answer
    """

    connect: float = 5.0
    read: float = 20.0
    deadline: float = 60.0
    attempts: int = 4
    backoff: float = 0.5
    max_bytes: int = 10 << 20


@dataclass(frozen=True)
class HttpClient:
    """Asks one provider.

    :param provider: the provider's code, for errors and the log
    :param base_url: http or https
    :param headers: sent with every question; may hold a key
    :param auth: (user, password) of HTTP Basic
    :param secrets: values that must never reach a log or an error, in whatever place they are
    :param meanings: statuses that mean another one at this provider: {403: 429}
    :param closed: whether nobody may be asked at all, as on a copy of a database
    :param pace: the turns that this client takes its questions from
    :param heard: is told the headers of each answer
    :param sleep: waits between attempts
    """

    provider: str
    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    secrets: tuple[str, ...] = ()
    limits: Limits = Limits()
    meanings: Mapping[int, int] = field(default_factory=dict)
    closed: bool = False
    pace: Pace = UNPACED
    heard: Callable[[Mapping[str, str]], None] | None = None
    sleep: Callable[[float], None] = time.sleep

    def within(self, seconds: float) -> "HttpClient":
        """Return a client that asks once and gives up after these seconds."""
        limits = replace(self.limits, deadline=min(seconds, self.limits.deadline), attempts=1)
        return replace(self, limits=limits)

    def get(self, path: str, params: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Ask by GET; see `ask`."""
        return self.ask("GET", path, params=params, repeatable=True, **options)

    def head(self, path: str, **options: Any) -> None:
        """Ask for the headers only, which `heard` is told; see `ask`."""
        return self.ask("HEAD", path, repeatable=True, **options)

    def post(self, path: str, body: Any, *, repeatable: bool = False, **options: Any) -> Any:
        """Ask by POST with a JSON body; see `ask`."""
        return self.ask("POST", path, body=body, repeatable=repeatable, **options)

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        repeatable: bool,
        missing: tuple[int, ...] = (),
    ) -> Any:
        """Return the JSON that the provider answers.

        :param repeatable: whether asking twice is harmless. If not, the question is only asked
            again where the provider certainly has not worked on it: refused connection, 429.
        :param missing: statuses that mean "nothing found" here: the answer is None
        :raise ProviderError: one class for each cause; see `errors`
        """
        if self.closed:
            raise NetworkClosed(provider=self.provider)
        question = _Question(method, urljoin(self.base_url + "/", path.lstrip("/")), params, body)
        ends = time.monotonic() + self.limits.deadline
        for attempt in itertools.count(1):
            self._wait_for_turn(ends)
            try:
                return self._ask_once(question, ends, missing)
            except ProviderError as error:
                wait = self._wait(error, attempt, repeatable)
                self._tell_others(error, wait)
                if wait is None or time.monotonic() + wait > ends:
                    raise
                _logger.info("%s: asked again in %.1f s after: %s", self.provider, wait, error)
            self.sleep(wait)

    def _wait_for_turn(self, ends: float) -> None:
        """Sleep until this client may ask.

        :raise ProviderRateLimited: if that is too long from now; nothing was asked
        """
        patience = max(0.0, min(MAX_PACE_WAIT, ends - time.monotonic()))
        wait = self.pace.take(patience)
        if wait > patience:
            raise ProviderRateLimited(retry_after=wait, remembered=True, provider=self.provider)
        if wait > 0:
            self.sleep(wait)

    def _tell_others(self, error: ProviderError, wait: float | None) -> None:
        if isinstance(error, ProviderRateLimited):
            self.pace.pause((wait or 0) if error.retry_after is None else error.retry_after)
            error.remembered = self.pace.shared

    def _wait(self, error: ProviderError, attempt: int, repeatable: bool) -> float | None:
        """Return how many seconds to wait before asking again, or None to give up."""
        unworked = isinstance(error, ProviderRateLimited) or getattr(error, "unreached", False)
        if not error.retryable or not (repeatable or unworked) or attempt >= self.limits.attempts:
            return None
        asked = getattr(error, "retry_after", None)
        # The jitter keeps workers that failed together from coming back together.
        jitter = random.uniform(1, 1.25)
        return self.limits.backoff * 2 ** (attempt - 1) * jitter if asked is None else asked

    def _ask_once(self, question: "_Question", ends: float, missing: tuple[int, ...]) -> Any:
        started = time.monotonic()
        status: object = "no answer"
        try:
            with self._session() as session, self._send(session, question, ends) as response:
                status = response.status_code
                content = self._read(response, ends)
        except requests.Timeout as error:
            raise ProviderTimeout(provider=self.provider) from _without_secrets(error)
        except requests.RequestException as error:
            raise ProviderUnavailable(
                type(error).__name__, unreached=_never_connected(error), provider=self.provider
            ) from _without_secrets(error)
        finally:
            seconds = time.monotonic() - started
            _logger.debug("%s: %s, %s, %.2f s", self.provider, self._log(question), status, seconds)
        if self.heard:
            self.heard(response.headers)
        if status in missing:
            return None
        self._check_status(response, content)
        return None if question.method == "HEAD" else self._parse(content)

    def _session(self) -> requests.Session:
        session = requests.Session()
        # Without an `auth`, requests would look for the host in the account's ~/.netrc.
        session.auth = self.auth or (lambda request: request)
        session.headers.update(
            {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
        )
        session.headers.update(self.headers)
        return session

    def _send(self, session: Any, question: "_Question", ends: float) -> requests.Response:
        """Send the question and follow redirects, but never to another host with our key."""
        url, params = question.url, question.params
        for _hop in range(MAX_REDIRECTS + 1):
            left = max(ends - time.monotonic(), 0.001)
            response = session.request(
                question.method,
                url,
                params=params,
                json=question.body,
                timeout=(min(self.limits.connect, left), min(self.limits.read, left)),
                allow_redirects=False,
                stream=True,
            )
            if not response.is_redirect:
                return response
            response.close()
            target = urljoin(url, response.headers["Location"])
            if question.method != "GET" or _origin(target) != _origin(url):
                raise self._invalid(f"redirect to {urlsplit(target).netloc or target}")
            url, params = target, None
        raise self._invalid("too many redirects")

    def _read(self, response: requests.Response, ends: float) -> bytes:
        """Read the answer piece by piece, no further than the size limit and the deadline."""
        limit = self.limits.max_bytes
        if int(response.headers.get("Content-Length") or 0) > limit:
            raise ProviderAnswerTooLarge(limit, provider=self.provider)
        content = bytearray()
        try:
            while chunk := read_piece(response.raw, _CHUNK):
                content += chunk
                if len(content) > limit:
                    raise ProviderAnswerTooLarge(limit, provider=self.provider)
                if time.monotonic() > ends:
                    raise ProviderTimeout(provider=self.provider)
        except ProviderError:
            raise
        except TimeoutError as error:
            raise ProviderTimeout(provider=self.provider) from error
        except Exception as error:  # urllib3's and zlib's own: all mean a broken answer
            if "timed out" in str(error):
                raise ProviderTimeout(provider=self.provider) from error
            failure = ProviderUnavailable("the answer broke off", provider=self.provider)
            raise failure from error
        return bytes(content)

    def _check_status(self, response: requests.Response, content: bytes) -> None:
        status = self.meanings.get(response.status_code, response.status_code)
        if status < 300:
            return
        detail = self._redact(content[:200].decode("utf-8", "replace"))
        if status in (401, 403):
            raise ProviderRefused(detail, status=status, provider=self.provider)
        if status == 402:
            raise ProviderQuotaExceeded(detail, provider=self.provider)
        if status == 429:
            wait = _retry_after(response.headers.get("Retry-After"))
            if wait is None:
                wait = _reset(response.headers.get("X-Ratelimit-Reset"))
            raise ProviderRateLimited(retry_after=wait, provider=self.provider)
        if status == 408 or status >= 500:
            message = f"HTTP {status}"
            raise ProviderUnavailable(message, status=status, provider=self.provider)
        raise ProviderRequestInvalid(detail, status=status, provider=self.provider)

    def _parse(self, content: bytes) -> Any:
        try:
            answer = json.loads(content, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            start = content[:80].decode("utf-8", "replace").strip()
            kind = "HTML" if start.startswith("<") else "no JSON"
            raise self._invalid(f"{kind}: {self._redact(start)}") from error
        if answer is None:  # it stands for "missing" here
            raise self._invalid("null")
        return answer

    def _invalid(self, detail: str) -> ProviderAnswerInvalid:
        return ProviderAnswerInvalid(detail, provider=self.provider)

    def _log(self, question: "_Question") -> str:
        """The question as the log may show it."""
        params = "&".join(f"{key}={value}" for key, value in (question.params or {}).items())
        return self._redact(f"{question.method} {question.url}{'?' if params else ''}{params}")

    def _redact(self, text: str) -> str:
        for secret in (*self.secrets, *(self.auth or ()), *self._header_secrets()):
            if secret:
                text = text.replace(secret, REDACTED)
        return text

    def _header_secrets(self) -> list[str]:
        return [
            value
            for name, value in self.headers.items()
            if name.lower() in ("authorization", "x-api-key", "api-key", "cookie")
        ]


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    url: str
    params: Mapping[str, Any] | None
    body: Any


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _never_connected(error: requests.RequestException) -> bool:
    return "NewConnectionError" in repr(error.args) or "NameResolutionError" in repr(error.args)


def _without_secrets(error: Exception) -> Exception:
    """requests' errors tell the whole URL with its parameters: keep the class only."""
    return type(error)(type(error).__name__)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), None if none."""
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value)
    else:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _reset(value: str | None) -> float | None:
    """Return the seconds until a moment, in seconds since 1970 or as ISO 8601; None if none."""
    value = (value or "").strip()
    try:
        if value.isascii() and value.isdigit():
            moment = float(value)
        else:
            moment = datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError):
        return None
    seconds = moment - time.time()
    # A number that is no moment at all (seconds that are left, for example) is not believed.
    return seconds if 0 <= seconds <= MAX_RETRY_AFTER else None
