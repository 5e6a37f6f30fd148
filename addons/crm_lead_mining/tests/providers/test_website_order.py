"""Which of several values of a page comes first, and what of a page is not read."""

from odoo.tests import BaseCase, tagged

from ...providers.website.streets import is_building, is_street, split_town, without_prose
from .test_website_parsers import company


@tagged("post_install", "-at_install")
class TestOrder(BaseCase):
    def test_addresses_of_the_own_domain_come_first_and_then_functions(self):
        found = company(
            "<p>info@portal.example</p><p>sales@acme.example</p><p>info@acme.example</p>"
            "<p>anna.rossi@acme.example</p>"
        )
        self.assertEqual(
            found.emails, ("info@acme.example", "sales@acme.example", "info@portal.example")
        )

    def test_national_numbers_are_of_the_country_that_the_page_s_language_names(self):
        for language, phone in (
            ("it-IT", "+39 02 123 4567"), ("it_IT", "+39 02 123 4567"), ("en-US", ""),
            ("en_US", ""), ("it", ""), ("IT", ""), ("", ""),
        ):  # fmt: skip
            page = f'<html lang="{language}"><h1>Acme</h1><p>Tel. 02 1234567</p></html>'
            with self.subTest(language):
                found = company(page)
                self.assertEqual(found.phone if found else "", phone)

    def test_only_a_few_addresses_and_numbers_of_a_page_are_read(self):
        texts = "".join(f"<p>info{number}@acme.example</p>" for number in range(60))
        self.assertLessEqual(len(company(texts).emails), 50)

    def test_a_street_has_a_word_or_a_number_behind_it(self):
        for text, is_one in {
            "Via Roma 1": True, "Hauptstraße 12": True, "Hauptstraße": True, "Musterweg 3a": True,
            "Rossi 12": True, "Rossi": False, "12 Rossi": False, "Tel. 02 123": False,
            "Via": False, "V 1": False, "Via Roma " + "x" * 72: False, "Via Roma " + "x" * 71: True,
            "Since 1987 Roma": False,
        }.items():  # fmt: skip
            with self.subTest(text):
                self.assertIs(is_street(text), is_one)
        self.assertTrue(is_street("12 Rossi", english=True))
        self.assertFalse(is_street("Rossi 12 and more of it", english=True))

    def test_a_building_is_told_in_fifty_letters(self):
        for text, is_one in {
            "Unit 4": True, "Dock House": True, "Rossi": False, "Unit 4".ljust(50): True,
            "Unit 4".ljust(51): False, "Unit 4 Tel. 02 123": False, "U4": False,
        }.items():  # fmt: skip
            with self.subTest(text):
                self.assertIs(is_building(text), is_one)

    def test_a_sentence_around_a_street_is_left_out(self):
        street = "Via Roma 1"
        self.assertEqual(without_prose(street), street)
        self.assertEqual(
            without_prose("you find us all year in our shop in Via Roma 1"), "Via Roma 1"
        )
        self.assertEqual(without_prose("you find us all year in our shop in the town"), "")

    def test_a_town_behind_an_english_street_is_told_apart(self):
        self.assertEqual(split_town("12 Mill Lane Oxford"), ("12 Mill Lane", "Oxford"))
        self.assertEqual(split_town("Oxford"), ("", ""))
