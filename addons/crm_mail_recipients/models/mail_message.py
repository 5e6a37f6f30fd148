from odoo import fields, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    # {str(partner id): [key, ...]}: of a partner's several addresses the ones that were chosen.
    recipient_map = fields.Json(copy=False)
