from odoo import fields, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    # {str(partner id): [key, ...]}: of a partner's several addresses the ones that were chosen.
    # Set where somebody was chosen for the message, colleagues included: nobody else gets it.
    recipient_map = fields.Json(copy=False)
