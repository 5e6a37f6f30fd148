"""Countries by their English names in lower case, as People Data Labs writes them."""

from functools import cache

from babel import Locale

#: Names that Unicode's CLDR, which Babel ships, gives differently.
_OTHERWISE = {
    "CI": "côte d'ivoire", "CG": "republic of the congo", "CD": "democratic republic of the congo",
    "HK": "hong kong", "MM": "myanmar", "MO": "macau", "PS": "palestine", "TR": "turkey",
}  # fmt: skip


@cache
def names() -> dict[str, str]:
    """Return ISO 3166-1 alpha-2 code -> name."""
    found = Locale("en").territories
    countries = {code: name for code, name in found.items() if len(code) == 2 and code.isalpha()}
    return {code: _plain(name) for code, name in countries.items()} | _OTHERWISE


@cache
def codes() -> dict[str, str]:
    """Return name -> code."""
    return {name: code for code, name in names().items()}


def _plain(name: str) -> str:
    return name.lower().replace(" & ", " and ").replace("st. ", "saint ").replace("’", "'")
