"""What this addon keeps of persons beside their cards, see `person.data.mixin`."""

from odoo import models


class MailPluginClaim(models.Model):
    """A claim names the sender or the subject that something was made for, for a day."""

    _name = "mail.plugin.claim"
    _inherit = ["mail.plugin.claim", "person.data.mixin"]

    _person_columns = ("key",)

    def _person_candidates(self, traces, names):
        done = self.env["mail.plugin.setup"]._is_done()
        return super()._person_candidates(traces, names) if done else self.browse()

    def _person_erase(self, traces):
        self.unlink()
