"""Latvia's Register of Enterprises, with the tax office's main activity and number of employees.

Source: https://data.gov.lv/dati/lv/dataset/uz, the header of "register.csv" as published, and
public readers of the tax office's yearly file. Who has ceased stays in it.
"""

from ..recipe import (
    Coded,
    Constant,
    Filter,
    FirstOf,
    Join,
    Joined,
    Matched,
    Recipe,
    SourceFile,
    Status,
    When,
)

RECIPE = Recipe(
    code="lv_ur",
    country_codes=("LV",),
    title="Uzņēmumu reģistrs",
    publisher="Latvijas Republikas Uzņēmumu reģistrs, Valsts ieņēmumu dienests",
    page="https://data.gov.lv/dati/lv/dataset/uz",
    companies=180_000,
    download_bytes=160_000_000,
    database_bytes=200_000_000,
    rhythm="daily",
    licence="CC0 1.0",
    licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    attribution="Source: Uzņēmumu reģistrs and Valsts ieņēmumu dienests, data.gov.lv",
    registry="LV-RE",
    files=(
        SourceFile(
            key="register",
            url="https://data.gov.lv/dati/dataset/4de9697f-850b-45ec-8bba-61fa09ce932f/resource/"
            "25e80bf3-f107-4ab4-89ef-251b5b9374e9/download/register.csv",
            hosts=("data.gov.lv",),
            delimiter=";",
        ),
        # A new file each year, whose address is looked up.
        SourceFile(
            key="taxes",
            catalogue="https://data.gov.lv/dati/api/3/action/package_show"
            "?id=5ed74664-b49d-4b28-aacb-040931646e9b",
            resource="pdb_nm_komersantu_samaksato_nodoklu_kopsumas_odata*.csv",
            hosts=("data.gov.lv",),
        ),
    ),
    joins=(Join(key="taxes", of="regcode", on="Registracijas_kods", best="Taksacijas_gads"),),
    filters=(
        # Traders, farms and fisheries of one person.
        Filter(reason="sole_trader", part="type", among=("IK", "IND", "ZEM", "ZVJ")),
        Filter(reason="partnership", part="type", among=("PS", "KS")),
        Filter(reason="branch", part="type", among=("FIL",)),
        Filter(reason="no_company", part="regtype", among=("B",)),  # associations, foundations
    ),
    columns={
        "name": "name",
        "registry_id": "regcode",
        "status": Status("terminated", "closed"),
        "legal_form": "type_text",
        # "Rīga, Latgales iela 180 - 5", "Dundagas nov., Kolkas pag., Kolka, Krastnieki".
        "street": Matched("address", r"(?:[^,]* nov\., )?(?:[^,]* pag\., )?[^,]+, (.+)$"),
        "city": Matched("address", r"(?:[^,]* nov\., )?(?:[^,]* pag\., )?([^,]+)"),
        # Written in full where there is one, else the town that is its own.
        "state": FirstOf(
            When(
                Matched("address", r"[^,]*( nov\.),"),
                (" nov.",),
                Joined(Matched("address", r"([^,]*) nov\.,"), Constant("novads")),
            ),
            Matched("address", r"([^,]+)"),
        ),
        "zip": Matched("index", r"(\d{4})$"),
        "founded": "registered",
        "employees": "taxes:Videjais_nodarbinato_personu_skaits_cilv",
        "industry": Matched("taxes:Pamatdarbibas_NACE_kods", r"(\d.*)"),
        "industry_version": Coded(
            "taxes:Taksacijas_gads",
            {"": "", "2020": "2008", "2021": "2008", "2022": "2008", "2023": "2008"},
            other="2025",
        ),
    },
    vanished="ceased",
)
