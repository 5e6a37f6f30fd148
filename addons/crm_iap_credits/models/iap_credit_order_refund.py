import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import ReversalExceedsUnused
from ..tools.packs import credits_of
from ..tools.shown import shown

_logger = logging.getLogger(__name__)


class IapCreditOrder(models.Model):
    """What is given back of an order's payment, and which of its credits go with the money."""

    # One theme a file.
    _inherit = "iap.credit.order"  # pylint: disable=consider-merging-classes-inherited

    can_refund = fields.Boolean(compute="_compute_refunds", compute_sudo=True)
    has_open_refund = fields.Boolean(compute="_compute_refunds", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("state", "transaction_id", "transaction_ids.child_transaction_ids.state")
    def _compute_refunds(self):
        for order in self:
            payment = order.transaction_id
            order.can_refund = order.state == "paid" and payment._has_refundable_amount()
            order.has_open_refund = bool(order._get_open_refunds())

    def _get_open_refunds(self):
        """Return the refunds that were asked for, and of which nothing was heard since."""
        payments = self.sudo().transaction_ids
        refunds = (payments | payments.child_transaction_ids).child_transaction_ids
        return refunds.filtered(lambda tx: tx.operation == "refund" and tx.state == "draft")

    # === SETTLING === #

    def _settle_refund(self, refund):
        """Draw the consequences of a refund that was confirmed, or has failed in the end."""
        is_done = refund.state == "done"
        if is_done == refund.is_credit_settled:
            return
        refund.is_credit_settled = is_done
        payment = refund._get_credit_payment()
        if payment == self.transaction_id:
            if is_done:
                self._take_credits_back(refund)
            else:
                self._reopen(refund)
        elif self.state in ("draft", "pending"):
            # Confirmed later, that payment brings no credits.
            self.state = "refunded"
            self.refunded_amount = payment._get_refunded_amount()

    def _take_credits_back(self, refund):
        """Take back the unused credits among those that the refunded money has bought."""
        refunded = refund._get_credit_payment()._get_refunded_amount()
        due = self._get_due_credits(refunded)
        taken = self._reverse(refund, due)
        excess = self.currency_id.compare_amounts(refunded, self.price)
        self.write(
            {
                "state": "refunded" if excess >= 0 else self.state,
                "refunded_amount": refunded,
                "reversed_credits": self.reversed_credits + taken,
            }
        )
        if taken < due:
            self._alert(
                self.env._(
                    "%(amount)s was refunded, which had paid for %(due)s credits, but only "
                    "%(taken)s of them were unused and could be taken back.",
                    amount=refund.currency_id.format(-refund.amount),
                    due=shown(self.env, due),
                    taken=shown(self.env, taken),
                )
            )
        if excess > 0:
            self._alert(
                self.env._(
                    "%(refunded)s of %(price)s was refunded, which is more than was paid: check "
                    "with the payment provider whether %(refund)s really arrived.",
                    refunded=self.currency_id.format(refunded),
                    price=self.currency_id.format(self.price),
                    refund=refund.reference,
                )
            )

    def _get_due_credits(self, refunded: float) -> int:
        """Count the credits that go when so much of the price is refunded, from now on."""
        before = credits_of(self.refunded_amount, self.price, self.credits)
        # What went with a refund that failed in the end does not go again.
        due = credits_of(refunded, self.price, self.credits) - max(before, self.reversed_credits)
        return max(due, 0)

    def _reverse(self, refund, credits) -> int:
        """Take back so many of the order's credits, or as many as are unused.

        :return: credits taken back.
        """
        if not credits:
            return 0
        try:
            self.account_id.sudo().reverse_purchase(
                self.entry_id,
                credits,
                reason=self.env._("Refund of credit order %s", self.name),
                idempotency_key=(
                    f"credit-order-{self.id}-refund-{refund.id}-{self.reversed_credits}"
                ),
                document=self,
            )
        except ReversalExceedsUnused as error:
            return self._reverse(refund, error.unused)
        return credits

    def _reopen(self, refund):
        """Let a refund be made again that the provider had confirmed, and took back."""
        self.write(
            {
                "state": "paid",
                "refunded_amount": refund._get_credit_payment()._get_refunded_amount(),
            }
        )
        self._alert(
            self.env._(
                "The refund %(refund)s of %(amount)s, which was confirmed before, has failed: the "
                "payer did not get the money. Refund it again, or grant the credits again that "
                "were taken back.",
                refund=refund.reference,
                amount=refund.currency_id.format(-refund.amount),
            )
        )

    # === ACTIONS === #

    def action_refund(self):
        """Give back what is left of the price, and take back the credits that are unused.

        By the payment provider where it can; otherwise the money was, or will be, given back by
        hand, and this is noted.

        :raise UserError: if all of it is given back, or about to be.
        """
        self.ensure_one()
        return self._get_own_sudo()._give_back()

    def _give_back(self, amount: float | None = None):
        """Give back a part of the price, or what is left of it.

        :param amount: at most what :meth:`_get_refundable_amount` of the payment gives.
        :raise UserError: if it is more, or nothing.
        """
        self._lock()
        if self.state != "paid":
            raise UserError(self.env._("Only paid orders can be refunded."))
        payment = self.transaction_id
        amount = payment._get_refundable_amount() if amount is None else amount
        payment._check_refundable(amount)
        if payment._is_refundable_by_provider(amount):
            action = payment.action_refund(amount_to_refund=amount)
            self._settle_answered(payment)
            return action
        refund = payment._create_child_transaction(amount, is_refund=True)
        refund._set_done()
        refund._post_process()
        return None

    def _settle_answered(self, payment):
        """Draw the consequences of refunds that the provider confirmed while it was asked.

        Of other providers, and where this fails, the scheduled action of `payment` does it later:
        what the provider has done is never undone here.
        """
        answered = payment.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state == "done" and not tx.is_post_processed
        )
        try:
            with self.env.cr.savepoint():
                answered._post_process()
        except Exception:  # whatever it is, the money was given back
            _logger.exception("The refund of %s is settled later", payment.reference)

    def action_open_refund(self):
        """Open the dialog that asks how much is refunded, and shows what follows from it."""
        self.ensure_one()
        self._get_own_sudo()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_iap_credits.iap_credit_refund_action"
        )
        return {**action, "context": {"default_order_id": self.id}}

    def _get_document_to_reverse(self) -> str:
        """Name the invoice that the refund makes wrong, if there is one.

        This method serves as a hook for addons that know invoices.
        """
        return ""

    def action_fail_refund(self):
        """Give up refunds whose request was cut off, so that they can be made again.

        Nobody but the payment provider knows whether it got the request.

        :raise UserError: if there are none.
        """
        self.ensure_one()
        order_sudo = self._get_own_sudo()
        order_sudo._lock()
        refunds_sudo = order_sudo._get_open_refunds()
        if not refunds_sudo:
            raise UserError(self.env._("No refund of this order is waiting for an answer."))
        refunds_sudo._set_error(
            self.env._(
                "%s confirmed that the payment provider did not receive it.", self.env.user.name
            )
        )
