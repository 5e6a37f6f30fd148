from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.kinds import KINDS, MOVEMENTS
from ..tools.ledger import (
    MAX_CREDITS,
    Posting,
    deltas,
    fingerprint,
    is_amount,
)

AMOUNTS = st.integers(1, MAX_CREDITS)


class TestLedgerRules(BaseCase):
    def test_only_whole_positive_bounded_numbers_are_amounts(self):
        table = [
            (1, True),
            (MAX_CREDITS, True),
            (0, False),
            (-1, False),
            (MAX_CREDITS + 1, False),
            (1.0, False),
            (0.5, False),
            (float("nan"), False),
            (True, False),
            ("1", False),
            (None, False),
            (Decimal(1), False),
        ]
        for value, expected in table:
            with self.subTest(value=value):
                self.assertIs(is_amount(value), expected)

    def test_an_adjustment_may_be_negative_but_not_zero(self):
        table = [(-1, True), (1, True), (0, False), (-MAX_CREDITS - 1, False), (-0.5, False)]
        for value, expected in table:
            with self.subTest(value=value):
                self.assertIs(is_amount(value, signed=True), expected)

    @given(st.integers())
    def test_every_amount_fits_into_the_database(self, value):
        if is_amount(value, signed=True):
            self.assertLess(abs(value), 2**31)

    @given(AMOUNTS, st.data())
    def test_a_hold_that_is_captured_and_released_costs_what_was_captured(self, credits, data):
        captured = data.draw(st.integers(0, credits))
        moves = [("hold", credits), ("capture", captured), ("release", credits - captured)]
        available, held = map(sum, zip(*(deltas(*move) for move in moves), strict=True))
        self.assertEqual((available, held), (-captured, 0))

    def test_a_kind_that_nobody_has_described_moves_nothing(self):
        with self.assertRaises(KeyError):
            deltas("gift", 5)
        with self.assertRaises(KeyError):
            _lots = Posting("gift", 5, "Why", "key").new_lots

    def test_what_undoes_takes_back_what_the_undone_did_to_what_the_account_has(self):
        for name, kind in KINDS.items():
            if kind.undoes:
                with self.subTest(kind=name):
                    undone = KINDS[kind.undoes]
                    self.assertEqual(kind.available + kind.held, -(undone.available + undone.held))

    def test_what_is_held_changes_nothing_that_the_account_has(self):
        self.assertEqual(set(KINDS) - set(MOVEMENTS), {"hold", "release"})

    @given(AMOUNTS, AMOUNTS)
    def test_other_credits_are_another_movement(self, one, other):
        self.assertEqual(
            fingerprint("hold", one, document=(None, None))
            == fingerprint("hold", other, document=(None, None)),
            one == other,
        )

    def test_kind_document_and_hold_make_another_movement(self):
        movements = [
            fingerprint("hold", 1, document=(None, None)),
            fingerprint("grant", 1, document=(None, None)),
            fingerprint("hold", 1, document=("crm.lead", 1)),
            fingerprint("hold", 1, document=("crm.lead", 2)),
            fingerprint("hold", 1, document=(None, None), token="a"),
            fingerprint("hold", 1, document=(None, None), token="b"),
        ]
        self.assertEqual(len(set(movements)), len(movements))
