"""Belgium's Crossroads Bank for Enterprises (KBO/BCE): a zip of nine files, by hand.

Each month, and each day, there is a zip of what has changed beside the whole one of that number.

Source: https://economie.fgov.be/en/themes/enterprises/crossroads-bank-enterprises/services-everyone/
cbe-open-data, and real rows of its files. Its licence forbids direct marketing with personal data.
"""

from ..recipe import (
    Changes,
    Coded,
    Filter,
    FirstOf,
    Join,
    Joined,
    Matched,
    Recipe,
    SourceFile,
    When,
    _lt,
)  # fmt: skip

RECIPE = Recipe(
    code="be_kbo",
    country_codes=("BE",),
    title="KBO/BCE Open Data",
    publisher="FOD Economie / SPF Economie",
    page="https://economie.fgov.be/en/themes/enterprises/crossroads-bank-enterprises/"
    "services-everyone/cbe-open-data",
    companies=1_100_000,
    download_bytes=350_000_000,
    database_bytes=1_000_000_000,
    rhythm="monthly",
    licence="KBO Open Data licence",
    licence_url="https://economie.fgov.be/en/themes/enterprises/crossroads-bank-enterprises/"
    "services-everyone/cbe-open-data",
    attribution="Source: KBO/BCE open data, FPS Economy",
    terms=_lt(
        "Personal data may not be used for direct marketing: natural persons and e-mail addresses"
        " are not loaded. You need a free account to download the file: first a “Full” zip, then,"
        " if you like, the “Update” zips that follow it, one after another."
    ),
    registry="BE-BCE_KBO",
    files=(
        SourceFile(key="kbo", member="enterprise.csv"),
        SourceFile(key="name", inside="kbo", member="denomination.csv"),
        SourceFile(key="address", inside="kbo", member="address.csv"),
        SourceFile(key="activity", inside="kbo", member="activity.csv"),
        SourceFile(key="phone", inside="kbo", member="contact.csv"),
        SourceFile(key="web", inside="kbo", member="contact.csv"),
    ),
    joins=(
        Join(
            key="name",
            of="EnterpriseNumber",
            on=When("TypeOfDenomination", ("001",), "EntityNumber"),
            best=Coded("Language", {"2": "9", "1": "8", "3": "7", "4": "6"}),
        ),
        Join(
            key="address",
            of="EnterpriseNumber",
            on=When("DateStrikingOff", ("",), "EntityNumber"),
            best=Coded("TypeOfAddress", {"REGO": "9", "BAET": "8"}),
        ),
        # Value added tax tells what a company does better than what its employees are insured for.
        Join(
            key="activity",
            of="EnterpriseNumber",
            on=When("NaceVersion", ("2008", "2025"), "EntityNumber"),
            best=Joined(
                Coded("Classification", {"MAIN": "9"}, other="0"),
                Coded("ActivityGroup", {"001": "9", "006": "8", "003": "7"}, other="0"),
                "NaceVersion",
                between="",
            ),
        ),
        Join(
            key="phone",
            of="EnterpriseNumber",
            on=When("ContactType", ("TEL",), "EntityNumber"),
            best=Coded("EntityContact", {"ENT": "9", "EST": "8"}),
        ),
        Join(
            key="web",
            of="EnterpriseNumber",
            on=When("ContactType", ("WEB",), "EntityNumber"),
            best=Coded("EntityContact", {"ENT": "9", "EST": "8"}),
        ),
    ),
    filters=(
        Filter(reason="sole_trader", part="TypeOfEnterprise", unless=("2",)),
        Filter(reason="ceased", part="Status", unless=("AC",)),
    ),
    changes=Changes(
        meta="meta.csv",
        kind=("ExtractType", "update"),
        number="ExtractNumber",
        day="SnapshotDate",
    ),
    columns={
        "name": "name:Denomination",
        "registry_id": "EnterpriseNumber",
        "status": Coded("JuridicalSituation", {"000": "", "001": "", "002": ""}, other="insolvent"),
        "street": Joined(
            FirstOf("address:StreetNL", "address:StreetFR"), "address:HouseNumber", "address:Box"
        ),
        "zip": "address:Zipcode",
        "city": FirstOf("address:MunicipalityNL", "address:MunicipalityFR"),
        # Empty for Belgium; "Allemagne (Rép.féd.)".
        "country": Matched("address:CountryFR", r"([^(]*[^( ])"),
        "phone": "phone:Value",
        "website": "web:Value",
        "industry": "activity:NaceCode",
        "industry_version": "activity:NaceVersion",
        "founded": "StartDate",
    },
    vanished="ceased",
)
