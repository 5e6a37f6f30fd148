from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..importer.ended import record_marked
from ..registers.recipes import RECIPES

#: What vanishes with one edition of a register is less than this; more is asked about.
MANY_VANISHED = 0.1
#: An edition with fewer rows than this part of the last one's is asked about.
FEW_ROWS = 0.5


class LeadDirectoryImport(models.Model):
    """What a new edition of a register no longer has, once the whole file was read."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    state = fields.Selection(
        selection_add=[("asks", "Waits for Your Answer"), ("done",)], ondelete={"asks": "cascade"}
    )
    edition_step = fields.Selection(
        [("find", "Find"), ("ask", "Ask"), ("mark", "Mark"), ("keep", "Keep")],
        readonly=True,
        copy=False,
        help="What is done with companies that are not in the file, once it was read.",
    )
    companies_before = fields.Integer(
        string="There Before",
        readonly=True,
        copy=False,
        help="Companies of the dataset that did business before this edition.",
    )
    companies_vanished = fields.Integer(
        string="No Longer There",
        readonly=True,
        copy=False,
        help="Companies that an earlier edition had, and this one has not.",
    )
    companies_marked = fields.Integer(
        string="Marked as Ended",
        readonly=True,
        copy=False,
        help="Companies that did business before, and have ended or are gone by this import.",
    )
    vanished_text = fields.Char(compute="_compute_vanished_text")
    is_delta = fields.Boolean(
        string="Changes Only",
        readonly=True,
        copy=False,
        help="The file has what was added or changed since the edition before, and nobody is"
        " missed who is not in it.",
    )

    @api.depends("companies_vanished", "companies_before", "recipe")
    @api.depends_context("lang")
    def _compute_vanished_text(self):
        for record in self:
            record.vanished_text = record.companies_vanished and record._question()

    def _question(self):
        numbers = {
            "vanished": self.companies_vanished,
            "before": self.companies_before,
            "percent": round(100 * self.companies_vanished / max(1, self.companies_before)),
        }
        return {
            "ceased": self.env._(
                "%(vanished)s of %(before)s companies (%(percent)s%%) are not in this edition. Of"
                " this register that means that they have ceased to do business.",
                **numbers,
            ),
            "deleted": self.env._(
                "%(vanished)s of %(before)s companies (%(percent)s%%) are not in this edition. The"
                " licence asks to delete them.",
                **numbers,
            ),
            "unknown": self.env._(
                "%(vanished)s of %(before)s companies (%(percent)s%%) are not in this edition. What"
                " has become of them is not known.",
                **numbers,
            ),
        }[self._policy()]

    def action_apply_vanished(self):
        """Treat what the edition no longer has as its recipe says."""
        self._answer("mark")
        return True

    def action_keep_vanished(self):
        """Leave what the edition no longer has as it is."""
        self._answer("keep")
        return True

    def _answer(self, step):
        for record in self:
            record._check_state("asks")
        self.write({"state": "running", "edition_step": step})
        self._trigger_cron()
        self._tell_progress()

    def _policy(self) -> str:
        """Return what vanishing means, "" of a file that is no edition of a register."""
        return RECIPES[self.recipe].vanished if self.recipe in RECIPES else ""

    def _complete(self) -> bool:
        """Do what is left once all rows are read, step by step.

        :return: whether the import is over, or waits; if not, the cron's time is over
        """
        if not self.edition_step:
            self._begin_without_rows()
            self.edition_step = "find" if self._tells_who_vanished() else "keep"
        if self.edition_step == "find":
            self._find_vanished()
        if self.edition_step == "ask":
            return True
        vanished = self.companies_vanished
        if self.edition_step == "mark" and not self._work_off("vanished", vanished, self._mark):
            return self.state not in ("queued", "running")
        self._finish()
        return True

    def _find_vanished(self):
        self.env["ir.cron"]._commit_progress()
        vanished, before = self._note_vanished()
        self.write({"companies_vanished": vanished, "companies_before": before})
        is_much = vanished > MANY_VANISHED * before
        if vanished and (is_much or self._has_few_rows()):
            self.write({"edition_step": "ask", "state": "asks", "progress": 100.0})
            self._tell_progress()
            for source in self._sources().filtered("schedule"):
                source._ask_owner(self.env._("Is the new edition right?"), self.vanished_text)
        else:
            self.edition_step = "mark"
        self.env["ir.cron"]._commit_progress()

    def _begin_without_rows(self):
        """Note what was there before a file of which no row was written."""
        if not self.started_at:
            written = self._written()
            self.write(
                {
                    "started_at": fields.Datetime.now(),
                    "newest_before": written.newest,
                    "newest_ended_before": written.newest_ended,
                }
            )

    def _tells_who_vanished(self) -> bool:
        return bool(self._policy() and not self.is_delta)

    def _note_vanished(self) -> tuple[int, int]:
        return self.env["lead.directory.edition.part"]._note_vanished(self)

    def _has_few_rows(self) -> bool:
        """Tell whether the file is much shorter than the edition before."""
        before = self.search(
            Domain("dataset_id", "=", self.dataset_id.id)
            & Domain("id", "<", self.id)
            & Domain("recipe", "=", self.recipe)
            & Domain("is_delta", "=", False)
            & Domain("state", "in", ("done", "partial"))
        )
        # Of fewer countries there are fewer.
        before = before.filtered(lambda one: one.only_country_ids == self.only_country_ids)
        return self.rows_read < FEW_ROWS * before[:1].rows_read

    def _mark(self, part):
        """Treat vanished companies as the recipe says."""
        ids, policy, cr = part._company_ids(), self._policy(), self.env.cr
        if policy == "deleted":
            Company = self.env["lead.directory.company"]
            self.companies_marked += Company._delete_where(SQL("company.id = ANY(%s)", ids))
        else:
            cr.execute(
                SQL(
                    "UPDATE lead_directory_company SET vanished_on = %s, status = %s"
                    " WHERE id = ANY(%s) AND status IS NULL",
                    fields.Date.context_today(self),
                    "ceased" if policy == "ceased" else None,
                    ids,
                )
            )
            record_marked(cr, self.dataset_id.id, SQL("company.id = ANY(%s)", ids))
            self.companies_marked += len(ids)
        if policy == "deleted":
            part.unlink()
        else:
            part.kind = "marked"

    def _work_off(self, kind: str, total: int, act, *, at_once: bool = False) -> bool:
        """Do something with the companies of each part of a kind, each in one transaction.

        :param total: how many companies they were at first
        :param at_once: whether all is done in the caller's transaction
        :return: whether all is done; if not, somebody cancels, or the cron's time is over
        """
        cron, state = self.env["ir.cron"], self.state
        while True:
            if not self._lock():
                self.env.cr.rollback()
                continue
            if self.state not in (state, "queued", "running"):
                return False
            parts = self._parts(kind)
            if not parts:
                return True
            self.progress = 100.0 - 100.0 * parts._count() / max(total, 1)
            act(parts[0])
            self._tell_progress()
            if not at_once and not cron._commit_progress(1):
                self._trigger_cron()
                return False

    def _finish(self):
        if self._policy():
            self.env["lead.directory.signal"]._make(self)
        finished = super()._finish()
        # What has been marked can be undone; all else is over.
        self._parts("written", "seen", "vanished").unlink()
        if not self.is_delta:
            self._forget_earlier_rows()
        return finished

    def _changes(self):
        # sudo: see `_parts`.
        return self.env["lead.directory.change"].sudo().search([("import_id", "=", self.id)])

    def _parts(self, *kinds):
        # sudo: only imports read and write them, also for who undoes one.
        return (
            self.env["lead.directory.edition.part"]
            .sudo()
            .search(Domain("import_id", "=", self.id) & Domain("kind", "in", kinds))
        )
