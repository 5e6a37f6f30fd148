"""What numbers of both editions of NACE mean."""

from odoo.tests import BaseCase, tagged

from ...company import nace
from ...company.nace_editions import REV_1, REV_2, REV_21, divisions_of


@tagged("post_install", "-at_install")
class TestNaceEditions(BaseCase):
    def test_a_division_is_the_same_with_zeros_behind_it(self):
        for division in nace.DIVISIONS:
            for edition in (REV_2, REV_21):
                for zeros in ("", "0", "00", "0000"):
                    with self.subTest(division + zeros, edition=edition):
                        self.assertEqual(divisions_of(division + zeros, edition), (division,))

    def test_what_is_no_number_of_an_edition_means_nothing(self):
        for digits, edition in (("6", REV_2), ("", REV_2), ("0000", REV_21), ("62", REV_1)):
            with self.subTest(digits, edition=edition):
                self.assertEqual(divisions_of(digits, edition), ())

    def test_a_nation_s_own_digits_behind_a_class_change_nothing(self):
        self.assertEqual(divisions_of("4511", REV_2), ("45",))
        self.assertEqual(divisions_of("451199", REV_2), ("45",))
        self.assertEqual(divisions_of("4781", REV_21), ("45",))
        self.assertEqual(divisions_of("47819", REV_21), ("45",))
