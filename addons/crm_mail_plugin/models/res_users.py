from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    mail_plugin_connection_ids = fields.One2many(
        "mail.plugin.connection",
        "user_id",
        string="Connected Mailboxes",
        domain=["|", ("expiration_date", "=", False), ("expiration_date", ">=", "now")],
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "mail_plugin_connection_ids"]

    def _action_revoke_all_devices(self):
        """Extend `base`: logging out everywhere disconnects the mailboxes as well."""
        if self.env["mail.plugin.setup"]._is_done():
            # sudo: whoever may end the user's sessions may end these.
            self.sudo().mail_plugin_connection_ids.key_id.unlink()
        return super()._action_revoke_all_devices()
