from odoo import api, fields, models


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
        values["iap_trial_credits"] = self.env["iap.credit.trial"]._get_trial_credits()
        return values

    def set_values(self):
        result = super().set_values()
        self.env["iap.credit.trial"]._set_trial_credits(self.iap_trial_credits)
        return result
