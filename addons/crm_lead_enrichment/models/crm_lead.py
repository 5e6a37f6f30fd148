from odoo import api, fields, models

from odoo.addons.crm_lead_mining.company.identity import identity_keys


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "lead.enrichment.mixin"]

    company_logo = fields.Image(max_width=256, max_height=256)

    @api.depends("website", "email_normalized", "reveal_id", "mining_request_id")
    def _compute_can_enrich(self):
        return super()._compute_can_enrich()

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if self.env["lead.enrichment"]._is_automatic():
            # New leads are enriched whoever makes them, for instance a form of the website.
            leads.with_user(api.SUPERUSER_ID)._queue_enrichment(origin="automatic")
        return leads

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self.env["lead.enrichment"]._follow_merge(opportunities, self)
        return result

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "company_logo"]

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        if is_company and self.company_logo:
            values["image_1920"] = self.company_logo
        return values

    # === ENRICHMENT === #

    def _enrichment_addresses(self):
        return [self.website or "", self.email_normalized or ""]

    def _enrichment_vat(self):
        return self.partner_id.commercial_partner_id.vat or ""

    def _enrichment_numbers(self):
        numbers = {
            "vat": self.company_vat,
            "lei": self.company_lei,
            # A number says nothing without its register.
            "registry": self.company_registry_id and self.company_register,
            "registry_id": self.company_register and self.company_registry_id,
        }
        return {name: value for name, value in numbers.items() if value}

    def _enrichment_company_name(self):
        return self.partner_name or ""

    def _enrichment_is_bought(self, tried):
        # Who has a company's identity that was never asked about here was bought elsewhere.
        return bool(self.mining_request_id or (self.reveal_id and not tried))

    @api.model
    def _enrichment_logo_field(self):
        return "company_logo"

    def _apply_enrichment(self, company, groups=(), logo=None):
        changes = super()._apply_enrichment(company, groups, logo)
        if not self.reveal_id and (keys := identity_keys(company)):
            # Stock never enriches, and so never pays again, a lead that has one.
            self.reveal_id = keys[0]
        return changes
