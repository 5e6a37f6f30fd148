"""Names of sectors in several languages, read as NACE Rev. 2 by the words in them.

Whole words only: a plumber is no lumber yard. The words stand in tables/words.txt.
In the name of somebody who makes something, only the industries that make things are looked for.
"""

import re
import unicodedata
from functools import lru_cache

from . import nace
from .nace_editions import TABLES

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "þ": "th"})

_MAKING = re.compile(
    r"\b(?:manufactur(?:e|ers?|ing)|fabricant|fabrication|fabbrica(?:zione)?|fabricacion|fabricacao"
    r"|herstell(?:er|ung)|fabrikant)\b"
)


def find(name: str) -> str:
    """Return the division or section of the first line of the table that the name fits, or ""."""
    text = plain(name)
    makes = bool(_MAKING.search(text))
    return next(
        (
            code
            for code, pattern in _patterns()
            if (not makes or _is_manufacturing(code)) and pattern.search(text)
        ),
        "",
    )


def _is_manufacturing(code: str) -> bool:
    return nace.section_of(code) == "C"


def plain(name: str) -> str:
    """Return the words in lower case, without accents and marks: "E-Commerce" is "e commerce"."""
    text = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    text = "".join(one for one in text if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^\w]|_", " ", text).split())


@lru_cache(1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for line in (TABLES / "words.txt").read_text(encoding="utf-8").splitlines():
        code, _colon, phrases = line.partition(": ")
        if not line.startswith("#"):
            known = (re.escape(one.strip()).replace(r"\*", r"\w*") for one in phrases.split(","))
            patterns.append((code, re.compile(rf"\b(?:{'|'.join(known)})\b")))
    return tuple(patterns)
