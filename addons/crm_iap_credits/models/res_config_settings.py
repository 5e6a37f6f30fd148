from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.ledger import MAX_CREDITS
from ..tools.settings import Settings


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Not by `config_parameter`, which cannot keep a zero.
    iap_trial_credits = fields.Integer(
        string="Trial Credits",
        help="Credits that each company gets once for each service kept by this database.",
    )

    @api.model
    def get_values(self):
        self.check_access("read")  # a client may call it without having opened the settings
        values = super().get_values()
        values["iap_trial_credits"] = Settings.of(self.env).trial_credits
        return values

    def set_values(self):
        result = super().set_values()
        Settings.store(self.env, {"trial_credits": self.iap_trial_credits})
        return result

    @api.constrains("iap_trial_credits")
    def _check_iap_trial_credits(self):
        for settings in self:
            if not 0 <= settings.iap_trial_credits <= MAX_CREDITS:
                raise ValidationError(
                    self.env._("Trial credits must be between 0 and %s.", f"{MAX_CREDITS:,}")
                )
