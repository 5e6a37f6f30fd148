from dataclasses import replace

from odoo.tests import BaseCase, tagged

from ...company.matching import is_unwanted
from ...company.types import Company, CompanyQuery
from ...company.unwanted import MOST, lines_of, read_unwanted

COMPANY = Company(
    name="Alpha, Inc.", registry="GB-COH", registry_id="01234567", domain="alpha.example",
    vat="IT00743110157", lei="5493001KJTIIGC8Y1R12",
)  # fmt: skip


def unwanted(text, company=COMPANY):
    keys, called = read_unwanted(text)
    return is_unwanted(company, CompanyQuery(exclude=keys, not_called=called))


@tagged("post_install", "-at_install")
class TestUnwanted(BaseCase):
    def test_a_company_is_left_out_by_whatever_it_is_known_by(self):
        for text in (
            "alpha.example",
            "https://www.alpha.example/about",
            "ALPHA, inc.",
            "01234567",
            "GB-COH:01234567",
            "GB-COH: 1234567",
            "IT 00743110157",
            "it00743110157",
            "5493001KJTIIGC8Y1R12",
            "Another\n\n  alpha.example  \r\nA third",
        ):
            with self.subTest(text):
                self.assertTrue(unwanted(text))

    def test_a_company_that_is_only_called_alike_is_not_left_out(self):
        for text in (
            "", None, "Alpha", "beta.example", "1234567", "XX:", "NL-KVK:01234567", "@", "\n\n",
        ):  # fmt: skip
            with self.subTest(text):
                self.assertFalse(unwanted(text))

    def test_a_company_may_be_called_like_a_website(self):
        shop = replace(COMPANY, name="Alpha.Shop", domain="", vat="", lei="")
        self.assertTrue(unwanted("alpha.shop", shop))

    def test_nobody_without_a_number_is_left_out_by_an_empty_one(self):
        self.assertFalse(unwanted(" \n", replace(COMPANY, registry="", registry_id="")))

    def test_the_list_is_bounded(self):
        text = "\n".join(["x" * 300] * (MOST + 5) + ["alpha.example"])
        self.assertEqual(max(map(len, lines_of(text))), 256)
        self.assertFalse(unwanted(text))
