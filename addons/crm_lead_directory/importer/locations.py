"""Places in one cell: "Milan, Lombardia, Italy"."""

from collections.abc import Callable, Sequence


def spread(columns: dict[str, Sequence[str]], read_country: Callable[[str], str]) -> None:
    """Fill city, state and country from the cells that hold all of them, in place.

    :param columns: the values of each target
    """
    known = {text: _parts(text, read_country) for text in set(columns["location"])}
    for position, target in enumerate(("city", "state", "country")):
        columns[target] = [
            value or known[text][position]
            for value, text in zip(columns[target], columns["location"], strict=True)
        ]


def _parts(text: str, read_country: Callable[[str], str]) -> tuple[str, str, str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    country = parts.pop() if parts and read_country(parts[-1]) else ""
    city = parts[0] if parts else ""
    return city, parts[-1] if len(parts) > 1 else "", country
