from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _iap_enrich_leads_cron(self, *args, **kwargs):
        """Override of `crm_iap_enrich`: what is enriched by itself is a setting of ours."""

    def iap_enrich(self, **kwargs):
        """Extend `crm_iap_enrich`: nothing is bought while enrichment is switched off."""
        self.env["lead.enrichment"]._check_is_on()
        return super().iap_enrich(**kwargs)

    def _apply_enrichment(self, company, groups=(), logo=None):
        changes = super()._apply_enrichment(company, groups, logo)
        # Odoo's own would pay for it again when ours is switched off.
        self.iap_enrich_done = True
        return changes
