from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...company import company_json
from ...company.lead_values import employees_text, lead_values
from ...tools.judgement import candidate
from ...tools.pricing import Prices, highest_price
from ..common import synthetic_company

texts = st.text(max_size=40)


class TestTools(BaseCase):
    @settings(deadline=None)
    @given(
        name=texts,
        employees=st.none() | st.integers(0, 10**7),
        emails=st.lists(texts.filter(lambda t: t and "\x00" not in t), max_size=3),
    )
    def test_stored_company_is_the_company(self, name, employees, emails):
        company = synthetic_company(
            1, name=name.replace("\x00", ""), employees=employees, emails=tuple(emails)
        )
        self.assertEqual(company_json.from_json(company_json.to_json(company)), company)

    def test_stored_text_is_bounded_and_without_nul(self):
        data = company_json.to_json(synthetic_company(1, description="\x00" + "x" * 10**7))
        self.assertEqual(data["description"], "x" * company_json.MAX_TEXT)

    @settings(deadline=None)
    @given(st.integers(0, 1000), st.integers(0, 5), st.integers(0, 9), st.integers(0, 9))
    def test_no_delivery_costs_more_than_the_highest_price(self, leads, contacts, price, extra):
        prices = Prices(price, extra)
        for delivered in {0, leads // 2, leads}:
            self.assertLessEqual(
                prices.of(delivered, delivered * contacts), highest_price(prices, leads, contacts)
            )

    def test_flaws(self):
        for values, countries, flaw in (
            ({}, ("BE",), ""),
            ({}, (), ""),
            ({"name": " "}, (), "no_name"),
            ({"registry_id": "", "domain": "", "website": ""}, (), "no_identity"),
            ({"country_code": "FR"}, ("BE",), "other_country"),
            ({"country_code": ""}, ("BE",), ""),
        ):
            with self.subTest(values=values):
                self.assertEqual(candidate(synthetic_company(1, **values), countries).flaw, flaw)

    def test_more_contacts_than_asked_for_are_left_out(self):
        self.assertEqual(len(candidate(synthetic_company(1), (), 1).company.contacts), 1)

    def test_employees_are_told_as_published(self):
        for values, text in (
            ({"employees": 250}, "250"),
            ({"employees": 0}, "0"),
            ({"employees": None, "employees_min": 51, "employees_max": 200}, "51-200"),
            ({"employees": None, "employees_min": 10000}, "10000+"),
            ({"employees": None, "employees_max": 9}, "0-9"),
            ({"employees": None}, ""),
        ):
            self.assertEqual(employees_text(synthetic_company(1, **values)), text)

    def test_address_without_at_sign_is_no_email(self):
        company = synthetic_company(1, contacts=(), emails=("nonsense", "info@synthetic1.example"))
        self.assertEqual(lead_values(company)["email_from"], "info@synthetic1.example")
