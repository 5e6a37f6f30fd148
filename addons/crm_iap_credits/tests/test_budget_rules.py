from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.budgets import Budget, judge, month_bounds

CREDITS = st.integers(0, 10**9)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def budget(soft, hard, spent):
    return Budget(1, "company", "month", soft, hard, spent)


class TestBudgetRules(BaseCase):
    def test_limits_are_passed_by_more_than_them(self):
        table = [
            # soft, hard, spent, wanted: level, limit
            ((80, 100, 0, 80), ("within", 0)),
            ((80, 100, 0, 81), ("warning", 80)),
            ((80, 100, 79, 1), ("within", 0)),
            ((80, 100, 80, 1), ("warning", 80)),
            ((80, 100, 99, 1), ("warning", 80)),
            ((80, 100, 100, 1), ("exceeded", 100)),
            ((80, 100, 500, 1), ("exceeded", 100)),
            ((0, 100, 99, 1), ("within", 0)),
            ((0, 100, 99, 2), ("exceeded", 100)),
            ((80, 0, 10**9, 1), ("warning", 80)),
            ((100, 100, 99, 2), ("exceeded", 100)),
        ]
        for (soft, hard, spent, wanted), expected in table:
            with self.subTest(soft=soft, hard=hard, spent=spent, wanted=wanted):
                verdict = judge(budget(soft, hard, spent), wanted)
                self.assertEqual((verdict.level, verdict.limit), expected)

    @patient
    @given(CREDITS, CREDITS, CREDITS, CREDITS)
    def test_what_is_not_exceeded_stays_within_the_hard_limit(self, soft, hard, spent, wanted):
        verdict = judge(budget(soft, hard, spent), wanted)
        if verdict.level != "exceeded" and hard:
            self.assertLessEqual(verdict.total, hard)

    @patient
    @given(CREDITS, CREDITS, CREDITS, CREDITS, CREDITS)
    def test_wanting_more_is_never_judged_milder(self, soft, hard, spent, wanted, more):
        levels = ["within", "warning", "exceeded"]
        one = judge(budget(soft, hard, spent), wanted).level
        other = judge(budget(soft, hard, spent), wanted + more).level
        self.assertLessEqual(levels.index(one), levels.index(other))

    def test_month_is_that_of_where_the_company_is(self):
        table = [
            (datetime(2026, 11, 24, 5), "UTC", (datetime(2026, 11, 1), datetime(2026, 12, 1))),
            # In Brussels December has begun, in New York not.
            (
                datetime(2026, 11, 30, 23, 30),
                "Europe/Brussels",
                (datetime(2026, 11, 30, 23), datetime(2026, 12, 31, 23)),
            ),
            (
                datetime(2026, 12, 1, 4, 59),
                "America/New_York",
                (datetime(2026, 11, 1, 4), datetime(2026, 12, 1, 5)),
            ),
            # Summer time was in force when the month began.
            (
                datetime(2026, 10, 31, 12),
                "Europe/Brussels",
                (datetime(2026, 9, 30, 22), datetime(2026, 10, 31, 23)),
            ),
            (datetime(2026, 11, 24), False, (datetime(2026, 11, 1), datetime(2026, 12, 1))),
            (
                datetime(2026, 11, 24),
                "Nowhere/Else",
                (datetime(2026, 11, 1), datetime(2026, 12, 1)),
            ),
            (
                datetime(2026, 11, 24),
                "../etc/passwd",
                (datetime(2026, 11, 1), datetime(2026, 12, 1)),
            ),
        ]
        for now, zone, expected in table:
            with self.subTest(now=now, zone=zone):
                self.assertEqual(month_bounds(now, zone), expected)
