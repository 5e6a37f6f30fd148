from odoo import fields, models


class LeadMiningContact(models.Model):
    """A person of a mined company, kept on its lead."""

    _name = "lead.mining.contact"
    _description = "Mined Contact"
    _order = "lead_id, sequence, id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    sequence = fields.Integer()
    name = fields.Char(required=True)
    job_title = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null"
    )
    source = fields.Char(help="Provider, dataset and address that the data came from.")

    def action_create_partner(self):
        """Make contacts of the address book of those that are none yet."""
        new = self.filtered(lambda contact: not contact.partner_id)
        partners = self.env["res.partner"].create([contact._partner_values() for contact in new])
        for contact, partner in zip(new, partners, strict=True):
            contact.partner_id = partner

    def _partner_values(self) -> dict:
        company = self.lead_id.partner_id.commercial_partner_id
        return {
            "name": self.name,
            "function": self.job_title,
            "email": self.email,
            "phone": self.phone,
            "parent_id": company.id if company.is_company else False,
            "company_id": self.company_id.id,
            "user_id": self.lead_id.user_id.id,
        }
