"""Sweden's legal entities, by Statistics Sweden (SCB), with what Bolagsverket says of their end.

Source: https://bolagsverket.se/apierochoppnadata/hamtaforetagsinformation/
nedladdningsbarafiler.2517.html, and public readers of both files: who takes advertising has a
Reklamsparrtyp that begins with 1, who does not one that begins with 2. JurForm is SCB's code: 10
are persons, 21 simple partnerships, 22 shipping partnerships, 31 trading and limited partnerships,
91 estates.
"""

from ..recipe import (
    Coded,
    Column,
    Constant,
    Filter,
    FirstOf,
    Join,
    Matched,
    Recipe,
    SourceFile,
    Status,
    When,
    _lt,
)

RECIPE = Recipe(
    code="se_scb",
    country_codes=("SE",),
    title="SCB:s och Bolagsverkets bulkfiler",
    publisher="Statistiska centralbyrån (SCB), Bolagsverket",
    page="https://bolagsverket.se/apierochoppnadata/hamtaforetagsinformation/"
    "nedladdningsbarafiler.2517.html",
    companies=1_000_000,
    download_bytes=330_000_000,
    database_bytes=800_000_000,
    rhythm="weekly",
    licence="Free to reuse, as high-value data of the European Union",
    licence_url="https://bolagsverket.se/apierochoppnadata/hamtaforetagsinformation/"
    "nedladdningsbarafiler.2517.html",
    attribution="Source: SCB and Bolagsverket",
    terms=_lt(
        "Companies that have not agreed to advertising (Reklamspärr) never become leads: only those"
        " that take it are loaded."
    ),
    registry="SE-BLV",
    files=(
        SourceFile(
            key="scb",
            url="https://vardefulla-datamangder.bolagsverket.se/scb/scb_bulkfil.zip",
            hosts=("vardefulla-datamangder.bolagsverket.se",),
            member="scb_bulkfil*.txt",
            encoding="cp1252",
            delimiter="\t",
        ),
        SourceFile(
            key="bolagsverket",
            url="https://vardefulla-datamangder.bolagsverket.se/bolagsverket/bolagsverket_bulkfil.zip",
            hosts=("vardefulla-datamangder.bolagsverket.se",),
            delimiter=";",
        ),
    ),
    joins=(
        Join(
            key="bolagsverket",
            of=Matched("PeOrgNr", r"16(\d{10})$"),
            # Numbers of persons, "…$PERSON-IDORG", are not even looked at.
            on=Matched("organisationsidentitet", r"(\d{10})\$ORGNR-IDORG"),
        ),
    ),
    filters=(
        Filter(reason="sole_trader", part=Matched("PeOrgNr", r"(16)\d{10}$"), unless=("16",)),
        # Partnerships bear names of persons; estates of the dead are none.
        Filter(reason="partnership", part="JurForm", among=("21", "22", "31")),
        Filter(reason="sole_trader", part="JurForm", among=("10", "91")),
    ),
    columns={
        "name": FirstOf("Foretagsnamn", "Namn"),
        "registry_id": Matched("PeOrgNr", r"16(\d{10})$"),
        "status": (
            Status("FtgStat"),
            When(Matched("Reklamsparrtyp", r"(1)"), ("",), Constant("protected")),
            Status(Column("bolagsverket:avregistreringsdatum")),
            Coded(
                "bolagsverket:pagandeAvvecklingsEllerOmstruktureringsforfarande",
                {"": ""},
                other="insolvent",
            ),
        ),
        "street": "Gatuadress",
        "zip": "PostNr",
        "city": "PostOrt",
        "industry": ("Ng1", "Ng2", "Ng3", "Ng4", "Ng5"),
        "founded": "RegDatKtid",
    },
    vanished="ceased",
    never_loaded=("COAdress",),
)
