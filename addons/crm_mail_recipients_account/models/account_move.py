from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "mail.recipient.mixin"]
    _recipient_fields = ("partner_id", "recipient_company_id")
