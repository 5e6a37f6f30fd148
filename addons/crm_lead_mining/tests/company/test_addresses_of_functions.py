"""Addresses that are nobody's in particular, and values at the end of what is read of them."""

from odoo.tests import BaseCase, tagged

from ...company.countries import country_code
from ...company.identity import normalise_domain, normalise_vat
from ...company.masking import mask_domain, mask_phone
from ...company.names import is_only_function
from ...company.types import Company
from ...tools.stock_answers import autocomplete_answer, suggestion


@tagged("post_install", "-at_install")
class TestAddressesOfFunctions(BaseCase):
    def test_an_address_is_a_function_s_where_each_part_is(self):
        for local, is_one in {
            "info": True, "info.milano": True, "infomilano": True, "muenchen": True, "hr": True,
            "pr": True, "it": True, "rh": True, "de": False, "info.jane": False, "jane": False,
            "info.de": True, "info-xy": True, "info-x1": False, "xy": False, "sales2": True,
            "info+x": True, "": False, "acme": False, "info.acme": True, "rho": False,
            "info.rho": False,
        }.items():  # fmt: skip
            with self.subTest(local):
                found = is_only_function(f"{local}@acme.it", frozenset(), frozenset({"acme"}))
                self.assertIs(found, is_one)
        rho = frozenset({"rho"})
        self.assertTrue(is_only_function("info.rho@acme.it", rho))
        self.assertTrue(is_only_function("rho@acme.it", rho))

    def test_a_domain_has_253_letters_at_most(self):
        for length, is_one in ((253, True), (254, False)):
            labels = ["a" * 60] * 4
            domain = ".".join(labels)
            domain += "." + "b" * (length - len(domain) - 4) + ".it"
            self.assertEqual(len(domain), length)
            self.assertEqual(normalise_domain(domain), domain if is_one else "")

    def test_what_has_only_an_end_is_hidden_altogether(self):
        for domain, masked in ((".it", "•••"), ("acme.", "a•••."), ("", ""), ("a.it", "a•••.it")):
            self.assertEqual(mask_domain(domain), masked, domain)
        for phone, masked in (("+3902", "•••••••"), ("+39 0212", "+39•••••••"),
                              ("+39021", "•••••••")):  # fmt: skip
            self.assertEqual(mask_phone(phone), masked, phone)

    def test_short_words_are_no_countries_unless_people_write_them_so(self):
        for text, code in {"Oman": "OM", "Niue": "NU", "Mali": "ML", "xx": "", "x": ""}.items():
            self.assertEqual(country_code(text), code, text)

    def test_french_numbers_are_proven_by_both_their_digits(self):
        for number, found in (
            ("FR83404833048", "FR83404833048"), ("FR84404833048", ""), ("FR83404833049", ""),
        ):  # fmt: skip
            self.assertEqual(normalise_vat(number), found, number)

    def test_an_answer_to_stock_leaves_out_what_is_not_known(self):
        company = Company("Acme", domain="acme.it", emails=("info@acme.it", "x@acme.it"))
        self.assertEqual(
            suggestion(company, "key"), {"name": "Acme", "duns": "key", "domain": "acme.it"}
        )
        self.assertEqual(
            autocomplete_answer(company, "key"),
            {"name": "Acme", "duns": "key", "email": "info@acme.it", "website": "acme.it"},
        )
        full = Company("Acme", domain="acme.it", website="https://acme.it/en", country_code="IT",
                       industries=("62",), languages=("it_IT",))  # fmt: skip
        told = autocomplete_answer(full, "key", "logo")
        self.assertEqual(
            [told[name] for name in ("website", "industry_code", "preferred_language", "logo")],
            ["https://acme.it/en", "J", "it_IT", "logo"],
        )
