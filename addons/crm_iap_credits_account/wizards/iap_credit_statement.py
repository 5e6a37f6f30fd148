from odoo import models


class IapCreditStatement(models.TransientModel):
    _inherit = "iap.credit.statement"

    def _get_cost_document(self, lot):
        """Override of `crm_iap_credits` to name the invoice beside the order."""
        name = super()._get_cost_document(lot)
        # Sudo: who reads the statement is told the invoice's number, and no more of it.
        orders_sudo = self.env["iap.credit.order"].sudo()
        order_sudo = orders_sudo.search([("entry_id", "=", lot.entry_id.id)], limit=1)
        invoice_sudo = order_sudo.invoice_id.filtered(lambda move: move.state == "posted")
        return f"{name} ({invoice_sudo.name})" if invoice_sudo else name
