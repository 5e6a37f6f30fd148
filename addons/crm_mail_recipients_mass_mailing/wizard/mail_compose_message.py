from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _manage_mail_values(self, mail_values_all):
        """No mail is made of what a mailing cancels: who was left out is logged here."""
        kept = super()._manage_mail_values(mail_values_all)
        left = {rid: values for rid, values in mail_values_all.items() if rid not in kept}
        verdicts = self._recipient_mass_verdicts(left).values()
        self.env["mail.recipient.log"]._record_verdicts(verdicts, "mailing", "dropped")
        return kept
