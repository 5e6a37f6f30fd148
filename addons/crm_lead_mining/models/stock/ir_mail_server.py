from odoo import models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def send_email(self, message, *args, **kwargs):
        """Override of `base` to note which mails have left for mined contacts."""
        addresses = self._prepare_smtp_to_list(message, kwargs.get("smtp_session"))
        message_id = super().send_email(message, *args, **kwargs)
        self.env["lead.mining.sent"]._note(message_id, addresses)
        return message_id
