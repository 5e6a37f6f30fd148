import dataclasses

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import redirects
from ..tools.settings import Settings


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mail_plugin_enabled = fields.Boolean("Serve Mail Plugins")
    mail_plugin_redirects = fields.Text(
        "Additional Add-ins",
        help="Where a sign-in code may be sent besides the published add-ins: one URL per line. A "
        "final / includes everything below it; * stands for one part of the path.",
    )
    mail_plugin_token_days = fields.Integer(
        "Stay Connected", help="Days that a mailbox stays connected after it was last used."
    )
    mail_plugin_enrichment = fields.Selection(
        [
            ("never", "Never"),
            ("request", "When a user asks for it"),
            ("open", "When an e-mail of an unknown sender is opened"),
        ],
        string="Company Data",
        help="When the add-ins may spend a credit on a company's data.",
    )
    mail_plugin_token_limit = fields.Integer(
        "Requests per Mailbox", help="Maximum number of requests per minute; 0 means no limit."
    )
    mail_plugin_address_limit = fields.Integer(
        "Requests without Login",
        help="Maximum number of requests per minute from one address without a valid login; 0 "
        "means no limit.",
    )
    mail_plugin_generation = fields.Selection(
        [("1", "Odoo 15 to 19.1"), ("2", "Odoo 19.2 and later")],
        string="Add-ins for",
        help="Add-ins refuse a database that does not name their own generation.",
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        settings = Settings.of(self.env)
        ours = dataclasses.asdict(settings)
        return values | {f"mail_plugin_{name}": value for name, value in ours.items()}

    def set_values(self):
        result = super().set_values()
        names = [field.name for field in dataclasses.fields(Settings)]
        # sudo: saving settings is checked by the form's own rights.
        Settings.store(self.env(su=True), {name: self[f"mail_plugin_{name}"] for name in names})
        return result

    @api.constrains("mail_plugin_redirects")
    def _check_mail_plugin_redirects(self):
        for settings in self:
            try:
                redirects.parse_patterns(settings.mail_plugin_redirects or "")
            except redirects.InvalidPattern as error:
                raise ValidationError(
                    self.env._("“%s” is not an https address.", error.pattern)
                ) from error

    @api.constrains(
        "mail_plugin_token_days", "mail_plugin_token_limit", "mail_plugin_address_limit"
    )
    def _check_mail_plugin_numbers(self):
        for settings in self:
            if settings.mail_plugin_token_days < 1:
                raise ValidationError(
                    self.env._("A mailbox must stay connected for at least one day.")
                )
            if min(settings.mail_plugin_token_limit, settings.mail_plugin_address_limit) < 0:
                raise ValidationError(self.env._("The number of requests cannot be negative."))
