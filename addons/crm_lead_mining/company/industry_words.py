"""Names of sectors in several languages, read as NACE Rev. 2 by the words in them.

Whole words only: a plumber is no lumber yard. The words stand in tables/words.txt.
In the name of somebody who makes something, only the industries that make things are looked for.
"""

import re
import unicodedata
from functools import lru_cache

from . import nace
from .nace_editions import TABLES

#: Of the words of sectors.
TABLE = "words.txt"
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
            for patterns in _patterns()
            for code, pattern in patterns
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


def lines(table: str = TABLE) -> list[tuple[str, list[str]]]:
    """Return (code, phrases) of a table of words."""
    text = (TABLES / table).read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\n    ", " ")
    rows = (line.partition(": ") for line in text.splitlines())
    return [(code, [one.strip() for one in phrases.split(",")]) for code, _colon, phrases in rows]


@lru_cache(1)
def _patterns() -> list[list[tuple[str, re.Pattern[str]]]]:
    """Return (code, pattern) of the lines by rank, the first of which counts most."""
    ranked: list[list[tuple[str, re.Pattern[str]]]] = [[], [], [], []]
    for code, phrases in lines():
        by_rank: list[list[str]] = [[], [], [], []]
        for phrase in phrases:
            rank = {"!": 0, "*": 3}.get(phrase[0], 1 if " " in phrase else 2)
            by_rank[rank].append(re.escape(phrase.removeprefix("!")).replace(r"\*", r"\w*"))
        for rank, known in enumerate(by_rank):
            if known:
                ranked[rank].append((code, re.compile(rf"\b(?:{'|'.join(known)})\b")))
    return ranked
