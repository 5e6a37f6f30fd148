"""All companies that have a Legal Entity Identifier: GLEIF's golden copies of levels 1 and 2.

Source: https://www.gleif.org/en/lei-data/gleif-golden-copy/download-the-golden-copy, and the names
of its columns in public readers. A lapsed number says that its fee was not paid, no more.

Level 2 tells who consolidates whose accounts. Its periods are those of the relation, of accounts
and of documents, in any order. Why a company tells no parent is in a third file, which is not read.
"""

from ..recipe import Coded, Column, Filter, Joined, Recipe, Relations, SourceFile, When, numbered

_HOSTS = ("goldencopy.gleif.org", "leidata-preview.gleif.org")

RECIPE = Recipe(
    code="gleif_lei",
    country_codes=(),
    title="LEI Golden Copy",
    publisher="Global Legal Entity Identifier Foundation (GLEIF)",
    page="https://www.gleif.org/en/lei-data/gleif-golden-copy/download-the-golden-copy",
    companies=2_900_000,
    download_bytes=529_000_000,
    database_bytes=2_700_000_000,
    rhythm="daily",
    licence="CC0 1.0",
    licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    attribution="Source: GLEIF, LEI data, CC0 1.0",
    files=(
        SourceFile(
            key="lei2",
            url="https://goldencopy.gleif.org/api/v2/golden-copies/publishes/lei2/latest.csv",
            hosts=_HOSTS,
            deltas=((7, "?delta=LastWeek"), (31, "?delta=LastMonth")),
        ),
        SourceFile(
            key="rr",
            url="https://goldencopy.gleif.org/api/v2/golden-copies/publishes/rr/latest.csv",
            hosts=_HOSTS,
            beside=True,
        ),
    ),
    relations=Relations(
        key="rr",
        child="Relationship.StartNode.NodeID",
        parent="Relationship.EndNode.NodeID",
        kind=When(
            "Relationship.RelationshipStatus",
            ("ACTIVE",),
            When(
                # As of a company's own number, lapsed says that nobody has renewed it.
                Column("Registration.RegistrationStatus", optional=True),
                ("", "PUBLISHED", "LAPSED", "PENDING_TRANSFER", "PENDING_ARCHIVAL"),
                Coded(
                    "Relationship.RelationshipType",
                    {
                        "IS_DIRECTLY_CONSOLIDATED_BY": "direct",
                        "IS_ULTIMATELY_CONSOLIDATED_BY": "ultimate",
                    },
                ),
            ),
        ),
        since=numbered(
            "Relationship.Period.{number}.periodType",
            ("RELATIONSHIP_PERIOD",),
            "Relationship.Period.{number}.startDate",
            5,
        ),
        until=numbered(
            "Relationship.Period.{number}.periodType",
            ("RELATIONSHIP_PERIOD",),
            "Relationship.Period.{number}.endDate",
            5,
        ),
    ),
    filters=(
        Filter(reason="sole_trader", part="Entity.EntityCategory", among=("SOLE_PROPRIETOR",)),
        Filter(reason="fund", part="Entity.EntityCategory", among=("FUND",)),
        Filter(reason="branch", part="Entity.EntityCategory", among=("BRANCH",)),
    ),
    columns={
        "name": "Entity.LegalName",
        "lei": "LEI",
        # In no register, or in one that GLEIF has no code of.
        "registry": Coded(
            "Entity.RegistrationAuthority.RegistrationAuthorityID",
            {"RA999999": "", "RA888888": ""},
            other=None,
        ),
        "registry_id": "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
        "status": ("Entity.EntityStatus", "Registration.RegistrationStatus"),
        "street": "Entity.HeadquartersAddress.FirstAddressLine",
        "street2": Joined(
            "Entity.HeadquartersAddress.AdditionalAddressLine.1",
            "Entity.HeadquartersAddress.AdditionalAddressLine.2",
            between=", ",
        ),
        "city": "Entity.HeadquartersAddress.City",
        "zip": "Entity.HeadquartersAddress.PostalCode",
        "state": "Entity.HeadquartersAddress.Region",
        "country": "Entity.HeadquartersAddress.Country",
        "founded": "Entity.EntityCreationDate",
    },
    vanished="unknown",
)
