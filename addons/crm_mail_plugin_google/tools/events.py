"""What Google sends when a user opens the add-on or clicks in it.

Source: Google Workspace add-ons, "Event objects". What is deprecated there is not read.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

MAX_BYTES = 256 * 1024
MAX_TEXT = 4000
MAX_PARAMETER = 2048
MAX_PEOPLE = 500

_AUTH = "https://www.googleapis.com/auth/"
OPENID = "openid"
EMAIL = _AUTH + "userinfo.email"
EXECUTE = _AUTH + "gmail.addons.execute"
MESSAGE = _AUTH + "gmail.addons.current.message.readonly"
DRAFT_PEOPLE = _AUTH + "gmail.addons.current.message.metadata"
DRAFT = _AUTH + "gmail.addons.current.action.compose"
LOCALE = _AUTH + "script.locale"
#: What the add-on may ask of its user.
SCOPES = (OPENID, EMAIL, EXECUTE, MESSAGE, DRAFT_PEOPLE, DRAFT, LOCALE)


class NoEvent(ValueError):
    """A body is no event of Gmail's."""


@dataclasses.dataclass(frozen=True)
class Event:
    """One call of Google's.

    :ivar is_click: whether a button was pressed, and nothing opened
    :ivar parameters: of the button
    :ivar inputs: what stands in the card's fields, by name
    :ivar locale: the language of Gmail as Odoo writes it, ``it_IT``, "" when unknown
    :ivar is_mobile: whether Gmail runs on a phone
    :ivar system_token: Google's own, as in the header
    :ivar user_token: who the user is
    :ivar access_token: for Gmail's API, in the user's name
    :ivar message_token: the same, for the open e-mail
    :ivar scopes: what the user has granted
    :ivar message_id: of the open e-mail, as Gmail names it in this mailbox; "" for none
    :ivar recipients: To, Cc and Bcc of a draft
    """

    is_click: bool = False
    parameters: Mapping[str, str] = dataclasses.field(default_factory=dict)
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    locale: str = ""
    is_mobile: bool = False
    system_token: str = ""
    user_token: str = ""
    access_token: str = dataclasses.field(default="", repr=False)
    message_token: str = dataclasses.field(default="", repr=False)
    scopes: frozenset[str] = frozenset()
    message_id: str = ""
    recipients: tuple[str, ...] = ()

    def missing(self, *needed: str) -> list[str]:
        """Return which scopes the user has to grant yet."""
        if not self.user_token:
            return [scope for scope in (OPENID, EMAIL, *needed) if scope not in self.scopes] or [
                EMAIL
            ]
        return [scope for scope in needed if scope not in self.scopes]


def parse(body: bytes) -> Event:
    """Read the body of a request.

    :raise NoEvent: when it is too large, no object, or not of Gmail
    """
    if len(body) > MAX_BYTES:
        raise NoEvent("too large")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NoEvent("no JSON") from error
    common = _part(sent, "commonEventObject")
    if common.get("hostApp") != "GMAIL":
        raise NoEvent("not of Gmail")
    granted, mail = _part(sent, "authorizationEventObject"), _part(sent, "gmail")
    parameters = {
        name: value
        for name, value in _part(common, "parameters").items()
        if isinstance(value, str) and len(value) <= MAX_PARAMETER
    }
    people = (
        one
        for name in ("toRecipients", "ccRecipients", "bccRecipients")
        for one in _list(mail.get(name))
    )
    return Event(
        is_click=bool(parameters),
        parameters=parameters,
        inputs=_inputs(_part(common, "formInputs")),
        locale=_line(common.get("userLocale"), 20).replace("-", "_"),
        is_mobile=common.get("platform") != "WEB",
        system_token=_line(granted.get("systemIdToken")),
        user_token=_line(granted.get("userIdToken")),
        access_token=_line(granted.get("userOAuthToken")),
        message_token=_line(mail.get("accessToken")),
        scopes=frozenset(_list(granted.get("authorizedScopes"))),
        message_id=rest_id(_line(mail.get("messageId"), 200)),
        recipients=tuple(people)[:MAX_PEOPLE],
    )


def rest_id(told: str) -> str:
    """Return an e-mail's id as Gmail's API takes it, from the one of an event.

    ``msg-f:1850000000000000001`` is a decimal number, of which the API takes the hexadecimal;
    others, as ``msg-a:r-1``, stay.
    """
    kind, colon, number = told.partition(":")
    if colon and kind == "msg-f" and number.isascii() and number.isdecimal():
        return f"{int(number):x}"
    return told


def _inputs(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the first text of each field."""
    found = {}
    for name, value in sent.items():
        # Some runtimes put the values one level deeper.
        holder = value.get("", value) if isinstance(value, dict) else {}
        texts = _list(_part(holder, "stringInputs").get("value"))
        if texts:
            found[name] = " ".join(texts[0].split())
    return found


def _part(value: Any, name: str) -> dict[str, Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def _list(value: Any) -> list[str]:
    values = value if isinstance(value, list) else []
    return [text for one in values if (text := _line(one, MAX_TEXT))]


def _line(value: Any, longest: int = 16384) -> str:
    """Return a text that can be stored, "" for what is none or too long."""
    if not isinstance(value, str) or len(value) > longest:
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()
