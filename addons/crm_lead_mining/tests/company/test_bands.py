from itertools import pairwise

from odoo.tests import BaseCase, tagged

from ...company import bands
from ...company.sizes import read_employees


@tagged("post_install", "-at_install")
class TestBands(BaseCase):
    def test_bands_follow_each_other_without_a_gap(self):
        for table in (bands.LINKEDIN, bands.INSEE, bands._CZECH):
            for (_least, most), (next_least, next_most) in pairwise(table.values()):
                self.assertEqual(next_least, most + 1)
                self.assertTrue(next_most is None or next_most > next_least)

    def test_a_label_says_its_own_bounds(self):
        for label, bounds in bands.LINKEDIN.items():
            least, most, _exact = read_employees(label)
            self.assertEqual((least, most), bounds, label)
