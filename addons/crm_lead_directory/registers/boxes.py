"""Where countries lie, as boxes of degrees: coarse, so that nothing of a country is outside."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("boxes.csv")


class Box(NamedTuple):
    """West and east are degrees of longitude, south and north of latitude (WGS 84)."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: "Box") -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


def boxes_of(countries: tuple[str, ...]) -> tuple[Box, ...]:
    """Return the boxes of countries, with what is theirs overseas.

    :param countries: their ISO codes
    :return: none if there are no countries, or one of which it is not known where it lies
    """
    known = _known()
    if not set(countries) <= known.keys():
        return ()
    return tuple(dict.fromkeys(box for country in countries for box in known[country]))


@lru_cache(1)
def _known() -> dict[str, tuple[Box, ...]]:
    found: dict[str, tuple[Box, ...]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        next(file)  # the source
        for country, *degrees in list(csv.reader(file))[1:]:
            found[country] = (*found.get(country, ()), Box(*map(float, degrees)))
    return found
