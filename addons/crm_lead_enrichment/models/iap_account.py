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

    def _count_stalled(self, since):
        """Override of `crm_iap_credits` to count attempts that could go on."""
        count = super()._count_stalled(since)
        Enrichment = self.env["lead.enrichment"]
        affordable = self.sudo().credits_available >= Enrichment._price()
        if self.sudo().service_name != SERVICE or not affordable or not Enrichment._is_on():
            return count
        # Sudo: whoever looks after the account need not read attempts.
        return count + Enrichment.sudo().search_count(
            [
                ("state", "=", "waiting_credits"),
                ("finished_at", "<", since),
                ("company_id", "=", self._get_ledger_company().id),
            ]
        )

    @api.model
    def _states_without_credits(self):
        return super()._states_without_credits() | {"lead.enrichment": "waiting_credits"}
