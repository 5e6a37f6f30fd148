from odoo import fields, models


class LeadMiningRole(models.Model):
    _name = "lead.mining.role"
    _description = "Contact Role"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This role exists already.")
