"""Where a sign-in code may be sent: the allow-list of redirects as plain rules."""

import dataclasses
import urllib.parse

#: Where the add-ins published by Odoo receive their code: Outlook's task pane and, for Gmail, the
#: call-back of an Apps Script (`*` is the script's id).
SHIPPED = (
    "https://download.odoocdn.com/",
    "https://script.google.com/macros/d/*/usercallback",
)
MAX_LENGTH = 2048
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidPattern(ValueError):
    """A line of the allow-list is no redirect that could be allowed.

    :ivar pattern: the line
    """

    def __init__(self, pattern: str):
        super().__init__(pattern)
        self.pattern = pattern


@dataclasses.dataclass(frozen=True)
class Redirect:
    """The parts of a URL that decide; made by `parse`."""

    scheme: str
    host: str
    port: int
    path: tuple[str, ...]
    is_folder: bool

    @property
    def origin(self) -> str:
        default = _DEFAULT_PORTS[self.scheme] == self.port
        return f"{self.scheme}://{self.host}" + ("" if default else f":{self.port}")

    def covers(self, other: "Redirect") -> bool:
        """Say whether `other` is the place this pattern names, or lies below its folder."""
        if (self.scheme, self.host, self.port) != (other.scheme, other.host, other.port):
            return False
        if self.is_folder:
            if len(other.path) < len(self.path):
                return False
        elif other.is_folder or len(other.path) != len(self.path):
            return False
        return all(
            expected in ("*", found) for expected, found in zip(self.path, other.path, strict=False)
        )


def parse(url: object) -> Redirect | None:
    """Take a URL apart.

    :param url: anything
    :return: its parts, None when it is no plain absolute https URL. http is taken only for the
        machine itself, where developers of add-ins serve them.
    """
    if not isinstance(url, str) or not 0 < len(url) <= MAX_LENGTH or not _is_plain(url):
        return None
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if not host or parts.username is not None or parts.password is not None:
        return None
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOCAL_HOSTS):
        return None
    segments = [urllib.parse.unquote(segment) for segment in parts.path.split("/")[1:]] or [""]
    if any(segment in (".", "..") or set(segment) & set("/\\") for segment in segments):
        return None
    return Redirect(
        scheme=parts.scheme,
        host=host,
        port=_DEFAULT_PORTS[parts.scheme] if port is None else port,
        path=tuple(segments[:-1] if segments[-1] == "" else segments),
        is_folder=segments[-1] == "",
    )


def _is_plain(url: str) -> bool:
    """Refuse what browsers and parsers read differently: spaces, controls, backslashes."""
    return url.isascii() and url.isprintable() and not set(url) & set(" \\\"'<>`")


def parse_patterns(text: str) -> tuple[Redirect, ...]:
    """Read an allow-list, one URL per line; `*` stands for one part of a path.

    :raise InvalidPattern: for a line that is no such URL
    """
    patterns = []
    for line in filter(None, map(str.strip, text.splitlines())):
        pattern = parse(line)
        if pattern is None or "*" in pattern.host or set(line) & set("?#"):
            raise InvalidPattern(line)
        patterns.append(pattern)
    return tuple(patterns)


def is_allowed(url: object, patterns: tuple[Redirect, ...]) -> bool:
    """Say whether a code may be sent to `url`."""
    redirect = parse(url)
    return redirect is not None and any(pattern.covers(redirect) for pattern in patterns)


def with_answer(url: str, answer: dict[str, str]) -> str:
    """Return `url` with `answer` added to its query; what it had stays, the fragment too."""
    parts = urllib.parse.urlsplit(url)
    query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in query if name not in answer]
    return parts._replace(query=urllib.parse.urlencode([*kept, *answer.items()])).geturl()
