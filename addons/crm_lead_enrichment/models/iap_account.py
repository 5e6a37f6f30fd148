from odoo import api, models

from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE


class IapAccount(models.Model):
    _inherit = "iap.account"

    def _credits_arrived(self):
        """Override of `crm_iap_credits` to go on with what lacked credits."""
        result = super()._credits_arrived()
        if SERVICE in self.sudo().mapped("service_name"):
            self.env["lead.enrichment.worker"]._trigger_lanes()
        return result

    @api.model
    def _states_without_credits(self):
        return super()._states_without_credits() | {"lead.enrichment": "waiting_credits"}
