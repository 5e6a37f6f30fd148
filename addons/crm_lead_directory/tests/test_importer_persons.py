import csv

from odoo.tests import BaseCase, tagged

from ..importer.columns import guess_mapping

FIRST, LAST, FULL = "contact_first_name", "contact_last_name", "contact_name"
TITLE, EMAIL, PHONE = "contact_title", "contact_email", "contact_phone"

APOLLO = (
    "First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Seniority,"
    "Departments,Contact Owner,Work Direct Phone,Home Phone,Mobile Phone,Corporate Phone,Stage,"
    "Account Owner,# Employees,Industry,Keywords,Person Linkedin Url,Website,Company Linkedin Url,"
    "Facebook Url,Twitter Url,City,State,Country,Company Address,Company City,Company State,"
    "Company Country,Company Phone,Technologies,Annual Revenue"
)
SALESFORCE = (
    "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,"
    "Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Email,Account Owner,Billing Street,"
    "Billing City,Billing Country,Website"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Job Title,Company Name,"
    "Website URL,City,State/Region,Country/Region,Street Address,Postal Code,Contact owner"
)
ZOHO = (
    "Contact Id,First Name,Last Name,Account Name,Title,Email,Phone,Home Phone,Mobile,"
    "Mailing Street,Mailing City,Mailing Country,Contact Owner,Description,Website"
)
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
LUSHA = (
    "Full Name,First Name,Last Name,Job Title,Company Name,Company Website,Company Size,Work Email,"
    "Phone 1,Phone 2,Country,City,LinkedIn URL,Company Linkedin URL,Company Country"
)


