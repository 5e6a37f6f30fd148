from odoo import fields, models


class IapAccountDialogMixin(models.AbstractModel):
    """A dialog about the account that it is opened on."""

    _name = "iap.account.dialog.mixin"
    _inherit = ["iap.company.mixin"]
    _description = "Dialog of an Account"

    _moving_fields = ("account_id",)

    account_id = fields.Many2one(
        "iap.account",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
