from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.access import is_local_path, is_same_token
from ..tools.packs import Offer, best_value, credits_of


@tagged("post_install", "-at_install")
class TestPackRules(BaseCase):
    def test_best_value_is_claimed_only_when_it_is_true(self):
        table = {
            "nothing to compare with": ([(100, 10)], None),
            "cheaper per credit": ([(100, 10), (500, 40), (50, 6)], 1),
            "the small one is cheaper": ([(100, 5), (500, 40)], 0),
            "equally cheap": ([(100, 10), (200, 20)], None),
            "equal at the last digit": ([(3, 0.3), (1, 0.1)], None),
            "none": ([], None),
        }
        for case, (rows, expected) in table.items():
            with self.subTest(case):
                offers = [Offer(credits, price, "EUR") for credits, price in rows]
                self.assertEqual(best_value(offers), expected)

    def test_prices_in_several_currencies_are_not_compared(self):
        self.assertIsNone(best_value([Offer(100, 10, "EUR"), Offer(500, 40, "USD")]))

    def test_refunded_money_is_worth_its_part_of_the_credits(self):
        table = [
            (0, 79, 500, 0),
            (79, 79, 500, 500),
            (39.5, 79, 500, 250),
            (0.01, 79, 500, 0),
            (78.99, 79, 500, 500),
            (100, 79, 500, 500),
            (0.1, 0.3, 3, 1),
            (10**12, 10**12, 10**9, 10**9),
        ]
        for refunded, price, credits, expected in table:
            with self.subTest(refunded=refunded, price=price, credits=credits):
                self.assertEqual(credits_of(refunded, price, credits), expected)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.integers(1, 10**9),
        st.integers(1, 10**8),
        st.lists(st.integers(1, 10**6), max_size=8),
    )
    def test_parts_never_take_back_more_than_the_whole(self, credits, cents, parts):
        price, refunded, taken = cents / 100, 0, 0
        for part in parts:
            due = credits_of(refunded / 100, price, credits)
            refunded = min(refunded + part, cents)
            step = credits_of(refunded / 100, price, credits) - due
            self.assertGreaterEqual(step, 0)
            taken += step
        self.assertLessEqual(taken, credits)
        if refunded == cents:
            self.assertEqual(taken, credits)

    def test_only_pages_of_this_backend_are_led_back_to(self):
        good = (
            "/odoo", "/odoo/crm", "/odoo/action-crm.x/12?debug=1", "/odoo?x=1",
            "/odoo/".ljust(255, "x"),
        )  # fmt: skip
        bad = (
            "", None, 7, "odoo", "//evil.example", "/odoo//evil.example", "/odoo\\evil.example",
            "https://evil.example/odoo", "/odooevil.example", "/odoo.evil.example", "/web",
            "/odoo/\n", "/odoo/".ljust(256, "x"),
        )  # fmt: skip
        for path in good:
            self.assertTrue(is_local_path(path), path)
        for path in bad:
            self.assertFalse(is_local_path(path), path)

    def test_only_the_very_token_opens(self):
        self.assertTrue(is_same_token("abc", "abc"))
        for wrong in ("", "ab", "abcd", "abc ", "äbc", "\ud800", None, 7, ["abc"]):
            with self.subTest(wrong):
                self.assertFalse(is_same_token(wrong, "abc"))
