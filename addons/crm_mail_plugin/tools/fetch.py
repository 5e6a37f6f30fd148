"""Pictures from the web, taken only from public hosts and only when they are pictures.

What to fetch comes from outside: from a provider's answer or from a sender's domain. So the host
is resolved once, must have public addresses only, and the connection goes to the very address that
was checked; each redirect is checked like the first URL; type, size and time are bounded.
"""

import io
import ipaddress
import logging
import socket
import time
import urllib.parse
from collections.abc import Callable

import certifi
import urllib3
from PIL import Image, UnidentifiedImageError

_logger = logging.getLogger(__name__)

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4096 * 4096
MAX_REDIRECTS = 2
SECONDS = 3.0
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "ICO")
CONTENT_TYPES = ("image/", "application/octet-stream")
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchRefused(Exception):
    """A picture is not fetched or not taken.

    :ivar str reason: why, for the log
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def is_public(address: str) -> bool:
    """Say whether an IP address, in text, is one of the public Internet."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if parsed.version == 6:
        embedded = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if parsed in _NAT64:
            embedded = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if embedded is not None:
            parsed = embedded
    return parsed.is_global and not parsed.is_multicast


def fetch_image(
    url: object,
    *,
    allow: Callable[[str], bool] = is_public,
    resolve: Callable = socket.getaddrinfo,
    ports: dict[str, int] = _PORTS,
    closed: bool = False,
) -> bytes | None:
    """Return the picture at `url`, None when there is none that may be had.

    :param url: anything; only http and https to a public host is followed
    :param allow: says whether an IP address may be asked
    :param resolve: gives a host's addresses, as :func:`socket.getaddrinfo`
    :param ports: the port of each scheme; others are refused
    :param closed: whether nobody may be asked at all, as from a copy of a database
    """
    deadline = time.monotonic() + SECONDS
    try:
        if closed:
            raise FetchRefused("nobody is asked from a neutralized copy of a database")
        for _hop in range(MAX_REDIRECTS + 1):
            content, url = _fetch(url, allow, resolve, ports, deadline)
            if content is not None:
                return _checked(content)
        raise FetchRefused("too many redirects")
    except FetchRefused as refusal:
        _logger.info("A picture was not fetched: %s", refusal.reason)
    except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
        _logger.info("A picture could not be fetched: %s", type(error).__name__)
    return None


def _fetch(url, allow, resolve, ports, deadline) -> tuple[bytes | None, str | None]:
    """Ask once; return the content, or else the URL that the answer points to."""
    if not isinstance(url, str) or len(url) > 2048:
        raise FetchRefused("no URL")
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ports or not parts.hostname or parts.username is not None:
        raise FetchRefused("no plain web address")
    port = ports[parts.scheme]
    if parts.port not in (None, port):
        raise FetchRefused("another port")
    found = resolve(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [entry[4][0] for entry in found]
    if not addresses or not all(map(allow, addresses)):
        raise FetchRefused("the host is not a public one")
    with _pool(parts.scheme, addresses[0], port, parts.hostname) as pool:
        answer = pool.request(
            "GET",
            urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, "")),
            headers={"Host": parts.netloc, "Accept": "image/*", "User-Agent": "Mozilla/5.0"},
            timeout=urllib3.Timeout(total=_left(deadline)),
            redirect=False,
            retries=False,
            preload_content=False,
        )
        try:
            if answer.status in (301, 302, 303, 307, 308) and answer.headers.get("Location"):
                return None, urllib.parse.urljoin(url, answer.headers["Location"])
            return _read(answer, deadline), None
        finally:
            answer.close()


def _pool(scheme: str, address: str, port: int, hostname: str):
    """Return connections to `address` that a certificate of `hostname` is asked of."""
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        server_hostname=hostname,
        assert_hostname=hostname,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def _read(answer, deadline: float) -> bytes:
    if answer.status != 200:
        raise FetchRefused(f"status {answer.status}")
    if not answer.headers.get("Content-Type", "").lower().startswith(CONTENT_TYPES):
        raise FetchRefused("no picture by its type")
    content = b""
    for chunk in answer.stream(16384, decode_content=False):
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
    except (UnidentifiedImageError, SyntaxError, OSError, ValueError) as error:
        raise FetchRefused("no picture by its content") from error
    return content
