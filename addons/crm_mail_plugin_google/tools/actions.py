"""What a button of a card carries: which action, on what, for whom, until when. Signed, and with
neither data of the database nor tokens in it."""

import base64
import dataclasses
import json
import secrets
import time
from collections.abc import Callable

from odoo.tools import consteq

from .tokens import Claims

#: The one parameter of each button.
NAME = "a"
SECONDS_VALID = 24 * 3600
SECONDS_TO_CONNECT = 600
MAX_LENGTH = 2048
#: Characters; an address has 254, and what is done with it stands before.
MAX_TEXT = 320
#: The name of the one action that is a link, and no button.
CONNECT = "connect"

#: Signs a text.
Sign = Callable[[str], str]


class InvalidAction(ValueError):
    """A parameter is not one that was given to this account, or too old."""


@dataclasses.dataclass(frozen=True)
class Action:
    """What a button does.

    :ivar name: of the action
    :ivar subject: the Google account whose card it is on
    :ivar message: the e-mail that the card is about, as Gmail names it, "" for none
    :ivar model: of the record
    :ivar id: of the record, 0 for none
    :ivar text: a name, or an address
    :ivar until: seconds since 1970
    """

    name: str
    subject: str
    message: str = ""
    model: str = ""
    id: int = 0
    text: str = ""
    until: int = 0


def write(action: Action, sign: Sign) -> str:
    """Return an action as a parameter."""
    seconds = SECONDS_TO_CONNECT if action.name == CONNECT else SECONDS_VALID
    text, until = action.text[:MAX_TEXT], int(time.time()) + seconds
    values = (action.name, action.subject, action.message, action.model, action.id, text, until)
    message = base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode()
    return f"{message}.{sign(message)}"


def read(text: str, sign: Sign) -> Action:
    """Return the action of a parameter.

    :raise InvalidAction: when it is none of ours or too old
    """
    message, _dot, signature = text.partition(".")
    if len(text) > MAX_LENGTH or not text.isascii() or not consteq(signature, sign(message)):
        raise InvalidAction()
    action = Action(*json.loads(base64.urlsafe_b64decode(message)))
    if action.until < time.time():
        raise InvalidAction()
    return action


def connection(account: Claims, sign: Sign) -> str:
    """Return what the page is told that connects an account; `message` makes it good once."""
    once = secrets.token_hex(8)
    return write(Action(CONNECT, account.subject, once, text=account.email), sign)
