"""Rules of enrichment without the database."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from odoo.addons.crm_lead_mining.company.classes import (
    REVENUES,
    revenue_class,
    revenue_millions,
    size_class,
)
from odoo.addons.iap.tools import iap_tools

from ..tools.enrichment import GROUPS, Subject, overwritten, registry_id_of_vat, subject_of


@tagged("post_install", "-at_install")
class TestCompanyClasses(BaseCase):
    def test_size_classes_are_those_of_the_european_union(self):
        for employees, expected in (
            (None, ""), (0, ""), (1, "micro"), (9, "micro"), (10, "small"), (49, "small"),
            (50, "medium"), (249, "medium"), (250, "large"), (999, "large"), (1000, "very_large"),
        ):  # fmt: skip
            self.assertEqual(size_class(employees), expected, employees)

    def test_revenues_as_they_are_published(self):
        for text, millions in (
            ("10M USD", 10), ("1000000", 1), ("1,234,567.89 EUR", 1.23456789),
            ("1.234.567,89 €", 1.23456789), ("1 234 567 EUR (2023)", 1.234567),
            ("$ 2.5 billion", 2500), ("€10m-€50m", 10), ("10-50 million EUR", 10),
            ("350 k€", 0.35), ("3,5 Mio. EUR", 3.5), ("2 miliardi EUR", 2000), ("0 EUR", 0),
        ):  # fmt: skip
            self.assertAlmostEqual(revenue_millions(text), millions, msg=text)

    def test_unclear_revenues_have_no_class(self):
        for text in (None, "", "unknown", "-5 EUR", "500,000,000 JPY", "900 M INR"):
            self.assertEqual(revenue_class(text), "", text)
        self.assertEqual(revenue_class("10M USD"), "from_10")

    @given(st.text(max_size=200))
    def test_any_text_has_a_class_or_none(self, text):
        self.assertIn(revenue_class(text), ("", *REVENUES.values()))


@tagged("post_install", "-at_install")
class TestSubject(BaseCase):
    def test_first_address_that_is_a_company_s_own_counts(self):
        subject = subject_of(["", "jane@gmail.com", "https://www.acme.example/x", "a@b.example"])
        self.assertEqual(subject, Subject("acme.example"))
        self.assertEqual(subject.key, "domain:acme.example")

    def test_mail_providers_and_shared_hosts_are_nobody(self):
        for address in ("x@gmail.com", "x@mail.yahoo.co.uk", "https://facebook.com/acme", "x@free"):
            self.assertEqual(subject_of([address]).key, "", address)

    def test_certified_mail_providers_are_nobody(self):
        for address in (
            "rossi@legalmail.it", "rossi@pec.it", "rossi@arubapec.it", "rossi@postecert.it",
            "rossi@pec.ordineavvocatimilano.it", "rossi@acme.de-mail.de",
            "https://web.tiscali.it/rossi", "https://linktr.ee/rossi",
        ):  # fmt: skip
            self.assertEqual(subject_of([address]).key, "", address)

    def test_certified_mail_of_an_own_domain_asks_about_that_company(self):
        self.assertEqual(subject_of(["acme@pec.acme-spa.it"]), Subject("acme-spa.it"))

    def test_whoever_odoo_knows_as_a_mail_provider_is_nobody(self):
        known = {domain.strip() for domain in iap_tools._MAIL_DOMAIN_BLACKLIST}
        self.assertFalse([domain for domain in known if subject_of([domain]).key])

    def test_vat_numbers_that_hold_a_register_s_number(self):
        for vat, expected in (
            ("BE0477472701", "BE-BCEKBO:0477472701"),
            ("FR40303265045", "FR-SIRENE:303265045"),
            ("DK13585628", "DK-CVR:13585628"),
            ("NO995525828MVA", "NO-BRC:995525828"),
            ("IT00743110157", ""),
            ("FR4030326504X", ""),
            ("", ""),
        ):
            self.assertEqual(registry_id_of_vat(vat), expected, vat)
        self.assertEqual(registry_id_of_vat("0477472701", "BE"), "BE-BCEKBO:0477472701")


@tagged("post_install", "-at_install")
class TestGroups(BaseCase):
    def test_each_field_belongs_to_one_group(self):
        names = [name for group in GROUPS.values() for name in group]
        self.assertEqual(len(names), len(set(names)))

    def test_chosen_groups_alone_are_overwritten(self):
        self.assertEqual(overwritten(()), set())
        self.assertEqual(
            overwritten(["reach", "name"]),
            {"phone", "email", "email_from", "website", "partner_name"},
        )
