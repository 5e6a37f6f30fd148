from odoo import api, fields, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    recipient_preview = fields.Json(compute="_compute_recipient_preview")

    @api.depends("state", "mailing_domain", "mailing_model_id", "use_exclusion_list")
    def _compute_recipient_preview(self):
        """Who is left out of what is not sent yet; of what is being changed, as it was saved."""
        for mailing in self:
            saved = mailing._origin
            shown = saved.mailing_type == "mail" and saved.state in ("draft", "in_queue")
            mailing.recipient_preview = shown and saved._recipient_preview()

    def _recipient_preview(self):
        """See `mail.compose.message`: this one mailing is sent by it, with these values."""
        mails = self.env["mail.mail"]
        if not (
            self.env["res.company"]._recipient_modes()
            and mails._recipient_is_card_model(self.mailing_model_real)
            and self.env[self.mailing_model_real].has_access("read")
        ):
            return False  # who gets it is not looked for
        try:
            self._get_recipients_domain().validate(self.env[self.mailing_model_real])
        except ValueError:
            return False  # a field of the filter is gone: sending tells so
        composers = self.env["mail.compose.message"].with_context(
            active_ids=self._get_remaining_recipients(), default_composition_mode="mass_mail"
        )
        return composers.new(
            {
                "attachment_ids": [(6, 0, self.attachment_ids.ids)],
                "body": self.body_html,
                "composition_mode": "mass_mail",
                "mass_mailing_id": self.id,
                "model": self.mailing_model_real,
                "subject": self.subject,
                "template_id": False,
                "use_exclusion_list": self.use_exclusion_list,
            }
        )._recipient_preview()
