"""Classes by size and revenue: every bound from both sides, every word that stands for a unit."""

from odoo.tests import BaseCase, tagged

from ...company.classes import revenue_class, revenue_millions

#: Words of the languages in which revenues are published, by what they multiply a million with.
WORDS = {
    0.001: "k tsd thousand K",
    1: "m mn mio million millions mln milioni milione M Mio",
    1000: "b bn mrd billion billions miliardi milliards Mrd",
}


@tagged("post_install", "-at_install")
class TestRevenues(BaseCase):
    def test_every_word_for_a_unit_is_understood_in_each_spelling(self):
        for factor, words in WORDS.items():
            for word in words.split():
                for text in (f"4 {word} EUR", f"€4{word}", f"4-9 {word} EUR"):
                    with self.subTest(text):
                        self.assertAlmostEqual(revenue_millions(text), 4 * factor)

    def test_a_revenue_is_in_the_class_whose_lower_bound_it_reaches(self):
        for bound, name, below in (
            (2, "from_2", "to_2"), (10, "from_10", "from_2"), (50, "from_50", "from_10"),
            (250, "from_250", "from_50"), (1000, "from_1000", "from_250"),
        ):  # fmt: skip
            with self.subTest(bound):
                self.assertEqual(revenue_class(f"{bound}M EUR"), name)
                self.assertEqual(revenue_class(f"{bound}000000 EUR"), name)
                self.assertEqual(revenue_class(f"{bound - 1}.9M EUR"), below)
        self.assertEqual(revenue_class("0 EUR"), "to_2")

    def test_a_point_or_a_comma_parts_thousands_or_decimals_as_it_is_meant(self):
        for text, millions in (
            ("1.234 M EUR", 1234), ("1,234 M EUR", 1234), ("1.23 M EUR", 1.23),
            ("1,2345 M EUR", 1.2345), ("1.234.567 EUR", 1.234567), ("1'234'567 CHF", 1.234567),
            ("1.234,5 M EUR", 1234.5), ("1,234.5 M EUR", 1234.5),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertAlmostEqual(revenue_millions(text), millions)

    def test_a_loss_and_an_unknown_currency_say_nothing(self):
        for text in ("-5 M EUR", "5 M INR", "EUR", "about nothing"):
            with self.subTest(text):
                self.assertIsNone(revenue_millions(text))
