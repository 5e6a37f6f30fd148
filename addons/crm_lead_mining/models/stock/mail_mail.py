from odoo import api, models
from odoo.tools import email_normalize_all

from odoo.addons.crm_common.tools.mailboxes import address_key


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        to_leads = mails.filtered(lambda mail: mail.model == "crm.lead" and mail.res_id)
        if to_leads:
            to_leads._note_first_contacts()
        return mails

    def _note_first_contacts(self):
        """Note that mined contacts are written to: from now on their notice is due."""
        # Sudo: whoever writes to a person, also a colleague without rights on the lead.
        contacts_sudo = self.env["lead.mining.contact"].sudo().search(
            [("lead_id", "in", self.mapped("res_id")), ("first_contact_on", "=", False)]
        )  # fmt: skip
        if not contacts_sudo:
            return
        written = {(mail.res_id, key) for mail in self for key in mail._written_mailboxes()}
        contacts_sudo.filtered(
            lambda contact: (contact.lead_id.id, address_key(contact.email_normalized)) in written
        )._set_first_contact()

    def _written_mailboxes(self) -> set[str]:
        texts = [self.email_to or "", self.email_cc or ""]
        addresses = [
            *(email for text in texts for email in email_normalize_all(text)),
            *self.recipient_ids.mapped("email_normalized"),
        ]
        return set(filter(None, map(address_key, addresses)))
