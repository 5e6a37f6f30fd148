# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from odoo.addons.crm_mail_plugin.tools import emails


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"
    _mail_plugin_named = "name"
    _primary_email = "partner_email"

    @api.private
    def mail_plugin_get_or_create(self, partner, email: emails.Email):
        """Return the open ticket of an e-mail, made when there is none, with the e-mail on it.

        :param partner: a `res.partner`, the sender
        :param email: the e-mail
        """
        self.env["mail.plugin.claim"].take("ticket", partner.id, email.key)
        family = Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
        ticket, closed = self.mail_plugin_earlier(email, family)
        if ticket:
            return ticket
        ticket = self.with_company(partner.company_id).create(
            self._mail_plugin_values(partner, email)
        )
        ticket.mail_plugin_follow(closed)
        text = ticket.mail_plugin_text(ticket.mail_plugin_log(email))
        if text:
            ticket.description = text
        return ticket

    def _mail_plugin_is_closed(self):
        return super()._mail_plugin_is_closed() or self.closed

    def _mail_plugin_values(self, partner, email):
        subject = emails.plain_subject(email.subject)
        name = subject or (
            self.env._("Ticket of %s", partner.display_name)
            if partner
            else self.env._("Ticket of an e-mail")
        )
        return {
            "name": name,
            # A ticket must have one; the text of the e-mail follows once its pictures are there.
            "description": plaintext2html(name),
            "partner_id": partner.id,
            "partner_name": partner.name,
            "partner_email": partner.email,
        }

    @api.private
    def mail_plugin_row(self) -> dict:
        """Override: with the stage."""
        return {**super().mail_plugin_row(), "stage_name": self.stage_id.name}
