"""The states that Odoo brings, as its own data name them."""

import csv
from collections.abc import Iterator

from odoo.tools import file_open


def odoo_states() -> Iterator[tuple[str, str, str]]:
    """Yield (ISO code of the country, code, name): ("DE", "DE-BY", "Bayern")."""
    with file_open("base/data/res.country.state.csv", "r") as file:
        for row in csv.DictReader(file):
            country = row["country_id:id"].removeprefix("base.").upper()
            yield "GB" if country == "UK" else country, row["code"], row["name"]
