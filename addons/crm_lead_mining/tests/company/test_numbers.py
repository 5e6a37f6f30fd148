from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import tva as stdnum_tva
from stdnum.it import iva as stdnum_iva

from odoo.tests import BaseCase, tagged

from ...company.identity import (
    are_registry_ids,
    identity_keys,
    normalise_registry_id,
    normalise_vat,
)
from ...company.numbers import checked_vat
from ...company.types import Company

PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))
DIGITS = st.text("0123456789", min_size=7, max_size=12)


@tagged("post_install", "-at_install")
class TestNumbers(BaseCase):
    def test_numbers_that_are_typed_to_fill_a_cell_are_nobody_s(self):
        for written in (
            "00000000000", "11111111111", "12345678901", "99999999999", "n/a", "N.D.", "-", "0",
            "XX000000000", "IT00000000000", "IT 000 000 000 00", "IT12345678901", "DE000000000",
            "DE123456789", "ESA00000000", "NL000000000B00", "ATU00000000", "GB999999999",
            "CHE-000.000.000", "US123456789", "AE000000000000000", "0123456789", "PT999999990",
            "XAXX010101000", "IT98765432109", "see note 1", "sconosciuta", "123",
        ):  # fmt: skip
            for country in ("IT", "MX", "PT", "AE", ""):
                with self.subTest(written, country=country):
                    self.assertEqual(normalise_vat(written, country), "")

    def test_a_company_with_a_dummy_number_is_known_by_what_else_it_has(self):
        for vat in ("00000000000", "12345678901", "n/a"):
            company = Company("Acme", vat=vat, country_code="IT", domain="acme.example")
            self.assertEqual(identity_keys(company), ("domain:acme.example",))
        company = Company(
            "Acme", registry="FR-SIRENE", registry_id="000000000", vat="IT00743110157"
        )
        self.assertEqual(identity_keys(company), ("vat:IT00743110157",))

    def test_vat_numbers_with_a_wrong_digit_are_nobody_s(self):
        for right, wrong in (
            ("IT00743110157", "IT00743110158"), ("FR83404833048", "FR83404833049"),
            ("BE0477472701", "BE0477472702"), ("ESB58378431", "ESB58378432"),
            ("GB980780684", "GB980780685"), ("NO995525828MVA", "NO995525829MVA"),
            ("CHE107787577", "CHE107787578"), ("SE556703748501", "SE556703748601"),
            ("BR33000167000101", "BR33000167000102"),
        ):  # fmt: skip
            with self.subTest(right):
                self.assertEqual(normalise_vat(right), right.removesuffix("MVA"))
                self.assertEqual(normalise_vat(wrong), "")

    def test_one_number_is_one_identity_however_it_is_written(self):
        for written, country, expected in (
            ("it 00743110157", "", "IT00743110157"), ("007.431.101-57", "IT", "IT00743110157"),
            ("094259216", "GR", "EL094259216"), ("GR094259216", "", "EL094259216"),
            ("107787577", "CH", "CHE107787577"), ("CHE-107.787.577 MWST", "", "CHE107787577"),
            ("U13585627", "AT", "ATU13585627"), ("995 525 828", "NO", "NO995525828"),
            ("PEM7909204J8", "MX", "MXPEM7909204J8"), ("980780684", "UK", "GB980780684"),
            ("27AAPFU0939F1ZV", "IN", "IN27AAPFU0939F1ZV"), ("477472701", "BE", "BE0477472701"),
            ("100234567800003", "AE", "AE100234567800003"),
        ):  # fmt: skip
            with self.subTest(written):
                self.assertEqual(normalise_vat(written, country), expected)

    def test_numbers_that_spreadsheets_spoil_are_read_where_check_digits_prove_it(self):
        for written in ("743110157", "0743110157", "00743110157.0", "00743110157,0"):
            self.assertEqual(normalise_vat(written, "IT"), "IT00743110157")
        for written in ("7.43E9", "7,43110157E+09", "743110157.05", "43110157"):
            self.assertEqual(normalise_vat(written, "IT"), "")
        self.assertEqual(normalise_registry_id("GB-COH", "1234567.0"), ("GB-COH", "01234567"))
        self.assertEqual(normalise_registry_id("GB-COH", "1.23E+06"), ("", ""))

    def test_a_person_s_tax_code_is_no_vat_number(self):
        self.assertEqual(normalise_vat("RSSMRA80A01H501U", "IT"), "")

    def test_register_numbers_are_checked_where_they_have_check_digits(self):
        for registry, right, wrong in (
            ("FR-SIRENE", "552100554", "552100555"), ("DK-CVR", "24256790", "24256791"),
            ("NO-BRC", "889640782", "889640783"), ("BE-BCEKBO", "0403019261", "0403019262"),
            ("SE-BLV", "5567037485", "5567037486"), ("FI-PRO", "20774740", "20774741"),
        ):  # fmt: skip
            with self.subTest(registry):
                self.assertEqual(normalise_registry_id(registry, right), (registry, right))
                self.assertEqual(normalise_registry_id(registry, wrong), ("", ""))
        for registry in ("FR-SIRENE", "GB-COH", "XX-TEST"):
            for dummy in ("0", "00000000", "000000000", "999999999", "n/a", "unknown", "-"):
                with self.subTest(registry, dummy=dummy):
                    self.assertEqual(normalise_registry_id(registry, dummy), ("", ""))
        self.assertEqual(
            normalise_registry_id("FR-SIRENE", "552 100 554 00013"), ("FR-SIRENE", "552100554")
        )
        self.assertTrue(are_registry_ids("FR-SIRENE", ["552100554"]))
        self.assertFalse(are_registry_ids("FR-SIRENE", ["552100554", "552100555"]))
        self.assertFalse(are_registry_ids("XX-TEST", ["552100554", "000000000"]))

    @PATIENT
    @given(DIGITS)
    def test_our_quick_checks_say_what_python_stdnum_says(self, digits):
        for number in (digits, digits[:9] + "9"[: len(digits) - 9]):
            for prefix, module in (("IT", stdnum_iva), ("FR", stdnum_tva)):
                expected = module.is_valid(number) and len(set(number)) > 1
                if number not in "12345678901234567890 98765432109876543210 01234567890123456789":
                    self.assertEqual(bool(checked_vat(number, prefix)[0]), expected)
            found = normalise_registry_id("FR-SIRENE", number.zfill(9))[1]
            expected = stdnum_siren.is_valid(number.zfill(9)) and len(set(number.zfill(9))) > 1
            if len(number.zfill(9)) == 9:
                self.assertEqual(bool(found), expected)

    @PATIENT
    @given(st.integers(1, 9_999_999), st.integers(1, 100))
    def test_every_number_with_its_check_digit_is_read(self, number, office):
        body = f"{number:07}{office:03}"
        right = [f"{body}{digit}" for digit in range(10) if stdnum_iva.is_valid(f"{body}{digit}")]
        self.assertEqual([normalise_vat(one, "IT") for one in right], [f"IT{right[0]}"])
