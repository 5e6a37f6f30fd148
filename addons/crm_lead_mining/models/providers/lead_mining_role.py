from odoo import fields, models


class LeadMiningRole(models.Model):
    _name = "lead.mining.role"
    _description = "Contact Role"
    _inherit = ["lead.mining.vocabulary"]
    _order = "name"
    _words_table = "role_words.txt"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This role exists already.")
