"""Countries by their English names in lower case, as People Data Labs writes them."""

from functools import cache

from .countries import english_names

#: Names that Unicode's CLDR, which Babel ships, gives differently.
_OTHERWISE = {
    "CI": "côte d'ivoire", "CG": "republic of the congo", "CD": "democratic republic of the congo",
    "HK": "hong kong", "MM": "myanmar", "MO": "macau", "PS": "palestine", "TR": "turkey",
}  # fmt: skip


@cache
def names() -> dict[str, str]:
    """Return ISO 3166-1 alpha-2 code -> name."""
    return {code: _plain(name) for code, name in english_names().items()} | _OTHERWISE


def _plain(name: str) -> str:
    return name.lower().replace(" & ", " and ").replace("st. ", "saint ").replace("’", "'")
