"""What service providers ask: `/iap/1/authorize`, `capture` and `cancel`, read strictly.

Sources: Odoo's documentation of providing IAP services, and the helpers `iap_authorize`,
`iap_capture` and `iap_cancel` of `iap` in 13.0 to 18.0.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .questions import BadQuestion, read_text

#: Hours in which credits may be taken if the provider says nothing, and at most.
MAX_HOURS = 4320
#: A client's token that moves nothing, and is always paid.
RICH = "111111"
#: Tokens of no account, and of one without credits.
POOR = frozenset({"000000", "000111"})
#: What names the credits of `RICH`.
DUMMY = "test-transaction"
_TRANSACTION = re.compile(r"[0-9a-f]{32}")


class NoNumber(BadQuestion):
    """The credits are no number; Odoo's own service answers a `TypeError` then."""


class NotWhole(BadQuestion):
    """The credits are a fraction or too few; the ledger has whole ones."""


@dataclass(frozen=True, slots=True)
class Charge:
    """Credits that a provider wants set aside.

    :ivar hours: in which they may be taken
    :ivar description: for the client, "" if there is none
    """

    credits: int
    hours: float = MAX_HOURS
    description: str = ""


def read_charge(params: Mapping[str, Any]) -> Charge:
    """Read what is to be set aside.

    :raise NoNumber: if the credits are none
    :raise NotWhole: if they are no whole number above 0
    :raise BadQuestion: if the time is none
    """
    credits = _whole(params.get("credit"))
    if not credits:
        raise NotWhole("credit is not above 0")
    hours = params.get("ttl")
    if hours is None or hours is False:
        hours = MAX_HOURS
    if not _is_number(hours) or hours <= 0:
        raise BadQuestion("ttl is no time")
    return Charge(credits, min(hours, MAX_HOURS), read_text(params.get("description")))


def read_captured(params: Mapping[str, Any]) -> int | None:
    """Read how much is to be taken; None is all, as Odoo's documentation sends false for that.

    :raise NoNumber, NotWhole: if it is something else
    """
    credits = params.get("credit_to_capture")
    return None if credits is None or credits is False else _whole(credits)


def read_transaction(value: Any) -> str:
    """Return the name of credits that were set aside, "" if it can be none."""
    if isinstance(value, str) and (value == DUMMY or _TRANSACTION.fullmatch(value)):
        return value
    return ""


def _whole(value: Any) -> int:
    if not _is_number(value):
        raise NoNumber("credit is no number")
    if value != int(value) or value < 0:
        raise NotWhole("credit is a fraction, or negative")
    return int(value)


def _is_number(value: Any) -> bool:
    return (type(value) is int and abs(value) < 2**63) or (
        isinstance(value, float) and math.isfinite(value)
    )
