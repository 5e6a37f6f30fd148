import uuid

from odoo import fields, models


class IapCreditMove(models.TransientModel):
    _name = "iap.credit.move"
    _inherit = ["iap.account.dialog.mixin"]
    _description = "Grant or Adjust Credits"

    credits_available = fields.Integer(related="account_id.credits_available")
    kind = fields.Selection(
        selection=[("grant", "Grant"), ("adjustment", "Adjustment")],
        required=True,
        default="grant",
        help="A grant adds credits free of charge. An adjustment corrects the balance, up or down.",
    )
    credits = fields.Integer(required=True)
    expires_at = fields.Datetime(
        string="Expires On",
        help="When the granted credits expire unless they are used first. Leave empty for never.",
    )
    reason = fields.Char(required=True)
    # Kept by the wizard, so that confirming it twice moves credits once.
    idempotency_key = fields.Char(required=True, default=lambda self: uuid.uuid4().hex)

    def action_confirm(self):
        """Move the credits and close."""
        self.ensure_one()
        values = {"reason": self.reason, "idempotency_key": self.idempotency_key}
        if self.kind == "grant":
            self.account_id.grant(self.credits, expires_at=self.expires_at, **values)
        else:
            self.account_id.adjust(self.credits, **values)
        return {"type": "ir.actions.act_window_close"}
