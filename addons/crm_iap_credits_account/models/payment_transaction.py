from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Override of `account_payment` to have credits added even if nothing can be booked.

        That one may come before `crm_iap_credits` or after it; this one comes after both.
        """
        return self._post_process_safely(
            lambda transaction: super(PaymentTransaction, transaction)._post_process()  # noqa: UP008
        )
