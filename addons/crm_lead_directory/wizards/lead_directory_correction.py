from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.crm_lead_mining.files.errors import RowError

from ..importer.columns import TARGETS


class LeadDirectoryCorrection(models.TransientModel):
    """A row that was dropped, as it stands in the file, to be corrected and tried again."""

    _name = "lead.directory.correction"
    _description = "Correct a Dropped Row"

    problem_id = fields.Many2one(
        "lead.directory.import.problem", required=True, readonly=True, ondelete="cascade"
    )
    line = fields.Integer(related="problem_id.line", related_sudo=False)
    code = fields.Selection(related="problem_id.code", string="Reason", related_sudo=False)
    value = fields.Char(related="problem_id.value", related_sudo=False)
    cell_ids = fields.One2many("lead.directory.correction.cell", "correction_id", string="Cells")
    alike_count = fields.Integer(string="Other Rows Like This", readonly=True)
    is_for_alike = fields.Boolean(
        string="Change the Other Rows Too",
        help="Rows that were dropped for the same reason, with the same value: cells that have the"
        " value that you change here are changed there as well.",
    )

    def _fill(self):
        """Read the row's cells."""
        problem = self.problem_id
        cells = problem.import_id._rows_at([problem.line]).get(problem.line)
        if not cells or isinstance(cells, RowError):
            raise UserError(self.env._("This row cannot be read: correct it in the file itself."))
        self.alike_count = len(problem._alike())
        self.cell_ids = [
            Command.create(
                {
                    "position": column.position,
                    "header": column.header,
                    "target": column.target,
                    "value": value,
                    "value_before": value,
                }
            )
            for column, value in zip(problem.import_id.column_ids, cells, strict=True)
        ]

    def action_try(self):
        """Import the row with its cells as they are now, and tell what became of it."""
        self.ensure_one()
        problem, record, line = self.problem_id, self.problem_id.import_id, self.line
        changes = {
            cell.position: (cell.value_before or "", cell.value or "")
            for cell in self.cell_ids
            if (cell.value or "") != (cell.value_before or "")
        }
        if not changes:
            raise UserError(self.env._("Change a cell first, or the row is dropped again."))
        problems = problem | (problem._alike() if self.is_for_alike else problem.browse())
        count = record._try_again(problems, changes)
        if not count:
            left = record.problem_ids.filtered(lambda one: one.line == line and one.dropped)
            label = dict(left._fields["code"]._description_selection(self.env)).get(left[:1].code)
            raise UserError(self.env._("The row would be dropped again. %s", label or ""))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Rows imported: %s", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class LeadDirectoryCorrectionCell(models.TransientModel):
    _name = "lead.directory.correction.cell"
    _description = "Cell of a Dropped Row"
    _order = "position"

    correction_id = fields.Many2one(
        "lead.directory.correction", required=True, index=True, ondelete="cascade"
    )
    position = fields.Integer(readonly=True)
    header = fields.Char(string="Column of the File", readonly=True)
    target = fields.Selection(list(TARGETS.items()), string="Imported as", readonly=True)
    value = fields.Char()
    value_before = fields.Char(readonly=True)
