"""The addresses that somebody has chosen, as a client or a caller hands them over."""

from collections.abc import Mapping
from typing import Any

from .copies import BCC, CC, TO

_MAX_ID = 2**31 - 1


def well_formed(choices: Any) -> list[dict]:
    """Return [{'email', 'partner_id', 'preselected', 'header'}] out of what may be anything.

    A number that is no id says nothing about an address, like that of a contact that is gone. Who
    gets it in no line that there is, is named openly.
    """
    if not isinstance(choices, list | tuple):
        return []
    return [
        {
            "email": str(choice.get("email") or ""),
            "partner_id": _id_or_none(choice.get("partner_id")),
            "preselected": bool(choice.get("preselected")),
            "header": choice["header"] if choice.get("header") in (CC, BCC) else TO,
        }
        for choice in choices
        if isinstance(choice, dict)
    ]


def join(lines: Mapping[str, Any]) -> list[dict]:
    """Return the choices of all lines as one list; `copies.split` parts them again.

    :param lines: what may be anything, by the line it is for
    """
    return [{**c, "header": header} for header, some in lines.items() for c in well_formed(some)]


def _id_or_none(value: Any) -> int | None:
    # True is a number to Python.
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_ID
    return value if is_id else None
