import logging
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..registers.recipes import RECIPES
from .lead_directory_edition_part import PART

_logger = logging.getLogger(__name__)

#: So many days before companies are deleted, who looks after the source is told.
TOLD_BEFORE = 14


class LeadDirectorySource(models.Model):
    """Editions that are to be forgotten after some time, whether or not there is a newer one."""

    _inherit = "lead.directory.source"  # pylint: disable=consider-merging-classes-inherited

    forgets_on = fields.Date(
        string="To Be Forgotten On",
        compute="_compute_forgets_on",
        help="When companies are deleted, if no newer edition was imported until then.",
    )
    forget_told = fields.Date(
        readonly=True, copy=False, help="The day of forgetting that was told by an activity."
    )

    @api.depends("dataset_id", "import_id.state")
    def _compute_forgets_on(self):
        today = fields.Date.context_today(self)
        for source in self:
            ends = [end for end in source._ends().values() if end > today]
            source.forgets_on = min(ends, default=False)

    def _ends(self) -> dict[str, date]:
        """Return country -> when its companies are to be forgotten, "" for all other countries."""
        recipe = RECIPES.get(self.code)
        if not (recipe and recipe.kept_days and self.dataset_id):
            return {}
        # sudo: whoever sees the source may know, also who does not import.
        imports_sudo = self.env["lead.directory.import"].sudo().search(
            Domain("dataset_id", "=", self.dataset_id.id)
            & Domain("recipe", "=", self.code)
            & Domain("rows_read", ">", 0)
            & Domain("state", "!=", "undone")
        )  # fmt: skip
        ends: dict[str, date] = {}
        # What has broken off renews nothing, but is forgotten as well where it is all there is.
        broken_sudo = imports_sudo.filtered(
            lambda one: one.state in ("failed", "cancelled") and not one.edition_step
        )
        for some_sudo in (imports_sudo - broken_sudo, broken_sudo):
            known = frozenset(ends)
            for one in some_sudo:
                end = one._released_on() + timedelta(days=recipe.kept_days)
                for code in one.only_country_ids.mapped("code") or [""]:
                    if not known.intersection(("", code)):
                        ends[code] = max(end, ends.get(code, end))
        if "" in ends:
            ends = {code: max(end, ends[""]) for code, end in ends.items()}
        return ends

    @api.model
    def _cron_look(self):
        super()._cron_look()
        codes = [code for code, recipe in RECIPES.items() if recipe.kept_days]
        for source in self.search([("code", "in", codes), ("dataset_id", "!=", False)]):
            source = source.with_context(lang=source._caretaker().lang)
            if not source._forget_old():
                return
            source._tell_forgetting()
            self.env["ir.cron"]._commit_progress()

    def _forget_old(self) -> bool:
        """Delete companies whose edition is too old; leads of theirs keep their own copy.

        :return: whether all is done; if not, the cron's time is over
        """
        today = fields.Date.context_today(self)
        ends = self._ends()
        if not ends or ends.get("", today) > today:
            return True
        kept = [code for code, end in ends.items() if code and end > today]
        cron, forgotten, deleted = self.env["ir.cron"], 0, PART
        while deleted == PART:
            deleted = self.env["lead.directory.company"]._delete_where(
                SQL(
                    "company.dataset_id = %s AND company.country_code <> ALL(%s)",
                    self.dataset_id.id,
                    kept,
                ),
                PART,
            )
            forgotten += deleted
            if deleted == PART and cron._commit_progress(deleted) <= 0:
                return False
        if forgotten:
            _logger.info("%s: %s companies of an old edition were deleted.", self, forgotten)
            self.env["lead.directory.company"].invalidate_model()
            self.env["lead.directory.contact"].invalidate_model()
            self.dataset_id._update_companies_count()
            self._ask_owner(
                self.env._("Companies of an old edition were deleted"),
                self.env._("Its publisher asks for that. Import a newer one to have them back."),
            )
        return True

    def _tell_forgetting(self):
        """Tell once, some days before."""
        end = self.forgets_on
        soon = fields.Date.context_today(self) + timedelta(days=TOLD_BEFORE)
        if end and end <= soon and self.forget_told != end and self.companies_count:
            self.forget_told = end
            self._ask_owner(
                self.env._("Companies will be deleted soon"),
                self.env._(
                    "Their edition is to be forgotten on %s, as its publisher asks. Import a newer"
                    " one before.",
                    fields.Date.to_string(end),
                ),
            )


class LeadDirectoryImport(models.Model):
    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    def _check_mapping(self):
        self._check_kept_apart()
        return super()._check_mapping()

    def _check_kept_apart(self):
        """Refuse other files where companies are deleted that no edition has any more."""
        deleting = [code for code, recipe in RECIPES.items() if recipe.vanished == "deleted"]
        others = (
            Domain("dataset_id", "=", self.dataset_id.id)
            & Domain("id", "!=", self.id)
            & Domain("state", "!=", "undone")
            & (Domain("rows_read", ">", 0) | Domain("state", "in", ("queued", "running")))
            & Domain("recipe", "!=", self.recipe)
        )
        if self.recipe not in deleting:
            others &= Domain("recipe", "in", deleting)
        # sudo: also what another user has imported into the dataset is in it.
        if other_sudo := self.sudo().search(others, limit=1):
            recipe = RECIPES[self.recipe if self.recipe in deleting else other_sudo.recipe]
            raise UserError(
                self.env._(
                    "Companies in the dataset of “%s” are deleted when its newest edition does not"
                    " have them, so no other file can go there. Import the other file into a"
                    " dataset of its own.",
                    recipe.title,
                )
            )

    def _released_on(self) -> date:
        """Return the day of the edition, as its name tells, else that on which it was read."""
        self.ensure_one()
        try:
            told = date.fromisoformat((self.version or "")[:10])
        except ValueError:
            told = date.max
        return min(told, (self.started_at or self.create_date).date())
