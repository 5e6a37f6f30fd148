from collections.abc import Mapping
from itertools import compress

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..importer.converted import Converted
from ..importer.unchanged import LastEdition, Split, recognisable
from ..registers.recipes import RECIPES

#: What the rows of a file share with others of it, so that none can be judged alone.
_SHARED = frozenset({"domain", "website", "email"})
#: By whose versions the meaning of a row may change.
_MODULES = ("crm_common", "crm_lead_mining", "crm_lead_directory")


class LeadDirectoryImport(models.Model):
    """Most rows of a new edition are those of the last one, and cost no more than being read."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    def _last_edition(self, header) -> LastEdition | None:
        """Return the rows of the last edition whose companies are as it has left them.

        :return: without any if there was none, or if another file has come in between; None where
            rows are not recognised
        """
        if self.is_delta:  # whose rows all are new ones
            return None
        before = self._edition_before()
        if not before and self._forget_earlier_rows():
            # Finished or not, this one changes the companies that those rows are of.
            self.env["ir.cron"]._commit_progress()
        if not self._policy() or RECIPES[self.recipe].is_named or _SHARED.intersection(header):
            return None
        # sudo: whoever imports need not see which addons there are.
        modules_sudo = self.env["ir.module.module"].sudo()
        modules_sudo = modules_sudo.search([("name", "in", _MODULES)], order="name")
        places = self._places()
        meaning = [
            self.recipe,
            header,
            modules_sudo.mapped("latest_version"),
            self.country_id.code,
            self.column_ids.mapped("industry_edition"),
            sorted(places.countries.items()),
            sorted(places.states.items()),
        ]
        last = LastEdition(repr(meaning))
        again = before._parts("rows")._read_again_ids()
        # Of companies that were deleted, merged or marked meanwhile the rows are read again.
        for part in before._parts("rows"):
            self.env.cr.execute(
                SQL(
                    """
                    SELECT coalesce(array_agg(had.mark), '{}'), coalesce(array_agg(had.id), '{}')
                      FROM lead_directory_edition_part AS part
                CROSS JOIN unnest(part.marks, part.ids) AS had(mark, id)
                      JOIN lead_directory_company AS company ON company.id = had.id
                     WHERE part.id = %s AND company.dataset_id = %s AND had.mark IS NOT NULL
                       AND company.status IS NULL AND company.vanished_on IS NULL
                    """,
                    part.id,
                    self.dataset_id.id,
                )
            )
            marks, ids = self.env.cr.fetchone()
            if again:
                is_known = [one not in again for one in ids]
                marks, ids = list(compress(marks, is_known)), list(compress(ids, is_known))
            last.add(marks, ids)
        last.go_to(self.companies_unchanged + self.companies_updated)
        return last

    def _edition_before(self):
        """Return the import of the last edition, if nothing was imported after it."""
        before = self.search(
            Domain("dataset_id", "=", self.dataset_id.id)
            & Domain("id", "!=", self.id)
            & Domain("is_delta", "=", False)
            & Domain("started_at", "!=", False),
            order="started_at DESC, id DESC",
            limit=1,
        )
        is_alike = (
            before.state in ("done", "partial")
            and before.recipe == self.recipe
            and before.only_country_ids == self.only_country_ids
            # Not if this one goes on that has begun before it.
            and not (
                self.started_at and (self.started_at, self.id) < (before.started_at, before.id)
            )
        )
        return before if is_alike else before.browse()

    def _note_rows(self, converted: Converted, split: Split, others, ids: Mapping[str, int]):
        """Keep the marks of a batch's rows for the next edition.

        :param others: companies of which the file had a row before
        :param ids: identity -> company of the batch's rows
        """
        if not (split.ids or split.marks_of):
            return
        # sudo: see `_parts`.
        Part_sudo = self.env["lead.directory.edition.part"].sudo()
        Part_sudo._note(self, "rows", others)
        known = recognisable(converted, split.marks_of)
        told = {ids[one]: mark for one, mark in known.items() if one in ids}
        for one in others:
            told.pop(one, None)
        told |= zip(split.ids, split.marks, strict=True)
        Part_sudo._note(self, "rows", told.keys(), told.values())

    def _note_edition(self, loaded, unused, unchanged):
        noted = super()._note_edition(loaded, unused, unchanged)
        if self.is_delta:
            # What the whole edition before had of them is no longer so. sudo: see `_parts`.
            self.env["lead.directory.edition.part"].sudo()._read_again(loaded.known_ids)
        return noted

    def _revive_recognised(self, split: Split):
        """Have who is alive do business, of whom an earlier row of the file told otherwise."""
        if split.ids and self.companies_marked:
            self.env.cr.execute(
                SQL(
                    "UPDATE lead_directory_company SET status = NULL WHERE id = ANY(%s)"
                    " AND status IS NOT NULL AND status <> 'merged'",
                    split.ids,
                )
            )

    def _forget_earlier_rows(self) -> bool:
        """Keep the rows of this edition alone: the next one is compared with it.

        :return: whether there were others
        """
        # sudo: see `_parts`.
        earlier_sudo = (
            self.env["lead.directory.edition.part"]
            .sudo()
            .search(
                Domain("import_id.dataset_id", "in", self.dataset_id.ids)
                & Domain("import_id", "not in", self.ids)
                & Domain("kind", "=", "rows")
            )
        )
        earlier_sudo.unlink()
        return bool(earlier_sudo)

    def unlink(self):
        """Have rows read again of companies that those have written which were not finished."""
        self.exists().filtered(
            lambda one: one.started_at and one.state not in ("done", "partial")
        )._forget_earlier_rows()
        return super().unlink()


class LeadDirectoryCompany(models.Model):
    """Companies, whose rows are read again if they were written by any other way."""

    _inherit = "lead.directory.company"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        # sudo: see `LeadDirectoryImport._parts`.
        self.env["lead.directory.edition.part"].sudo()._read_again(self.ids)
        return super().write(vals)
