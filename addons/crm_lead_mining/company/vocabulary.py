"""Finding a thing by the word that people use for it, whatever it is called here.

"Restaurant", "ristorante" and "trattoria" find the NACE division "Food and beverage service". The
words stand in tables: those of sectors in tables/words.txt, by which files are read as well, those
of roles in tables/role_words.txt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import industry_words

#: A shorter one begins too many words; it finds whole words only.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is looked for.

    :ivar names: in the languages in which it is looked for
    """

    code: str
    names: tuple[str, ...]


@lru_cache(2)
def phrases_by_code(table: str) -> dict[str, tuple[tuple[str, bool], ...]]:
    """Return (phrase, whether it may go on) of the everyday words of each code of a table."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for code, phrases in industry_words.lines(table):
        for phrase in phrases:
            word = phrase.removeprefix("!")
            stem = word.removesuffix("*")
            # Parts of compounds, and several stems in a row, are for texts, not for who types.
            if stem and "*" not in stem:
                found.setdefault(code, []).append((stem, word != stem))
    return {code: tuple(phrases) for code, phrases in found.items()}


def find(term: str, entries: Iterable[Entry], table: str, first: Sequence[str] = ()) -> list[str]:
    """Return the codes of what a term may mean, the likeliest first.

    First come those whose name begins with it, then those with a word in their name or an everyday
    word that it is, then those with one that it begins, then what has it anywhere in its name.

    :param table: of the everyday words
    :param first: codes that are likelier than others with the same right
    """
    text = industry_words.plain(term)
    if not text:
        return [entry.code for entry in entries]
    ranked = []
    for place, entry in enumerate(entries):
        names = tuple(map(industry_words.plain, entry.names))
        rank = _rank(text, entry.code.lower(), names, phrases_by_code(table).get(entry.code, ()))
        if rank is not None:
            ranked.append((rank, entry.code not in first, place, entry.code))
    return [code for *_order, code in sorted(ranked)]


def _rank(
    text: str, code: str, names: tuple[str, ...], phrases: tuple[tuple[str, bool], ...]
) -> int | None:
    words = {word for name in names for word in name.split()}
    is_word = text in words or any(_is(text, phrase, goes_on) for phrase, goes_on in phrases)
    # "PR" begins many names, and is one thing.
    if text == code or (is_word and len(text) < _SHORTEST):
        return 0
    if any(name.startswith(text) for name in names):
        return 1
    if is_word:
        return 2
    if len(text) >= _SHORTEST:
        if any(word.startswith(text) for word in words):
            return 3
        if any(phrase.startswith(text) for phrase, _goes_on in phrases):
            return 4
        if any(f" {text}" in f" {phrase}" for phrase, _goes_on in phrases):
            return 5
        if any(text in name for name in names):
            return 6
    return None


def _is(text: str, phrase: str, goes_on: bool) -> bool:
    return text.startswith(phrase) if goes_on else text == phrase
