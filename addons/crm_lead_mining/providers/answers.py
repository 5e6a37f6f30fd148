"""Reading of JSON that others wrote: every value is checked, bounded and may be missing."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ..company.cells import is_placeholder, read_email, read_year
from ..company.sizes import MAX_EMPLOYEES, read_employees
from .errors import ProviderAnswerInvalid

MAX_TEXT = 512
MAX_ITEMS = 10_000
#: Names that mean something else, or nothing, outside of one network (RFC 6761, 6762, 8375).
_INSIDE = (".localhost", ".local", ".internal", ".home.arpa", ".localdomain", ".lan")


def text(value: Any, limit: int = MAX_TEXT) -> str:
    """Return a text or number as one line without control characters.

    "" if it is something else, or says that there is no value ("n/a", "[ND]").
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    value = str(value)[: 4 * limit]
    printable = (
        value
        if value.isprintable()
        else "".join(char if char.isprintable() else " " for char in value)
    )
    line = " ".join(printable.split())[:limit].rstrip()
    # "NA" is Namibia too.
    return "" if is_placeholder(line, are_places=True) else line


def texts(value: Any, limit: int = 50) -> tuple[str, ...]:
    """Return the texts of a list, each once and at most so many; a text alone is a list of one."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(filter(None, map(text, values[:MAX_ITEMS]))))[:limit]


def emails(value: Any, limit: int = 20) -> tuple[str, ...]:
    """Return what is an e-mail address in a list (or alone), in lower case."""
    return tuple(dict.fromkeys(filter(None, map(read_email, texts(value, limit)))))


def year(value: Any) -> int | None:
    """Return the year of a number or of a date, None if there is none."""
    return read_year(text(value))


def web_url(value: Any) -> str:
    """Return a web address that a browser may be sent to, else "".

    Without a scheme https is meant. Numbers, this very machine and names that only exist inside a
    network are no addresses that a provider has any business to name.
    """
    url = text(value, 2048)
    url = url if "//" in url else f"https://{url}" if url else ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    named = "." in host and not host.rpartition(".")[2].isdigit() and ":" not in host
    if parts.scheme not in ("http", "https") or not named or host.endswith(_INSIDE):
        return ""
    return url


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, or an empty one if the value is something else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list, bounded; anything else is left out."""
    if not isinstance(value, list):
        return []
    return [item for item in value[:MAX_ITEMS] if isinstance(item, dict)]


def number(value: Any) -> int | None:
    """Return a whole number that is not negative, written as one or as its digits, else None."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**53:
        return None
    return int(value)


def required_items(answer: Any, key: str, provider: str) -> list[Mapping[str, Any]]:
    """Return the objects under a key that the answer must have.

    :raise ProviderAnswerInvalid: if it has another shape
    """
    if not isinstance(answer, dict) or not isinstance(answer.get(key), list):
        raise ProviderAnswerInvalid(f"no list “{key}”", provider=provider)
    return items(answer[key])


def employees(*values: Any) -> dict[str, Any]:
    """Return `Company`'s three fields from the first value that tells a number or a band."""
    for value in values:
        if (exact := number(value)) is not None and exact <= MAX_EMPLOYEES:
            return {"employees_min": exact, "employees_max": exact, "employees": exact}
        if found := read_employees(text(value)):
            least, most, exact = found
            return {"employees_min": least, "employees_max": most, "employees": exact}
    return {}
