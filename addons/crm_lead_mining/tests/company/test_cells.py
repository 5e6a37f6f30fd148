from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.cells import read_email, read_emails, read_employees, read_year, split_list


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
            ("", None),
            ("200-51", None),
            ("99999999999", None),
        ):
            with self.subTest(text):
                self.assertEqual(read_employees(text), expected)

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
