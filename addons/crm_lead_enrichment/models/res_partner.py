from odoo import api, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "lead.enrichment.mixin"]

    @api.depends("website", "email_normalized", "vat", "is_company")
    def _compute_can_enrich(self):
        result = super()._compute_can_enrich()
        for partner in self:
            partner.can_enrich = partner.can_enrich and partner.is_company
        return result

    def _enrichment_target(self):
        """Data about companies belong to companies: of persons their company is enriched."""
        return self.commercial_partner_id.filtered("is_company")

    def _enrichment_addresses(self):
        return [self.website or "", self.email_normalized or ""]

    def _enrichment_vat(self):
        return self.vat or ""

    def _enrichment_company_name(self):
        return self.name or ""

    @api.model
    def _enrichment_logo_field(self):
        return "image_1920"

    def _enrichment_found(self, company, records, logo):
        found = super()._enrichment_found(company, records, logo)
        industry = self.env["lead.mining.industry"].browse(found["company_industry_id"] or ())
        return found | {
            "email": found.get("email_from"),
            "vat": company.vat,
            "company_registry": company.registry_id,
            "industry_id": industry.industry_id.id,
        }
