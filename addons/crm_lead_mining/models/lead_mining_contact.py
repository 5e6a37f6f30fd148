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
    source = fields.Char(help="Provider, dataset and address that the data came from.")
