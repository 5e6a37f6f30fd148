"""What the parameters of the add-ins' routes may be; everything else is refused.

Each method of a route declares its own, by name: ``@http.route(…, addin_params={"name": line})``.
"""

import dataclasses
import inspect
import math
from collections.abc import Callable
from typing import Any

#: A check takes a parameter's name and value, and returns the value as the route gets it.
Check = Callable[[str, Any], Any]

MAX_ID = 2**31 - 1
MAX_ROWS = 100
MAX_LINE = 4000
#: Subjects are cut here, and so are lists of people: an e-mail to a thousand is one as well.
MAX_SUBJECT = 1000
MAX_PEOPLE = 100_000
MAX_TERMS = 500
#: Brackets of comments in a list of people; Python reads one in another by a call in a call.
MAX_COMMENTS = 50
#: An e-mail's text carries its pictures as data: all that the add-ins let through, in base64.
MAX_HTML = 56 * 1024 * 1024
#: Of an e-mail's list of files the rest is not even told.
MAX_ATTACHMENTS = 2000
MAX_TIMESTAMP = 253402300799000  # Milliseconds; the end of the year 9999.
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclasses.dataclass(frozen=True)
class Attachment:
    """A file of an e-mail.

    :ivar name: file name
    :ivar content: its bytes
    :ivar cid: its Content-ID, by which the text shows it, "" when unknown
    """

    name: str
    content: bytes
    cid: str = ""


class Refused(ValueError):
    """A parameter is not what it may be.

    :ivar name: of the parameter
    :ivar reason: ``missing``, ``type`` or ``size``
    """

    def __init__(self, name: str, reason: str):
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def encodable(value: str) -> str:
    """Return a text whose lone surrogates, which cannot be encoded, are replaced."""
    return value.encode("utf-8", "replace").decode()


def text(length: int) -> Check:
    """Return a check for text; what a database cannot hold is taken out of it."""

    def check(name: str, value: Any) -> str:
        if value is None or value is False:
            return ""
        if not isinstance(value, str):
            raise Refused(name, "type")
        if len(value) > length:
            raise Refused(name, "size")
        return encodable(value.replace("\x00", ""))

    return check


def cut(length: int) -> Check:
    """Return a check for text of which the rest is left away, as of a very long subject."""
    whole = text(MAX_HTML)

    def check(name: str, value: Any) -> str:
        return whole(name, value)[:length]

    return check


def people(name: str, value: Any) -> str:
    """Check a list of people, as a header of an e-mail has it."""
    found = cut(MAX_PEOPLE)(name, value)
    # What reads such a list ends at comments in comments in comments.
    return found.replace("(", " ") if found.count("(") > MAX_COMMENTS else found


def moment(name: str, value: Any) -> int | None:
    """Check when an e-mail was sent, in milliseconds since 1970; one that cannot be is unknown."""
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if type(value) is not int:
        return number(MAX_TIMESTAMP)(name, value)
    return value if 0 <= value <= MAX_TIMESTAMP else None


def identifier(name: str, value: Any) -> int | None:
    """Check a record's id; -1 and nothing mean none."""
    if value is None or value is False or value == -1:
        return None
    if type(value) is not int or not 0 < value <= MAX_ID:
        raise Refused(name, "type")
    return value


def number(highest: int) -> Check:
    """Return a check for a count, cut at `highest`."""

    def check(name: str, value: Any) -> int | None:
        if value is None or value is False:
            return None
        if type(value) is not int or value < 0:
            raise Refused(name, "type")
        return min(value, highest)

    return check


def boolean(name: str, value: Any) -> bool:
    if value not in (None, True, False):
        raise Refused(name, "type")
    return bool(value)


def terms(name: str, value: Any) -> tuple[str, ...]:
    """Check what is searched for: one text or several."""
    values = value if isinstance(value, list) else [value]
    check = text(MAX_LINE)
    return tuple(filter(None, (check(name, term).strip() for term in values[:MAX_TERMS])))


def attachments(name: str, value: Any) -> list[list[Any]]:
    """Check the form of files, each a list of name and content, perhaps with Content-ID and size.

    They stay as they came, for the routes' overridable methods; `read_files` reads them. A file
    without name or content is one: the e-mail is not refused for it.
    """
    if value is None or value is False:
        return []
    if not isinstance(value, list):
        raise Refused(name, "type")
    for item in value:
        if not isinstance(item, list) or not 2 <= len(item) <= 4:
            raise Refused(name, "type")
        if not all(part is None or part is False or isinstance(part, str) for part in item[:3]):
            raise Refused(name, "type")
        if not all(type(part) is int for part in item[3:]):
            raise Refused(name, "type")
    return value[:MAX_ATTACHMENTS]


def anything(name: str, value: Any) -> Any:
    """Check nothing: the route has an answer to whatever it is."""
    return value


line, html = text(MAX_LINE), text(MAX_HTML)
subject = cut(MAX_SUBJECT)
count, rows = number(MAX_ID), number(MAX_ROWS)
#: What `read_email` takes beside the text.
EMAIL: dict[str, Check] = {
    "attachments": attachments,
    "email_cc": people,
    "email_from": people,
    "email_to": people,
    "message_id": cut(MAX_LINE),
    "subject": subject,
    "timestamp": moment,
}
#: What `get_sender` takes beside the contact.
SENDER: dict[str, Check] = {"partner_email": line, "partner_name": line}


def check(endpoint: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that a route is called with.

    A parameter that a method of the route declares is checked. One that none declares arrives as
    it was sent if the route names it, or if an override declares nothing: that one knows nothing
    of us and may take whatever it likes. Else it is left out.

    :param endpoint: of Odoo's routing
    :param values: ``params`` of the request
    :raise Refused: for the first that is not what it may be, or is missing
    """
    checks, is_closed = declared(endpoint)
    taken = inspect.signature(endpoint.func).parameters.values()
    named = {one.name: one for one in taken if one.kind not in _VARIADIC}
    checked = {}
    for name, value in values.items():
        if name in checks:
            checked[name] = checks[name](name, value)
        elif name in named or not is_closed:
            checked[name] = value
    for name, parameter in named.items():
        if parameter.default is parameter.empty and name not in checked:
            raise Refused(name, "missing")
    if is_closed and not any(one.kind is one.VAR_KEYWORD for one in taken):
        checked = {name: value for name, value in checked.items() if name in named}
    return checked


def declared(endpoint: Any) -> tuple[dict[str, Check], bool]:
    """Return the checks that the methods of a route declare, an override's before what it extends.

    The second value tells whether all overrides of a declaring method declare as well.
    """
    checks: dict[str, Check] = {}
    is_closed, is_silent = True, False
    for controller in type(endpoint.func.__self__).mro():
        method = vars(controller).get(endpoint.__name__)
        own = getattr(method, "original_routing", {}).get("addin_params")
        if own is None:
            is_silent |= method is not None
        else:
            checks = {**own, **checks}
            is_closed = not is_silent
    return checks, is_closed
