"""Places of business of all the world: Overture Maps Foundation, theme places.

Source: https://docs.overturemaps.org/guides/places/ and its schema, with the licences of
https://docs.overturemaps.org/attribution/. A place is a shop or an office and no company of a
register: it has a website and a telephone number more often than any register has. Nothing is made
of e-mail addresses and profiles in networks, which may be a person's. Until September 2026
categories stood in a column of that name.
"""

from ..recipe import Column, Filter, FirstOf, Recipe, SourceFile, _lt

RECIPE = Recipe(
    code="overture_places",
    country_codes=(),
    title="Overture Places",
    publisher="Overture Maps Foundation",
    page="https://docs.overturemaps.org/guides/places/",
    companies=45_000_000,
    download_bytes=10_000_000_000,
    database_bytes=30_000_000_000,
    rhythm="monthly",
    licence="CDLA-Permissive-2.0; Apache-2.0 (Foursquare); CC0-1.0 (AllThePlaces)",
    licence_url="https://docs.overturemaps.org/attribution/",
    attribution="Overture Maps Foundation, overturemaps.org: places of Meta, Microsoft and"
    " BrightQuery (CDLA-Permissive-2.0), of Foursquare (Apache-2.0, Copyright Foursquare Labs,"
    " Inc.) and of AllThePlaces (CC0-1.0)",
    terms=_lt(
        "Download the GeoParquet file of a region with Overture's own tool, or all files into a"
        " folder of the server, and choose the countries. A release is to be forgotten after 60"
        " days: its companies are deleted then, if no newer one was imported. Leads keep their own"
        " copy."
    ),
    files=(SourceFile(key="places", container="parquet"),),
    filters=(
        Filter(
            reason="closed",
            part=Column("operating_status", optional=True),
            unless=("", "open"),
        ),
        Filter(reason="unsure", part="confidence", below=0.6),
        Filter(
            reason="no_company",
            part=Column("taxonomy.hierarchy", optional=True),
            among=("community_and_government", "cultural_and_historic", "geographic_entities"),
        ),
        Filter(
            reason="licence",
            part=Column("sources.license", optional=True),
            unless=("", "CDLA-Permissive-2.0", "Apache-2.0", "CC0-1.0"),
        ),
        # Who practises under the own name and title.
        Filter(
            reason="sole_trader",
            part="names.primary",
            beginning=(
                "Dr ", "Dr. ", "DR ", "DR. ", "Dr.ssa ", "Dra. ", "Drs. ", "Prof. ", "PROF. ",
                "Dott. ", "DOTT. ", "Dott.ssa ", "DOTT.SSA ", "Avv. ", "AVV. ", "Avvocato ",
                "Ing. ", "ING. ", "Arch. ", "ARCH. ", "Geom. ", "GEOM. ", "Rag. ", "RAG. ",
                "Notaio ", "Dipl.-", "Rechtsanwalt ", "Rechtsanwältin ", "Maître ",
                "Mr ", "Mr. ", "Mrs ", "Mrs. ", "Ms ", "Ms. ", "Herr ", "Frau ",
            ),
        ),
    ),
    columns={
        "name": "names.primary",
        "website": "websites",
        "phone": "phones",
        "street": "addresses.freeform",
        "zip": "addresses.postcode",
        "city": "addresses.locality",
        "state": "addresses.region",
        "country": "addresses.country",
        "industry": FirstOf(
            Column("taxonomy.primary", optional=True),
            Column("basic_category", optional=True),
            Column("categories.primary", optional=True),
        ),
    },
    classification="overture",
    is_named=True,
    kept_days=60,
    vanished="deleted",
    never_loaded=("emails", "socials"),
)  # fmt: skip
