"""Numbers of employees as providers tell and take them: bands like "51-200", "10001+"."""

from collections.abc import Mapping

from .types import CompanyQuery

#: The bands of LinkedIn and of those who follow it: label -> (at least, at most).
LINKEDIN: Mapping[str, tuple[int, int | None]] = {
    "1-10": (1, 10), "11-50": (11, 50), "51-200": (51, 200), "201-500": (201, 500),
    "501-1000": (501, 1000), "1001-5000": (1001, 5000), "5001-10000": (5001, 10000),
    "10001+": (10001, None),
}  # fmt: skip


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
