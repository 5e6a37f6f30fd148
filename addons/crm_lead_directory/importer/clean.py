"""Texts of cells without control characters, superfluous spaces and what is too long."""

import re
from collections.abc import Set

_PRINTABLE = bytes(range(32, 127))  # of ASCII
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def are_clean(cells: Set[str], limit: int) -> bool:
    """Whether `clean` would leave the texts as they are."""
    text = " ".join(cells - {""})
    # No white space but " " is printable.
    is_plain = _is_printable(text) and "  " not in text and text == text.strip()
    return is_plain and max(map(len, cells), default=0) <= limit


def _is_printable(text: str) -> bool:
    """Return `text.isprintable()`, of most long texts in a fifth of the time."""
    return not text.encode().translate(None, _PRINTABLE) if text.isascii() else text.isprintable()


def clean(text: str, limit: int) -> str:
    """Return the text without control characters, superfluous spaces and what is too long."""
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit].rstrip()
