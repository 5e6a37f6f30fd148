from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.status import STATUSES

#: Numbers of what an import has brought.
_WRITTEN = ("companies_created", *(f"rows_{status}" for status in STATUSES))


class LeadDirectoryImport(models.Model):
    """An import that should not have been: what it has created goes, leads keep their copy."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    def action_undo(self):
        """Delete the companies that the import has created, and who has ended by its word.

        What it has updated stays updated.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("done", "partial", "failed", "cancelled")
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
                Domain("state", "in", ("queued", "running"))
                | began_or_ended_later & Domain.OR(Domain(one, ">", 0) for one in _WRITTEN)
            )
        )
        if later:
            raise UserError(self.env._("Undo the later imports into this dataset first."))
        if self.companies_created:
            # By the thousand, without a lock for each: only imports write companies, and another
            # import into the dataset has not begun.
            self.env.cr.execute(
                SQL(
                    "DELETE FROM lead_directory_company WHERE dataset_id = %s AND id > %s",
                    self.dataset_id.id,
                    self.newest_before,
                )
            )
            self.env["lead.directory.company"].invalidate_model()
            self.env["lead.directory.contact"].invalidate_model()
        self.env.cr.execute(
            SQL(
                "DELETE FROM lead_directory_ended WHERE dataset_id = %s AND id > %s",
                self.dataset_id.id,
                self.newest_ended_before,
            )
        )
        self.write({"state": "undone", "companies_created": 0, "contacts_created": 0})
        self.dataset_id._update_companies_count()
        return True
