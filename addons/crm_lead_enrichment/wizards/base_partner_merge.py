from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        """Override of `base`: what was tried for a contact follows it."""
        result = super()._update_reference_fields(src_partners, dst_partner)
        self.env["lead.enrichment"]._follow_merge(src_partners, dst_partner)
        return result
