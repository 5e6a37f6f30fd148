from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.status import STATUSES

from .lead_directory_edition_part import PART

#: So many are undone while who asks waits, more in the background.
AT_ONCE = 20_000
#: Numbers of what an import has brought.
_WRITTEN = (
    "companies_created",
    "companies_marked",
    "relations_read",
    *(f"rows_{status}" for status in STATUSES),
)


class LeadDirectoryImport(models.Model):
    """An import that should not have been: what it has created goes, leads keep their copy."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    state = fields.Selection(
        selection_add=[("undoing", "Being Undone"), ("undone",)], ondelete={"undoing": "cascade"}
    )

    def action_undo(self):
        """Delete what the import has created, and who has ended by its word does business again.

        What it has updated stays updated.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("asks", "done", "partial", "failed", "cancelled")
        # One that began earlier may have gone on later, after a failure or a cancellation.
        began_or_ended_later = (
            Domain("newest_before", ">", self.newest_before)
            | Domain("newest_ended_before", ">", self.newest_ended_before)
            | Domain("finished_at", ">", self.started_at)
        )
        later = self.search(
            Domain("dataset_id", "=", self.dataset_id.id)
            & Domain("id", "!=", self.id)
            & Domain("state", "!=", "undone")
            & (
                Domain("state", "in", ("queued", "running", "asks", "undoing"))
                | began_or_ended_later & Domain.OR(Domain(one, ">", 0) for one in _WRITTEN)
            )
        )
        if later:
            raise UserError(self.env._("Undo the later imports into this dataset first."))
        self.write({"state": "undoing", "user_id": self.env.uid})
        self.flush_recordset()  # whoever changes it at the same time is waited for here
        if self.companies_created + self.companies_marked <= AT_ONCE:
            self._undo(at_once=True)
        else:
            self._trigger_cron()
        return True

    def _undo(self, *, at_once: bool = False) -> bool:
        """Undo part by part.

        :param at_once: whether all is done in the caller's transaction
        :return: whether it is over; if not, the cron's time is
        """
        marked = self.companies_marked
        if not self._work_off("marked", marked, self._unmark, at_once=at_once):
            return self.state != "undoing"
        if not self._delete_created(at_once):
            return False
        if self.started_at:  # else it is not known what was there before, and nothing came
            self.env.cr.execute(
                SQL(
                    "DELETE FROM lead_directory_ended WHERE dataset_id = %s AND id > %s",
                    self.dataset_id.id,
                    self.newest_ended_before,
                )
            )
        self.env["lead.directory.company"].invalidate_model()
        self.env["lead.directory.contact"].invalidate_model()
        self._parts("written", "seen", "vanished", "rows").unlink()
        # sudo: what others were told is wrong, whoever undoes it.
        self.env["lead.directory.signal"].sudo().search([("import_id", "=", self.id)])._take_back()
        self._changes().unlink()
        self.write(
            {
                "state": "undone",
                "companies_created": 0,
                "contacts_created": 0,
                "companies_marked": 0,
                "progress": 100.0,
            }
        )
        self.dataset_id._update_companies_count()
        self._tell_progress()
        return True

    def _unmark(self, part):
        self.env.cr.execute(
            SQL(
                "UPDATE lead_directory_company SET status = NULL, vanished_on = NULL"
                " WHERE id = ANY(%s) AND status IS DISTINCT FROM 'merged'",
                part._company_ids(),
            )
        )
        part.unlink()

    def _delete_created(self, at_once: bool) -> bool:
        """Delete what came after the import had begun; see `_undo`.

        Only imports write companies, and another one into the dataset has not begun.
        """
        cron, deleted = self.env["ir.cron"], PART
        while self.companies_created and deleted == PART:
            deleted = self.env["lead.directory.company"]._delete_where(
                SQL(
                    "company.dataset_id = %s AND company.id > %s",
                    self.dataset_id.id,
                    self.newest_before,
                ),
                PART,
            )
            if deleted == PART and not at_once and not cron._commit_progress(deleted):
                self._trigger_cron()
                return False
        return True
