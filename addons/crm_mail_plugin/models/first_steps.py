from odoo import api, models

from ..tools.settings import Settings


class FirstSteps(models.AbstractModel):
    _inherit = "first.steps"

    @api.model
    def _steps(self):
        """Extend `crm_common`: a mailbox that is connected."""
        if not Settings.of(self.env).enabled:
            return super()._steps()
        # Sudo: whether anybody has one is no secret.
        connected = bool(self.env["mail.plugin.connection"].sudo().search_count([], limit=1))
        text = (
            self.env._("A mailbox is connected: its e-mails are a click away from the CRM.")
            if connected
            else self.env._("Gmail and Outlook show the CRM beside each e-mail.")
        )
        return super()._steps() | {
            30: {
                "name": "mailbox",
                "title": self.env._("Mailbox"),
                "text": text,
                "is_done": connected,
                "button": self.env._("Install an Add-in"),
                "action": "crm_mail_plugin.mail_plugin_guide_action",
            }
        }
