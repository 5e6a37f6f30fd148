from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .buying_common import BuyingCase

REFUNDED = ("draft", "pending", "authorized", "done")


@tagged("post_install", "-at_install")
class TestRefundOnce(BuyingCase):
    """What is given back of a payment, or about to be, is never more than what was paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payment_method.support_refund = "partial"
        cls.support = {"support_refund": "partial", "support_manual_capture": "partial"}
        cls.startClassPatcher(
            patch.object(
                type(cls.provider),
                "_compute_feature_support_fields",
                lambda providers: providers.update(cls.support),
            )
        )
        cls.provider.invalidate_recordset()

    def answer(self, state):
        """Let the provider answer each request for a refund with a state, None for not yet."""

        reason = "Refused by the bank"

        def send(refund):
            if state == "refused":
                raise ValidationError(reason)
            if state:
                getattr(refund, {"pending": "_set_pending", "done": "_set_done"}[state])()
                refund._post_process()

        return patch.object(type(self.env["payment.transaction"]), "_send_refund_request", send)

    def press(self, order):
        return order.with_user(self.users["billing"]).action_refund()

    def refunds(self, order):
        payment = order.transaction_id
        payments = payment | payment.child_transaction_ids
        return payments.child_transaction_ids.filtered(lambda tx: tx.operation == "refund")

    def refunded(self, order):
        refunds = self.refunds(order).filtered(lambda refund: refund.state in REFUNDED)
        return -sum(refunds.mapped("amount"))

    def test_refund_pressed_twice_refunds_once_however_late_the_provider_answers(self):
        for state in (None, "pending", "done"):
            with self.subTest(state), self.answer(state):
                order = self._buy()
                self.press(order)
                with self.assertRaises(UserError):
                    self.press(order)
                self.assertEqual(self.refunded(order), 79)

    def test_refund_while_a_part_is_under_way_gives_the_rest_only(self):
        for state in (None, "pending", "done"):
            with self.subTest(state), self.answer(state):
                order = self._buy()
                order.transaction_id.action_refund(amount_to_refund=26)
                self.press(order)
                self.assertEqual(self.refunded(order), 79)
                with self.assertRaises(UserError):
                    self.press(order)

    def test_refund_in_the_payment_app_counts_too_and_cannot_exceed_the_payment(self):
        with self.answer("pending"):
            order = self._buy()
            payment = order.transaction_id
            payment.action_refund(amount_to_refund=26)
            for amount in (None, 79, 53.01):
                with self.subTest(amount=amount), self.assertRaises(UserError):
                    payment.action_refund(amount_to_refund=amount)
            payment.action_refund(amount_to_refund=53)
            for press in (payment.action_refund, lambda: self.press(order)):
                with self.assertRaises(UserError):
                    press()
            self.assertEqual(self.refunded(order), 79)

    def test_refund_in_the_payment_app_after_the_orders_is_refused(self):
        with self.answer("pending"):
            order = self._buy()
            self.press(order)
            with self.assertRaises(UserError):
                order.transaction_id.action_refund(amount_to_refund=1)

    def report(self, payment, amount):
        """Do what a provider's notification of a refund does."""
        refund = payment._create_child_transaction(amount, is_refund=True)
        self._confirm(refund)
        return refund

    def test_refund_that_the_provider_reports_before_it_answers_is_one_refund(self):
        def send(refund):
            self.report(refund.source_transaction_id, -refund.amount)
            self._confirm(refund)

        order = self._buy()
        with patch.object(type(order.transaction_id), "_send_refund_request", send):
            order.transaction_id.action_refund(amount_to_refund=39.5)
        self.assertEqual((len(self.refunds(order)), order.refunded_amount), (1, 39.5))
        self.assertOrder(order, "paid", 250)

    def test_refund_of_another_amount_that_the_provider_reports_is_another_refund(self):
        order = self._buy()
        with self.answer(None):
            order.transaction_id.action_refund(amount_to_refund=26)
        asked = self.refunds(order)
        other = self.report(order.transaction_id, 39.5)
        self.assertEqual(self.refunds(order), asked | other)
        self.assertEqual((asked.state, order.refunded_amount), ("draft", 39.5))

    def test_refund_that_the_provider_reports_after_one_was_answered_is_another_refund(self):
        order = self._buy()
        with self.answer("pending"):
            order.transaction_id.action_refund(amount_to_refund=39.5)
        self.report(order.transaction_id, 39.5)
        self.assertEqual((len(self.refunds(order)), order.refunded_amount), (2, 39.5))

    def test_refused_refund_frees_its_amount(self):
        order = self._buy()
        with self.answer("refused"):
            self.press(order)
        self.assertEqual(self.refunds(order).state, "error")
        self.assertOrder(order, "paid", 500)
        with self.answer("done"):
            self.press(order)
        self.assertEqual(self.refunded(order), 79)
        self.assertOrder(order, "refunded", 0)

    def test_cancelled_refund_frees_its_amount(self):
        order = self._buy()
        with self.answer("pending"):
            self.press(order)
        self.refunds(order)._set_canceled()
        self.refunds(order)._post_process()
        with self.answer("done"):
            self.press(order)
        self.assertEqual((self.refunded(order), order.state), (79, "refunded"))

    def test_refund_that_was_never_answered_is_freed_by_hand_and_only_then(self):
        order = self._buy()
        with self.answer(None):
            self.press(order)
            self.assertTrue(order.has_open_refund)
            order.with_user(self.users["billing"]).action_fail_refund()
            self.assertFalse(order.has_open_refund)
            with self.assertRaises(UserError):
                order.with_user(self.users["billing"]).action_fail_refund()
        with self.answer("done"):
            self.press(order)
        self.assertEqual((self.refunded(order), order.state), (79, "refunded"))

    def test_refund_that_arrives_after_it_was_given_up_is_told(self):
        order = self._buy()
        with self.answer(None):
            self.press(order)
        late = self.refunds(order)
        order.with_user(self.users["billing"]).action_fail_refund()
        with self.answer("done"):
            self.press(order)
        self._confirm(late)
        self.assertAlerted(order, "more than was paid")
        self.assertEqual(order.reversed_credits, 500)

    def test_credits_are_taken_back_once_per_refund(self):
        with self.answer("pending"):
            order = self._buy()
            self.press(order)
        refund = self.refunds(order)
        for _notification in range(3):
            self._confirm(refund)
        refund.is_credit_settled = False  # even if that had been forgotten
        refund._post_process()
        self.assertOrder(order, "refunded", 0)
        self.assertEqual(order.reversed_credits, 500)

    def test_refund_that_fails_after_it_was_confirmed_can_be_made_again(self):
        with self.answer("done"):
            order = self._buy()
            self.press(order)
            self.assertOrder(order, "refunded", 0)
            refund = self.refunds(order)
            refund._set_error("Card expired", extra_allowed_states=("done",))
            refund._post_process()
            self.assertEqual((order.state, order.refunded_amount), ("paid", 0))
            self.assertAlerted(order, "has failed")
            self.press(order)
            self.assertOrder(order, "refunded", 0)
        self.assertEqual((self.refunded(order), order.reversed_credits), (79, 500))

    def test_refunds_of_captured_parts_take_credits_back_and_count(self):
        order = self._order()
        payment = self._payment(order)
        parts = payment._create_child_transaction(50) | payment._create_child_transaction(29)
        parts.state = payment.state = "done"
        payment._post_process()
        self.assertOrder(order, "paid", 500)
        with self.answer("done"):
            with self.assertRaises(UserError):
                parts[0].action_refund(amount_to_refund=50.01)
            parts[0].action_refund(amount_to_refund=39.5)
            self.assertOrder(order, "paid", 250)
            with self.assertRaises(UserError):
                parts[0].action_refund(amount_to_refund=11)
            self.press(order)
        self.assertOrder(order, "refunded", 0)
        self.assertEqual(self.refunded(order), 79)

    def test_payment_is_neither_captured_nor_voided_beyond_its_amount(self):
        order = self._order()
        payment = self._payment(order)
        payment._set_authorized()
        payment._capture(50)
        for ask, amount in ((payment._capture, 29.01), (payment._capture, None),
                            (payment._void, 30)):  # fmt: skip
            with self.assertRaises(UserError):
                ask(amount)
        payment._void(29)
        children = payment.child_transaction_ids
        self.assertEqual(sum(children.mapped("amount")), 79)
        children[0]._set_error("Refused")
        payment._capture(50)

    def test_second_payment_is_refunded_once_and_in_full(self):
        order = self._buy()
        second = self._payment(order)
        self._confirm(second)
        with self.answer("pending"):
            second.action_refund()
            with self.assertRaises(UserError):
                second.action_refund()
            self.press(order)
        self.assertEqual(self.refunded(order), 79)

    def test_refund_noted_by_hand_is_noted_once_and_counts(self):
        self.payment_method.support_refund = "none"
        order = self._buy()
        self.press(order)
        with self.assertRaises(UserError):
            self.press(order)
        self.assertEqual(self.refunded(order), 79)

    def test_copy_of_a_database_asks_no_provider_to_move_money(self):
        order, open_order = self._buy(), self._order()
        self.provider.capture_manually = True
        authorized = self._payment(open_order, state="authorized")
        self.account.account_token += "+disabled"
        with (
            self.answer("done"),
            patch.object(type(authorized), "_send_capture_request", side_effect=AssertionError),
            patch.object(type(authorized), "_send_void_request", side_effect=AssertionError),
        ):
            for press in (
                lambda: self.press(order),
                order.transaction_id.action_refund,
                lambda: authorized._capture(),
                lambda: authorized._void(),
            ):
                with self.assertRaisesRegex(UserError, "copy"):
                    press()
        self.assertFalse(self.refunds(order))
        self.assertOrder(order, "paid", 500)

    def test_button_is_shown_while_something_can_be_refunded(self):
        with self.answer("pending"):
            order = self._order()
            self.assertFalse(order.can_refund)
            self._confirm(self._payment(order))
            self.assertTrue(order.can_refund)
            self.press(order)
            order.invalidate_recordset()
            self.assertFalse(order.can_refund)

    def test_payments_of_other_documents_are_refunded_as_in_stock(self):
        payment = self._create_transaction("direct", state="done", reference="Other")
        with self.answer("pending"):
            payment.action_refund()
            payment.action_refund()
        self.assertEqual(len(payment.child_transaction_ids), 2)
