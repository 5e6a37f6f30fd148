"""Czechia's statistical register of economic entities (RES), by the Czech Statistical Office.

Source: https://csu.gov.cz/registr-ekonomickych-subjektu, and the columns that public readers of the
file name. Who has ceased stays in it; the legal forms of persons are 100 to 109.
"""

from ..recipe import Coded, Filter, FirstOf, Joined, Matched, Recipe, Size, SourceFile, Status

RECIPE = Recipe(
    code="cz_res",
    country_codes=("CZ",),
    title="Registr ekonomických subjektů (RES)",
    publisher="Český statistický úřad",
    page="https://csu.gov.cz/registr-ekonomickych-subjektu",
    companies=600_000,
    download_bytes=543_000_000,
    database_bytes=500_000_000,
    rhythm="monthly",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    attribution="Source: Czech Statistical Office, RES, CC BY 4.0; the data were processed",
    registry="CZ-ICO",
    files=(
        SourceFile(
            key="res",
            url="https://opendata.csu.gov.cz/soubory/od/od_org03/res_data.csv",
            hosts=("opendata.csu.gov.cz",),
        ),
    ),
    filters=(
        Filter(reason="sole_trader", part="FORMA", beginning=("10",)),
        Filter(reason="partnership", part="FORMA", among=("111",)),
        # Owners of flats, associations and their branches.
        Filter(reason="no_company", part="FORMA", among=("145", "706", "736")),
    ),
    columns={
        "name": "FIRMA",
        "registry_id": "ICO",
        "status": Status("DDATZAN"),
        "legal_form": Coded(
            "FORMA",
            {
                "112": "Společnost s ručením omezeným",
                "113": "Komanditní společnost",
                "121": "Akciová společnost",
                "205": "Družstvo",
            },
        ),
        "street": Joined(FirstOf("ULICE_TEXT", "COBCE_TEXT"), Joined("CDOM", "COR", between="/")),
        "zip": "PSC",
        "city": "OBEC_TEXT",
        "employees": Size("KATPO"),
        # Of Rev. 2, which is kept beside that of 2025 until 2028; 00 and 04 are none.
        "industry": Matched("NACE", r"(?!0[04])(\d\d.*)"),
        "founded": "DDATVZN",
    },
    nace="2",
    vanished="ceased",
)
