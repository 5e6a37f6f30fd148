"""Under what screens and pages are opened."""

import itertools
import os
import zlib
from typing import NamedTuple

LANGUAGES = ("it_IT", "en_US")
#: Of a laptop's window, and of a phone.
WIDTHS = (1440, 390)
HEIGHTS = {1440: 900, 390: 844}
#: Whether each screen is opened in one variant with and one without records alone, as it is unless
#: everything is asked for.
IN_PAIRS = os.environ.get("SCREENS_IN_PAIRS") == "1"


class Variant(NamedTuple):
    """One set of circumstances.

    :ivar records: whether there is anything to show
    :ivar width: of the page, pixels
    """

    records: bool
    language: str
    width: int

    @property
    def height(self) -> int:
        return HEIGHTS[self.width]

    @property
    def is_phone(self) -> bool:
        return self.width == min(WIDTHS)


def variants(records: bool) -> list[Variant]:
    """Return those that are gone through; any two values meet in one of them."""
    found = [Variant(records, *rest) for rest in itertools.product(LANGUAGES, WIDTHS)]
    return [one for one in found if not IN_PAIRS or _is_even(one)]


def dealt(found: list[dict], key: str, variant: Variant, number: int) -> list[dict]:
    """Return what of the screens is opened in the variant by the user with this number.

    :param key: by what a screen is known
    """
    if not IN_PAIRS:
        return found
    turn = LANGUAGES.index(variant.language)
    return [one for one in found if (zlib.crc32(one[key].encode()) + number) % 2 == turn]


def tried(records: list[int], number: int) -> list[int]:
    """Return which of a screen's records are opened by the user with this number."""
    return [records[number % len(records)]] if IN_PAIRS and records else records


def _is_even(variant: Variant) -> bool:
    """Tell whether it is in the half in which each two values meet once."""
    numbers = LANGUAGES.index(variant.language) + WIDTHS.index(variant.width)
    return (variant.records + numbers) % 2 == 0
