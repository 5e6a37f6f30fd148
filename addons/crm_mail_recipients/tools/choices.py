"""The addresses that somebody has chosen, as a client or a caller hands them over."""

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


def _id_or_none(value: Any) -> int | None:
    # True is a number to Python.
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_ID
    return value if is_id else None
