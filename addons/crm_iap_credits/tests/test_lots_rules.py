from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.lots import Lot, cut, draw, in_order

NOW = datetime(2026, 3, 1)
LOTS = st.lists(
    st.builds(
        Lot,
        id=st.integers(1, 10**6),
        source=st.sampled_from(["granted", "bought"]),
        remaining=st.integers(0, 50),
        expires_at=st.sampled_from([None, *(NOW + timedelta(days=days) for days in range(-5, 6))]),
    ),
    unique_by=lambda lot: lot.id,
    max_size=8,
)
# The first draw of a run reads the sources of all modules that are loaded, and Odoo has many.
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


class TestLotsRules(BaseCase):
    def _lot(self, lot_id, source="granted", days=None, remaining=10):
        return Lot(lot_id, source, remaining, days and NOW + timedelta(days=days))

    def test_granted_credits_go_first_then_those_that_end_first_then_the_oldest(self):
        table = [
            ([self._lot(1, "bought"), self._lot(2)], [2, 1]),
            ([self._lot(1, days=9), self._lot(2, days=1)], [2, 1]),
            ([self._lot(1), self._lot(2, days=300)], [2, 1]),
            ([self._lot(2), self._lot(1)], [1, 2]),
            ([self._lot(1, "bought", days=1), self._lot(2)], [2, 1]),
            ([self._lot(1, days=-1), self._lot(2)], [2]),
            ([self._lot(1, remaining=0), self._lot(2)], [2]),
            ([], []),
        ]
        for lots, expected in table:
            with self.subTest(lots=lots):
                self.assertEqual([lot.id for lot in in_order(lots, NOW)], expected)

    def test_a_lot_ends_at_the_very_moment_it_says(self):
        ending = Lot(1, "granted", 5, NOW)
        self.assertFalse(ending.is_live(NOW))
        self.assertTrue(ending.is_live(NOW - timedelta(microseconds=1)))

    @UNHURRIED
    @given(LOTS, st.integers(1, 200))
    def test_what_is_drawn_is_what_was_asked_for_or_all_there_is(self, lots, credits):
        usable = sum(lot.remaining for lot in lots if lot.is_live(NOW))
        parts = draw(lots, credits, NOW)
        self.assertEqual(sum(part for _lot, part in parts), min(credits, usable))

    @UNHURRIED
    @given(LOTS, st.integers(1, 200))
    def test_no_lot_gives_more_than_it_has_nor_after_its_end(self, lots, credits):
        by_id = {lot.id: lot for lot in lots}
        parts = draw(lots, credits, NOW)
        self.assertEqual(len({lot_id for lot_id, _part in parts}), len(parts))
        for lot_id, part in parts:
            self.assertTrue(0 < part <= by_id[lot_id].remaining)
            self.assertTrue(by_id[lot_id].is_live(NOW))

    @UNHURRIED
    @given(LOTS, st.integers(1, 200))
    def test_a_lot_is_touched_only_when_all_that_go_before_it_are_used_up(self, lots, credits):
        parts = dict(draw(lots, credits, NOW))
        order = in_order(lots, NOW)
        for before, after in zip(order, order[1:], strict=False):
            if after.id in parts:
                self.assertEqual(parts[before.id], before.remaining)

    @UNHURRIED
    @given(LOTS, st.integers(1, 200), st.randoms())
    def test_the_order_in_which_the_lots_are_named_does_not_matter(self, lots, credits, random):
        shuffled = random.sample(lots, len(lots))
        self.assertEqual(draw(shuffled, credits, NOW), draw(lots, credits, NOW))

    @UNHURRIED
    @given(LOTS, st.integers(1, 60), st.integers(1, 60))
    def test_two_draws_take_what_one_of_both_would(self, lots, first, second):
        taken = dict(draw(lots, first, NOW))
        rest = [
            Lot(lot.id, lot.source, lot.remaining - taken.get(lot.id, 0), lot.expires_at)
            for lot in lots
        ]
        for lot_id, part in draw(rest, second, NOW):
            taken[lot_id] = taken.get(lot_id, 0) + part
        self.assertEqual(taken, dict(draw(lots, first + second, NOW)))

    @UNHURRIED
    @given(st.lists(st.integers(1, 50), max_size=6), st.lists(st.integers(0, 300), max_size=4))
    def test_a_hold_is_cut_into_pieces_that_are_the_whole(self, drawn, marks):
        parts = list(enumerate(drawn, 1))
        total = sum(drawn)
        marks = sorted(min(mark, total) for mark in marks)
        pieces = {}
        for start, stop in zip([0, *marks], [*marks, total], strict=True):
            cutting = cut(parts, start, stop)
            self.assertEqual(sum(credits for _lot, credits in cutting), stop - start)
            for lot_id, credits in cutting:
                pieces[lot_id] = pieces.get(lot_id, 0) + credits
        self.assertEqual(pieces, dict(parts))

    def test_captures_take_the_first_credits_of_a_hold(self):
        parts = [(1, 5), (2, 10)]
        table = [(0, 3, [(1, 3)]), (3, 8, [(1, 2), (2, 3)]), (8, 15, [(2, 7)]), (4, 4, [])]
        for start, stop, expected in table:
            with self.subTest(start=start, stop=stop):
                self.assertEqual(cut(parts, start, stop), expected)
