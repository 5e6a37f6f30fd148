import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_common.tools.alone import NOT_NOW

#: Minutes after which a confirmed payment that is not booked is told: until then somebody may be
#: about to book it.
BOOKING_MINUTES = 10
_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    credit_order_id = fields.Many2one(
        "iap.credit.order", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    # Providers notify as often as they like.
    is_credit_settled = fields.Boolean(readonly=True, copy=False)

    # === SETTLING === #

    def _post_process(self):
        """Override of `payment` to add credits that were paid, and take back refunded ones."""
        return self._post_process_safely(
            # Of one transaction, not of all that `super()` alone would stand for.
            lambda transaction: super(PaymentTransaction, transaction)._post_process()  # noqa: UP008
        )

    def _post_process_safely(self, post_process):
        """Settle credit orders, then do what else follows a payment.

        Who has paid gets the credits, whatever becomes of the rest: it is told to the billing
        administrator, and tried again by the scheduled action of `payment`.

        :param post_process: function of transactions: the rest.
        """
        for transaction in self:
            order = transaction._get_credit_order()
            if not order:
                post_process(transaction)
                continue
            transaction._settle_credits()
            error = None
            try:
                with self.env.cr.savepoint():
                    post_process(transaction)
            except NOT_NOW:
                raise  # others were in the way: all is tried again
            except Exception as reason:  # any addon may add to it; who paid has the credits
                error = reason
                _logger.exception("The payment %s was not booked", transaction.reference)
            order._speaking_to_billing()._tell_booking(transaction, error)

    def _settle_credits(self):
        # Whoever looks at a payment's status settles it, the public included.
        order = self._get_credit_order()._speaking_to_billing()
        order._settle(self.with_user(SUPERUSER_ID))

    def _cron_post_process(self):
        """Override of `payment` to settle, or tell, what its post-processing has left undone."""
        result = super()._cron_post_process()
        for transaction in self._find_unsettled():
            order = transaction._get_credit_order()._speaking_to_billing()
            try:
                transaction._settle_credits()
                if transaction.is_post_processed or transaction._is_booking_late():
                    order._tell_booking(transaction)
            except NOT_NOW:
                self.env.cr.rollback()  # others were in the way: the next run tries again
            except Exception as error:  # one payment must not stop the others
                self.env.cr.rollback()
                _logger.exception("The payment %s brought no credits", transaction.reference)
                order._tell_unsettled(transaction, error)
            self.env.cr.commit()  # pylint: disable=invalid-commit
        return result

    def _is_booking_late(self):
        """Whether nobody is about to book it any more, as who looks at its status is at first."""
        late = fields.Datetime.now() - timedelta(minutes=BOOKING_MINUTES)
        return not self.last_state_change or self.last_state_change < late

    @api.model
    def _of_credit_orders(self, account=None):
        """Return the domain of payments of credit orders, and of what refunds or captures them.

        :param account: the `iap.account` whose orders are meant, all by default
        """
        names = ("credit_order_id", "source_transaction_id.credit_order_id")
        names += (f"source_transaction_id.{names[1]}",)
        if account is None:
            return Domain.OR([Domain(name, "!=", False) for name in names])
        return Domain.OR([Domain(f"{name}.account_id", "=", account.id) for name in names])

    @api.model
    def _find_unsettled(self, account=None):
        """Return confirmed payments and refunds of orders that are not settled, or not booked."""
        return self.search(
            Domain("state", "=", "done")
            & self._of_credit_orders(account)
            & (
                Domain("is_post_processed", "=", False)
                | Domain("is_credit_settled", "=", False)
                & (Domain("credit_order_id", "!=", False) | Domain("operation", "=", "refund"))
            )
        )

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
                    "Only %(rest)s of the payment %(payment)s can be refunded: the rest has been "
                    "refunded, or is being refunded.",
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
                    "Only %(rest)s of the payment %(payment)s can be captured or voided: the rest "
                    "already is, or is about to be.",
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
        :raise UserError: on a copy of a database, which moves no money of production's.
        """
        payment = self._get_credit_payment()
        order = payment.credit_order_id
        if not order:
            return self.browse()
        if order.account_id._is_disabled():
            raise UserError(
                self.env._("This database is a copy for tests: it asks no payment provider.")
            )
        order._lock()
        (payment | self).invalidate_recordset(["child_transaction_ids", "state"])
        return self.with_context(credit_order_request=True)

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """Override of `payment` to keep what the provider is about to be asked for.

        Should the rest of the request fail, or Odoo try it again, the money is claimed already
        and not asked for a second time. Should the provider report a refund before it has answered
        the request for it, that is no other refund.
        """
        is_asked_here = self.env.context.get("credit_order_request")
        if is_refund and not is_asked_here:
            asked = self._find_unanswered_refund(amount)
            if asked:
                return asked
        child = super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values
        )
        if not is_asked_here:
            return child
        if self.env["iap.credit.ledger"]._has_own_cursor():
            self.env.cr.commit()  # pylint: disable=invalid-commit
        return child.with_context(credit_order_request=False)

    def _find_unanswered_refund(self, amount):
        """Return the refund of an order's payment that the provider was asked for, if any."""
        if not self._get_credit_payment().credit_order_id or not self._is_refundable_by_provider():
            return self.browse()
        return self.child_transaction_ids.filtered(
            lambda child: (
                child.operation == "refund"
                and child.state == "draft"
                and not child.provider_reference
                and not self.currency_id.compare_amounts(-child.amount, amount)
            )
        )[:1]

    def _is_refundable_by_provider(self, amount=None):
        """Tell whether the provider can give back an amount, by default any."""
        supports = {self.provider_id.support_refund, self.payment_method_id.support_refund}
        is_part = amount is not None and self.currency_id.compare_amounts(amount, self.amount)
        return (
            supports.isdisjoint({False, "none"})
            and not (is_part and "full_only" in supports)
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
