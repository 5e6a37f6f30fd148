from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import luhn as stdnum_luhn
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
        self.assertEqual(normalise_registry_id("NL-KVK", "1002348"), ("NL-KVK", "01002348"))
        self.assertEqual(normalise_registry_id("PL-KRS", "28860"), ("PL-KRS", "0000028860"))

    def test_numbers_are_read_behind_what_they_are_called(self):
        for written, country, expected in (
            ("P.IVA 00743110157", "IT", "IT00743110157"),
            ("P. IVA: 00743110157", "IT", "IT00743110157"),
            ("P.I. 00743110157", "IT", "IT00743110157"),
            ("Partita IVA n. 00743110157", "IT", "IT00743110157"),
            ("C.F./P.IVA 00743110157", "IT", "IT00743110157"),
            ("C.F. e P.IVA IT00743110157", "", "IT00743110157"),
            ("Cod. Fisc. e P. IVA 00743110157", "IT", "IT00743110157"),
            ("PIVA00743110157", "IT", "IT00743110157"),
            ("P.IVA 743110157", "IT", "IT00743110157"), ("VAT: IT00743110157", "", "IT00743110157"),
            ("VAT No. GB 980 7806 84", "GB", "GB980780684"),
            ("VAT Reg No: 980780684", "GB", "GB980780684"),
            ("USt-IdNr. DE136695976", "DE", "DE136695976"),
            ("USt-ID: DE 136 695 976", "", "DE136695976"),
            ("USt.-IdNr.: 136695976", "DE", "DE136695976"), ("UID: ATU13585627", "", "ATU13585627"),
            ("UID ATU 13585627", "AT", "ATU13585627"), ("CIF: B58378431", "ES", "ESB58378431"),
            ("NIF B58378431", "ES", "ESB58378431"), ("N.I.F. B-58378431", "ES", "ESB58378431"),
            ("N° TVA : FR 83 404 833 048", "FR", "FR83404833048"),
            ("TVA intracommunautaire FR83404833048", "", "FR83404833048"),
            ("BTW BE 0477.472.701", "BE", "BE0477472701"),
            ("BTW-nummer NL004495445B01", "NL", "NL004495445B01"),
            ("TVA BE0477472701", "", "BE0477472701"),
            ("Org.nr 556703-7485", "SE", "SE556703748501"),
            ("Momsreg.nr SE556703748501", "SE", "SE556703748501"),
            ("NIP 8567346215", "PL", "PL8567346215"),
            ("CNPJ 33.000.167/0001-01", "BR", "BR33000167000101"),
            ("ABN 83 914 571 673", "AU", "AU83914571673"),
            ("MWST CHE-107.787.577", "CH", "CHE107787577"), ("DIČ: CZ25123891", "CZ", "CZ25123891"),
            ("IT 00743110157 (Italy)", "IT", "IT00743110157"),
            ("00743110157 / 00743110157", "IT", "IT00743110157"),
            ("C.F. 00743110157 - P.IVA 00743110157", "IT", "IT00743110157"),
            ("Numero Partita IVA 00743110157", "IT", "IT00743110157"),
            ("IVA 00743110157", "IT", "IT00743110157"), ("'00743110157", "IT", "IT00743110157"),
            ('="00743110157"', "IT", "IT00743110157"), ("+IT00743110157", "", "IT00743110157"),
            ("DE136695976 (USt-ID)", "DE", "DE136695976"),
            ("CHE-107.787.577 HR/MWST", "CH", "CHE107787577"),
            ("12892312-2-41", "HU", "HU12892312"), ("13585627", "AT", "ATU13585627"),
            ("00743110157 / 12345670017", "IT", ""),  # which one?
            ("VAT: n/a", "IT", ""), ("P.IVA", "IT", ""), ("P.IVA 00743110158", "IT", ""),
            ("P.IVA 00000000000", "IT", ""),
            ("P.IVA in attesa", "IT", ""), ("VAT 7.43E9", "IT", ""), ("P.IVA 7,43E+09", "IT", ""),
        ):  # fmt: skip
            with self.subTest(written):
                self.assertEqual(normalise_vat(written, country), expected)

    def test_zeros_that_a_spreadsheet_took_are_given_back_where_check_digits_prove_it(self):
        for written, country, expected in (
            ("6947", "CZ", ""), ("06947", "CZ", "CZ00006947"), ("6947.0", "CZ", ""),
            ("27082440", "CZ", "CZ27082440"),
            ("743110157", "IT", "IT00743110157"), ("743110157.0", "IT", "IT00743110157"),
            ("743110157.00", "IT", "IT00743110157"), ("743110157", "DE", ""),
            ("743110158", "IT", ""),
            ("33000167000101", "BR", "BR33000167000101"),
            ("12.ABC.345/01DE-35", "BR", "BR12ABC34501DE35"),
            ("94259216", "GR", "EL094259216"), ("94259216.0", "GR", "EL094259216"),
            ("100233488", "VN", "VN0100233488"), ("100233489", "VN", ""),
        ):  # fmt: skip
            with self.subTest(written, country=country):
                self.assertEqual(normalise_vat(written, country), expected)
        for registry, written, expected in (
            ("CZ-ICO", "6947", "00006947"), ("CZ-ICO", "25123891", "25123891"),
            ("BE-BCEKBO", "403019261", "0403019261"),
            ("IT-PIVA", "743110157", "00743110157"), ("BR-CNPJ", "191", ""),
            ("BR-CNPJ", "12.ABC.345/01DE-35", "12ABC34501DE35"), ("BR-CNPJ", "12ABC34501DE36", ""),
            ("AU-ACN", "4085616", "004085616"), ("PL-REGON", "12100784", "012100784"),
            ("PL-REGON", "12100785", ""),
            ("FI-PRO", "1120389", "01120389"),
            ("IT-PIVA", "43110157", ""),
        ):  # fmt: skip
            with self.subTest(registry, written=written):
                self.assertEqual(normalise_registry_id(registry, written)[1], expected)

    def test_numbers_of_a_register_are_read_behind_its_name(self):
        for registry, written, expected in (
            ("FR-SIRENE", "SIREN 552 100 554", "552100554"),
            ("FR-SIRENE", "RCS Paris 552 100 554", "552100554"),
            ("FR-SIRENE", "552 100 554 R.C.S. Paris", "552100554"),
            ("FR-SIRENE", "SIRET : 552 100 554 00013", "552100554"),
            ("BE-BCEKBO", "BE 0403.019.261", "0403019261"),
            ("BE-BCEKBO", "KBO 0403.019.261", "0403019261"),
            ("DK-CVR", "CVR-nr. 24256790", "24256790"), ("DK-CVR", "DK24256790", "24256790"),
            ("NO-BRC", "NO 889 640 782 MVA", "889640782"),
            ("NO-BRC", "Org.nr. 889 640 782", "889640782"),
            ("IT-PIVA", "IT00743110157", "00743110157"),
            ("SE-BLV", "Org.nr 556703-7485", "5567037485"),
            ("GB-COH", "Company No. 01234567", "01234567"),
            ("GB-COH", "Company number: SC123456", "SC123456"),
            ("GB-COH", "SC123456", "SC123456"), ("FR-SIRENE", "RCS Paris 552 100 555", ""),
            ("DE-CR", "HRB 12345", "HRB12345"),
        ):  # fmt: skip
            with self.subTest(registry, written=written):
                self.assertEqual(normalise_registry_id(registry, written)[1], expected)

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

    def test_italian_numbers_are_of_an_office_of_the_tax_agency(self):
        for office, is_one in (
            ("000", False), ("001", True), ("100", True), ("101", False), ("119", False),
            ("120", True), ("121", True), ("122", False), ("887", False), ("888", True),
            ("889", False), ("998", False), ("999", True),
        ):  # fmt: skip
            number = f"1234567{office}"
            vat = f"IT{number}{stdnum_luhn.calc_check_digit(number)}"
            with self.subTest(office):
                self.assertEqual(checked_vat(vat)[0], vat if is_one else "")
