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

    def _generate_template_recipients(
        self, res_ids, render_fields, allow_suggested=False, **kwargs
    ):
        """What is suggested is for a person to see and change; a rule takes the default."""
        if (
            allow_suggested
            and self.env["res.company"]._recipient_modes()
            and self.env["mail.mail"]._recipient_is_card_model(self.model)
        ):
            allow_suggested = self.env["mail.thread"]._recipient_is_interactive("comment")
        return super()._generate_template_recipients(
            res_ids, render_fields, allow_suggested=allow_suggested, **kwargs
        )
