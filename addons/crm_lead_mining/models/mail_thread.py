from odoo import api, models

from ..tools.refunds import is_hard_bounce


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to give back contacts whose address does not exist."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        email = message_dict.get("bounced_email")
        if email and is_hard_bounce(email_message):
            self.env["lead.mining.refund"]._report_bounce(email)
        return result
