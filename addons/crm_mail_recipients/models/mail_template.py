from odoo import models

from ..tools.gate import ORIGIN, Origin


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def send_mail_batch(self, res_ids, *args, **kwargs):
        """Remember which records the mails come from: `email_values` can say anything."""
        if not self.env["res.company"]._recipient_modes():
            return super().send_mail_batch(res_ids, *args, **kwargs)
        origin = Origin(self.model, list(res_ids))
        return super(MailTemplate, self.with_context(**{ORIGIN: origin})).send_mail_batch(
            res_ids, *args, **kwargs
        )
