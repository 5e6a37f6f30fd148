import dataclasses

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.settings import InvalidHost, Settings, parse_hosts

PREFIX = "mail_plugin_outlook_"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mail_plugin_outlook_hosts = fields.Text(
        "Outlook on the Web",
        help="Hosts of Outlook on the web that may show the pane of this Odoo's own add-in, "
        "besides Microsoft's: those of an Exchange Server of your own, one per line.",
    )

    @api.model
    def get_values(self):
        ours = dataclasses.asdict(Settings.of(self.env))
        return super().get_values() | {PREFIX + name: value for name, value in ours.items()}

    def set_values(self):
        result = super().set_values()
        names = [field.name for field in dataclasses.fields(Settings)]
        # sudo: saving settings is checked by the form's own rights.
        Settings.store(self.env(su=True), {name: self[PREFIX + name] for name in names})
        return result

    @api.constrains("mail_plugin_outlook_hosts")
    def _check_mail_plugin_outlook_hosts(self):
        for settings in self:
            try:
                parse_hosts(settings.mail_plugin_outlook_hosts or "")
            except InvalidHost as error:
                raise ValidationError(
                    self.env._(
                        "“%s” is not the address of a host, as https://mail.example.com.",
                        error.line,
                    )
                ) from error
