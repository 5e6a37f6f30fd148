from odoo import api, models

from odoo.addons.crm_lead_mining.providers.base import Provider

from ..providers.demo import DemoProvider


class LeadMiningProvider(models.Model):
    _inherit = "lead.mining.provider"

    @api.model
    def _adapter_classes(self) -> dict[str, type[Provider]]:
        """Extend `crm_lead_mining` by the invented companies."""
        return {**super()._adapter_classes(), DemoProvider.code: DemoProvider}