@tagged("post_install", "-at_install")
class TestImporterPersons(BaseCase):
    def _assert_mapping(self, header, **expected):
        """Check the columns of each target; the others are left out."""
        cells = next(csv.reader([header]))
        found = {}
        for cell, target in zip(cells, guess_mapping(cells), strict=True):
            if target:
                found.setdefault(target, []).append(cell)
        self.assertEqual(found, {key: value.split(",") for key, value in expected.items()})

    def test_apollo_s_columns_are_told_apart(self):
        self._assert_mapping(
            APOLLO, contact_first_name="First Name", contact_last_name="Last Name",
            contact_title="Title", name="Company", contact_email="Email",
            contact_phone="Work Direct Phone,Mobile Phone", phone="Corporate Phone,Company Phone",
            employees="# Employees", industry="Industry", website="Website",
            linkedin="Company Linkedin Url", street="Company Address", city="Company City",
            state="Company State", country="Company Country", technologies="Technologies",
            revenue="Annual Revenue",
        )  # fmt: skip

    def test_salesforce_s_mailing_address_is_the_person_s(self):
        self._assert_mapping(
            SALESFORCE, contact_first_name="First Name", contact_last_name="Last Name",
            contact_title="Title", name="Account Name", contact_phone="Phone,Mobile",
            contact_email="Email", street="Billing Street", city="Billing City",
            country="Billing Country", website="Website",
        )  # fmt: skip

    def test_hubspot_zoho_linkedin_and_lusha_are_rows_of_persons(self):
        names = {"contact_first_name": "First Name", "contact_last_name": "Last Name"}
        self._assert_mapping(
            HUBSPOT, **names, contact_email="Email", name="Company Name", website="Website URL",
            contact_phone="Phone Number,Mobile Phone Number", contact_title="Job Title",
        )  # fmt: skip
        self._assert_mapping(
            ZOHO, **names, name="Account Name", contact_title="Title", contact_email="Email",
            contact_phone="Phone,Mobile", website="Website",
        )  # fmt: skip
        self._assert_mapping(
            LINKEDIN, **names, contact_email="Email Address", name="Company",
            contact_title="Position",
        )  # fmt: skip
        self._assert_mapping(
            LUSHA, contact_name="Full Name", **names, contact_title="Job Title",
            name="Company Name", website="Company Website", employees="Company Size",
            contact_email="Work Email", contact_phone="Phone 1,Phone 2",
            linkedin="Company Linkedin URL", country="Company Country",
        )  # fmt: skip

    def test_rows_of_persons_are_known_in_five_languages(self):
        for header, mapping in (
            ("Nome,Cognome,Azienda,Ruolo,Email,Telefono,Cellulare,Città,Partita IVA,Città azienda",
             [FIRST, LAST, "name", TITLE, EMAIL, PHONE, PHONE, "", "vat", "city"]),
            ("Nominativo,Azienda,E-mail aziendale,PEC,Telefono,Indirizzo,Sito web",
             [FULL, "name", EMAIL, "email", PHONE, "", "website"]),
            ("Vorname,Nachname,Firma,Funktion,E-Mail,Telefon,Ort,Firmenort,Firmentelefon,Branche",
             [FIRST, LAST, "name", TITLE, EMAIL, PHONE, "", "city", "phone", "industry"]),
            ("Name,Vorname,Firma,Position,E-Mail-Adresse,PLZ,Homepage",
             [LAST, FIRST, "name", TITLE, EMAIL, "", "website"]),
            ("Nom,Prénom,Société,Fonction,Courriel,Ville,Ville de l'entreprise,SIREN",
             [LAST, FIRST, "name", TITLE, EMAIL, "", "city", "registry_id"]),
            ("Nombre,Apellidos,Empresa,Cargo,Correo electrónico,Ciudad,País de la empresa",
             [FIRST, LAST, "name", TITLE, EMAIL, "", "country"]),
            ("Voornaam,Achternaam,Bedrijf,Email,Website",
             [FIRST, LAST, "name", EMAIL, "website"]),
            ("first_name,last_name,company_name,email,company_country,company_domain",
             [FIRST, LAST, "name", EMAIL, "country", "domain"]),
            ("firstName,lastName,companyName,email,companyCity",
             [FIRST, LAST, "name", EMAIL, "city"]),
            ("Name,Title,Company,Email,Website,City", [FULL, TITLE, "name", EMAIL, "website", ""]),
            ("Nome e cognome,Ragione sociale,Email", [FULL, "name", EMAIL]),
        ):  # fmt: skip
            with self.subTest(header):
                self.assertEqual(guess_mapping(header.split(",")), mapping)

    def test_a_person_s_own_data_are_left_out(self):
        header = (
            "Vorname,Nachname,Firma,Private E-Mail,Home Phone,Personal Email,Codice fiscale,URL"
        )
        self.assertEqual(guess_mapping(header.split(",")), [FIRST, LAST, "name", *[""] * 5])

    def test_the_status_of_a_lead_is_not_that_of_its_company(self):
        header = ("First Name", "Last Name", "Company", "Status", "Company Status")
        self.assertEqual(guess_mapping(header)[2:], ["name", "", "status"])

    def test_companies_with_a_contact_keep_their_own_columns(self):
        for header, mapping in (
            ("Company,Email,Phone,City,Contact First Name,Contact Last Name,Contact Email",
             ["name", "email", "phone", "city", FIRST, LAST, EMAIL]),
            ("Ragione sociale,Email,Telefono,Referente",
             ["name", "email", "phone", "contact_name"]),
            ("Nombre,Correo,País", ["name", "email", "country"]),
            ("Ragione sociale,Email,Nome referente,Cognome referente",
             ["name", "email", FIRST, LAST]),
            ("company,domain,contact_full_name,email", ["name", "domain", FULL, "email"]),
            ("company,person.firstName,person.lastName,person.email",
             ["name", FIRST, LAST, EMAIL]),
            ("Company,Contact Person,E-mail,Contacts", ["name", FULL, "email", ""]),
            ("Firma,Geschäftsführer,E-Mail", ["name", FULL, "email"]),
            ("Azienda,Titolare,Email", ["name", FULL, "email"]),
            ("Business Name,Email,Company", ["", "email", "name"]),
            ("Name,Website,Email,Country", ["name", "website", "email", "country"]),
        ):  # fmt: skip
            with self.subTest(header):
                self.assertEqual(guess_mapping(header.split(",")), mapping)
