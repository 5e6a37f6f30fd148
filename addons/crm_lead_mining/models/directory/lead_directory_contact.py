from odoo import fields, models

from ...company.roles import ROLES, SENIORITIES


class LeadDirectoryContact(models.Model):
    """A person at a company of the directory; written only by imports."""

    _name = "lead.directory.contact"
    _description = "Directory Contact"
    _order = "id"
    _log_access = False

    directory_company_id = fields.Many2one(
        "lead.directory.company", string="Company", required=True, ondelete="cascade"
    )
    identity = fields.Char(required=True, help="The e-mail address or, without one, the name.")
    name = fields.Char(required=True)
    job_title = fields.Char()
    role = fields.Selection(list(ROLES.items()))
    seniority = fields.Selection(list(SENIORITIES.items()))
    email = fields.Char()
    phone = fields.Char()

    _identity_unique = models.Constraint(
        "UNIQUE(directory_company_id, identity)", "The company has this contact already."
    )
