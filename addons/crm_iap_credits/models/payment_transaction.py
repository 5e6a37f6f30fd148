from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    credit_order_id = fields.Many2one(
        "iap.credit.order", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    # Providers notify as often as they like.
    is_credit_settled = fields.Boolean(readonly=True, copy=False)

    def _post_process(self):
        """Override of `payment` to add credits that were paid, and take back refunded ones."""
        result = super()._post_process()
        for transaction in self:
            order = transaction._get_credit_order()
            if order:
                # Whoever looks at a payment's status settles it, the public included.
                order.with_user(SUPERUSER_ID)._settle(transaction.with_user(SUPERUSER_ID))
        return result

    def _get_credit_order(self):
        """Return the order that the transaction, or the payment that it refunds, pays.

        Captured parts of a payment count by that payment itself, once all are captured.
        """
        if self.operation == "refund":
            return self._get_credit_payment().credit_order_id
        return self.credit_order_id

    def _get_credit_payment(self):
        """Return the payment that a refund, a captured part or a refund of one belongs to."""
        payment = self
        while payment.source_transaction_id:
            payment = payment.source_transaction_id
        return payment

    def _get_credit_amount(self):
        """Return the money that arrived: less than the amount if only a part was captured."""
        captures = self.child_transaction_ids.filtered(
            lambda child: child.operation == self.operation
        )
        if not captures:
            return self.amount
        return sum(captures.filtered(lambda child: child.state == "done").mapped("amount"))

    def _get_refunded_amount(self):
        """Return the money that was given back, as a positive number."""
        return self._sum_refunds(lambda refund: refund.state == "done")

    def _sum_refunds(self, is_meant):
        payments = self | self.child_transaction_ids  # parts are refunded one by one
        refunds = payments.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and is_meant(child)
        )
        return -sum(refunds.mapped("amount"))

    # === ASKING THE PROVIDER === #

    def _get_refundable_amount(self):
        """Return the money of a payment that is neither given back nor about to be.

        What failed was not given back; what was asked for and not answered yet may be.
        """
        payment = self._get_credit_payment()
        rests = [
            paid - one._sum_refunds(lambda refund: refund.state not in ("cancel", "error"))
            for one, paid in ((payment, payment._get_credit_amount()), (self, self.amount))
        ]
        return self.currency_id.round(min(rests))

    def _has_refundable_amount(self):
        return self.currency_id.compare_amounts(self._get_refundable_amount(), 0) > 0

    def _check_refundable(self, amount):
        """Refuse to give more back than was paid and is not given back yet.

        :raise UserError: with a sentence for the billing administrator.
        """
        rest = self._get_refundable_amount()
        if amount <= 0 or self.currency_id.compare_amounts(amount, rest) > 0:
            raise UserError(
                self.env._(
                    "%(rest)s of the payment %(payment)s can be refunded: the rest is refunded, "
                    "or being refunded, already.",
                    rest=self.currency_id.format(rest),
                    payment=self.reference,
                )
            )

    def _check_divisible(self, amount):
        """Refuse to capture and void more than was authorized.

        :raise UserError: with a sentence for who asked for it.
        """
        parts = self.child_transaction_ids.filtered(
            lambda child: child.operation == self.operation and child.state != "error"
        )
        rest = self.currency_id.round(self.amount - sum(parts.mapped("amount")))
        if amount <= 0 or self.currency_id.compare_amounts(amount, rest) > 0:
            raise UserError(
                self.env._(
                    "%(rest)s of the payment %(payment)s can be captured or voided: the rest is, "
                    "or is about to be, already.",
                    rest=self.currency_id.format(rest),
                    payment=self.reference,
                )
            )

    def _refund(self, amount_to_refund=None):
        """Override of `payment` to give no more of an order's payment back than was paid."""
        asking = self._begin_credit_request()
        if asking:
            self._check_refundable(amount_to_refund or self.amount)
        return super(PaymentTransaction, asking or self)._refund(amount_to_refund)

    def _capture(self, amount_to_capture=None):
        """Override of `payment` to capture no more of an order's payment than was authorized."""
        asking = self._begin_credit_request()
        if asking:
            self._check_divisible(amount_to_capture or self.amount)
        return super(PaymentTransaction, asking or self)._capture(amount_to_capture)

    def _void(self, amount_to_void=None):
        """Override of `payment` to void no more of an order's payment than was authorized."""
        asking = self._begin_credit_request()
        if asking:
            self._check_divisible(amount_to_void or self.amount)
        return super(PaymentTransaction, asking or self)._void(amount_to_void)

    def _begin_credit_request(self):
        """Have nobody else ask the provider about the same order meanwhile.

        :return: the transaction, whose children are committed before the provider is asked about
            them; nothing if it pays no order.
        """
        payment = self._get_credit_payment()
        order = payment.credit_order_id
        if not order:
            return self.browse()
        order._lock()
        (payment | self).invalidate_recordset(["child_transaction_ids", "state"])
        return self.with_context(credit_order_request=True)

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """Override of `payment` to keep what the provider is about to be asked for.

        Should the rest of the request fail, or Odoo try it again, the money is claimed already
        and not asked for a second time.
        """
        child = super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values
        )
        if not self.env.context.get("credit_order_request"):
            return child
        if self.env["iap.credit.ledger"]._has_own_cursor():
            self.env.cr.commit()  # pylint: disable=invalid-commit
        return child.with_context(credit_order_request=False)

    def _is_refundable_by_provider(self):
        return (
            self.provider_id.support_refund not in (False, "none")
            and self.payment_method_id.support_refund not in (False, "none")
            and self.provider_id.state != "disabled"
        )

    def _log_message_on_linked_documents(self, message):
        """Override of `payment` to tell in the order's chatter what happened to its payment."""
        result = super()._log_message_on_linked_documents(message)
        order = self._get_credit_order()
        if order:
            # As Odoo: the public has no name to write under.
            order.with_user(SUPERUSER_ID)._message_log(body=message)
        return result
