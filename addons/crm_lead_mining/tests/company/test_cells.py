from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.bands import coded_by
from ...company.cells import (
    is_placeholder,
    read_email,
    read_emails,
    read_year,
    split_list,
    without_placeholders,
)
from ...company.sizes import read_employees


@tagged("post_install", "-at_install")
class TestCells(BaseCase):
    def test_employees_are_read_as_people_write_them(self):
        for text, expected in (
            ("3167", (3167, 3167, 3167)),
            ("3,167 (average, 2021)", (3167, 3167, 3167)),
            ("c. 13,500 (2024)", (13500, 13500, 13500)),
            ("~48,000 (December 2023)", (48000, 48000, 48000)),
            ("1.234", (1234, 1234, 1234)),
            ("1 234 567", (1234567, 1234567, 1234567)),
            ("12'000", (12000, 12000, 12000)),
            ("51-200", (51, 200, None)),
            ("51 – 200 employees", (51, 200, None)),
            ("1,001 to 5,000", (1001, 5000, None)),
            ("da 10 a 49", (10, 49, None)),
            ("10,001+", (10001, None, None)),
            ("8,000+", (8000, None, None)),
            (">500", (500, None, None)),
            ("more than 250", (250, None, None)),
            ("<50", (0, 50, None)),
            ("fino a 9", (0, 9, None)),
            ("1.2 million", (1200000, 1200000, 1200000)),
            ("2k", (2000, 2000, 2000)),
            ("0", (0, 0, 0)),
            ("about fifty", None),
            ("-1", None),
            ("-1.0", None),
            ("", None),
            ("200-51", None),
            ("99999999999", None),
        ):
            with self.subTest(text):
                self.assertEqual(read_employees(text), expected)

    def test_thousands_and_millions_are_counted_in_the_words_of_many_languages(self):
        for one, words in (
            (1_000, "k thousand thousands Tausend Tsd. mila mille mil tys."),
            (1_000_000, "m million millions Millionen milioni Mio. mln"),
        ):
            for word in words.split():
                with self.subTest(word):
                    self.assertEqual(read_employees(f"2 {word}"), (2 * one, 2 * one, 2 * one))

    def test_a_band_is_a_band_in_the_words_of_many_languages(self):
        for least, most, texts in (
            (10, 49, (
                "от 10 до 49", "10 до 49", "від 10 до 49", "10–49 человек", "от 10 до 49 души",
                "10 έως 49", "από 10 έως 49 άτομα",
                "10-49", "10~49", "10～49", "10_49", "10/49", "10..49", "10 to 49",
                "between 10 and 49",
                "zwischen 10 und 49", "von 10 bis 49", "de 10 à 49 salariés", "entre 10 et 49",
                "tra 10 e 49", "da 10 a 49 addetti", "entre 10 y 49", "de 10 a 49 empleados",
                "van 10 tot 49", "tussen 10 en 49", "od 10 do 49", "mellan 10 och 49",
                "ANTAL_10_49",
                "10 - 49 Mitarbeiter", "(10-49)", "10 or 49", "10 t/m 49", "10 tot en met 49",
                "10 thru 49", "10 & 49", ">=10 <=49",
                "Small (10-49)", "'10-49", "10至49", "Oct-49", "ott-49", "Okt 49",
                "oct.-49", "1949-10-01 00:00:00",
            )),
            (10, 50, (
                "10-50", "Oct-50", "10/1/1950", "01.10.1950", "Oct-1950", "[10;50]", "10 ‒ 50",
                "10 until 50", "10 bis unter 50", "10 < 50", "10<=x<50", "10 ≤ x < 50",
                "≥10 and <50", "> 10 < 50", "10 to less than 50", "B (10-50)",
            )),
            (5, 9, ("5-9", "9-May", "05-Sep", "09. Mai", "2026-05-09", "9-mag")),
            (1, 10, ("1-10", "10-Jan", "01-Oct", "10. Jan", "10-gen", "2026-01-10")),
            (1, 10, ("10/1/2024", "01.10.2024", "1/10/2024 00:00:00", "2024-10-01")),
            (11, 50, ("Nov-50", "nov.-50", "1950-11-01")),
            (250, None, (
                "250+", "250 +", ">250", "> 250", ">=250", "≥250", "≥ 250", "⩾250", "250 or more",
                "250 and more employees", "250 and over", "250 and above", "250 & over", "over 250",
                "at least 250", "250 ou plus", "250 et plus", "250 et +", "250 salariés et plus",
                "plus de 250", "oltre i 250",
                "sopra i 250", "upwards of 250", "+ de 250", "au moins 250", "250 o più",
                "250 e oltre", "più di 250",
                "almeno 250", "250 und mehr", "250 oder mehr", "ab 250", "mindestens 250",
                "250 y más",
                "250 o más", "más de 250", "al menos 250", "250 ou mais", "mais de 250",
                "250 of meer",
                "meer dan 250", "250 en meer", "250 i więcej", "powyżej 250", "250 eller fler",
                "not less than 250", "non meno di 250", "no menos de 250", "nicht unter 250",
                "pas moins de 250", "mind. 250", "250 upwards", "de 250 em diante", "Large (250+)",
                "более 250", "свыше 250 сотрудников", "не менее 250", "250 и более",
                "250 человек и больше", "понад 250", "більше 250", "над 250", "повече от 250",
                "πάνω από 250", "250 και άνω", "τουλάχιστον 250",
                "250 a více", "250名以上", "250 employees or more", "250 Mitarbeiter und mehr",
            )),
            (20000, None, ("20,000 or more", "20.000 und mehr", "20 000 et plus", "20k+",
            "20 Tsd.+")),
            (0, 49, (
                "up to 49", "49 or fewer", "49 or less", "≤49", "<=49", "at most 49",
                "max. 49", "49 max", "bis 49", "bis zu 49", "höchstens 49", "49 oder weniger",
                "jusqu'à 49",
                "49 ou moins", "fino a 49", "49 o meno", "hasta 49", "49 o menos", "até 49",
                "49 ou menos", "tot 49", "49 of minder", "maximal 49", "no more than 49", "do 49",
                "not more than 49", "nicht mehr als 49", "pas plus de 49", "non più di 49",
                "no más de 49", "niet meer dan 49", "bis einschließlich 49", "färre än 49",
                "Small (<49)", "non oltre 49",
                "до 49", "до 49 человек", "менее 49", "не более 49", "менше 49", "под 49",
                "по-малко от 49", "έως 49", "μέχρι 49", "λιγότεροι από 49",
                "49 employees or fewer", "49人以下",
            )),
        ):  # fmt: skip
            for text in texts:
                with self.subTest(text):
                    self.assertEqual(read_employees(text), (least, most, None))

    def test_numbers_with_words_around_them_are_numbers(self):
        for text, number in (("100名", 100), ("ca. 120 Mitarbeiter", 120), ("120 dipendenti", 120),
                             ("5 Mitarbeiter", 5), ("2 mila", 2000), ("3 Tsd.", 3000),
                             ("120.0", 120), ("оборот 120", 120), ("около 120 человек", 120),
                             ("περίπου 120", 120),
                             ("about 1,200", 1200), ("2023: 120", 120)):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(read_employees(text), (number, number, number))

    def test_codes_of_bands_are_known_by_their_column_s_header(self):
        for header in ("trancheEffectifsUniteLegale", "tranche_effectif_salarie",
                       "Tranche d'effectifs"):  # fmt: skip
            codes = coded_by(header)
            for code, band in (("11", (10, 19, None)), ("53", (10000, None, None)),
                               ("1", (1, 2, None)), ("01", (1, 2, None)), ("00", (0, 0, 0)),
                               ("NN", None)):  # fmt: skip
                with self.subTest(header, code=code):
                    self.assertEqual(read_employees(codes.get(code, code)), band)
            self.assertEqual(codes.get("10 à 19 salariés", "10 à 19 salariés"), "10 à 19 salariés")
        self.assertEqual(read_employees(coded_by("KATPO").get("240", "")), (50, 99, None))
        for header in ("Effectif", "employees", "tranche de CA", ""):
            self.assertFalse(coded_by(header), header)

    def test_what_fills_a_cell_without_a_value_is_no_value(self):
        for text in (
            "N/A", "n/a", "#N/A", "#REF!", "#NV", "n.d.", "N.D.", "ND", "nd", "-", "--", "—", "...",
            "null", "NULL", "None", "(null)", "<null>", "\\N", "NaN", "undefined", "[ND]", "[N/D]",
            "[NON-DIFFUSIBLE]", "NON DIFFUSIBLE", "********", "*", "None Supplied", "3.90212E+11",
            "3,90212E+11", "4E+05", "unknown", "Unknown", "not available", "Not Specified",
            "sconosciuto", "non disponibile", "unbekannt", "k.A.", "k. A.", "keine Angabe",
            "inconnu",
            "non renseigné", "Non communiqué", "desconocido", "no disponible", "s/d", "n.v.t.",
            "onbekend", "brak", "(blank)", "tbd", "?", "_", "[]", "{}", "Not Provided", "nil",
            "#ERROR!", "#NUM!", "#NOM?", "#¡VALOR!", "#N/DISP", "(leer)", "[vide]", "(vuoto)",
            "n. a.", "n/k", "n\\a", "- - -", "…", "•••••", "●●●", "0000000000", "0000-00-00",
            "to be defined", "da definire", "not set", "CONFIDENTIAL", "[REDACTED]",
            "*** hidden ***", "3.90212E11", "3.90212e 11", "NON RENSEIGNE", "non renseigné(e)",
            "ND (non disponible)", "N/A (not available)", "NAO INFORMADO", "nie podano", "nezadáno",
            "不明", "无", "не указано", "NULL,NULL", "None, None", "null null", "&nbsp;", "``",
            "{null}", "N.C.", "XXX",
        ):  # fmt: skip
            with self.subTest(text):
                self.assertTrue(is_placeholder(text))
                self.assertEqual(without_placeholders(["Acme", text, ""]), ["Acme", "", ""])
        for text in ("Acme", "Nadir", "0", "NN", "N", "A-1", "E+P", "Null & Co", "***plus", "-1",
        "x",
                     "1E", "Unknown Pleasures Ltd", "H&M", "3E", "NO", "4E+ Studio", "Leer",
                     "00", "0.0", "Private", "#1 Studio", "#hashtag", "NC Numericable",
                     "*Star* Srl", "12E", "N.D. Srl (Milano)", "Pending"):  # fmt: skip
            with self.subTest(text):
                self.assertFalse(is_placeholder(text))
                self.assertEqual(without_placeholders(["Acme", text]), ["Acme", text])

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.one_of(st.text(max_size=12), st.text("#*(n/d)E1+.-_ ", max_size=8))))
    def test_a_column_loses_the_placeholders_that_its_cells_are(self, texts):
        column = [" ".join(text.split()) for text in texts]
        self.assertEqual(
            list(without_placeholders(column)),
            ["" if is_placeholder(cell) else cell for cell in column],
        )

    def test_a_rounded_number_is_left_where_numbers_identify_so_that_it_is_told(self):
        column = ["7.43E9", "7,43E+09", "7.43110157E+09", "n/a", "00743110157"]
        self.assertEqual(
            without_placeholders(column, are_numbers=True), [*column[:3], "", column[4]]
        )

    def test_a_place_s_code_is_no_placeholder_where_places_are_meant(self):
        self.assertTrue(is_placeholder("[ND]", are_places=True))
        for code in ("NA", "ND", "na", "nd"):  # Namibia and Naples, North Dakota
            self.assertTrue(is_placeholder(code))
            self.assertFalse(is_placeholder(code, are_places=True))
            self.assertEqual(without_placeholders([code, "-"], are_places=True), [code, ""])

    def test_dates_written_in_one_go_have_their_year_and_the_oldest_date_of_a_system_none(self):
        for text, year in (
            ("20040522", 2004), ("20040500", 2004), ("22052004", 2004), ("20040522103000", 2004),
            ("2004-05-22T10:30:00Z", 2004), ("2004.0", 2004), ("05/22/2004", 2004), ("1900", 1900),
            ("1900-05-22", 1900), ("0001-01-01", None), ("1900-01-01", None), ("01/01/1900", None),
            ("1900-01-01T00:00:00", None), ("01.01.1900", None), ("19000101", None),
            ("1899-12-30", None),
            ("30/12/1899", None), ("00000000", None), ("0000-00-00", None), ("9999-12-31", None),
            ("2099-12-31", None), ("20041340", None), ("1753-01-01", None), ("1/1/1900", None),
            ("200405", 2004), ("12/30/1899", None), ("1900-01-00", None), ("Jan 1, 1900", None),
            ("1 January 1900", None), ("01-Jan-1900", None), ("22-May-2004", 2004),
            ("1995年5月", 1995), ("FY2004", 2004), ("2,004", 2004), ("2.004", 2004),
            ("2004-05-22+02:00", 2004), ("1085184000", None), ("38129", None), ("22/05/04", None),
            ("1900-01-02", 1900), ("Jan 1, 1901", 1901), ("HRB1234", None), ("00010101", None),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(read_year(text), year)

    @given(st.text(max_size=80))
    def test_any_text_gives_a_band_in_order_or_nothing(self, text):
        found = read_employees(text)
        if found is not None:
            least, most, exact = found
            self.assertTrue(most is None or 0 <= least <= most)
            self.assertIn(exact, (None, least))

    @given(st.integers(0, 10_000_000))
    def test_every_number_is_read_with_its_separators(self, number):
        for text in (str(number), f"{number:,}", f"{number:,}".replace(",", "."), f"{number:_}"):
            if "_" not in text:
                self.assertEqual(read_employees(text), (number, number, number), text)

    def test_the_first_year_counts(self):
        for text, year in (("1988 ; 38 years ago ( 1988 )", 1988), ("01/02/1999", 1999),
                           ("2019-05-01", 2019), ("19885", None), ("long ago", None),
                           ("3019", None)):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(read_year(text), year)

    def test_only_addresses_are_addresses(self):
        for text, email in (
            ("Info@Acme.example", "info@acme.example"),
            ("mailto:info@acme.example", "info@acme.example"),
            (" info@acme.example. ", "info@acme.example"),
            ("info(at)acme.example", ""),
            ("info@acme", ""),
            ("a@b@c.example", ""),
            ("two words@acme.example", ""),
            ("x" * 300 + "@acme.example", ""),
            ("", ""),
        ):
            with self.subTest(text[:40]):
                self.assertEqual(read_email(text), email)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.one_of(
                st.sampled_from(
                    ("", "Info@Acme.example", "mailto:a@b.example", "x" * 250 + "@b.it")
                ),
                st.builds(
                    "{}@{}{}".format,
                    st.text("aİΣ.:-", max_size=3),
                    st.text("a-.", max_size=3),
                    st.sampled_from((".it", ".IT", ".it;", " .it", "")),
                ),
                st.text("a@. ;", max_size=6),
            ),
            max_size=5,
        )
    )
    def test_a_column_of_addresses_is_read_as_each_of_them_or_not_at_all(self, texts):
        emails = read_emails(texts)
        if emails is not None:
            self.assertEqual(emails, [read_email(text) for text in texts])

    def test_a_column_of_plain_addresses_is_read_at_once(self):
        self.assertEqual(
            read_emails(["A@Acme.example", "", "b@b.example"]),
            ["a@acme.example", "", "b@b.example"],
        )
        self.assertEqual(read_emails([]), [])
        self.assertIsNone(read_emails(["a@acme.example", "nobody"]))

    def test_lists_are_split_at_the_usual_signs(self):
        self.assertEqual(split_list("a; b, c | d ;; "), ["a", "b", "c", "d"])
