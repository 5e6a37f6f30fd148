from odoo import api, fields, models

from ..tools.fields import BigInteger


class IapCreditRefund(models.TransientModel):
    """Asks how much of an order is refunded, and shows beforehand what follows from it."""

    _name = "iap.credit.refund"
    _inherit = ["iap.company.mixin"]
    _description = "Refund of a Credit Order"

    _moving_fields = ("order_id",)

    order_id = fields.Many2one("iap.credit.order", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="order_id.currency_id")
    price = fields.Monetary(related="order_id.price", string="Paid")
    most = fields.Monetary(string="Can Be Refunded", compute="_compute_most", compute_sudo=True)
    amount = fields.Monetary(
        string="Refund",
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Money that the payer gets back, taxes included.",
    )
    by_provider = fields.Boolean(compute="_compute_preview", compute_sudo=True)
    taken = BigInteger(string="Credits Taken Back", compute="_compute_preview", compute_sudo=True)
    spent = BigInteger(
        string="Already Spent or Held",
        compute="_compute_preview",
        compute_sudo=True,
        help="Credits that the refunded money has paid for and that cannot be taken back.",
    )
    document = fields.Char(
        string="Invoice to Reverse", compute="_compute_preview", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_most(self):
        for refund in self:
            payment = refund.order_id.transaction_id
            refund.most = payment._get_refundable_amount() if payment else 0

    @api.depends("most")
    def _compute_amount(self):
        for refund in self:
            refund.amount = refund.most

    @api.depends("order_id", "amount")
    def _compute_preview(self):
        for refund in self:
            order = refund.order_id._origin or refund.order_id
            payment = order.transaction_id
            if not payment:  # no order is chosen, or nothing was paid
                refund.taken = refund.spent = 0
                refund.by_provider = refund.document = False
                continue
            amount = min(max(refund.amount, 0), refund.most)
            due = order._get_due_credits(order.refunded_amount + amount)
            unused = order.account_id.get_unused(order.entry_id) if order.entry_id else 0
            refund.taken = min(due, unused)
            refund.spent = due - refund.taken
            refund.by_provider = payment._is_refundable_by_provider(amount)
            refund.document = order._get_document_to_reverse()

    # === ACTIONS === #

    def action_confirm(self):
        """Refund the amount, and close the dialog.

        :raise UserError: if it is more than can be refunded by now, or nothing.
        """
        self.ensure_one()
        self.order_id.check_access("read")
        # Sudo: nobody writes orders but their own methods; who sees one may refund it.
        return self.order_id.sudo()._give_back(self.amount) or {
            "type": "ir.actions.act_window_close"
        }
