"""Reading of JSON that others wrote: every value is checked, bounded and may be missing."""

from collections.abc import Mapping
from typing import Any

from .errors import ProviderAnswerInvalid

MAX_TEXT = 512
MAX_ITEMS = 10_000


def text(value: Any, limit: int = MAX_TEXT) -> str:
    """Return a text or number as one line without control characters, else ""."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    value = str(value)[: 4 * limit]
    printable = (
        value
        if value.isprintable()
        else "".join(char if char.isprintable() else " " for char in value)
    )
    return " ".join(printable.split())[:limit].rstrip()


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, or an empty one if the value is something else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list, bounded; anything else is left out."""
    if not isinstance(value, list):
        return []
    return [item for item in value[:MAX_ITEMS] if isinstance(item, dict)]


def number(value: Any) -> int | None:
    """Return a whole number that is not negative, else None."""
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
