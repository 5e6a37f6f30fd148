from odoo import api, fields, models
from odoo.fields import Domain


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
    code = fields.Selection(
        [
            ("nul", "The row contains a NUL character"),
            ("bad_bytes", "The row contains bytes that are not in the file's encoding"),
            ("too_long", "The row is too long"),
            ("cells", "The row does not have as many cells as the header"),
            ("no_name", "The company has no name"),
            ("no_country", "The company has no country"),
            ("unknown_country", "The country is unknown"),
            (
                "no_identity",
                "Nothing identifies the company: it has no valid registration number, LEI or VAT"
                " number, and no domain of its own",
            ),
            ("never", "The company is on the list of what is never mined"),
            (
                "shared_host",
                "Many companies of the file have this website, and nothing else identifies this"
                " one",
            ),
            (
                "other_name",
                "An earlier line has the same identity and another name, so this line was left out",
            ),
            ("bad_registry_id", "The registration number is not valid and was left empty"),
            ("bad_lei", "The LEI is not valid and was left empty"),
            ("bad_vat", "The VAT number is not valid and was left empty"),
            (
                "shared_website",
                "Many companies of the file have this website, so it was left empty",
            ),
            ("bad_employees", "The number of employees cannot be read and was left empty"),
            ("bad_year", "The year cannot be read and was left empty"),
            ("bad_email", "The e-mail address is not valid and was left empty"),
            (
                "personal_email",
                "The company's e-mail address looks like a person's and was left empty",
            ),
            ("unknown_industry", "The industry is unknown and was left empty"),
        ],
        string="Problem",
        required=True,
    )
    value = fields.Char()
    dropped = fields.Boolean(string="Row Dropped")

    @api.model
    def _person_scope(self, companies):
        return Domain("import_id.company_id", "in", companies)

    def _person_company(self):
        return self.import_id.company_id
