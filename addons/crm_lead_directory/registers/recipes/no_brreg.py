"""Norway's Enhetsregisteret, by Brønnøysundregistrene: 54 columns until 2025, 90 since.

Source: https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html, and files of both
layouts. Companies that were deleted are not in it.
"""

from ..recipe import (
    Coded,
    Column,
    Constant,
    Filter,
    FirstOf,
    Joined,
    Lines,
    Matched,
    Recipe,
    SourceFile,
    Status,
    When,
    _lt,
)

RECIPE = Recipe(
    code="no_brreg",
    country_codes=("NO",),
    title="Enhetsregisteret",
    publisher="Brønnøysundregistrene",
    page="https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html",
    companies=600_000,
    download_bytes=155_000_000,
    database_bytes=600_000_000,
    rhythm="daily",
    licence="NLOD 2.0",
    licence_url="https://data.norge.no/nlod/no/2.0",
    attribution=(
        "Contains data under the Norwegian licence for Open Government data (NLOD) distributed by"
        " Brønnøysundregistrene"
    ),
    terms=_lt(
        "E-mail addresses and telephone numbers may be a person's: Norway's marketing law asks for"
        " consent before you advertise to a person by e-mail."
    ),
    registry="NO-BRC",
    files=(
        SourceFile(
            key="enheter",
            url="https://data.brreg.no/enhetsregisteret/api/enheter/lastned/csv",
            hosts=("data.brreg.no",),
        ),
    ),
    filters=(
        Filter(reason="sole_trader", part="organisasjonsform.kode", among=("ENK",)),
        # Their names are those of the partners.
        Filter(reason="partnership", part="organisasjonsform.kode", among=("ANS", "DA", "PRE")),
        Filter(reason="insolvent", part="organisasjonsform.kode", among=("KBO",)),
        Filter(
            reason="no_company",
            part="organisasjonsform.kode",
            unless=(
                "AS", "ASA", "SA", "SE", "BA", "NUF", "STI", "BRL", "BBL", "IKS", "KF", "FKF", "SF",
                "SPA", "GFS", "STAT", "ORGL", "KOMM", "FYLK",
            ),
        ),
    ),
    columns={
        "name": "navn",
        "registry_id": "organisasjonsnummer",
        "status": Status(
            "konkurs",
            "underAvvikling",
            "underTvangsavviklingEllerTvangsopplosning",
            Column("underUtenlandskInsolvensbehandlingDato", optional=True),
            Column("underRekonstruksjonsforhandlingDato", optional=True),
        ),
        "vat": When(
            "registrertIMvaRegisteret",
            ("true",),
            Joined(Constant("NO"), "organisasjonsnummer", Constant("MVA"), between=""),
        ),
        "legal_form": "organisasjonsform.beskrivelse",
        "website": "hjemmeside",
        # Not the postal one in its place: half of the one and half of the other is none.
        "street": Lines(
            "forretningsadresse.adresse",
            separators=("/n", "\n", ", "),
            without=("c/o", "v/", "att:", "att."),
        ),
        "zip": "forretningsadresse.postnummer",
        "city": "forretningsadresse.poststed",
        # Odoo has the counties of 2020, of which seven were made in 2024.
        "state": Coded(
            Matched("forretningsadresse.kommunenummer", r"(\d\d)\d\d"),
            {"31": "30", "32": "30", "33": "30", "39": "38", "40": "38", "55": "54", "56": "54"},
            other=None,
        ),
        "country": "forretningsadresse.landkode",
        "phone": (Column("telefon", optional=True), Column("mobil", optional=True)),
        "email": Column("epostadresse", optional=True),
        # Fewer than five are told as "there are some".
        "employees": FirstOf(
            "antallAnsatte",
            Coded("harRegistrertAntallAnsatte", {"true": "1-4", "false": "0"}),
        ),
        "industry": ("naeringskode1.kode", "naeringskode2.kode", "naeringskode3.kode"),
        # "0001-01-01" is no day.
        "founded": FirstOf(
            Matched("stiftelsesdato", r"([12]\d{3}.*)"), "registreringsdatoenhetsregisteret"
        ),
    },
    vanished="ceased",
)  # fmt: skip
