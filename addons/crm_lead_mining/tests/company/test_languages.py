from odoo.tests import BaseCase, tagged

from ...company.languages import language_of
from ...company.types import Company

INSTALLED = ["en_US", "fr_BE", "fr_FR", "it_IT", "nl_NL", "sr@latin"]
CASES = {
    ("IT", ()): "it_IT",
    ("FR", ()): "fr_FR",
    ("US", ()): "en_US",
    ("IN", ()): "en_US",
    ("RS", ()): "sr@latin",
    ("DE", ()): "",
    ("", ()): "",
    ("BE", ()): "",  # French and Dutch are both installed
    ("BE", ("fr", "nl")): "fr_BE",
    ("CH", ()): "",
    ("DE", ("it",)): "it_IT",
    ("DE", ("pl", "en")): "en_US",
}


@tagged("post_install", "-at_install")
class TestLanguages(BaseCase):
    def test_company_is_written_to_in_a_language_that_it_reads(self):
        for (country, languages), expected in CASES.items():
            with self.subTest(country=country, languages=languages):
                company = Company("Acme", country_code=country, languages=languages)
                self.assertEqual(language_of(company, INSTALLED), expected)
