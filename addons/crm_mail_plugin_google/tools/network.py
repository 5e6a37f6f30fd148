"""The two places of Google's that are asked: its public keys, and the open e-mail in Gmail."""

import contextlib
import functools
import json
import os
import re
import time
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, prepend_scheme_if_needed, select_proxy

KEYS_URL = "https://www.googleapis.com/oauth2/v3/certs"
GMAIL_URL = "https://gmail.googleapis.com"
#: Seconds to connect or to wait for more of an answer, and for all tries together.
SECONDS, TOTAL = 10, 20
MAX_KEYS = 64 * 1024
#: An e-mail of Gmail's largest size, as JSON.
MAX_ANSWER = 96 * 1024 * 1024
_CHUNK = 64 * 1024
_HEADERS = {"Accept-Encoding": "gzip"}
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")
#: What Gmail says with status 403 when its limits are reached ("Resolve errors", usage limits).
_LIMITED = re.compile(r"(?:rate|daily)_?limit_?exceeded|quota_?exceeded", re.IGNORECASE)
#: What it says where more rights would help ("Error responses", ErrorReason of Google's APIs).
_UNGRANTED = re.compile(
    r"insufficient_?(?:permission|scope| authentication)|scope_insufficient", re.I
)
_HEX = re.compile(r"[0-9a-f]{1,16}")


class GmailError(Exception):
    """Gmail does not give an e-mail.

    :ivar reason: ``expired``, the token is too old; ``scopes``, the user has not granted enough;
        ``denied``, whatever is granted; ``disabled``, the project has no Gmail API; ``gone``, not
        in this mailbox; ``busy``; ``unreachable``
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def fetch_keys() -> tuple[Any, int]:
    """Return Google's public keys and for how many seconds they are good.

    :raise OSError: when they cannot be had
    :raise ValueError: when the answer is none
    """
    status, headers, content = _get(KEYS_URL, {}, {}, MAX_KEYS, time.monotonic() + SECONDS)
    if status != 200:
        raise ValueError(f"status {status}")
    age = _MAX_AGE.search(headers.get("Cache-Control", ""))
    return json.loads(content), int(age[1]) if age else 0


class Gmail:
    """The open e-mail of one event.

    :param access_token: the user's, of the event
    :param message_token: the e-mail's, of the event
    """

    def __init__(self, access_token: str, message_token: str):
        self._headers = {
            "Authorization": f"Bearer {access_token}",
            "X-Goog-Gmail-Access-Token": message_token,
        }
        self._deadline = time.monotonic() + TOTAL

    def get(self, message_id: str, **query: Any) -> dict[str, Any]:
        """Return an e-mail (``users.messages.get``), read again once where Gmail is busy.

        :param message_id: as `events.rest_id` gives it
        :param query: format, metadataHeaders
        :raise GmailError: when it cannot be had
        """
        status, content = self._ask(message_id, query)
        if status in (400, 404) and _HEX.fullmatch(message_id):
            # Google's own example asks by the event's spelling.
            status, content = self._ask(f"msg-f:{int(message_id, 16)}", query)
        if status != 200:
            raise GmailError(_reason(status, content))
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise GmailError("unreachable")
        return answer

    def _ask(self, message_id: str, query: dict[str, Any]) -> tuple[int, bytes]:
        name = quote(message_id, safe="")
        url = f"{GMAIL_URL}/gmail/v1/users/me/messages/{name}"
        for last in (False, True):
            try:
                status, _headers, content = _get(
                    url, self._headers, query, MAX_ANSWER, self._deadline
                )
            except (OSError, ValueError):
                raise GmailError("unreachable") from None
            if last or _reason(status, content) != "busy":
                break
        return status, content


def _get(
    url: str, headers: dict[str, str], query: dict[str, Any], most: int, deadline: float
) -> tuple[int, Any, bytes]:
    """Return status, headers and content of an answer.

    :raise OSError: when it does not come in time
    :raise ValueError: when it is too large
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if query:
        url = f"{url}?{urlencode(query, doseq=True)}"
    try:
        answer = _ask_again(url, headers, min(SECONDS, left))
        with contextlib.closing(answer):
            content = bytearray()
            for chunk in answer.stream(_CHUNK, decode_content=True):
                content += chunk
                if len(content) > most:
                    raise ValueError("too large")
                if time.monotonic() > deadline:
                    raise TimeoutError
            answer.release_conn()
            return answer.status, answer.headers, bytes(content)
    except urllib3.exceptions.HTTPError as error:
        raise OSError(str(error)) from error


def _ask_again(url: str, headers: dict[str, str], seconds: float) -> Any:
    """Return the beginning of an answer; a connection that was kept may have been closed."""
    parts = urlsplit(url)
    pools = _pools(f"{parts.scheme}://{parts.netloc}")
    for last in (False, True):
        try:
            return pools.request(
                "GET", url, headers={**_HEADERS, **headers}, timeout=seconds,
                retries=False, redirect=False, preload_content=False,
            )  # fmt: skip
        except urllib3.exceptions.ProtocolError:
            if last:
                raise
    raise AssertionError("either answered or raised")


@functools.lru_cache(maxsize=4)
def _pools(origin: str) -> urllib3.PoolManager:
    """Return what keeps connections to a host: each new one costs several ways to Google and back.

    Nothing of one user's is kept for another: it knows no cookies, and tokens are sent with each
    request. A `requests.Session` would do more work for each than we do for the whole answer.
    """
    # The server's proxies and certificates are read once, and no other password than a token.
    settings = requests.Session().merge_environment_settings(origin, {}, None, None, None)
    trusted = settings["verify"] if isinstance(settings["verify"], str) else DEFAULT_CA_BUNDLE_PATH
    kind = "ca_cert_dir" if os.path.isdir(trusted) else "ca_certs"
    tls: dict[str, Any] = {"cert_reqs": "CERT_REQUIRED", kind: trusted}
    if proxy := select_proxy(origin, settings["proxies"]):
        return HTTPAdapter().proxy_manager_for(prepend_scheme_if_needed(proxy, "http"), **tls)
    return urllib3.PoolManager(**tls)


def _reason(status: int, content: bytes) -> str:
    if status == 200:
        return ""
    if status == 401:
        return "expired"
    if status == 403:
        text = content.decode("utf-8", "replace")
        if "accessNotConfigured" in text or "SERVICE_DISABLED" in text:
            return "disabled"
        if _LIMITED.search(text):
            return "busy"
        # Consent helps against nothing else, and would be asked for without end.
        return "scopes" if _UNGRANTED.search(text) else "denied"
    if status in (400, 404):
        return "gone"
    return "busy" if status == 429 or status >= 500 else "unreachable"


def refuses(url: str) -> bool:
    """Say whether an address answers a request without a token as the add-on's does.

    :raise OSError: when it does not answer
    """
    answer = requests.post(
        url, data=b"{}", headers={"Content-Type": "application/json"}, timeout=SECONDS
    )
    return answer.status_code == 401
