"""How the name of a column is taken apart, before its words are looked for."""

from odoo.tests import BaseCase

from ..importer.headers import header_words, normalise_header


class TestHeaders(BaseCase):
    def test_the_words_of_a_header_in_any_way_of_writing(self):
        for header, words in (
            ("Company Name", ["company", "name"]),
            ("company_name", ["company", "name"]),
            ("CompanyName", ["company", "name"]),
            ("VATNumber", ["vat", "number"]),
            ("RegAddress.PostTown", ["reg", "address", "post", "town"]),
            ("Ville de l'entreprise", ["ville", "de", "l", "entreprise"]),
            ("Raison sociale ®", ["raison", "sociale"]),
            ("E-Mail", ["email"]),
            ("Company e mail", ["company", "email"]),
            ("the mail", ["the", "mail"]),
            ("Street1", ["street", "1"]),
            ("A1", ["a1"]),
            ("Address Line 2", ["address", "line", "2"]),
            ("firmenort", ["firmen", "ort"]),
            ("Firmenort 1", ["firmen", "ort", "1"]),
            ("Straße", ["strasse"]),
            ("Località", ["localita"]),
            ("", []),
            ("***", []),
        ):
            with self.subTest(header):
                self.assertEqual(header_words(header), words)

    def test_a_header_of_several_words_is_not_parted_further(self):
        self.assertEqual(header_words("firmenort name"), ["firmenort", "name"])

    def test_what_is_compared_has_letters_and_digits_alone(self):
        for header, key in (
            (" RegAddress.PostTown", "regaddressposttown"),
            ("P. IVA", "piva"),
            ("N° SIREN", "nsiren"),
            ("—", ""),
        ):
            with self.subTest(header):
                self.assertEqual(normalise_header(header), key)
