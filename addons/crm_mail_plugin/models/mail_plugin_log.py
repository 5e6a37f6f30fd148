from odoo import fields, models


class MailPluginLog(models.Model):
    """Which message is which e-mail, so that an e-mail is logged on a record once.

    The record is the message's: it stays right when records are merged.
    """

    _name = "mail.plugin.log"
    _description = "Mail Plugin Logged E-mail"
    _log_access = False

    email_key = fields.Char(
        required=True, readonly=True, index=True, help="Message-ID, or a digest."
    )
    message_id = fields.Many2one("mail.message", required=True, readonly=True, ondelete="cascade")

    _unique_message = models.Constraint("UNIQUE(message_id)", "A message is one e-mail.")
