from odoo import api, fields, models
from odoo.fields import Domain

from ...company.alike import RECORD, Place

#: What identifies the company of a lead, once somebody has filled it in.
_IDENTIFYING = ("company_vat", "company_registry_id", "company_lei", "website")


class CrmLead(models.Model):
    """Leads of companies that only their name and place tell."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    is_unidentified = fields.Boolean(
        string="Without Identity",
        compute="_compute_is_unidentified",
        search="_search_is_unidentified",
        help="Mined by name and place only: neither a number nor a website tells whether the "
        "company is known already.",
    )
    alike_partner_ids = fields.Many2many(
        "res.partner", string="Possible Customers", compute="_compute_alike_partner_ids"
    )

    # Those that nothing identified are few, or none.
    _unidentified_idx = models.Index(f"(id) WHERE reveal_id LIKE '{RECORD}%'")

    @api.depends("reveal_id", *_IDENTIFYING)
    def _compute_is_unidentified(self):
        for lead in self:
            is_record = (lead.reveal_id or "").startswith(RECORD)
            lead.is_unidentified = is_record and not any(lead[name] for name in _IDENTIFYING)

    @api.model
    def _search_is_unidentified(self, operator, value):
        if operator != "in":
            return NotImplemented
        nothing = Domain.AND(Domain(name, "in", (False, "")) for name in _IDENTIFYING)
        return Domain("reveal_id", "=like", f"{RECORD}%") & nothing

    @api.depends("is_unidentified", "partner_name", "name", "country_id", "zip", "city")
    def _compute_alike_partner_ids(self):
        unknown = self.filtered(lambda lead: lead.is_unidentified and not lead.partner_id)
        found = self.env["lead.mining.alike"]._find(unknown, "res.partner")
        for lead in self:
            # Named are only those that the user may see.
            lead.alike_partner_ids = found[lead].with_env(lead.env)._filtered_access("read")

    @api.depends("is_unidentified", "partner_name", "name", "country_id", "zip", "city")
    def _compute_potential_lead_duplicates(self):
        """Offer for merging what has the name and place too, where nothing else identifies it."""
        result = super()._compute_potential_lead_duplicates()
        found = self.env["lead.mining.alike"]._find(self, "crm.lead")
        for lead, alike in found.items():
            lead.duplicate_lead_ids |= alike.with_env(lead.env)
            lead.duplicate_lead_count = len(lead.duplicate_lead_ids - lead)
        return result

    def _place(self) -> Place:
        """Return the company's name and place."""
        self.ensure_one()
        name = self.partner_name or self.name
        return Place.of(name, self.country_id.code, self.zip, self.city)
