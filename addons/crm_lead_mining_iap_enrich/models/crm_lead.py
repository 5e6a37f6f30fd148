from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _iap_enrich_leads_cron(self, *args, **kwargs):
        """Override of `crm_iap_enrich`: nothing is enriched by two at once."""
        if self.env["lead.enrichment"]._is_on():
            return None
        return super()._iap_enrich_leads_cron(*args, **kwargs)

    def _apply_enrichment(self, company, groups=(), logo=None):
        changes = super()._apply_enrichment(company, groups, logo)
        # Odoo's own would pay for it again when ours is switched off.
        self.iap_enrich_done = True
        return changes
