from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.providers.base import Provider

from ..providers.directory import DirectoryProvider


class LeadMiningProvider(models.Model):
    _inherit = "lead.mining.provider"

    @api.model
    def _adapter_classes(self) -> dict[str, type[Provider]]:
        """Extend `crm_lead_mining` by the directory."""
        return {**super()._adapter_classes(), DirectoryProvider.code: DirectoryProvider}

    def _build_directory(self) -> Provider:
        # What was mined once is not even looked at again.
        known = SQL("(SELECT key FROM lead_mining_identity)")
        return self.env["lead.directory.dataset"]._directory_provider(known=known)
