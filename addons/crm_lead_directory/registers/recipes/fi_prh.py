"""Finland's companies that are alive, by the Patent and Registration Office (PRH).

Source: https://avoindata.prh.fi/en/ytj and public readers of its answers. It has no private
traders, telephone numbers or e-mail addresses.
"""

from ..recipe import (
    Coded,
    Column,
    FirstOf,
    Joined,
    Recipe,
    SourceFile,
)

RECIPE = Recipe(
    code="fi_prh",
    country_codes=("FI",),
    title="Yritys- ja yhteisötietojärjestelmä (YTJ)",
    publisher="Patentti- ja rekisterihallitus (PRH)",
    page="https://avoindata.prh.fi/en/ytj",
    companies=450_000,
    download_bytes=96_000_000,
    database_bytes=400_000_000,
    rhythm="daily",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    attribution="Source: Finnish Patent and Registration Office (PRH), YTJ open data, CC BY 4.0",
    registry="FI-PRO",
    files=(
        SourceFile(
            key="companies",
            url="https://avoindata.prh.fi/opendata-ytj-api/v3/all_companies",
            hosts=("avoindata.prh.fi",),
            container="json",
        ),
    ),
    columns={
        "name": FirstOf("names[type=1][endDate=].name", "names[endDate=].name"),
        "registry_id": "businessId.value",
        "status": (
            # Bankruptcy, liquidation and restructuring.
            Coded("companySituations[endDate=].type", {"": ""}, other="insolvent"),
            Coded("tradeRegisterStatus", {"3": "ceased"}),
            Coded(Column("endDate", optional=True), {"": ""}, other="ceased"),
        ),
        "legal_form": "companyForms[endDate=].descriptions[languageCode=1].description",
        "website": "website.url",
        "street": Joined(
            "addresses[type=1].street",
            "addresses[type=1].buildingNumber",
            "addresses[type=1].entrance",
            "addresses[type=1].apartmentNumber",
        ),
        "zip": "addresses[type=1].postCode",
        "city": "addresses[type=1].postOffices[languageCode=1].city",
        "industry": "mainBusinessLine.type",
        "founded": "registrationDate",
    },
    vanished="ceased",
    never_loaded=("addresses[type=1].co",),
)
