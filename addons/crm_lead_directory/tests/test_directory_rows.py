"""What becomes of the rows of a file: persons, and companies that only seem to be one."""

from odoo.tests import tagged

from ..importer.columns import TARGETS
from ..models import lead_directory_import_run
from .common import DirectoryCase

PERSONS = (
    "First Name,Last Name,Title,Company,Email,Phone,City,Country,Company City,Company Country,"
    "Website,# Employees,Person Linkedin Url\n"
)
ANNA = (
    "Anna,Alpha,CEO,Acme,anna.alpha@acme.example,+39 02 1,Bari,Italy,Paris,France,acme.example,"
    "10,u1"
)
BERT = (
    "Bert,Beta,CFO,Acme Inc.,bert.beta@acme.example,+39 02 2,Lyon,Italy,,France,acme.example,12,u2"
)
CARA = "Cara,Gamma,Sales Manager,ACME,,,,,,France,acme.example,,"


@tagged("post_install", "-at_install")
class DirectoryRowsCase(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")

    def _companies(self):
        return self.env["lead.directory.company"].search([("dataset_id", "=", self.dataset.id)])

    def _problems(self, record):
        return [(problem.line, problem.code) for problem in record.problem_ids]

    def _counts(self, record):
        return (
            record.companies_created,
            record.companies_updated,
            record.companies_unchanged,
            record.rows_dropped,
        )


@tagged("post_install", "-at_install")
class TestRowsOfPersons(DirectoryRowsCase):
    def _people(self):
        return [
            (one.name, one.job_title, one.email, one.phone) for one in self._companies().contact_ids
        ]

    def test_rows_of_persons_are_one_company_with_all_its_contacts(self):
        record = self._import(PERSONS + "\n".join((ANNA, BERT, CARA)))
        self.assertEqual(self._counts(record), (1, 0, 0, 0))
        self.assertFalse(record.problem_ids)
        self.assertEqual(
            self._people(),
            [
                ("Anna Alpha", "CEO", "anna.alpha@acme.example", "+39 02 1"),
                ("Bert Beta", "CFO", "bert.beta@acme.example", "+39 02 2"),
                ("Cara Gamma", "Sales Manager", False, False),
            ],
        )

    def test_a_person_s_address_phone_place_and_profile_are_never_the_company_s(self):
        self._import(PERSONS + "\n".join((ANNA, BERT, CARA)))
        company = self._companies()
        self.assertEqual(
            (company.name, company.city, company.country_code, company.employees),
            ("Acme", "Paris", "FR", 10),
        )
        self.assertFalse(company.emails or company.phone or company.linkedin)

    def test_the_lead_has_the_name_and_the_address_of_one_person(self):
        self._import(PERSONS + "\n".join((ANNA, BERT, CARA)))
        query = self._query(with_contacts=True, contacts_per_company=5)
        (company,) = self._provider().search(query).companies
        self.assertEqual(company.emails, ())
        self.assertEqual(
            [(contact.name, contact.email) for contact in company.contacts],
            [
                ("Anna Alpha", "anna.alpha@acme.example"),
                ("Bert Beta", "bert.beta@acme.example"),
                ("Cara Gamma", ""),
            ],
        )
        for contact in company.contacts:
            self.assertEqual(contact.provenance.dataset, self.dataset.name)

    def test_last_names_before_first_names_are_joined_as_people_say_them(self):
        self._import(
            "Cognome,Nome,Azienda,Sito web,Paese azienda,Email\n"
            "Rossi,Anna,Acme,acme.example,FR,a.rossi@acme.example\n"
        )
        self.assertEqual(self._people(), [("Anna Rossi", False, "a.rossi@acme.example", False)])

    def test_two_persons_behind_one_mailbox_stay_two(self):
        rows = (
            "Acme,acme.example,FR,Anna,Alpha,office@acme.example",
            "Acme,acme.example,FR,Bert,Beta,office@acme.example",
            "Acme,acme.example,FR,Cara,Gamma,duo@acme.example",
            "Acme,acme.example,FR,Dora,Delta,duo@acme.example",
        )
        header = "Company,Domain,Company Country,First Name,Last Name,Email\n"
        record = self._import(header + "\n".join(rows))
        people = [(name, email) for name, _title, email, _phone in self._people()]
        self.assertEqual(
            people,
            [
                ("Anna Alpha", "office@acme.example"), ("Bert Beta", "office@acme.example"),
                ("Cara Gamma", "duo@acme.example"), ("Dora Delta", "duo@acme.example"),
            ],
        )  # fmt: skip
        self.assertEqual((record.contacts_created, record.contacts_updated), (4, 0))
        again = self._import(header + "\n".join(rows))
        self.assertEqual((again.contacts_created, again.contacts_updated), (0, 0))

    def test_of_several_addresses_of_a_person_the_first_is_kept(self):
        record = self._import(
            "Company,Domain,Company Country,First Name,Last Name,Email\n"
            "Acme,acme.example,FR,Anna,Alpha,Anna@acme.example; a.alpha@home.example\n"
        )
        self.assertEqual(self._people(), [("Anna Alpha", False, "anna@acme.example", False)])
        self.assertFalse(record.problem_ids)

    def test_two_rows_of_one_person_are_one_contact(self):
        self._import(
            "Company,Domain,Company Country,First Name,Last Name,Title,Email\n"
            "Acme,acme.example,FR,Anna,Alpha,,anna@acme.example\n"
            "Acme,acme.example,FR,Anna,Alpha,CEO,anna@acme.example\n"
        )
        self.assertEqual(self._people(), [("Anna Alpha", "CEO", "anna@acme.example", False)])

    def test_an_address_in_a_file_with_contacts_is_its_row_s_person_s(self):
        record = self._import(
            "Company,Domain,Country,Email,Contact name\n"
            "A,a.example,FR,anna.rossi@a.example,Anna Rossi\n"
            "B,b.example,FR,boss@b.example,Bert Beta\n"
            "C,c.example,FR,info@c.example,Cara Gamma\n"
            "D,d.example,FR,info@d.example; dora@d.example,Dora Delta\n"
            "E,e.example,FR,hello@e.example,\n"
        )
        companies = self._companies()
        self.assertEqual(
            companies.mapped("emails"),
            [False, False, "info@c.example", "info@d.example", "hello@e.example"],
        )
        self.assertEqual(
            [(one.name, one.email) for one in companies.contact_ids],
            [
                ("Anna Rossi", "anna.rossi@a.example"), ("Bert Beta", "boss@b.example"),
                ("Cara Gamma", False), ("Dora Delta", "dora@d.example"),
            ],
        )  # fmt: skip
        self.assertFalse(record.problem_ids)

    def test_a_colleague_s_address_is_not_the_company_s_nor_another_person_s(self):
        record = self._import(
            "Company,Domain,Country,Email,Contact name,Contact email\n"
            "A,a.example,FR,mario.verdi@a.example,Anna Rossi,\n"
            "B,b.example,FR,anna.rossi@b.example,Anna Rossi,a@b.example\n"
        )
        self.assertEqual(self._companies().mapped("emails"), [False, False])
        self.assertEqual(self._companies().contact_ids.mapped("email"), [False, "a@b.example"])
        self.assertEqual(self._problems(record), [(2, "personal_email"), (3, "personal_email")])

    def test_addresses_that_look_like_a_person_s_are_not_a_company_s(self):
        record = self._import(
            "name,domain,country,email\n"
            "A,a.example,FR,info@a.example; anna.rossi@a.example\n"
            "B,b.example,FR,m_bianchi@b.example\n"
            "C,c.example,FR,info.milano@c.example\n"
        )
        self.assertEqual(
            self._companies().mapped("emails"), ["info@a.example", False, "info.milano@c.example"]
        )
        self.assertEqual(self._problems(record), [(2, "personal_email"), (3, "personal_email")])
        self.assertEqual(record.problem_ids[0].value, "a•••@a•••.example", "it is not kept here")
        self.assertEqual(record.rows_dropped, 0)

    def test_columns_of_names_can_be_chosen_by_hand(self):
        field = self.env["lead.directory.import.column"]._fields["target"]
        self.assertEqual(dict(field.selection), TARGETS)
        self.assertLessEqual({"contact_first_name", "contact_last_name"}, set(TARGETS))


@tagged("post_install", "-at_install")
class TestRowsOfOneIdentity(DirectoryRowsCase):
    def test_pages_of_one_directory_site_are_no_company(self):
        rows = [f"Firm {number},https://lists.example/firm-{number},FR" for number in range(500)]
        record = self._import("name,website,country\n" + "\n".join(rows))
        self.assertFalse(self._companies())
        self.assertEqual((record.rows_dropped, record.problem_count), (500, 500))
        self.assertEqual(set(record.problem_ids.mapped("code")), {"shared_host"})
        self.assertEqual(record.problem_ids[3].value, "Firm 3: lists.example")

    def test_two_pages_of_one_site_are_no_company(self):
        record = self._import(
            "name,website,country\nRossi,https://lists.example/rossi,FR\n"
            "Bianchi,https://lists.example/bianchi,FR\n"
        )
        self.assertFalse(self._companies())
        self.assertEqual(self._problems(record), [(2, "shared_host"), (3, "shared_host")])

    def test_a_shared_site_is_left_out_of_companies_that_are_known_otherwise(self):
        numbers = ("552100554", "404833048", "542065479")
        rows = [f"Firm {number},https://lists.example/{number},FR,{number}" for number in numbers]
        record = self._import("name,website,country,siren\n" + "\n".join(rows))
        companies = self._companies()
        self.assertEqual(companies.mapped("registry_id"), list(numbers))
        self.assertFalse(any(companies.mapped("domain")) or any(companies.mapped("website")))
        self.assertEqual(self._problems(record), [(line, "shared_website") for line in (2, 3, 4)])
        self.assertEqual(record.rows_dropped, 0)

    def test_the_site_stays_with_the_company_that_it_is_named_after(self):
        record = self._import(
            "name,domain,country\nThe Lists Company,lists.example,FR\nB,lists.example,FR\n"
            "C,lists.example,FR\nD,lists.example,FR\n"
        )
        self.assertEqual(self._companies().mapped("name"), ["The Lists Company"])
        self.assertEqual(self._problems(record), [(line, "shared_host") for line in (3, 4, 5)])

    def test_pages_of_known_networks_and_providers_identify_nobody(self):
        urls = (
            "https://www.paginegialle.it/a", "https://www.linkedin.com/company/a",
            "https://www.facebook.com/a", "https://linktr.ee/a", "https://sites.google.com/a",
            "https://web.tiscali.it/rossi", "https://www.fortuneindia.com/companies/a",
            "https://www.ycombinator.com/companies/a", "https://www.crunchbase.com/organization/a",
            "https://www.yelp.com/biz/a", "https://maps.google.com/?cid=1", "https://github.com/a",
            "https://www.etsy.com/shop/a", "https://apps.apple.com/app/a",
            "https://play.google.com/store/apps/details?id=a", "https://www.g2.com/products/a",
        )  # fmt: skip
        record = self._import(
            "name,website,country\n" + "\n".join(f"{url[-9:]},{url},FR" for url in urls)
        )
        self.assertFalse(self._companies())
        self.assertEqual(set(record.problem_ids.mapped("code")), {"no_identity"})
        self.assertEqual(record.rows_dropped, len(urls))

    def test_a_second_name_under_one_identity_is_told_and_not_merged(self):
        for identity, first, second in (
            ("domain", "acme.example", "www.acme.example"),
            ("vat", "IT00743110157", "743110157"),
            ("lei", "529900T8BM49AURSDO55", "529900t8bm49aursdo55"),
            ("siren", "552100554", "552 100 554"),
        ):
            with self.subTest(identity):
                self._companies().unlink()
                record = self._import(
                    f"name,{identity},country,phone\nAlpha,{first},IT,1\nx,,,\n"
                    f"Beta,{second},IT,2\nALPHA S.r.l.,{first},IT,3\n"
                )
                self.assertEqual(self._companies().mapped("name"), ["Alpha"])
                self.assertEqual(self._companies().phone, "1")
                problem = record.problem_ids.filtered(lambda one: one.code == "other_name")
                self.assertEqual((problem.line, problem.value), (4, "Beta ≠ Alpha (2)"))
                self.assertTrue(problem.dropped)
                self.assertEqual(self._counts(record), (1, 0, 0, 2))

    def test_a_second_name_is_told_however_far_below_it_stands(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 2)
        rows = "name,domain,country,phone\nA,a.example,FR,\nB,b.example,FR,\nC,c.example,FR,\n"
        rows += "Other,a.example,FR,9\nA srl,a.example,FR,2\nA,a.example,FR,3\n"
        for created in (3, 0):
            record = self._import(rows)
            self.env.invalidate_all()
            self.assertEqual(self._companies().mapped("name"), ["A", "B", "C"])
            self.assertEqual(self._companies()[0].phone, "2")
            self.assertEqual(self._problems(record), [(5, "other_name")])
            self.assertEqual(record.problem_ids.value, "Other ≠ A")
            self.assertEqual(record.rows_dropped, 1)
            self.assertEqual(record.companies_created, created)

    def test_a_newer_edition_may_rename_a_company(self):
        self._import("name,domain,country\nOld,a.example,FR\n")
        record = self._import("name,domain,country\nNew,a.example,FR\n")
        self.assertEqual(self._companies().name, "New")
        self.assertFalse(record.problem_ids)

    def test_a_street_abroad_is_not_put_beside_the_company_s_country(self):
        header = "name,domain,country,street,city,phone\n"
        rows = ("Acme,acme.example,Italy,,,", "Acme,acme.example,France,1 rue X,Paris,+33 1")
        self._import(header + "\n".join(rows))
        company = self._companies()
        self.assertEqual((company.country_code, company.street, company.city), ("IT", False, False))
        self.assertEqual(company.phone, "+33 1")

    def test_a_street_abroad_is_not_put_beside_a_company_of_an_earlier_batch(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        self.test_a_street_abroad_is_not_put_beside_the_company_s_country()

    def test_the_rows_of_one_company_have_the_first_values_that_there_are(self):
        self._import(
            "name,domain,country,phone,street,city,zip,employees,industry\n"
            "Acme,acme.example,FR,,,,,,\n"
            "ACME S.r.l.,acme.example,FR,1,First Street,,,10,\n"
            "Acme,acme.example,FR,2,Second Street,Lyon,69001,51-200,62\n"
        )
        company = self._companies()
        self.assertEqual(
            (company.name, company.phone, company.street, company.employees, company.industry),
            ("Acme", "1", "First Street", 10, "62"),
        )
        self.assertFalse(company.city or company.zip, "an address is of one row")
        self.assertEqual((company.employees_min, company.employees_max), (10, 10))

    def test_dummy_numbers_make_no_two_companies_one(self):
        dummies = ("00000000000", "11111111111", "12345678901", "99999999999", "n/a", "XX000000000")
        rows = [
            f"Firm {letter},{dummy},{letter}{place}.example,IT"
            for place, dummy in enumerate(dummies)
            for letter in "abcd"
        ]
        record = self._import("name,vat,domain,country\n" + "\n".join(rows))
        self.assertEqual(self._counts(record), (len(rows), 0, 0, 0))
        self.assertFalse(any(self._companies().mapped("vat")))
        told = ["bad_vat" for row in rows if ",n/a," not in row]
        self.assertEqual(record.problem_ids.mapped("code"), told)
        self.assertEqual(record.problem_ids[0].value, "00000000000")

    def test_a_row_with_nothing_but_a_dummy_tells_so(self):
        record = self._import("name,vat,country\nA,00000000000,IT\nB,00743110157,IT\n")
        self.assertEqual(self._companies().mapped("name"), ["B"])
        self.assertEqual(self._problems(record), [(2, "no_identity"), (2, "bad_vat")])

    def test_a_register_number_that_is_none_identifies_nobody(self):
        record = self._import(
            "name,siren,domain\nA,000000000,a.example\nB,552100555,b.example\nC,n/a,c.example\n"
            "D,552100554,d.example\nE,,e.example\n"
        )
        self.assertEqual(
            self._companies().mapped("identity"),
            ["domain:a.example", "domain:b.example", "domain:c.example",
             "reg:FR-SIRENE:552100554", "domain:e.example"],
        )  # fmt: skip
        # "n/a" says that there is none.
        self.assertEqual(self._problems(record), [(line, "bad_registry_id") for line in (2, 3)])

    def test_a_domain_that_is_nobody_s_gives_way_to_the_website(self):
        self._import("name,domain,website,country\nA,facebook.com,https://a.example/x,FR\n")
        self.assertEqual(self._companies().domain, "a.example")
