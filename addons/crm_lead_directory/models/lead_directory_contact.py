from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_mining.company.roles import ROLES, SENIORITIES

_SHOWN = ("name", "job_title", "role", "seniority", "email", "phone")


class LeadDirectoryContact(models.Model):
    """A person at a company of the directory; written only by imports."""

    _name = "lead.directory.contact"
    _inherit = ["lead.mining.person.mixin"]
    _description = "Directory Contact"
    _order = "id"
    _log_access = False

    _person_columns = ("identity", "name", "job_title", "email", "phone")
    _person_sequence = 30

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
        "UNIQUE(directory_company_id, identity)", "The company already has this contact."
    )

    # === PRIVACY === #

    @api.model
    def _person_label(self):
        return self.env._("Company directory: contacts")

    @api.model
    def _person_scope(self, companies):
        return Domain("directory_company_id.dataset_id.company_id", "in", companies)

    def _person_company(self):
        return self.directory_company_id.dataset_id.company_id

    def _person_identities(self, traces):
        return [
            (contact.email or "", contact.name, contact.directory_company_id._company_keys())
            for contact in self
        ]

    def _person_parts(self):
        return self.directory_company_id.dataset_id.import_ids._person_places()

    def _person_data(self, traces):
        company = self.directory_company_id
        return {
            "company": company.name,
            "dataset": company.dataset_id.name,
            **{name: self[name] for name in _SHOWN},
        }

    def _person_erase(self, traces):
        self.directory_company_id.dataset_id.import_ids._forget_person(traces)
        self.unlink()
