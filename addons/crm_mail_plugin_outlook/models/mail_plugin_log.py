from odoo import api, models
from odoo.fields import Domain

#: Messages of one e-mail that are looked at: it may be logged on several records.
MAX_MESSAGES = 100


class MailPluginLog(models.Model):
    _inherit = "mail.plugin.log"

    @api.private
    @api.model
    def records_of(self, message_id: str, names: list[str]) -> list[tuple]:
        """Return the records that an e-mail is on already, whoever put it there.

        :param message_id: Message-ID of the e-mail
        :param names: models of records that are told
        :return: recordset of each of these models, of those that the user may read
        """
        if not message_id:
            return []
        # sudo: the log is closed to users; told are only records that they may read.
        logged_sudo = self.sudo().search([("email_key", "=", message_id)], limit=MAX_MESSAGES)
        # It may have come in through Odoo's own mail gateway, or have been sent from there.
        by_id = Domain("message_id", "=", message_id) & Domain("model", "in", names)
        messages_sudo = self.env["mail.message"].sudo().search(by_id, limit=MAX_MESSAGES)
        messages_sudo |= logged_sudo.message_id
        found = []
        for name in names:
            of_model_sudo = messages_sudo.filtered(lambda one, name=name: one.model == name)
            records = self.env[name].browse(dict.fromkeys(of_model_sudo.mapped("res_id")))
            if records := records.exists()._filtered_access("read"):
                found.append(records)
        return found
