"""What a provider answers about a company, whatever it is, becomes data that add-ins can show."""

from odoo.tests import BaseCase

from ..tools.enrichment import clean, contact_values, for_addin, is_web_address


class TestEnrichmentData(BaseCase):
    def test_an_answer_that_is_no_object_is_no_data(self):
        for answer in (None, False, "Acme", 5, ["name"], ("name", "Acme")):
            with self.subTest(answer):
                self.assertEqual(clean(answer), {})
                self.assertEqual(for_addin(answer), {})

    def test_of_an_answer_bounded_text_numbers_and_lists_are_kept(self):
        for value, kept in (
            ("Acme", "Acme"), ("a\x00b", "ab"), ("", ""), (0, 0), (False, False), (1.5, 1.5),
            ("x" * 4000, "x" * 4000), ("x" * 4001, "x" * 4000),
            (["a"] * 20, ["a"] * 20), (["a"] * 21, ["a"] * 20),
            (["a", None, 1, {"b": "c"}, ["d"]], ["a", 1, {"b": "c"}]),
            ({"a": "b\x00", 1: 2}, {"a": "b", "1": 2}), ({"k" * 256: 1}, {"k" * 255: 1}),
        ):  # fmt: skip
            with self.subTest(value=str(value)[:20]):
                self.assertEqual(clean({"key": value}), {"key": kept})
        for nothing in (None, [], {}, object(), ("a",), {"a"}):
            with self.subTest(nothing):
                self.assertEqual(clean({"key": nothing, "name": "Acme"}), {"name": "Acme"})
        self.assertEqual(clean({"k" * 256: 1, 5: 2}), {"k" * 255: 1, "5": 2})

    def test_a_logo_is_an_address_of_the_web(self):
        for address, is_one in (
            ("https://acme.it/logo.png", True), ("http://acme.it/l", True),
            ("ftp://acme.it/l", False),
            ("javascript:alert(1)", False), ("acme.it/logo.png", False), ("", False),
            ("https://[acme", False), (5, False), (None, False), (["https://acme.it"], False),
        ):  # fmt: skip
            with self.subTest(address):
                self.assertIs(is_web_address(address), is_one)
                for key in ("logo", "logo_url"):
                    self.assertIs(key in clean({key: address}), is_one)
        self.assertEqual(clean({"website": "acme.it"}), {"website": "acme.it"})

    def test_add_ins_are_given_lists_where_they_read_lists_and_else_text_and_numbers(self):
        for key in ("email", "phone_numbers", "tag"):
            with self.subTest(key):
                self.assertEqual(for_addin({key: "a"}), {key: ["a"]})
                self.assertEqual(for_addin({key: ["a", 1, {"b": 2}]}), {key: ["a", 1]})
                self.assertEqual(for_addin({key: []}), {})
        self.assertEqual(for_addin({"name": "Acme", "employees": 5, "open": True}),
                         {"name": "Acme", "employees": 5, "open": True})  # fmt: skip
        self.assertEqual(for_addin({"name": ["Acme"], "address": {"city": "Milano"}}), {})

    def test_a_contact_gets_the_plain_texts_and_the_first_of_several(self):
        data = {
            "name": " Acme ", "street_name": "Via Roma 1", "city": "Milano", "postal_code": "20121",
            "domain": "acme.it", "phone_numbers": ["02 1", "02 2"], "email": "info@acme.it",
        }  # fmt: skip
        self.assertEqual(contact_values(data), {
            "name": "Acme", "street": "Via Roma 1", "city": "Milano", "zip": "20121",
            "website": "acme.it", "phone": "02 1", "email": "info@acme.it",
        })  # fmt: skip
        for data in (
            {},
            {"name": " "},
            {"name": 5},
            {"email": []},
            {"email": [5]},
            {"city": ["x"]},
        ):
            with self.subTest(data):
                self.assertEqual(contact_values(data), {})
        for length in (255, 256):
            self.assertEqual(contact_values({"name": "x" * length}), {"name": "x" * 255})
