from odoo import api, models


class MailPluginLog(models.Model):
    _inherit = "mail.plugin.log"

    @api.private
    def google_logged(self, message_id: str) -> set[tuple[str, int]]:
        """Return on which records an e-mail was logged, whoever has logged it.

        :param message_id: its Message-ID
        """
        if not message_id:
            return set()
        # sudo: the log is closed to users; said is only whether a record they see has the e-mail.
        logged_sudo = self.sudo().search([("email_key", "=", message_id)]).message_id
        by_id = [("message_id", "=", message_id), ("model", "!=", False)]
        logged_sudo |= self.env["mail.message"].sudo().search(by_id)
        return {(message.model, message.res_id) for message in logged_sudo}
