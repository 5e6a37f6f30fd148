from odoo import api, models

from ...tools.refunds import hard_bounces


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to give back contacts whose address does not exist."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        message_ids, emails = message_dict.get("bounced_msg_ids"), hard_bounces(email_message)
        if message_ids and emails:
            self.env["lead.mining.refund"]._report_bounce(message_ids, emails)
        return result
