from odoo import api, models


class LeadMiningProvider(models.Model):
    _inherit = "lead.mining.provider"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _is_asked(self):
        return super()._is_asked() or self.env["lead.mining.request"]._is_on()
