from odoo import models

from .lead_mining_request import SERVICE


class IapAccount(models.Model):
    _inherit = "iap.account"

    def _post(self, kind, credits, *args, **kwargs):
        """Override of `crm_iap_credits` to go on with what waits for credits when some arrive."""
        entry = super()._post(kind, credits, *args, **kwargs)
        if credits > 0 and self.service_id.technical_name == SERVICE:
            self.env["lead.enrichment.worker"]._trigger_lanes()
        return entry
