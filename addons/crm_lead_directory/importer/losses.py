"""What of a file's rows cannot be used: single values, and whole rows."""

from collections.abc import Container, Mapping, Sequence

from odoo.addons.crm_lead_mining.company.cells import is_rounded

from .problems import IDENTIFYING


class Losses:
    """Values that were given and could not be used."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str, str]] = []

    def note(self, code: str, given: Sequence[str], used: Sequence[str]) -> None:
        """Note each value of a column that has become empty."""
        if given is not used and given.count("") != used.count(""):
            self._found += [
                (place, "rounded" if is_rounded(before) else code, before)
                for place, (before, after) in enumerate(zip(given, used, strict=True))
                if before and not after
            ]

    def add(self, place: int, code: str, value: str) -> None:
        self._found.append((place, code, value))

    def outside(
        self, dropped: Mapping[int, tuple[str, str]], ended: Container[int]
    ) -> list[tuple[int, str, str]]:
        """Return (place, cause, value) of those in rows that are used, or that miss the value."""
        return [
            loss
            for loss in self._found
            if loss[0] not in ended
            and (
                loss[0] not in dropped
                or (dropped[loss[0]][0] == "no_identity" and loss[1] in IDENTIFYING)
            )
        ]


def dropped_rows(
    columns: Mapping[str, Sequence[str]],
    companies: Sequence[Sequence[str]],
    countries: Sequence[str],
    ended: Container[int],
) -> dict[int, tuple[str, str]]:
    """Return (cause, value) of the rows that cannot be used, by their place."""
    dropped = {}
    names, given = columns["name"], columns["country"]
    if "" in names or "" in countries or not all([company[0] for company in companies]):
        rows = zip(names, countries, companies, strict=True)
        for place, (name, country, company) in enumerate(rows):
            if place in ended:
                continue
            if not name:
                dropped[place] = "no_name", ""
            elif not country:
                code = "unknown_country" if given[place] else "no_country"
                dropped[place] = code, given[place]
            elif not company[0]:
                dropped[place] = "no_identity", name
    return dropped
