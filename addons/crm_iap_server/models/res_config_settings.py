from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.settings import Settings

#: Setting -> its field.
FIELDS = {
    "registration": "iap_server_registration",
    "trial_credits": "iap_server_trial_credits",
    "rate": "iap_server_rate",
    "answer_days": "iap_server_answer_days",
    "credit_signal": "iap_server_credit_signal",
    "other_services": "iap_server_other_services",
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    iap_server_registration = fields.Selection(
        [
            ("invitation", "Only databases that are invited"),
            ("first_call", "Every database that asks"),
        ],
        string="Who becomes a client",
    )
    iap_server_trial_credits = fields.Integer(string="Trial credits of a client")
    iap_server_rate = fields.Integer(string="Questions per client and minute")
    iap_server_answer_days = fields.Integer(
        string="Days a paid company is free",
        help="A client that asks again about a company it has paid gets it for nothing.",
    )
    iap_server_credit_signal = fields.Selection(
        [
            ("auto", "As the client's version reads it"),
            ("error", "As an error"),
            ("flag", "As a flag"),
        ],
        string="Missing credits in lead mining",
        help="Builds of Odoo 17 to 19 from before March 2026 read an error, later ones a flag.",
    )

    iap_server_other_services = fields.Selection(
        [("refuse", "Not offered"), ("forward", "As Odoo tells it")],
        string="Services that are not kept here",
        help="Clients also ask here for their balance of SMS and other services. Odoo can be asked "
        "for it: it learns which databases are clients, which it knows already.",
    )

    @api.constrains("iap_server_trial_credits", "iap_server_rate", "iap_server_answer_days")
    def _check_iap_server_numbers(self):
        for settings in self:
            if settings.iap_server_rate < 1:
                raise ValidationError(
                    self.env._("A client must be allowed one question a minute at least.")
                )
            if settings.iap_server_trial_credits < 0 or settings.iap_server_answer_days < 0:
                raise ValidationError(self.env._("Credits and days cannot be negative."))

    @api.model
    def get_values(self):
        settings = Settings.of(self.env)
        return super().get_values() | {
            field: getattr(settings, name) for name, field in FIELDS.items()
        }

    def set_values(self):
        result = super().set_values()
        # Sudo: saving settings is checked by the form's own rights.
        Settings.store(self.env(su=True), {name: self[field] for name, field in FIELDS.items()})
        return result
