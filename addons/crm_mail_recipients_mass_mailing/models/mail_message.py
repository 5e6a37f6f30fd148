from odoo import models

from odoo.addons.crm_mail_recipients.tools.address import address_key


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _recipient_traced(self):
        """Extend `crm_mail_recipients`: mailings know who has opened them, and who cannot."""
        traced = super()._recipient_traced()
        ids = {message.message_id: message.id for message in self if message.message_id}
        if not ids:
            return traced
        # Who may read the message is told what became of it.
        traces_sudo = self.env["mailing.trace"].sudo()
        domain = [
            ("model", "in", list(set(self.mapped("model")))),
            ("res_id", "in", self.mapped("res_id")),
            ("message_id", "in", list(ids)),
        ]
        for trace in traces_sudo.search_fetch(domain, ["message_id", "email", "trace_status"]):
            traced[ids[trace.message_id], address_key(trace.email)] = trace.trace_status
        return traced
