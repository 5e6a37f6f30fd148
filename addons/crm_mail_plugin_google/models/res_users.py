from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Extend `base`: who is archived has no Google account here any more."""
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            theirs = Domain("user_id", "in", self.ids)
            # sudo: tokens are closed to others; whoever may archive a user may end these.
            connections_sudo = self.env["mail.plugin.connection"].sudo()
            connections_sudo.search(theirs & Domain("google_sub", "!=", False)).key_id.unlink()
            self.env["mail.plugin.google.request"].sudo().search(theirs).unlink()
        return result
