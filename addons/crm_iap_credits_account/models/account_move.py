from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `account` to post no first invoice of a credit order that was refunded, to
        credit what was refunded of the others, and have them paid by what was paid before."""
        self._check_credit_orders()
        posted = super()._post(soft=soft)
        invoices = posted.filtered(lambda move: move.is_sale_document())
        invoices |= invoices.reversed_entry_id
        # Sudo: as below; the payments of an order are matched with its documents alone.
        orders_sudo = self.env["iap.credit.order"].sudo()
        for order_sudo in orders_sudo.search([("invoice_id", "in", invoices.ids)]):
            if order_sudo.invoice_id in posted:
                order_sudo._speaking_to_billing()._credit_refunds_of_draft()
            order_sudo._match_open_items()
        return posted

    def _check_credit_orders(self):
        """Refuse drafts of what is not owed any more.

        :raise UserError: if there is one.
        """
        drafts = self.filtered(lambda move: move.move_type == "out_invoice")
        # Sudo: who posts need not see credit orders, only whether one was refunded.
        orders_sudo = self.env["iap.credit.order"].sudo()
        for order_sudo in orders_sudo.search([("invoice_id", "in", drafts.ids)], order="id"):
            # A refund meanwhile would see a draft, and leave its credit note to who posts it.
            order_sudo._lock()
            if order_sudo._is_draft_void():
                raise UserError(
                    self.env._(
                        "The credit order %(order)s was refunded: nothing is owed for it. Cancel "
                        "this invoice.",
                        order=order_sudo.name,
                    )
                )
