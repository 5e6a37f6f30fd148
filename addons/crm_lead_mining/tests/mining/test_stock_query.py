from odoo.tests import BaseCase, tagged

from ...company.nace import expand
from ...tools.stock_query import INDUSTRIES, company_query, wanted


@tagged("post_install", "-at_install")
class TestStockQuery(BaseCase):
    def test_each_industry_group_of_stock_is_one_of_nace(self):
        for codes in INDUSTRIES.values():
            self.assertTrue(expand(codes))

    def test_criteria_are_those_of_stock(self):
        query = company_query(
            {
                "countries": [{"code": "BE", "states": []}, {"code": "US", "states": ["CA"]}],
                "company_size_min": 5,
                "company_size_max": 9,
                "industry_ids": ["165", "86"],
            },
            ("reg:XX-TEST:000001", False),
        )
        self.assertEqual((query.countries, query.states), (("BE", "US"), (("US", "CA"),)))
        self.assertEqual((query.size_min, query.size_max), (5, 9))
        self.assertEqual(query.industries, ("58", "59", "60", "62", "63"))
        self.assertEqual(query.exclude, frozenset({"reg:XX-TEST:000001"}))

    def test_groups_of_19_4_are_industries_too(self):
        query = company_query({"sic_groups": [42, 54, 1, 99]})
        self.assertEqual(query.industries, ("01", "47", "49"))

    def test_numbers_stay_within_stock_s_limits(self):
        for asked, number in ((0, 1), (None, 1), (7, 7), (9999, 200)):
            self.assertEqual(wanted({"lead_number": asked}), number)
