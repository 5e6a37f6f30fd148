"""France's Sirene, by INSEE: units of law, joined with the seat among their establishments.

Source: https://www.data.gouv.fr, "Base Sirene des entreprises et de leurs établissements", and
https://www.sirene.fr for the columns and codes. Older editions lack societeMission and NAF 2025, of
which nothing is made. The letter of a code tells its edition.
"""

from ..recipe import (
    Constant,
    Filter,
    FirstOf,
    Join,
    Joined,
    Lines,
    Matched,
    Recipe,
    Size,
    SourceFile,
    Status,
    When,
    _lt,
)

RECIPE = Recipe(
    code="fr_sirene",
    country_codes=("FR",),
    title="Base Sirene",
    publisher="Insee",
    page="https://www.data.gouv.fr/datasets/"
    "base-sirene-des-entreprises-et-de-leurs-etablissements-siren-siret",
    companies=5_000_000,
    download_bytes=2_600_000_000,
    database_bytes=5_500_000_000,
    rhythm="monthly",
    licence="Licence Ouverte 2.0",
    licence_url="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    attribution="Source : Insee, Sirene",
    terms=_lt(
        "Who opposed the diffusion of their data (article R123-232-1 of the French code of"
        " commerce) may not be prospected, and never becomes a lead."
    ),
    registry="FR-SIRENE",
    files=(
        SourceFile(
            key="units",
            url="https://www.data.gouv.fr/datasets/r/825f4199-cadd-486c-ac46-a65a8ea1a047",
            hosts=("www.data.gouv.fr", "files.data.gouv.fr", "object.files.data.gouv.fr"),
        ),
        SourceFile(
            key="seat",
            url="https://www.data.gouv.fr/datasets/r/0651fb76-bcf3-4f6a-a38d-bc04fa708576",
            hosts=("www.data.gouv.fr", "files.data.gouv.fr", "object.files.data.gouv.fr"),
        ),
    ),
    joins=(
        Join(
            key="seat",
            of="siren",
            on=When(
                "etatAdministratifEtablissement",
                ("A",),
                When("etablissementSiege", ("true",), "siren"),
            ),
            needed=True,
        ),
    ),
    filters=(
        Filter(reason="sole_trader", part="categorieJuridiqueUniteLegale", beginning=("1",)),
        Filter(reason="ceased", part="etatAdministratifUniteLegale", unless=("A",)),
        Filter(reason="ceased", part="unitePurgeeUniteLegale", among=("true",)),
        # Without a legal form or undivided: persons.
        Filter(reason="partnership", part="categorieJuridiqueUniteLegale", beginning=("2",)),
        Filter(reason="no_company", part="categorieJuridiqueUniteLegale", among=("",)),
        Filter(
            reason="no_company",
            part="categorieJuridiqueUniteLegale",
            # Owners of flats; associations that are declared, or not.
            among=("9110", "9210", "9220", "9221", "9222", "9260"),
        ),
    ),
    columns={
        "name": FirstOf(
            "denominationUniteLegale",
            "denominationUsuelle1UniteLegale",
            "seat:enseigne1Etablissement",
            "sigleUniteLegale",
        ),
        "registry_id": "siren",
        "status": (
            Status("statutDiffusionUniteLegale"),
            Status("seat:statutDiffusionEtablissement"),
            # What is hidden is written "[ND]", whatever the flags say.
            When("denominationUniteLegale", ("[ND]",), Constant("protected")),
        ),
        "street": Joined(
            "seat:numeroVoieEtablissement",
            "seat:indiceRepetitionEtablissement",
            "seat:typeVoieEtablissement",
            "seat:libelleVoieEtablissement",
        ),
        "street2": Lines(
            "seat:complementAdresseEtablissement",
            without=("chez", "c/o", "mr ", "mme ", "m. ", "mle ", "monsieur", "madame"),
        ),
        "zip": "seat:codePostalEtablissement",
        "city": FirstOf(
            "seat:libelleCommuneEtablissement", "seat:libelleCommuneEtrangerEtablissement"
        ),
        "state": Matched("seat:codeCommuneEtablissement", r"(97\d|98\d|\d\d|2[AB])"),
        "country": "seat:libellePaysEtrangerEtablissement",
        "employees": Size("trancheEffectifsUniteLegale"),
        "industry": "activitePrincipaleUniteLegale",
        "founded": "dateCreationUniteLegale",
    },
    nace="2",
    vanished="ceased",
    never_loaded=(
        "sexeUniteLegale",
        "prenom1UniteLegale",
        "prenom2UniteLegale",
        "prenom3UniteLegale",
        "prenom4UniteLegale",
        "prenomUsuelUniteLegale",
        "pseudonymeUniteLegale",
        "nomUniteLegale",
        "nomUsageUniteLegale",
    ),
)
