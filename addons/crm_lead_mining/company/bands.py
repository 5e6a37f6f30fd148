"""Numbers of employees as providers tell and take them: bands like "51-200", "10001+"."""

from collections.abc import Mapping
from functools import cache

from .names import normalise_name
from .types import CompanyQuery

#: The bands of LinkedIn and of those who follow it: label -> (at least, at most).
LINKEDIN: Mapping[str, tuple[int, int | None]] = {
    "1-10": (1, 10), "11-50": (11, 50), "51-200": (51, 200), "201-500": (201, 500),
    "501-1000": (501, 1000), "1001-5000": (1001, 5000), "5001-10000": (5001, 10000),
    "10001+": (10001, None),
}  # fmt: skip

#: INSEE's trancheEffectifs, of a company or an establishment. "NN" is unknown, not none.
INSEE: Mapping[str, tuple[int, int | None]] = {
    "00": (0, 0), "01": (1, 2), "02": (3, 5), "03": (6, 9), "11": (10, 19), "12": (20, 49),
    "21": (50, 99), "22": (100, 199), "31": (200, 249), "32": (250, 499), "41": (500, 999),
    "42": (1000, 1999), "51": (2000, 4999), "52": (5000, 9999), "53": (10000, None),
}  # fmt: skip
#: The Czech register's KATPO. "000" is unknown.
_CZECH: Mapping[str, tuple[int, int | None]] = {
    "110": (0, 0), "120": (1, 5), "130": (6, 9), "210": (10, 19), "220": (20, 24),
    "230": (25, 49), "240": (50, 99), "310": (100, 199), "320": (200, 249), "330": (250, 499),
    "340": (500, 999), "410": (1000, 1499), "420": (1500, 1999), "430": (2000, 2499),
    "440": (2500, 2999), "450": (3000, 3999), "460": (4000, 4999),
    "470": (5000, 9999), "510": (10000, None),
}  # fmt: skip


@cache
def coded_by(header: str) -> Mapping[str, str]:
    """Return what the codes in a column of sizes mean, as texts; empty if its header names none."""
    words = normalise_name(header).replace(" ", "")
    if "tranche" in words and "effectif" in words:
        found = _texts(INSEE)
        # A spreadsheet has taken the zero of "01".
        return found | {code[1:]: found[code] for code in INSEE if code[0] == "0"} | {"NN": ""}
    return _texts(_CZECH) | {"000": "", "0": ""} if words == "katpo" else {}


def _texts(bands: Mapping[str, tuple[int, int | None]]) -> dict[str, str]:
    return {
        code: f"{least}+" if most is None else str(most) if least == most else f"{least}-{most}"
        for code, (least, most) in bands.items()
    }


def is_sized(query: CompanyQuery) -> bool:
    """Whether a query asks for a size at all."""
    return query.size_min is not None or query.size_max is not None


def inside(query: CompanyQuery, bands: Mapping[str, tuple[int, int | None]]) -> list[str]:
    """Return the labels of the bands that lie wholly inside the query's range."""
    return [
        label
        for label, (least, most) in bands.items()
        if (query.size_min is None or least >= query.size_min)
        and (query.size_max is None or (most is not None and most <= query.size_max))
    ]
