import csv

from odoo.tests import BaseCase, tagged

from ..importer.columns import guess_mapping
from ..importer.headers import ATTRIBUTES as _ATTRIBUTES
from ..importer.headers import normalise_header
from ..importer.origin import guess_registry

# The header lines as published: Companies House "Basic Company Data", GLEIF golden copy (extract).
COMPANIES_HOUSE = next(
    csv.reader(
        [
            "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1,"
            " RegAddress.AddressLine2,RegAddress.PostTown,RegAddress.County,RegAddress.Country,"
            "RegAddress.PostCode,CompanyCategory,CompanyStatus,CountryOfOrigin,DissolutionDate,"
            "IncorporationDate,Accounts.AccountRefDay,SICCode.SicText_1,SICCode.SicText_2,URI"
        ]
    )
)
GLEIF = next(
    csv.reader(
        [
            "LEI,Entity.LegalName,Entity.LegalAddress.Country,"
            "Entity.HeadquartersAddress.FirstAddressLine,Entity.HeadquartersAddress.City,"
            "Entity.HeadquartersAddress.Region,Entity.HeadquartersAddress.Country,"
            "Entity.HeadquartersAddress.PostalCode,"
            "Entity.RegistrationAuthority.RegistrationAuthorityID,"
            "Entity.RegistrationAuthority.RegistrationAuthorityEntityID,Entity.EntityStatus"
        ]
    )
)


@tagged("post_install", "-at_install")
class TestImporterColumns(BaseCase):
    def _mapping(self, header):
        return dict(zip(header, guess_mapping(header), strict=True))

    def test_headers_in_five_languages_are_recognised(self):
        for header in (
            ("Company Name", "Website", "City", "Country", "# Employees", "Industry"),
            ("Ragione sociale", "Sito web", "Città", "Paese", "Numero dipendenti", "Settore"),
            ("Raison sociale", "Site web", "Ville", "Pays", "Effectifs", "Secteur"),
            ("Firma", "Webseite", "Ort", "Land", "Mitarbeiter", "Branche"),
            ("Razón social", "Sitio web", "Ciudad", "País", "Empleados", "Industria"),
        ):
            with self.subTest(header[0]):
                self.assertEqual(
                    guess_mapping(header),
                    ["name", "website", "city", "country", "employees", "industry"],
                )

    def test_companies_house_s_file_is_known_in_spite_of_spaces_in_its_header(self):
        mapping = self._mapping(COMPANIES_HOUSE)
        self.assertEqual(mapping["CompanyName"], "name")
        self.assertEqual(mapping[" CompanyNumber"], "registry_id")
        self.assertEqual(mapping[" RegAddress.AddressLine2"], "street2")
        self.assertEqual(mapping["RegAddress.PostTown"], "city")
        self.assertEqual(mapping["IncorporationDate"], "founded")
        self.assertEqual(mapping["CompanyCategory"], "legal_form")
        self.assertEqual(mapping["SICCode.SicText_1"], "industry")
        self.assertEqual(mapping["SICCode.SicText_2"], "industry")
        self.assertEqual(mapping["URI"], "")
        self.assertEqual(guess_registry(COMPANIES_HOUSE), "GB-COH")

    def test_gleif_s_golden_copy_is_known(self):
        mapping = self._mapping(GLEIF)
        self.assertEqual(mapping["LEI"], "lei")
        self.assertEqual(mapping["Entity.LegalName"], "name")
        self.assertEqual(mapping["Entity.LegalAddress.Country"], "")
        self.assertEqual(mapping["Entity.HeadquartersAddress.Country"], "country")
        self.assertEqual(
            mapping["Entity.RegistrationAuthority.RegistrationAuthorityID"], "registry"
        )
        self.assertEqual(
            mapping["Entity.RegistrationAuthority.RegistrationAuthorityEntityID"], "registry_id"
        )

    def test_a_company_number_column_alone_does_not_mean_companies_house(self):
        self.assertEqual(guess_registry(["name", "company number"]), "")
        self.assertEqual(guess_registry(["denomination", "siren"]), "FR-SIRENE")

    def test_of_two_columns_with_one_meaning_the_first_is_taken(self):
        self.assertEqual(guess_mapping(["name", "company", "industry", "sector"]),
                         ["name", "", "industry", "industry"])  # fmt: skip

    def test_contacts_are_told_from_their_company(self):
        self.assertEqual(
            guess_mapping(["Contact name", "Job title", "Contact email", "Contact phone", "Email"]),
            ["contact_name", "contact_title", "contact_email", "contact_phone", "email"],
        )

    def test_aliases_are_written_as_headers_are_normalised_and_mean_one_thing(self):
        aliases = [alias for one in _ATTRIBUTES for alias in one.aliases.split()]
        self.assertEqual([alias for alias in aliases if normalise_header(alias) != alias], [])
        self.assertEqual({alias for alias in aliases if aliases.count(alias) > 1}, set())
