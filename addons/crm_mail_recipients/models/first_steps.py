from odoo import api, models


class FirstSteps(models.AbstractModel):
    _inherit = "first.steps"

    @api.model
    def _steps(self):
        """Extend `crm_common`: who may be written to."""
        manages = self.env.user.has_group("crm_mail_recipients.group_recipient_manager")
        is_on = bool(self.env.company._recipient_mode())
        text = (
            self.env._("E-mails go only to the people of their deal.")
            if is_on
            else self.env._(
                "Make sure that a quotation reaches the people of its deal, and nobody else."
            )
        )
        return super()._steps() | {
            40: {
                "name": "recipients",
                "title": self.env._("Recipients"),
                "text": text,
                "is_done": is_on,
                "button": self.env._("Choose Who May Be Written To"),
                "action": "crm_mail_recipients.mail_recipient_settings_action"
                if manages
                else "crm.crm_config_settings_action",
            }
        }
