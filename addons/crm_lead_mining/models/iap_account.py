from odoo import models

from .lead_mining_request import SERVICE


class IapAccount(models.Model):
    _inherit = "iap.account"

    def _credits_arrived(self):
        """Override of `crm_iap_credits` to go on with what lacked credits."""
        result = super()._credits_arrived()
        for account in self:
            if account.sudo().service_name == SERVICE:
                self.env["lead.mining.request"]._resume_waiting(account)
                self.env["lead.enrichment.worker"]._trigger_lanes()
        return result
