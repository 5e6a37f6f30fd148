from odoo import SUPERUSER_ID, fields, models

#: States of transactions that may still bring money, or have.
LIVE_STATES = ("pending", "authorized", "done")
UNFINISHED = "crm_iap_credits.mail_activity_type_unfinished_payment"


class IapCreditOrder(models.Model):
    """What the payments of an order lead to, and who is told what only people can solve."""

    # One theme a file.
    _inherit = "iap.credit.order"  # pylint: disable=consider-merging-classes-inherited

    # === SETTLING === #

    def _settle(self, transaction):
        """Draw the consequences of a transaction's state, once.

        :param transaction: the `payment.transaction` that pays the order or refunds a payment.
        """
        self.ensure_one()
        self._lock()
        transaction.invalidate_recordset(["is_credit_settled"])
        if transaction.operation == "refund":
            self._settle_refund(transaction)
        elif transaction.is_credit_settled:
            return
        elif transaction.state in ("pending", "authorized"):
            self._settle_pending()
        elif transaction.state == "done":
            self._settle_payment(transaction)
        elif transaction.state in ("cancel", "error"):
            self._settle_failure()

    def _settle_pending(self):
        if self.state in ("draft", "cancelled"):
            self.state = "pending"

    def _settle_failure(self):
        """Let the payer try again, unless another payment is under way."""
        states = set(self.transaction_ids.mapped("state"))
        if self.state == "pending" and states.isdisjoint(LIVE_STATES):
            self.state = "draft"

    def _settle_payment(self, payment):
        payment.is_credit_settled = True
        problem = self._find_payment_problem(payment)
        if problem:
            self._alert(problem)
        else:
            self._add_credits(payment)

    def _find_payment_problem(self, payment):
        """Say why a confirmed payment brings no credits.

        :return: one translated sentence for billing administrators, or False.
        """
        facts = {
            "payment": payment.reference,
            "amount": payment.currency_id.format(payment._get_credit_amount()),
        }
        if self.state == "refunded" or payment._get_refunded_amount():
            return self.env._(
                "The payment %(payment)s of %(amount)s was confirmed after a refund. No credits "
                "were added: check with the payment provider who has the money.",
                **facts,
            )
        if self.state == "paid":
            return self.env._(
                "The order was paid a second time, by %(payment)s of %(amount)s. No credits were "
                "added: refund that payment.",
                **facts,
            )
        if not self._is_price(payment):
            return self.env._(
                "The payment %(payment)s of %(amount)s is not the price of the order, %(price)s. "
                "No credits were added: refund the payment or grant what it is worth.",
                price=self.currency_id.format(self.price),
                **facts,
            )
        if self.account_id._is_disabled():
            return self.env._(
                "The payment %(payment)s of %(amount)s was confirmed on a copy of the database. "
                "No credits were added.",
                **facts,
            )
        return False

    def _is_price(self, payment):
        return payment.currency_id == self.currency_id and not self.currency_id.compare_amounts(
            payment._get_credit_amount(), self.price
        )

    def _add_credits(self, payment):
        # The ledger names who bought; by the link of another database nobody of this one did.
        buyer = self.user_id or self.env.user
        entry = (
            self.account_id.with_user(buyer)
            .sudo()
            .purchase(
                self.credits,
                reason=self.env._("Credit order %s", self.name),
                idempotency_key=f"credit-order-{self.id}",
                document=self,
                cost=self._find_cost(self._tell_unknown_cost),
            )
        )
        self.write(
            {
                "state": "paid",
                "paid_at": fields.Datetime.now(),
                "entry_id": entry.id,
                "transaction_id": payment.id,
            }
        )
        self._send_receipt()

    # === PEOPLE === #

    def _speaking_to_billing(self):
        """Return the order as the program handles it, in the language of who is told about it:
        whoever happens to settle a payment, the public included, may have another."""
        order = self.with_user(SUPERUSER_ID)
        return order.with_context(lang=order._get_billing_users()[:1].lang or self.env.lang)

    def _tell_unknown_cost(self, error):
        self._alert(
            self.env._(
                "The credits were added, but statements in money leave them out, as the taxes of "
                "their price could not be reckoned: %s.",
                str(error).strip().rstrip("."),
            )
        )

    def _alert(self, sentence):
        """Tell the billing administrator of the company what nobody else will look at."""
        self._message_log(body=sentence)
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Check the payment"),
            note=sentence,
            user_id=self._get_billing_users()[:1].id or SUPERUSER_ID,
        )

    def _tell_unsettled(self, payment, error):
        """Tell the billing administrator that a confirmed payment brought no credits."""
        self._tell(
            self.env._("Credits not added"),
            self.env._(
                "The payment %(payment)s of %(amount)s was confirmed, but its credits could not be "
                "settled: %(error)s. It is tried again every few minutes.",
                payment=payment.reference,
                amount=payment.currency_id.format(payment.amount),
                error=str(error).strip().rstrip("."),
            ),
        )

    def _tell_booking(self, payment, error=None):
        """Tell that a payment could not be booked, or that it is by now."""
        if payment.is_post_processed:
            self.sudo().activity_feedback(
                [UNFINISHED], feedback=self.env._("The payment is settled and booked by now.")
            )
            return
        error = str(error).strip().rstrip(".") if error else self.env._("see the server log")
        self._tell(
            self.env._("Payment not booked"),
            self.env._(
                "The payment %(payment)s of %(amount)s was confirmed and its credits are settled, "
                "but it could not be booked: %(error)s. It is tried again every few minutes, for "
                "four days.",
                payment=payment.reference,
                amount=payment.currency_id.format(payment.amount),
                error=error,
            ),
        )

    def _tell(self, summary, sentence):
        """Ask the billing administrator, once, to look after a payment."""
        told = self._get_told()
        if told.filtered(lambda activity: activity.summary == summary):
            return
        told.unlink()  # it was about something else, which is over
        self._message_log(body=sentence)
        self.activity_schedule(
            UNFINISHED,
            summary=summary,
            note=sentence,
            user_id=self._get_billing_users()[:1].id or SUPERUSER_ID,
        )

    def _get_told(self):
        kind = self.env.ref(UNFINISHED, False)
        return self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def _get_billing_users(self):
        return self.account_id._get_billing_users()

    def _send_receipt(self):
        template = self.env.ref("crm_iap_credits.mail_template_credit_receipt", False)
        if template and self.partner_id.email:
            template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
