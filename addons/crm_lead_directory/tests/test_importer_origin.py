"""Whose companies a file lists is read from its other columns."""

from odoo.tests import BaseCase, tagged

from ..importer.kinds import Column
from ..importer.origin import guess_country, guess_registry


def columns(*values):
    return [Column(one, lambda _text: "") for one in values]


@tagged("post_install", "-at_install")
class TestOrigin(BaseCase):
    def country(self, target, *values, header="x"):
        return guess_country([header], [target], columns(values))

    def test_the_register_is_told_by_what_its_numbers_are_called(self):
        for header, registry in {
            "SIREN": "FR-SIRENE", "CNPJ": "BR-CNPJ", "KvK-nummer": "NL-KVK",
            "Organisasjonsnummer": "NO-BRC", "CVR-nr": "DK-CVR", "Y-tunnus": "FI-PRO",
            "REA": "IT-RI", "IČO": "CZ-ICO", "KRS": "PL-KRS", "Nothing": "",
        }.items():  # fmt: skip
            with self.subTest(header):
                self.assertEqual(guess_registry(["name", header]), registry)
        self.assertEqual(guess_registry(["IČO", "IČ DPH"]), "SK-ORSR")
        self.assertEqual(guess_registry(["IČ DPH"]), "")
        self.assertEqual(guess_registry(["Company number"]), "")
        self.assertEqual(guess_registry(["CompanyNumber", "RegAddress.PostTown"]), "GB-COH")

    def test_calling_codes_tell_the_country_where_they_are_of_one_alone(self):
        for phone, country in {
            "+39 02 123456": "IT", "0039 02 123456": "IT", "+(39) 02 123456": "IT",
            "+353 1 234567": "IE", "+48 22 123 45 67": "PL", "+1 212 555 0100": "",
            "02 123456": "", "+44 20 7946 0000": "GB", "+7 495 1234567": "",
            "+999 123 4567": "", "+39": "",
        }.items():  # fmt: skip
            with self.subTest(phone):
                self.assertEqual(self.country("phone", *[phone] * 3), country)

    def test_top_level_domains_tell_it_where_they_are_a_country_s(self):
        for site, country in {
            "acme.it": "IT", "https://www.acme.fr/en": "FR", "acme.co.uk": "GB", "acme.com": "",
            "acme.io": "", "acme.eu": "", "acme.info": "", "info@acme.de": "DE", "": "",
        }.items():  # fmt: skip
            for target in ("website", "domain", "email"):
                with self.subTest(site, target=target):
                    self.assertEqual(self.country(target, *[site] * 3), country)
        self.assertEqual(self.country("name", *["acme.it"] * 3), "")

    def test_three_have_to_say_so_and_nine_of_ten_to_agree(self):
        self.assertEqual(self.country("website", "a.it", "b.it"), "")
        self.assertEqual(self.country("website", "a.it", "b.it", "c.it"), "IT")
        nine = [f"a{number}.it" for number in range(9)]
        self.assertEqual(self.country("website", *nine, "b.fr"), "IT")
        self.assertEqual(self.country("website", *nine[:8], "b.fr"), "")
        both = guess_country(
            ["a", "b"], ["phone", "website"], columns(["+39 02 123456"] * 2, ["acme.it"])
        )
        self.assertEqual(both, "IT")

    def test_tax_numbers_tell_it_by_their_prefix_or_by_their_check_digits(self):
        self.assertEqual(self.country("vat", "IT00743110157", "IT12345670017"), "IT")
        self.assertEqual(self.country("vat", "EL094259216"), "GR")
        numbers = ["IT00743110157"] * 9
        self.assertEqual(self.country("vat", *numbers, "00743110157"), "IT")
        self.assertEqual(self.country("vat", *numbers[:8], "00743110157"), "")
        bare = ("00743110157", "12345670017")
        self.assertEqual(self.country("vat", *bare, header="Partita IVA"), "IT")
        self.assertEqual(self.country("vat", *bare, header="VAT"), "")
        self.assertEqual(self.country("vat", "00743110158", header="Partita IVA"), "")
        # Before what phones say.
        self.assertEqual(
            guess_country(
                ["a", "b"], ["phone", "vat"], columns(["+33 1 23456789"] * 3, ["IT00743110157"])
            ),
            "IT",
        )
