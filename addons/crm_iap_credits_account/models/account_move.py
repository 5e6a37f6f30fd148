from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `account` to post no first invoice of a credit order that was refunded."""
        self._check_credit_orders()
        return super()._post(soft=soft)

    def _check_credit_orders(self):
        """Refuse drafts of what is not owed any more.

        :raise UserError: if there is one.
        """
        drafts = self.filtered(lambda move: move.move_type == "out_invoice")
        # Sudo: who posts need not see credit orders, only whether one was refunded.
        orders_sudo = self.env["iap.credit.order"].sudo()
        for order_sudo in orders_sudo.search([("invoice_id", "in", drafts.ids)]):
            if order_sudo._is_draft_void():
                raise UserError(
                    self.env._(
                        "The credit order %(order)s was refunded: nothing is owed for it. Cancel "
                        "this invoice.",
                        order=order_sudo.name,
                    )
                )
