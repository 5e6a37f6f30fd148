"""Sizes of files, as publishers, browsers and the documents of this repository write them."""

from typing import Any

from odoo.tools import formatLang

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_text(env: Any, number: int) -> str:
    """Return a number of bytes in the words and digits of the user's language: "2.6 GB".

    A megabyte has a million bytes.
    """
    size, place = float(number), 0
    # Rounded first: 999.9 kB are 1 MB.
    while round(size) >= 1000 and place < len(_UNITS) - 1:
        size, place = size / 1000, place + 1
    digits = 1 if place and size < 9.95 else 0
    figure = formatLang(env, size, digits=digits)
    return f"{figure} {_UNITS[place]}" if place else env._("%s bytes", figure)
