"""NACE Rev. 2: the sections and divisions that companies' industries are told and searched by.

A company's industries are told by divisions ("62"), or by a section ("J") where no more is known;
`industries` reads other classifications as these. Source: Regulation (EC) 1893/2006, annex I.
"""

from collections.abc import Iterable

#: Section -> (first, last) division.
_RANGES = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43),
    "G": (45, 47), "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68),
    "M": (69, 75), "N": (77, 82), "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93),
    "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip

#: Numbers inside the ranges above that Rev. 2 does not use.
_UNUSED = frozenset({4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})

#: Section -> its divisions.
SECTIONS: dict[str, tuple[str, ...]] = {
    section: tuple(f"{n:02}" for n in range(first, last + 1) if n not in _UNUSED)
    for section, (first, last) in _RANGES.items()
}
#: Division -> its section.
DIVISIONS: dict[str, str] = {
    division: section for section, divisions in SECTIONS.items() for division in divisions
}
CODES = frozenset(SECTIONS) | frozenset(DIVISIONS)


def expand(codes: Iterable[str]) -> tuple[str, ...]:
    """Return all codes that the given ones cover: a section covers itself and its divisions.

    Unknown ones are left out.
    """
    covered: set[str] = set()
    for code in codes:
        covered.update((code, *SECTIONS.get(code, ())) if code in CODES else ())
    return tuple(sorted(covered))


def section_of(code: str) -> str:
    """Return the section of a section or division, or ""."""
    return code if code in SECTIONS else DIVISIONS.get(code, "")
