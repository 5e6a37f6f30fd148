"""What the parameters of the add-ins' routes may be; everything else is refused.

One parameter name means the same on every route, so one table says it for all of them.
"""

import base64
import binascii
import dataclasses
from collections.abc import Callable
from typing import Any

MAX_ID = 2**31 - 1
MAX_ROWS = 100
MAX_LINE = 4000
MAX_HTML = 20 * 1024 * 1024
#: The limit of both add-ins for all attachments of an e-mail, in bytes.
MAX_ATTACHMENTS_BYTES = 40 * 1024 * 1024
MAX_ATTACHMENTS = 100
#: What the largest e-mail takes as JSON: attachments in base64, and the text.
MAX_REQUEST_BYTES = MAX_ATTACHMENTS_BYTES * 4 // 3 + MAX_HTML
MAX_TIMESTAMP = 253402300799000  # Milliseconds; the end of the year 9999.


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

    :ivar str name: of the parameter
    :ivar str reason: ``missing``, ``type`` or ``size``
    """

    def __init__(self, name: str, reason: str):
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def encodable(value: str) -> str:
    """Return a text whose lone surrogates, which cannot be encoded, are replaced."""
    return value.encode("utf-8", "replace").decode()


def text(length: int) -> Callable[[str, Any], str]:
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


def identifier(name: str, value: Any) -> int | None:
    """Check a record's id; -1 and nothing mean none."""
    if value is None or value is False or value == -1:
        return None
    if type(value) is not int or not 0 < value <= MAX_ID:
        raise Refused(name, "type")
    return value


def number(highest: int) -> Callable[[str, Any], int | None]:
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
    if len(values) > MAX_ROWS:
        raise Refused(name, "size")
    check = text(MAX_LINE)
    return tuple(filter(None, (check(name, term).strip() for term in values)))


def attachments(name: str, value: Any) -> list[list[str]]:
    """Check the form and size of files, each a list of name and content in base64, perhaps with
    its Content-ID. They stay as they came, for the routes' overridable methods."""
    if value is None or value is False:
        return []
    if not isinstance(value, list):
        raise Refused(name, "type")
    if len(value) > MAX_ATTACHMENTS:
        raise Refused(name, "size")
    for item in value:
        if not isinstance(item, list) or not 2 <= len(item) <= 3:
            raise Refused(name, "type")
        if not all(isinstance(part, str) for part in item):
            raise Refused(name, "type")
    if sum(len(item[1]) * 3 // 4 for item in value) > MAX_ATTACHMENTS_BYTES:
        raise Refused(name, "size")
    return value


def decode_attachments(value: list[list[str]] | None) -> tuple[Attachment, ...]:
    """Return the files of :func:`attachments`.

    :raise Refused: when a content is no base64
    """
    return tuple(_decode_attachment(*item) for item in value or ())


def _decode_attachment(name: str, encoded: str, cid: str = "") -> Attachment:
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("attachments", "type") from error
    check = text(MAX_LINE)
    file_name = check("attachments", name).replace("/", "_").replace("\\", "_").strip()
    return Attachment(
        file_name[:255] or "attachment", content, check("attachments", cid).strip("<> ")
    )


def anything(name: str, value: Any) -> Any:
    """Check nothing: the route has an answer to whatever it is."""
    return value


_line, _html = text(MAX_LINE), text(MAX_HTML)
CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "application_name": _line,
    "attachments": attachments,
    "auth_code": anything,
    "body": _html,
    "challenge": text(64),
    "company": identifier,
    "email": _line,
    "email_body": _html,
    "email_cc": _line,
    "email_from": _line,
    "email_subject": _line,
    "email_to": _line,
    "enrich_on_not_exists": boolean,
    "lead": identifier,
    "limit": number(MAX_ROWS),
    "message": _html,
    "message_id": _line,
    "model": _line,
    "name": _line,
    "offset": number(MAX_ID),
    "partner": identifier,
    "partner_email": _line,
    "partner_id": identifier,
    "partner_name": _line,
    "plugin": _line,
    "project_id": identifier,
    "query": terms,
    "redirect": anything,
    "res_id": identifier,
    "search_term": _line,
    "subject": _line,
    "timestamp": number(MAX_TIMESTAMP),
}


def check(values: Any) -> dict[str, Any]:
    """Return the checked parameters of a request; those that no route knows are left out.

    :param values: ``params`` of the request
    :raise Refused: for the first that is not what it may be
    """
    if not isinstance(values, dict):
        raise Refused("params", "type")
    return {name: CHECKS[name](name, value) for name, value in values.items() if name in CHECKS}
