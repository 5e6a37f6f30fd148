from odoo import fields, models


class MailPluginLog(models.Model):
    """Which e-mail was logged on which record, so that it is logged there once."""

    _name = "mail.plugin.log"
    _description = "Mail Plugin Logged E-mail"
    _log_access = False

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    email_key = fields.Char(required=True, readonly=True, help="Message-ID, or a digest.")
    message_id = fields.Many2one(
        "mail.message", required=True, readonly=True, index=True, ondelete="cascade"
    )

    _unique_email = models.Constraint(
        "UNIQUE(res_model, res_id, email_key)", "An e-mail is logged once on a record."
    )
    _email_idx = models.Index("(email_key, res_model)")
