import csv

from odoo.tests import BaseCase, tagged

from ..importer.columns import guess_mapping, recognise, recognise_values, tells_persons
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
        self.assertEqual(mapping["CompanyStatus"], "status")
        self.assertEqual(mapping["DissolutionDate"], "status")
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

    def test_all_columns_that_tell_who_has_ended_are_known(self):
        for header in (
            ("Status",), ("etatAdministratifUniteLegale", "statutDiffusionUniteLegale"),
            ("Entity.EntityStatus", "Registration.RegistrationStatus"),
            ("konkurs", "konkursdato", "underAvvikling",
             "underTvangsavviklingEllerTvangsopplosning", "slettedato"),
            ("STATO ATTIVITA'", "Data cessazione"), ("Stato attività",), ("Reklamspärr",),
            ("Reklamebeskyttet",), ("SITUAÇÃO CADASTRAL",), ("ettevotja_staatus",),
            ("terminated",), ("operating_status",), ("permanentlyClosed",), ("Do not contact",),
            ("Non-mailing",), ("DDATZAN",),
        ):  # fmt: skip
            with self.subTest(header[0]):
                mapping = guess_mapping(("name", "country", *header))
                self.assertEqual(mapping[2:], ["status"] * len(header))

    def test_a_deal_that_is_closed_ends_no_company(self):
        for header in ("Closed", "IsClosed", "Close Date", "Stage", "Lead Status", "Deal Status"):
            self.assertEqual(guess_mapping(("Account Name", header)), ["name", ""])

    def test_codes_of_sizes_are_columns_of_employees(self):
        for header in ("trancheEffectifsUniteLegale", "trancheEffectifsEtablissement", "KATPO"):
            self.assertEqual(guess_mapping(("name", header)), ["name", "employees"])

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

    # === BY WHAT STANDS IN THEM === #

    COUNTRIES = frozenset(("Italy", "IT", "France", "FR"))

    def _country(self, text):
        return text if text in self.COUNTRIES else ""

    def _recognised(self, columns):
        """Return {header: (target, what told it)} of {header: values}."""
        rows = list(zip(*columns.values(), strict=True))
        guesses = recognise(
            list(columns), rows, lambda text: text if text in self.COUNTRIES else ""
        )
        return {
            name: (guess.target, guess.by) for name, guess in zip(columns, guesses, strict=True)
        }

    def test_a_map_coordinate_is_no_profile_on_x(self):
        for header, values in (
            ("X", ["652381.02", "842666.91"]), ("X", ["9.19", "13.405"]), ("x", ["12", "15"]),
        ):  # fmt: skip
            found = self._recognised({"name": ["Alpha", "Beta"], header: values})
            self.assertEqual(found[header][0], "", values)
        for values in (["https://x.com/alpha", "https://x.com/beta"], ["@alpha", "@beta"]):
            found = self._recognised({"name": ["Alpha", "Beta"], "X": values})
            self.assertEqual(found["X"], ("twitter", "both"))

    def test_values_tell_columns_whose_names_say_nothing(self):
        for values, target in (
            (["info@a.example", "office@b.example"], "email"),
            (["https://a.example", "www.b.example"], "website"),
            (["https://www.linkedin.com/company/a", "linkedin.com/company/b"], "linkedin"),
            (["https://www.facebook.com/a", "https://facebook.com/b"], "facebook"),
            (["IT00743110157", "IT07643520567"], "vat"),
            (["529900T8BM49AURSDO55", "529900T8BM49AURSDO55"], "lei"),
            (["+39 02 5550111", "+33 1 55 50 12 01"], "phone"),
            (["Italy", "France"], "country"),
            (["12", "15"], ""),
            (["00743110157", "07643520567"], ""),
            (["https://www.linkedin.com/in/anna", "https://www.linkedin.com/in/bert"], ""),
            (["https://cdn.example/a.png", "https://cdn.example/b.png"], ""),
        ):
            found = self._recognised({"name": ["A", "B"], "Feld 7": values})
            self.assertEqual(found["Feld 7"], (target, "values" if target else ""), values)

    def test_names_and_values_are_told_apart_as_what_is_surer(self):
        found = self._recognised(
            {"name": ["A", "B"], "website": ["a.example", "b.example"], "city": ["Rome", "Paris"],
             "phone": ["", ""]}
        )  # fmt: skip
        self.assertEqual(
            found,
            {"name": ("name", "name"), "website": ("website", "both"), "city": ("city", "name"),
             "phone": ("phone", "name")},
        )  # fmt: skip

    def test_wrong_values_under_a_sure_name_are_told_and_not_passed_over(self):
        found = self._recognised(
            {"name": ["A", "B"], "lei": ["XXX", "YYY"], "employees": ["many", "few"],
             "email": ["nobody", "x"]}
        )  # fmt: skip
        self.assertEqual([target for target, _by in found.values()],
                         ["name", "lei", "employees", "email"])  # fmt: skip

    def test_a_name_that_is_denied_by_its_values_is_read_by_them(self):
        found = self._recognised(
            {"name": ["A", "B"], "Website": ["info@a.example", "info@b.example"]}
        )
        self.assertEqual(found["Website"], ("email", "values"))

    def test_of_two_columns_of_one_meaning_the_one_with_values_is_taken(self):
        found = self._recognised(
            {"name": ["A", "B"], "postadresse.poststed": ["", ""], "city": ["", ""],
             "Ort": ["Rome", "Paris"]}
        )  # fmt: skip
        self.assertEqual([target for target, _by in found.values()], ["name", "", "", "city"])

    def test_an_address_is_the_main_one_and_never_mixed_with_another(self):
        header = (
            "Name", "Mailing Street", "Mailing City", "Billing Street", "Billing City",
            "Shipping Country",
        )  # fmt: skip
        self.assertEqual(guess_mapping(header), ["name", "", "", "street", "city", ""])
        header = ("Name", "Legal address street", "Legal address city")
        self.assertEqual(guess_mapping(header), ["name", "street", "city"])

    def test_what_belongs_to_others_is_not_imported(self):
        for header in (
            "Account Owner", "Parent company", "Record ID", "Created Date", "Fax", "Telefax",
            "Last Activity", "Shipping City", "Latitude", "Previous name", "Display Name",
            "Lead Status", "Email Opt Out", "Photo URL", "Bank", "Language",
        ):  # fmt: skip
            with self.subTest(header):
                self.assertEqual(guess_mapping(["Name", header]), ["name", ""])

    def test_units_and_years_beside_a_name_say_nothing(self):
        for header, target in (
            ("Number of employees Last avail. yr", "employees"), ("Umsatz (Mio. EUR)", "revenue"),
            ("Ricavi delle vendite migl EUR Ultimo anno disp.", "revenue"),
            ("Company City", "city"), ("City of Address", "city"), ("Address: City", "city"),
            ("Company name Latin alphabet", "name"), ("State/Region", "state"),
            ("Cod. Fisc.", "registry_id"), ("P.IVA", "vat"), ("Prov.", "state"), ("Tel.", "phone"),
        ):  # fmt: skip
            with self.subTest(header):
                self.assertEqual(guess_mapping(["Firma", header])[1:], [target] if target != "name"
                                 else [""])  # fmt: skip

    def test_abbreviated_names_are_read_as_what_they_are_short_for(self):
        for header, target in (
            ("Codice Fisc.", "registry_id"),
            ("Indir.", "street"),
            ("Telef.", "phone"),
            ("Organisationsnr", "registry_id"),
            ("Comm.", ""),
        ):
            with self.subTest(header):
                self.assertEqual(guess_mapping(["Name", header])[1], target)

    def test_capitals_and_digits_part_the_words_of_a_name(self):
        header = ("CompanyName", "POAddressLine1", "POCity", "POPostalCode", "VATNumber", "Street2")
        self.assertEqual(guess_mapping(header), ["name", "street", "city", "zip", "vat", "street2"])

    def test_rows_without_persons_names_are_companies_whatever_the_header_says(self):
        header = ["Vorname", "Nachname", "Organisation", "Ort", "Telefon", "E-Mail"]
        rows = [["", "", "Hallbach GmbH", "Chemnitz", "0371 5550141", "info@hallbach.example"]]
        self.assertEqual(
            [one.target for one in recognise(header, rows)][2:], ["name", "city", "phone", "email"]
        )
        self.assertFalse(tells_persons(header, rows))
        rows = [
            ["Anna", "Alberti", "Hallbach GmbH", "Ulm", "0731 5550141", "anna@hallbach.example"]
        ]
        self.assertTrue(tells_persons(header, rows))

    def test_companies_under_a_person_s_header_are_companies(self):
        header = ["*ContactName", "EmailAddress", "FirstName", "LastName"]
        rows = [["QUILL & ROWAN LTD", "info@quillrowan.example", "Edward", "Hawthorne"]]
        self.assertEqual(
            [one.target for one in recognise(header, rows)],
            ["name", "email", "contact_first_name", "contact_last_name"],
        )

    def test_persons_beside_an_unknown_header_of_companies_stay_persons(self):
        header = ["First Name", "Last Name", "Email", "Phone", "LinkedIn", "Where they are"]
        rows = [["Anna", "Alberti", "anna.alberti@quillrowan.example", "+44 113 496 0171",
                 "https://www.linkedin.com/in/anna-alberti", "QUILL & ROWAN LTD"]]  # fmt: skip
        self.assertEqual(
            [one.target for one in recognise(header, rows)],
            ["contact_first_name", "contact_last_name", "contact_email", "contact_phone", "",
             "name"],
        )  # fmt: skip
        self.assertTrue(tells_persons(header, rows))

    def test_a_person_s_profile_is_no_company_s(self):
        rows = [["Quill Ltd", "https://www.linkedin.com/in/anna-alberti"]]
        self.assertFalse(recognise(["Name", "LinkedIn"], rows, self._country)[1].target)

    def test_a_title_of_nobody_is_the_company_s_name(self):
        header = ["title", "website", "countryCode"]
        rows = [["Caseificio Val Nera", "https://valnera.example/", "IT"]]
        self.assertEqual(
            [one.target for one in recognise(header, rows, lambda text: text == "IT")],
            ["name", "website", "country"],
        )

    def test_norway_s_code_is_a_country_and_no_refusal(self):
        def read_country(text):
            return text in ("NO", "Norge")

        guess = recognise(["Navn", "Land"], [["Fjellbygg AS", "NO"]], read_country)[1]
        self.assertEqual((guess.target, guess.by), ("country", "both"))

    def test_numbers_that_no_check_digit_proves_are_no_vat_numbers_without_a_name(self):
        rows = [["Orsino S.p.A.", "ACC50211"], ["Harrow Ltd", "ACC50214"]]
        self.assertEqual([one.target for one in recognise(["Name", "No"], rows)], ["name", ""])

    def test_of_several_streets_the_one_without_the_city_is_taken(self):
        header = ["name", "address", "street", "city"]
        rows = [["Val Nera", "Via dei Tigli 9, 05100 Terni", "Via dei Tigli 9", "Terni"]]
        self.assertEqual(
            [one.target for one in recognise(header, rows)], ["name", "", "street", "city"]
        )
        self.assertEqual(
            [one.target for one in recognise(header[:2], [rows[0][:2]])], ["name", "street"]
        )

    def test_what_is_said_of_the_first_contact_is_a_contact_s(self):
        header = (
            "Company", "primary_contact_name", "primary_contact_primary_phone",
            "primary_contact_primary_email",
        )  # fmt: skip
        self.assertEqual(
            guess_mapping(header)[1:4], ["contact_name", "contact_phone", "contact_email"]
        )
        self.assertEqual(guess_mapping(["name", "email_1_full_name"])[1], "contact_name")
        self.assertEqual(guess_mapping(["name", "POC First Name"])[1], "contact_first_name")

    def test_a_state_of_business_is_no_country(self):
        def target(value):
            rows = [["Orsino S.p.A.", value]]
            return recognise(["Denominazione", "Stato"], rows, lambda text: text == "Italia")[1]

        self.assertEqual(target("Attiva").target, "status")
        self.assertEqual(target("Italia").target, "country")
        self.assertEqual(guess_mapping(["Denominazione", "Stato"])[1], "country")

    def test_codes_under_the_name_of_a_classification_are_industries(self):
        for value, target in (("16.23.10", "industry"), ("Falegnameria", "")):
            rows = [["Falegnameria Bonetti S.r.l.", value]]
            found = recognise(["Denominazione", "Ateco 2025 prevalente"], rows, self._country)[1]
            self.assertEqual(found.target, target)

    def test_what_a_company_is_to_us_is_no_industry(self):
        rows = [["Orsino S.p.A.", "Client"], ["Harrow Ltd", "Prospect"]]
        self.assertFalse(recognise(["Name", "Category"], rows, self._country)[1].target)

    def test_the_year_of_a_revenue_is_no_revenue(self):
        rows = [["Viveros Almenara SL", "2025", "820000"]]
        found = recognise(["Nombre", "Año de ventas", "Importe de ventas"], rows, self._country)
        self.assertEqual([one.target for one in found], ["name", "", "revenue"])

    def test_companies_under_the_name_of_an_activity_are_companies(self):
        rows = [["Falegnameria Bonetti S.r.l.", "Falegnameria"]]
        found = recognise(["Attività", "Categoria"], rows)
        self.assertEqual([one.target for one in found], ["name", "industry"])

    def test_several_of_a_kind_are_of_the_kind(self):
        self.assertEqual(
            guess_mapping(["Company", "Addresses", "Domains", "Contacts"])[1:],
            ["street", "domain", ""],
        )

    def test_a_mobile_number_of_nobody_is_left_out(self):
        self.assertEqual(guess_mapping(["Company", "Phone", "Mobile Phone"])[1:], ["phone", ""])

    def test_a_file_without_names_is_told_by_its_values(self):
        rows = [
            ("1", "Alpha S.r.l.", "Via Roma 1", "info@a.example", "www.a.example", "Italy"),
            ("2", "Beta S.p.A.", "Via Bari 2", "info@b.example", "www.b.example", "Italy"),
        ]
        found = recognise_values(rows, self._country)
        self.assertEqual([one.target for one in found],
                         ["", "name", "", "email", "website", "country"])  # fmt: skip
