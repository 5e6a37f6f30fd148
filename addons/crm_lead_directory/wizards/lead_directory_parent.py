from odoo import api, fields, models
from odoo.exceptions import UserError


class LeadDirectoryParent(models.TransientModel):
    """Whose subsidiary a company is, where no register tells it."""

    _name = "lead.directory.parent"
    _description = "Parent of a Directory Company"

    directory_company_id = fields.Many2one(
        "lead.directory.company",
        string="Company",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    parent_id = fields.Many2one(
        "lead.directory.company",
        domain="[('id', '!=', directory_company_id)]",
        ondelete="cascade",
        help="Leave empty to take away what was set by hand; what a register tells stays.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        company = self.env["lead.directory.company"].browse(values.get("directory_company_id"))
        by_hand = company.relation_ids.filtered("is_by_hand")[:1]
        if "parent_id" in fields_list and by_hand:
            merged = company._readable_groups().merged
            parent = merged.kept(by_hand.parent, by_hand.parent_lei or None)
            values["parent_id"] = next(iter(company._by_handle({parent})[parent]), False)
        return values

    def action_set(self):
        """Keep it, in place of what was set before."""
        self.ensure_one()
        company, parent = self.directory_company_id, self.parent_id
        # Whoever may delete companies may say what group they are in.
        (company | parent).check_access("unlink")
        groups = company._readable_groups()
        if parent and company._is_same(parent, groups):
            raise UserError(self.env._("A company cannot be its own parent."))
        if parent and company._is_above(parent, groups):
            raise UserError(
                self.env._(
                    "%(parent)s is a subsidiary of %(company)s: it cannot be its parent too.",
                    parent=parent.name,
                    company=company.name,
                )
            )
        owners = company.dataset_id.company_id, parent.dataset_id.company_id
        if all(owners) and owners[0] != owners[1]:
            raise UserError(
                self.env._(
                    "“%(company)s” and “%(parent)s” are in lists that two companies have for"
                    " themselves: neither list may name what is in the other one.",
                    company=company.name,
                    parent=parent.name,
                )
            )
        # sudo: see `LeadDirectoryCompany._delete_where`.
        company.relation_ids.sudo().filtered("is_by_hand").unlink()
        if parent:
            identity, lei = company._handle()
            parent_identity, parent_lei = parent._handle()
            # What one company of the database has for itself is not named where others read it.
            dataset = parent.dataset_id if parent.dataset_id.company_id else company.dataset_id
            # sudo: see `LeadDirectoryCompany._delete_where`.
            self.env["lead.directory.relation"].sudo().create(
                {
                    "dataset_id": dataset.id,
                    "child": identity,
                    "child_lei": lei,
                    "parent": parent_identity,
                    "parent_lei": parent_lei,
                    "kind": "direct",
                    "is_by_hand": True,
                }
            )
        company.invalidate_recordset(["part_of", "part_of_id", "relation_ids"])
        return {"type": "ir.actions.act_window_close"}
