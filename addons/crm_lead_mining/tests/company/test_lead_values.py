"""What of a company stands on a lead, where several values might."""

from odoo.tests import BaseCase, tagged

from ...company.lead_values import employees, employees_text, lead_values, profile_values
from ...company.types import Company, Contact


@tagged("post_install", "-at_install")
class TestLeadValues(BaseCase):
    def test_of_two_values_the_lead_has_the_better_one(self):
        person = Contact("Anna Verdi", email="anna@acme.example", phone="+39 02 1")
        company = Company(
            "Acme", website="https://acme.example/en", domain="acme.example",
            phone="+39 02 9", emails=("info@acme.example",), contacts=(person,),
        )  # fmt: skip
        values = lead_values(company)
        self.assertEqual(values["website"], "https://acme.example/en")
        self.assertEqual(values["phone"], "+39 02 1")
        self.assertEqual(values["email_from"], "anna@acme.example")
        self.assertEqual(values["contact_name"], "Anna Verdi")

    def test_where_there_is_one_value_the_lead_has_that_one(self):
        company = Company(
            "Acme", domain="acme.example", phone="+39 02 9", emails=("none", "info@acme.example"),
            contacts=(Contact("Anna Verdi"),),
        )  # fmt: skip
        values = lead_values(company)
        self.assertEqual(values["website"], "acme.example")
        self.assertEqual(values["phone"], "+39 02 9")
        self.assertEqual(values["email_from"], "info@acme.example")

    def test_a_name_is_cut_where_the_field_ends(self):
        for length, kept in ((256, 256), (257, 256)):
            self.assertEqual(len(lead_values(Company(" " + "x" * length))["name"]), kept)

    def test_an_exact_number_of_employees_needs_no_range(self):
        for (number, least, most), (text, count, span) in {
            (250, None, None): ("250", 250, None),
            (250, 200, 300): ("250", 250, None),
            (0, 0, 0): ("0", None, None),
            (None, 51, 200): ("51-200", 51, "51-200"),
            (None, 10001, None): ("10001+", 10001, "10001+"),
            (None, None, 9): ("0-9", None, "0-9"),
            (None, 0, 0): ("0-0", None, "0-0"),
            (None, None, None): ("", None, None),
        }.items():
            company = Company("Acme", employees=number, employees_min=least, employees_max=most)
            values = profile_values(company)
            with self.subTest((number, least, most)):
                self.assertEqual(employees_text(company), text)
                self.assertEqual(employees(company), count or 0)
                self.assertEqual(values.get("company_employees"), count)
                self.assertEqual(values.get("company_employees_range"), span)
