from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_mining.files.sentences import row_sentences


class LeadDirectoryImportProblem(models.Model):
    """One row that was dropped, or one value that was left empty."""

    _name = "lead.directory.import.problem"
    _description = "Problem of a Company Import"
    _inherit = ["person.data.mixin"]
    _order = "line, id"
    _log_access = False
    _rec_name = "line"

    _person_columns = ("value",)

    import_id = fields.Many2one(
        "lead.directory.import", required=True, index=True, ondelete="cascade"
    )
    line = fields.Integer(help="Line of the file.")
    code = fields.Selection(lambda self: self._selection_code(), string="Problem", required=True)
    value = fields.Char()
    dropped = fields.Boolean(string="Row Dropped")

    @api.model
    def _selection_code(self):
        sentences = row_sentences(self.env) | {
            "no_name": self.env._("The company has no name"),
            "no_country": self.env._("The company has no country"),
            "unknown_country": self.env._("The country is unknown"),
            "no_identity": self.env._(
                "Nothing identifies the company: it has no valid registration number, LEI or"
                " VAT number, and no domain of its own"
            ),
            "never": self.env._("The company is on the Never Mined list"),
            "shared_host": self.env._(
                "Many companies of the file have this website, and nothing else identifies this one"
            ),
            "other_name": self.env._(
                "An earlier line has the same identity and another name, so this line was left out"
            ),
            "alike": self.env._(
                "An earlier line has the same name and place, and nothing tells the two apart: they"
                " were taken for one company"
            ),
            "bad_registry_id": self.env._(
                "The registration number is not valid and was left empty"
            ),
            "bad_lei": self.env._("The LEI is not valid and was left empty"),
            "bad_vat": self.env._("The VAT number is not valid and was left empty"),
            "rounded": self.env._(
                "A spreadsheet has rounded this number, whose last digits are lost; it was left"
                " empty"
            ),
            "shared_website": self.env._(
                "Many companies of the file have this website, so it was left empty"
            ),
            "bad_employees": self.env._(
                "The number of employees cannot be read and was left empty"
            ),
            "bad_year": self.env._("The year cannot be read and was left empty"),
            "bad_email": self.env._("The e-mail address is not valid and was left empty"),
            "personal_email": self.env._(
                "The company's e-mail address looks like a person's and was left empty"
            ),
            "unknown_industry": self.env._("The industry is unknown and was left empty"),
            "unknown_status": self.env._(
                "The status is unknown, so the company was taken for one that does business"
            ),
        }
        return list(sentences.items())

    def action_correct(self):
        """Show the row that was dropped, to correct it and try it again."""
        self.ensure_one()
        self.import_id.check_access("write")
        self.import_id._check_state("done", "partial", "failed", "cancelled")
        correction = self.env["lead.directory.correction"].create({"problem_id": self.id})
        correction._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct a Dropped Row"),
            "res_model": correction._name,
            "res_id": correction.id,
            "view_mode": "form",
            "target": "new",
        }

    def _alike(self):
        """Return the other rows that were dropped for the same reason, with the same value."""
        self.ensure_one()
        return self.search(
            Domain("import_id", "=", self.import_id.id)
            & Domain("code", "=", self.code)
            & Domain("value", "=", self.value)
            & Domain("dropped", "=", True)
            & Domain("id", "!=", self.id)
        )

    @api.model
    def _person_scope(self, companies):
        return Domain("import_id.company_id", "in", companies)

    def _person_company(self):
        return self.import_id.company_id
