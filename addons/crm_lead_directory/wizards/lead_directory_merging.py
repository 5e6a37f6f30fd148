from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.crm_lead_mining.company.gaps import is_same_company

from ..models.lead_directory_merge import as_company


class LeadDirectoryMerging(models.TransientModel):
    """Two companies of the directory side by side: which of them stays."""

    _name = "lead.directory.merging"
    _description = "Merge Two Companies of the Directory"

    first_id = fields.Many2one(
        "lead.directory.company", required=True, readonly=True, ondelete="cascade"
    )
    second_id = fields.Many2one(
        "lead.directory.company", required=True, readonly=True, ondelete="cascade"
    )
    stays = fields.Selection(
        [("first", "The First"), ("second", "The Second")],
        default="first",
        required=True,
        help="It keeps its values, and takes what only the other one knows, with its contacts. The"
        " other one is found no more, and its file does not bring it back.",
    )
    refusal = fields.Char(compute="_compute_refusal")
    are_different = fields.Boolean(compute="_compute_refusal")
    line_ids = fields.One2many(
        "lead.directory.merging.line", "merging_id", string="Values", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        mergings = super().create(vals_list)
        for merging in mergings:
            first, second = merging.first_id, merging.second_id
            names = [one for one in first._compared_columns() if first[one] or second[one]]
            merging.line_ids = [Command.create({"column": name}) for name in names]
        return mergings

    @api.depends("first_id", "second_id", "stays")
    @api.depends_context("lang")
    def _compute_refusal(self):
        Merge = self.env["lead.directory.merge"]
        for merging in self:
            kept, merged = merging._kept_and_merged()
            merging.refusal = Merge._refusal(kept, merged)
            are_there = len(kept) == len(merged) == 1
            merging.are_different = are_there and not is_same_company(
                as_company(kept), as_company(merged)
            )

    def _kept_and_merged(self):
        both = self.first_id, self.second_id
        return both if self.stays == "first" else both[::-1]

    def action_merge(self):
        """Make them one, and show it."""
        self.ensure_one()
        kept, merged = self._kept_and_merged()
        if not (kept.exists() and merged.exists()):
            raise UserError(self.env._("One of them is gone."))
        self.env["lead.directory.merge"]._merge(kept, merged)
        return {
            "type": "ir.actions.act_window",
            "res_model": kept._name,
            "res_id": kept.id,
            "view_mode": "form",
        }


class LeadDirectoryMergingLine(models.TransientModel):
    _name = "lead.directory.merging.line"
    _description = "Value of Two Companies"
    _order = "id"

    merging_id = fields.Many2one(
        "lead.directory.merging", required=True, readonly=True, ondelete="cascade"
    )
    column = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Value", compute="_compute_values")
    first = fields.Char(string="The First", compute="_compute_values")
    second = fields.Char(string="The Second", compute="_compute_values")
    result = fields.Char(string="Then", compute="_compute_values")
    is_taken = fields.Boolean(compute="_compute_values")

    @api.depends("column", "merging_id.stays")
    @api.depends_context("lang")
    def _compute_values(self):
        Company, Merge = self.env["lead.directory.company"], self.env["lead.directory.merge"]
        labels = Company.fields_get(self.mapped("column"), ["string"])
        for merging, lines in self.grouped("merging_id").items():
            kept, merged = merging._kept_and_merged()
            taken = Merge._fillable(kept.sudo(), merged.sudo())  # sudo: see `_merge`
            for line in lines:
                name = line.column
                line.label = labels[name]["string"]
                line.first = merging.first_id[name] or ""
                line.second = merging.second_id[name] or ""
                line.is_taken = name in taken
                line.result = taken.get(name) or kept[name] or ""
