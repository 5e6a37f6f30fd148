from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Override of `account_payment` to have credits added even if nothing can be booked.

        That one may come before `crm_iap_credits` or after it; this one comes after both.
        """
        return self._post_process_safely(
            # Of one transaction, not of all that `super()` alone would stand for.
            lambda transaction: super(PaymentTransaction, transaction)._post_process()  # noqa: UP008
        )

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment` to book money of credit orders to who is invoiced, and
        match it with what was invoiced and credited."""
        order = self._get_credit_payment().credit_order_id
        if not order:
            return super()._create_payment(**extra_create_values)
        company = order._get_invoiced_partner().commercial_partner_id
        payment = super()._create_payment(**{"partner_id": company.id, **extra_create_values})
        order._match_open_items()
        return payment
