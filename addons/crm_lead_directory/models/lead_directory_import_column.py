from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_mining.company.nace_editions import REV_2, REV_21

from ..importer.columns import TARGETS


class LeadDirectoryImportColumn(models.Model):
    """One column of a file, and what it is imported as."""

    _name = "lead.directory.import.column"
    _description = "Column of a Company Import"
    _inherit = ["iap.company.mixin", "person.data.mixin"]
    _order = "position"

    _moving_fields = ("import_id",)
    _person_columns = ("header", "sample")

    import_id = fields.Many2one(
        "lead.directory.import", required=True, index=True, ondelete="cascade"
    )
    position = fields.Integer(required=True, readonly=True)
    header = fields.Char(readonly=True)
    sample = fields.Char(string="First Values", readonly=True)
    target = fields.Selection(list(TARGETS.items()), string="Imported as")
    guessed = fields.Selection(list(TARGETS.items()), readonly=True, help="What was recognised.")
    told_by = fields.Selection(
        [
            ("both", "Name and Values"),
            ("name", "Name"),
            ("values", "Values"),
            ("remembered", "Remembered"),
        ],
        string="Recognised by",
        readonly=True,
        help="What tells it: the column's name, what stands in it, or what was chosen for a column"
        " of this name before. Its name and its values together are the surest.",
    )
    industry_edition = fields.Selection(
        [(REV_2, "NACE Rev. 2"), (REV_21, "NACE Rev. 2.1")],
        help="The edition of NACE that the codes of industries follow, as far as a code does not"
        " tell it itself. ATECO 2025, NAF 2025, WZ 2025 and the like follow Rev. 2.1.",
    )

    @api.model
    def _person_scope(self, companies):
        return Domain("import_id.company_id", "in", companies)

    def _person_company(self):
        return self.import_id.company_id

    _position_unique = models.Constraint(
        "UNIQUE(import_id, position)", "The import already has this column."
    )
