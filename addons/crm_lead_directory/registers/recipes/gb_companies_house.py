"""The United Kingdom's live companies: the "Free Company Data Product" of Companies House.

Source: https://download.companieshouse.gov.uk/en_output.html, and the header of a file as
published, with a space before some of its names. Dissolved companies are not in it.
"""

from ..recipe import Filter, Matched, Recipe, SourceFile

RECIPE = Recipe(
    code="gb_companies_house",
    country_codes=("GB",),
    title="Free Company Data Product",
    publisher="Companies House",
    page="https://download.companieshouse.gov.uk/en_output.html",
    companies=5_000_000,
    download_bytes=473_000_000,
    database_bytes=4_000_000_000,
    rhythm="monthly",
    licence="OGL 3.0",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution=(
        "Contains public sector information licensed under the Open Government Licence v3.0."
    ),
    registry="GB-COH",
    files=(
        SourceFile(
            key="companies",
            url="https://download.companieshouse.gov.uk/BasicCompanyDataAsOneFile-{month}.zip",
            month="%Y-%m-01",
            hosts=("download.companieshouse.gov.uk",),
        ),
    ),
    filters=(
        Filter(
            reason="partnership",
            part="CompanyCategory",
            among=("Limited Partnership", "Scottish Partnership"),
        ),
        Filter(
            reason="no_company",
            part="CompanyCategory",
            among=(
                "Charitable Incorporated Organisation",
                "Scottish Charitable Incorporated Organisation",
                "Other company type",
                "Overseas Entity",  # from abroad: an owner of land
            ),
        ),
    ),
    columns={
        "name": "CompanyName",
        "registry_id": "CompanyNumber",
        "status": "CompanyStatus",
        "legal_form": "CompanyCategory",
        "street": "RegAddress.AddressLine1",
        "street2": "RegAddress.AddressLine2",
        "city": "RegAddress.PostTown",
        "state": "RegAddress.County",
        "zip": "RegAddress.PostCode",
        # Codes of four digits are of older editions, of the United States, or lack a zero.
        "industry": (
            Matched("SICCode.SicText_1", r"(\d{5}) "),
            Matched("SICCode.SicText_2", r"(\d{5}) "),
            Matched("SICCode.SicText_3", r"(\d{5}) "),
            Matched("SICCode.SicText_4", r"(\d{5}) "),
        ),
        "founded": "IncorporationDate",
    },
    nace="2",
    vanished="ceased",
    never_loaded=("RegAddress.CareOf",),
)
