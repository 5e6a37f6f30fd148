"""Codes of NACE and of its national versions, of both editions in use, read as Rev. 2.

Rev. 2.1 moved, split and reused numbers of Rev. 2: 47.81 sells cars now, that were 45.11. A class
that was several in Rev. 2 gives each of them. The tables are made by tools/industry_tables.py.
"""

import csv
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from . import nace

REV_1, REV_2, REV_21 = "1.1", "2", "2.1"

TABLES = Path(__file__).with_name("tables")

#: Section of Rev. 2.1 -> of Rev. 2, where the letter is another.
_SECTIONS_21 = dict(zip("KLMNOPQRSTUV", "JKLMNOPQRSTU", strict=True))
#: Edition -> the letters that French codes end in.
_NAF_LETTERS = {REV_2: frozenset("ZABCDEF"), REV_21: frozenset("YGHJKL")}


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of this package; its first line names the source."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        next(file)
        return list(csv.DictReader(file))


@lru_cache(1)
def _classes() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each edition: the digits of a class or group -> divisions of Rev. 2."""
    old: dict[str, tuple[str, ...]] = {}
    new: dict[str, tuple[str, ...]] = {}
    for row in read_table("nace.csv"):
        code, divisions = row["class"], tuple(row["rev21_divisions"].split())
        if row["in_rev2"] == "1":
            old[code] = old[code[:3]] = (code[:2],)
        if divisions:
            new[code] = divisions
            # What most of a group's classes are, and the number's own division first.
            known = {*new.get(code[:3], ()), divisions[0]}
            new[code[:3]] = tuple(sorted(known, key=lambda one: (one != code[:2], one)))
    return {REV_2: old, REV_21: new}


@lru_cache(1)
def _ateco() -> dict[str, tuple[str, ...]]:
    return {row["code"]: tuple(row["divisions"].split()) for row in read_table("ateco2025.csv")}


def is_class(digits: str, edition: str) -> bool:
    """Tell whether an edition has a class (or group, of three digits) of this number."""
    return digits in _classes()[edition]


def edition_of(digits: str) -> str:
    """Return the only edition that has the class of a number, "" where both or none have it."""
    found = [edition for edition, classes in _classes().items() if digits[:4] in classes]
    return found[0] if len(found) == 1 else ""


def edition_of_naf(code: str) -> str:
    """Return the edition of a French code, which its letter tells; "" of other codes.

    No code is spelled the same in both; codes of NAF Rev. 1 ("74.8K") have one digit less.
    """
    match = re.fullmatch(r"\d\d\.?\d(\d)?([A-Z])", code)
    if not match:
        return ""
    if not match[1]:
        return REV_1
    return next((one for one, letters in _NAF_LETTERS.items() if match[2] in letters), "")


def edition_of_section(letter: str, division: str) -> str:
    """Return the edition in which a division is in this section, "" if that does not tell."""
    old = nace.section_of(division)
    if not letter or not old or _SECTIONS_21.get(letter, letter) == letter:
        return ""
    return {old == letter: REV_2, old == _SECTIONS_21[letter]: REV_21}.get(True, "")


def divisions_of(digits: str, edition: str, is_ateco: bool = False) -> tuple[str, ...]:
    """Return the divisions of Rev. 2 that a code's digits mean in an edition; none if none.

    The digits behind a class's four are a nation's own. A group that neither edition has is the
    mark of another classification.
    """
    division, classes = digits[:2], _classes()
    if edition not in classes or division not in nace.DIVISIONS or len(digits) < 2:
        return ()
    if len(digits) == 2 or not digits[2:].strip("0"):
        return (division,)
    if is_ateco and edition == REV_21:
        finer = (digits[:size] for size in range(len(digits), 3, -1))
        found = next((_ateco()[one] for one in finer if one in _ateco()), None)
        if found:
            return found
    for code in (digits[:4], digits[:3]):
        for one in (edition, REV_2, REV_21):
            if code in classes[one]:
                return classes[one][code]
    return ()


def section(letter: str, edition: str) -> str:
    """Return the section of Rev. 2 that a section of an edition is, or ""."""
    if edition == REV_21:
        letter = _SECTIONS_21.get(letter, letter)
    return letter if letter in nace.SECTIONS else ""


@lru_cache(1)
def _contents_21() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return for each class of Rev. 2.1 its section and its divisions of Rev. 2."""
    new_letters = {old: new for new, old in _SECTIONS_21.items() if old != "J"}
    found = []
    for code, divisions in _classes()[REV_21].items():
        old = nace.section_of(code[:2])
        letter = new_letters.get(old, old)
        if old == "J" and code[:2] >= "61":
            letter = "K"
        if len(code) == 4:
            found.append((letter, divisions))
    return tuple(found)


def contents_21(sections: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the divisions of Rev. 2 of each class in these sections of Rev. 2.1."""
    wanted = frozenset(sections)
    return tuple(divisions for letter, divisions in _contents_21() if letter in wanted)


def sections_21(industries: Iterable[str]) -> frozenset[str]:
    """Return the sections of Rev. 2.1 that hold companies of these divisions and sections."""
    wanted = set(nace.expand(industries))
    return frozenset(letter for letter, found in _contents_21() if not wanted.isdisjoint(found))
