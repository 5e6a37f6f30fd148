"""Sizes of files, as a person writes them."""

from typing import Any

from odoo.tools import formatLang

_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def size_text(env: Any, number: int) -> str:
    """Return a number of bytes in the words and digits of the user's language: "2.4 GB"."""
    size, place = float(number), 0
    # Rounded first: 1,023.9 KB are 1 MB.
    while round(size) >= 1024 and place < len(_UNITS) - 1:
        size, place = size / 1024, place + 1
    digits = 1 if place and size < 99.95 else 0
    return f"{formatLang(env, size, digits=digits)} {_UNITS[place]}"
