from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.settings import Settings


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_directory_tell = fields.Selection(
        [
            ("nothing", "Nothing"),
            ("ceased", "That companies have ceased"),
            ("all", "All that is new"),
        ],
        string="Tell salespeople of companies that they follow",
        default="ceased",
        help="By one activity a day: of companies of their leads and customers, and of those that"
        " their saved searches find.",
    )
    lead_directory_signal_days = fields.Integer(string="Days to keep what is new at companies")

    lead_directory_known_groups = fields.Boolean(
        string="A company is known where another one of its group is",
        help="Companies of one group with a lead, a contact or an earlier delivery are not"
        " delivered, as far as the company directory knows the groups.",
    )

    @api.constrains("lead_directory_signal_days")
    def _check_lead_directory_signal_days(self):
        if any(settings.lead_directory_signal_days < 1 for settings in self):
            raise ValidationError(self.env._("Keep what is new for a day at least."))

    @api.model
    def get_values(self):
        settings = Settings.of(self.env)
        return super().get_values() | {
            "lead_directory_tell": settings.tell,
            "lead_directory_signal_days": settings.signal_days,
            "lead_directory_known_groups": settings.known_groups,
        }

    def set_values(self):
        result = super().set_values()
        # Sudo: saving settings is checked by the form's own rights.
        Settings.store(
            self.env(su=True),
            {
                "tell": self.lead_directory_tell,
                "signal_days": self.lead_directory_signal_days,
                "known_groups": self.lead_directory_known_groups,
            },
        )
        return result
