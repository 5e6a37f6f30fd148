"""The words before a number decide what it is."""

import time

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...providers.website.phones import phones_in, read_phones
from .test_website_parsers import FAST, company, organisation

MILAN = "+39 02 1234 5678"
BERLIN = "+49 30 23125123"
PARIS = "+33 1 23 45 67 89"
LONDON = "+44 20 7946 0123"


@tagged("post_install", "-at_install")
class TestPrintedTelephones(BaseCase):
    def _assert_phones(self, country, *cases):
        for text, *expected in cases:
            with self.subTest(text):
                self.assertEqual(phones_in(text, country), expected)

    def test_italian_numbers_of_vat_register_and_bank_are_no_telephones(self):
        self._assert_phones(
            "IT",
            ("P.IVA 02313821007 – Via Roma 1, 20121 Milano – Telefono 02 12345678", MILAN),
            ("P.IVA e C.F. 02313821007 REA MI-1234567 Cap. Soc. € 10.000.000 i.v. Tel. 02 12345678"
             " Fax 02 87654321", MILAN),
            ("Impresa iscritta al Registro delle Imprese di Milano al n. 02313821007. Telefono: "
             "02 12345678", MILAN),
            ("Codice SDI 0000000 - IBAN IT60X0542811101000000123456 - Tel 02 12345678", MILAN),
            ("Partita IVA: 02313821007",), ("Part. IVA n. 02313821007",),
            ("P. IVA: IT 02313821007",), ("Cod. Fisc. e Part. IVA 02313821007",),
            ("C.F./P.IVA 02313821007",), ("P.I. 02313821007",), ("02313821007 (P.IVA)",),
            ("02313821007",), ("IBAN IT60 X054 2811 1010 0000 0123 456",),
            ("Codice destinatario 0212345",), ("Ordine n. 0212345678",), ("CAP 20121 Milano",),
            ("Conto corrente 02 12345678",), ("C.C.P. n. 02 12345678",),
            ("Polizza n. 02 12345678",),
            ("Dal lunedì al venerdì 02 12345678", MILAN),
            ("Capitale sociale 02 12345678",), ("Fondata il 02.12.1980",), ("R.E.A. 0212345678",),
        )  # fmt: skip

    def test_numbers_of_other_countries_registers_are_no_telephones(self):
        self._assert_phones(
            "DE",
            ("USt-IdNr. DE 811 569 869 HRB 86786 Telefon 030 23125 123", BERLIN),
            ("Steuernummer 030/231/25123",), ("Steuer-Nr.: 030 / 23125123",),
            ("Handelsregister: HRB 23125123 B\nAmtsgericht Berlin",),
            ("Umsatzsteuer-Identifikationsnummer gemäß § 27 a UStG: 030 23125123",),
            ("Seit 1990 · 030 23125 123", BERLIN), ("Bestellhotline: 030 23125123", BERLIN),
            ("Bankverbindung: Konto 0302312512 BLZ 10050000",),
        )  # fmt: skip
        self._assert_phones(
            "FR",
            ("SIRET 552 100 554 00013 RCS Paris 552 100 554 TVA FR 83 404833048"
             " Tél. : 01 23 45 67 89 - Fax : 01 23 45 67 80", PARIS),
            ("Capital de 10 000 000 € – Tél 01 23 45 67 89", PARIS),
            ("Agrément n° 01 23 45 67 89",), ("RCS PARIS 0123456789",), ("SIREN 012 345 678",),
            ("N° TVA intracommunautaire : 0123456789",),
        )  # fmt: skip
        for country, text, *expected in (
            ("GB", "Company No. 02012345 VAT no. 980 7806 84 T: 020 7946 0123", LONDON),
            ("GB", "Registered number 02079460123"),
            ("ES", "CIF B58378431 Teléfono 912 345 678", "+34 912 34 56 78"),
            ("ES", "NIF: 912345678"),
            ("NL", "KvK 30231251 BTW NL004495445B01 Telefoon 020 123 4567", "+31 20 123 4567"),
            ("CZ", "IČO: 27082440 DIČ: CZ27082440 Telefon: 221 234 567", "+420 221 234 567"),
            ("PL", "NIP 526-10-40-828 REGON 012100784 KRS 0000012345 tel. 22 123 45 67",
             "+48 22 123 45 67"),
            ("SE", "Org.nr 556703-7485 Telefon 08-123 456 78", "+46 8 123 456 78"),
            ("DK", "CVR 24256790 Tlf. 33 12 34 56", "+45 33 12 34 56"), ("DK", "CVR-nr. 24256790"),
            ("CH", "UID: CHE-107.787.577 Tel 044 668 18 00", "+41 44 668 18 00"),
            ("RU", "ИНН 7707083893 тел. +7 495 500-55-50", "+7 495 500-55-50"),
            ("US", "EIN 02-1234567. Call us: (212) 736-5000", "+1 212-736-5000"),
            ("US", "Lic. #2127365000"), ("BE", "BE 0403.019.261"),
            ("BE", "N° d'entreprise 02 403 17 07"), ("NO", "889 640 782 MVA"),
            ("AT", "Firmenbuchnummer: FN 123456a, Tel: +43 1 5123456", "+43 1 5123456"),
        ):  # fmt: skip
            self._assert_phones(country, (text, *expected))

    def test_the_word_may_stand_in_another_cell_or_line(self):
        self._assert_phones(
            "IT",
            ("P.IVA\n02313821007\nTelefono\n02 12345678", MILAN),
            ("P.IVA\nTelefono\n02313821007\n02 12345678", MILAN),
            ("Telefono\nP.IVA\n02 12345678\n02313821007", MILAN),
            ("P.IVA Telefono\n02313821007",),
            ("Tel 02 12345678\n02313821007", MILAN),
            ("Contatti\nP.IVA:\n02313821007",),
        )

    def test_a_fax_is_no_telephone_unless_it_is_both(self):
        self._assert_phones(
            "IT",
            ("Tel./Fax 02 12345678", MILAN), ("Telefono e fax: 02 12345678", MILAN),
            ("Fax 02 12345678",), ("Telefax: 02 12345678",), ("02 12345678 (fax)",),
            ("F. +39 02 12345679 T. +39 02 12345678", MILAN),
            ("Tel. 02 12345678 - Fax 02 12345678", MILAN),
            ("Tel. 02 12345678, 02 12345679 - Fax 02 12345670", MILAN, "+39 02 1234 5679"),
        )  # fmt: skip

    def test_dates_hours_and_places_on_a_map_are_no_telephones(self):
        self._assert_phones(
            "IT",
            ("Orari: Lun-Ven 09.00-12.30 / 14.00-18.30",), ("09:00 - 12:30",),
            ("45.464211, 9.191383",), ("lat 02.12345678",), ("© 2012-2024",), ("02/12/2024",),
            ("Tel (Lun-Ven 9.00-18.00): 02 12345678", MILAN),
        )  # fmt: skip

    def test_an_area_code_before_a_dot_and_a_zero_in_brackets_are_a_telephone_s(self):
        self._assert_phones(
            "IT",
            ("Tel. 02.12345678", MILAN), ("Tel. 02.1234.5678", MILAN), ("02.12345678", MILAN),
            ("Telefono: +39 02.12345678 - P.IVA 02313821007", MILAN),
            ("Tel. 02\N{NON-BREAKING HYPHEN}12345678", MILAN),
            ("Tel. 02.12345678, 02.12345679", MILAN, "+39 02 1234 5679"),
            ("Cell. 335.1234567", "+39 335 123 4567"), ("45.464211 9.191383",), ("45.464211°",),
            ("45.464211 N, 9.191383 E - Tel. 02.12345678", MILAN), ("P.IVA 02.313821007",),
        )  # fmt: skip
        self._assert_phones(
            "DE", ("Tel.: +49 (0) 30 23125-123", BERLIN), ("Tel. 030.23125123", BERLIN),
            ("+49(0)30 23125123", BERLIN),
        )  # fmt: skip

    def test_numbers_without_a_word_are_believed_as_they_are_written(self):
        self._assert_phones(
            "IT", ("02 12345678", MILAN), ("+390212345678", MILAN), ("0212345678",),
            ("Chiamaci allo 02 12345678", MILAN), ("☎ 02 12345678", MILAN),
        )  # fmt: skip
        self._assert_phones("DE", ("Musterstr. 1, 10115 Berlin · 030 23125 123", BERLIN))
        self._assert_phones("FR", ("01.23.45.67.89", PARIS), ("552 100 554",))

    def test_a_page_s_vat_number_is_not_its_telephone(self):
        for html in (
            "<p>P.IVA 02313821007 &ndash; Via Roma 1 &ndash; Telefono 02 12345678</p>",
            "<table><tr><td>P.IVA</td><td>02313821007</td></tr>"
            "<tr><td>Telefono</td><td>02 12345678</td></tr></table>",
            "<dl><dt>P.IVA</dt><dd>02313821007</dd><dt>Tel</dt><dd>02 12345678</dd></dl>",
            "<div>P.IVA</div><div>02313821007</div><div>Tel.</div><div>02 12345678</div>",
            '<p>P.IVA <a href="tel:02313821007">02313821007</a> '
            'Tel. <a href="tel:+390212345678">02 12345678</a></p>',
            "<p>Fax <a href='tel:+390287654321'>02 87654321</a><br>Tel. 02 12345678<br>"
            "P.IVA 02313821007</p>",
            "<p>P.IVA 02313821007 Tel. 02 12345678</p>"
            + organisation(telephone="02313821007", address={"addressCountry": "IT",
                                                              "addressLocality": "Milano"}),
        ):  # fmt: skip
            with self.subTest(html[:60]):
                self.assertEqual(company(f"<html lang=it>{html}<p>acme.it</p>").phone, MILAN)

    def test_structured_data_come_before_text(self):
        html = organisation(telephone="+39 02 1234 5679", faxNumber="+39 02 1234 5670")
        html += "<p>Tel. +39 02 12345678, +39 02 12345670</p>"
        self.assertEqual(company(html).phone, "+39 02 1234 5679")

    def test_hostile_texts_cost_no_time(self):
        for text in (
            "0" * 60_000, "1 " * 30_000, "P.IVA " * 10_000, "Tel./" * 12_000, "(0)" * 20_000,
            "02 12345678 " * 5_000, "P.IVA\n" * 10_000 + "02 12345678", "12:" * 20_000,
            ("Tel\n" * 300 + "02 12345678\n") * 40, "IT60" * 15_000, "1.2.3.4." * 7_000,
        ):  # fmt: skip
            with self.subTest(text[:20]):
                started = time.process_time()
                read_phones(text, "IT")
                self.assertLess(time.process_time() - started, 5)

    @FAST
    @given(st.lists(st.sampled_from(
        ("Tel.", "Fax", "P.IVA", "02 12345678", "02313821007", "\n", " ", "/", "(", ")", "x", "€")
    ), max_size=20).map("".join))  # fmt: skip
    def test_a_number_is_never_a_telephone_s_and_something_else_s(self, text):
        printed = read_phones(text, "IT")
        self.assertTrue(printed.other.isdisjoint(printed.phones))

    def test_a_name_is_that_of_a_number_near_by(self):
        for name, most, number, near, far in (
            ("Tel", 40, "0212345678", [MILAN], []),
            ("Fax", 40, "02 12345678", [], [MILAN]),
            ("P.IVA", 100, "02 12345678", [], [MILAN]),
        ):
            for space, expected in ((most, near), (most + 1, far)):
                with self.subTest(name, space=space):
                    self.assertEqual(phones_in(name + " " * space + number, "IT"), expected)
        for width, expected in ((60, [MILAN]), (61, [])):
            with self.subTest(width=width):
                text = f"{'Telefono'.ljust(width)}\n0212345678"
                self.assertEqual(phones_in(text, "IT"), expected)

    def test_of_a_page_full_of_numbers_the_first_three_hundred_are_read(self):
        for before, expected in ((299, [MILAN]), (300, [])):
            text = "12345\n" * before + "Tel 02 12345678"
            self.assertEqual(phones_in(text, "IT"), expected, before)

    def test_without_a_name_a_number_is_a_telephone_s_if_it_is_written_as_one(self):
        for text, country, is_phone in (
            ("02 12345678", "IT", True), ("0212345678", "IT", False), ("(02) 12345678", "IT", True),
            ("+390212345678", "US", True), ("00390212345678", "IT", True),
            ("212 12345678", "IT", False), ("(212) 555-2368", "US", True),
            ("2125552368", "US", False), ("02 12345678", "US", False),
        ):  # fmt: skip
            with self.subTest(text, country=country):
                self.assertEqual(bool(phones_in(text, country)), is_phone)

    def test_numbers_of_a_row_of_names_have_them_in_their_order(self):
        other = "+39 02 1234 5679"
        for text, phones, others in (
            ("Tel. 02 12345678\n02 12345679", (MILAN, other), ()),
            ("Tel. e Fax 02 12345678", (MILAN,), ()),
            ("Tel./Fax 02 12345678", (MILAN,), ()),
            ("Tel Fax\n02 12345678\n02 12345679", (MILAN,), (other,)),
            ("Tel: 02 12345678 Fax: 02 12345679", (MILAN,), (other,)),
            ("Tel Fax 02 12345678", (), (MILAN,)),
            # What is both is a telephone's.
            ("Fax 02 12345678 Tel 02 12345678", (MILAN,), ()),
            ("T 02 12345678", (MILAN,), ()),
            ("F 02 12345678", (), (MILAN,)),
        ):
            with self.subTest(text):
                found = read_phones(text, "IT")
                self.assertEqual((found.phones, {*found.other}), (phones, {*others}))
