from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recipient_policy = fields.Boolean(related="company_id.recipient_policy", readonly=False)
    recipient_any_address = fields.Boolean(
        related="company_id.recipient_any_address", readonly=False
    )
    recipient_unknown = fields.Selection(related="company_id.recipient_unknown", readonly=False)
    recipient_log_days = fields.Integer(related="company_id.recipient_log_days", readonly=False)
