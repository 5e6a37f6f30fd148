from odoo import models

from odoo.addons.crm_common.tools.mailboxes import address_key


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _manage_mail_values(self, mail_values_all):
        """No mail is made of what a mailing cancels: who was left out is logged here."""
        kept = super()._manage_mail_values(mail_values_all)
        left = {rid: values for rid, values in mail_values_all.items() if rid not in kept}
        verdicts = self._recipient_mass_verdicts(left).values()
        self.env["mail.recipient.log"]._record_verdicts(verdicts, "mailing", "dropped")
        return kept

    def _get_optout_emails(self, mail_values_dict):
        return self._recipient_with_keys(super()._get_optout_emails(mail_values_dict))

    def _get_done_emails(self, mail_values_dict):
        return self._recipient_with_keys(super()._get_done_emails(mail_values_dict))

    def _recipient_with_keys(self, emails):
        """Who opted out is found in any spelling: under the policy a mailing knows keys only."""
        if not self.env["res.company"]._recipient_modes():
            return emails
        return [*emails, *filter(None, map(address_key, emails))]
