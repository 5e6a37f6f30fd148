from odoo import SUPERUSER_ID, fields, models


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
            return self.source_transaction_id.credit_order_id
        return self.credit_order_id

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
        refunds = self.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and child.state == "done"
        )
        return -sum(refunds.mapped("amount"))

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
