from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        """The addresses chosen of a merged contact stay chosen of the one that remains."""
        result = super()._update_reference_fields(src_partners, dst_partner)
        self.env["mail.message"]._recipient_map_merge(src_partners, dst_partner)
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep every address: stock deletes all of a contact where one is on the other as well."""
        # As `_update_values` decides: what the destination has, otherwise the last one.
        emails = [dst_partner.email, *reversed(src_partners.mapped("email"))]
        # The company decides, whether or not the user may see it.
        policed = dst_partner.sudo().company_id._recipient_mode()
        self.env["mail.recipient.address"]._merge_into(
            dst_partner,
            src_partners,
            next(filter(None, emails), ""),
            src_partners.mapped("email") if policed else (),
        )
        return super()._update_foreign_keys(src_partners, dst_partner)
