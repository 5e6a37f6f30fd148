from odoo import fields, models

from ..importer.columns import TARGETS


class LeadDirectoryImportColumn(models.Model):
    """One column of a file, and what it is imported as."""

    _name = "lead.directory.import.column"
    _inherit = ["iap.company.mixin"]
    _description = "Column of a Company Import"
    _order = "position"

    _moving_fields = ("import_id",)

    import_id = fields.Many2one(
        "lead.directory.import", required=True, index=True, ondelete="cascade"
    )
    position = fields.Integer(required=True, readonly=True)
    header = fields.Char(readonly=True)
    sample = fields.Char(string="First Values", readonly=True)
    target = fields.Selection(list(TARGETS.items()), string="Imported as")

    _position_unique = models.Constraint(
        "UNIQUE(import_id, position)", "The import has this column already."
    )
