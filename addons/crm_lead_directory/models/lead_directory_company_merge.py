from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LeadDirectoryCompany(models.Model):
    """Companies that somebody has told to be one."""

    _inherit = "lead.directory.company"  # pylint: disable=consider-merging-classes-inherited

    merge_ids = fields.One2many(
        "lead.directory.merge", "kept_id", string="Merged into This", readonly=True
    )
    merged_ids = fields.One2many("lead.directory.merge", "merged_id", readonly=True)
    merged_into_id = fields.Many2one("lead.directory.company", compute="_compute_merged_into_id")

    _merged_index = models.Index("(id) WHERE status = 'merged'")

    @api.depends("merged_ids")
    def _compute_merged_into_id(self):
        for company in self:
            company.merged_into_id = company.merged_ids.kept_id

    def action_merge(self):
        """Open the dialog in which two companies that were chosen become one."""
        self.check_access("unlink")
        if len(self) != 2:
            raise UserError(self.env._("Choose two companies."))
        # The one that knows more is proposed to stay.
        first, second = self.sorted(lambda one: (-len(one._known_columns()), one.id))
        merging = self.env["lead.directory.merging"].create(
            {"first_id": first.id, "second_id": second.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Companies"),
            "res_model": merging._name,
            "res_id": merging.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_undo_merge(self):
        """Make this company one of its own again."""
        return self.merged_ids.action_undo()

    def _known_columns(self):
        return [name for name in self._compared_columns() if self[name]]

    @api.model
    def _compared_columns(self):
        """Return the columns that two companies are compared by."""
        return [
            name
            for name, field in self._fields.items()
            if field.store and field.type in ("char", "integer", "text") and name != "id"
        ]

    def unlink(self):
        """Have who was merged into these do business again."""
        merged = self.merge_ids.merged_id - self
        # sudo: see `lead.directory.merge`.
        (self.merged_ids | self.merge_ids).sudo()._give_back()
        result = super().unlink()
        merged._revive_merged()
        return result

    def _revive_merged(self):
        """Have companies be found again that are merged into none; others stay as they are.

        Who has ended meanwhile, as the own dataset tells, has.
        """
        self._revive(SQL("company.id = ANY(%s)", self.ids))

    @api.model
    def _revive(self, condition: SQL):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_directory_company AS company
                   SET status = (SELECT ended.status FROM lead_directory_ended AS ended
                                  WHERE ended.dataset_id = company.dataset_id
                                    AND ended.key = company.identity)
                 WHERE company.status = 'merged' AND %s
                   AND NOT EXISTS (SELECT FROM lead_directory_merge AS merge
                                    WHERE merge.merged_id = company.id)
                """,
                condition,
            )
        )
        self.invalidate_model(["status"])

    @api.model
    def _delete_where(self, condition: SQL, limit: int | None = None) -> int:
        """Delete companies with SQL, with what others have of them, as millions are deleted.

        :param condition: on `company`
        :param limit: the most that are deleted
        :return: how many were
        """
        chosen = SQL(
            "company.id IN (SELECT company.id FROM lead_directory_company AS company"
            " WHERE %s ORDER BY company.id LIMIT %s)",
            condition,
            limit,
        )
        self.env["lead.directory.merge"]._forget_sources(chosen)
        self.env.cr.execute(SQL("DELETE FROM lead_directory_company AS company WHERE %s", chosen))
        deleted = self.env.cr.rowcount
        self._revive(SQL("TRUE"))
        return deleted
