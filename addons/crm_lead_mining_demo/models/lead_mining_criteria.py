from odoo import models

from ..providers.demo import DemoProvider


class LeadMiningCriteria(models.AbstractModel):
    _inherit = "lead.mining.criteria"

    def _providers(self):
        """Leave invented companies to those who choose them: nobody else gets, or pays, any."""
        providers = super()._providers()
        if self.provider_id:
            return providers
        return providers.filtered(lambda provider: provider.code != DemoProvider.code)
