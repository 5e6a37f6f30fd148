"""When two companies that nothing identifies may be one: by name and place."""

from itertools import product

from odoo.tests import BaseCase, tagged

from ...company.alike import Place, is_record, normalise_zip
from ...company.identity import identity_keys
from ...company.types import Company

ALFA = Place.of("Alfa S.r.l.", "IT", "20121", "Milano")
PLACES = [
    Place.of(name, country, zip_code, city)
    for name, country, zip_code, city in product(
        ("Alfa S.r.l.", "ALFA SRL", "Beta"),
        ("IT", "CH"),
        ("", "20121", "20122"),
        ("", "Milano", "Rho"),
    )
]


@tagged("post_install", "-at_install")
class TestAlike(BaseCase):
    def test_companies_of_one_name_and_postal_code_may_be_one(self):
        cases = {
            ("ALFA SRL", "IT", "20121", ""): True,
            ("Alfa", "it", "I-20121", "Milan"): True,
            ("Alfa", "IT", "", "MILANO"): True,  # else by the town
            ("Alfa", "IT", "20122", "Milano"): False,
            ("Alfa", "IT", "", "Roma"): False,
            ("Alfa", "IT", "", ""): False,
            ("Alfa", "CH", "20121", "Milano"): False,
            ("Alfa Due", "IT", "20121", "Milano"): False,
            ("", "IT", "20121", "Milano"): False,
        }
        for cells, expected in cases.items():
            with self.subTest(cells):
                other = Place.of(*cells)
                self.assertEqual(ALFA.may_be(other), expected)
                self.assertEqual(other.may_be(ALFA), expected)

    def test_postal_codes_are_compared_as_people_and_spreadsheets_write_them(self):
        for written in ("00184", "184", "I-00184", " 00 184 ", "00-184"):
            with self.subTest(written):
                self.assertEqual(normalise_zip(written), "184")
        self.assertEqual(normalise_zip("sw1a 1aa"), "SW1A1AA")

    def test_a_list_knows_a_place_exactly_where_it_may_be_the_listed_one(self):
        for listed, asked in product(PLACES, PLACES):
            with self.subTest((listed, asked)):
                found = not set(listed.listed()).isdisjoint(asked.asked())
                self.assertEqual(found, listed.may_be(asked))

    def test_a_record_s_key_counts_only_where_nothing_identifies_the_company(self):
        named = Company(
            "Alfa", country_code="IT", city="Milano", record_key="record:7:IT:alfa:cmilano"
        )
        self.assertEqual(identity_keys(named), (named.record_key,))
        self.assertTrue(is_record(named.record_key))
        known = Company("Alfa", domain="alfa.example", record_key=named.record_key)
        self.assertEqual(identity_keys(known), ("domain:alfa.example",))
