from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        """The addresses chosen of a merged contact stay chosen of the one that remains."""
        result = super()._update_reference_fields(src_partners, dst_partner)
        self.env["mail.message"]._recipient_map_merge(src_partners, dst_partner)
        return result
