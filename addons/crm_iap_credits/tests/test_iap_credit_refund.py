from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .buying_common import BuyingCase


@tagged("post_install", "-at_install")
class TestRefundDialog(BuyingCase):
    def dialog(self, order, user="billing"):
        refunds = self.env["iap.credit.refund"].with_user(self.users[user])
        return Form(refunds.with_context(default_order_id=order.id))

    def test_part_of_the_price_is_previewed_and_refunded(self):
        self.provider.support_refund = self.payment_method.support_refund = "none"
        order = self._buy()  # 500 credits for 79.00
        self._spend(400)
        form = self.dialog(order)
        self.assertEqual((form.amount, form.taken, form.spent), (79, 100, 400))
        form.amount = 15.8  # a fifth
        self.assertEqual((form.taken, form.spent, form.by_provider), (100, 0, False))
        form.save().action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.refunded_amount, 15.8)
        self.assertOrder(order, "paid", 0)
        form = self.dialog(order)
        self.assertEqual((form.most, form.amount), (63.2, 63.2))
        form.save().action_confirm()
        self.assertOrder(order, "refunded", 0)

    def test_provider_that_refunds_all_or_nothing_is_not_asked_for_a_part(self):
        self.provider.support_refund = "full_only"
        self.payment_method.support_refund = "full_only"
        form = self.dialog(self._buy())
        self.assertTrue(form.by_provider)
        form.amount = 10
        self.assertFalse(form.by_provider)

    def test_more_than_was_paid_and_nothing_are_refused(self):
        order = self._buy()
        for amount in (79.01, 0, -1):
            form = self.dialog(order)
            form.amount = amount
            with self.subTest(amount), self.assertRaises(UserError):
                form.save().action_confirm()
        self.assertFalse(order.refunded_amount)

    def test_preview_is_what_is_taken(self):
        self.provider.support_refund = self.payment_method.support_refund = "none"
        for spent, amount in ((0, 1), (0, 78.99), (250, 40), (499, 0.16)):
            with self.subTest(spent=spent, amount=amount):
                self._fund(0)
                order = self._buy()
                if spent:
                    self._spend(spent)
                form = self.dialog(order)
                form.amount = amount
                taken = form.taken
                form.save().action_confirm()
                order.invalidate_recordset()
                self.assertEqual(order.reversed_credits, taken)

    def test_only_billing_administrators_refund(self):
        order = self._buy()
        with self.assertRaises(AccessError):
            self.env["iap.credit.refund"].with_user(self.users["seller"]).create(
                {"order_id": order.id}
            )
