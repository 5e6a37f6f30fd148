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
        if not self._policy() or RECIPES[self.recipe].is_named or _SHARED.intersection(header):
            return None
        # sudo: whoever imports need not see which addons there are.
        modules_sudo = self.env["ir.module.module"].sudo()
        modules_sudo = modules_sudo.search([("name", "in", _MODULES)], order="name")
        last = LastEdition(repr([self.recipe, header, modules_sudo.mapped("latest_version")]))
        # Of companies that were deleted, merged or marked meanwhile the rows are read again.
        for part in self._edition_before()._parts("rows"):
            self.env.cr.execute(
                SQL(
                    """
                    SELECT coalesce(array_agg(had.mark), '{}'), coalesce(array_agg(had.id), '{}')
                      FROM lead_directory_edition_part AS part
                CROSS JOIN unnest(part.marks, part.ids) AS had(mark, id)
                      JOIN lead_directory_company AS company ON company.id = had.id
                     WHERE part.id = %s AND company.dataset_id = %s
                       AND company.status IS NULL AND company.vanished_on IS NULL
                    """,
                    part.id,
                    self.dataset_id.id,
                )
            )
            last.add(*self.env.cr.fetchone())
        last.go_to(self.companies_unchanged + self.companies_updated)
        return last

    def _edition_before(self):
        """Return the import of the last edition, if nothing was imported after it."""
        before = self.search(
            Domain("dataset_id", "=", self.dataset_id.id)
            & Domain("id", "!=", self.id)
            & Domain("started_at", "!=", False),
            order="started_at DESC, id DESC",
            limit=1,
        )
        is_alike = (
            before.state in ("done", "partial")
            and before.recipe == self.recipe
            and before.only_country_ids == self.only_country_ids
        )
        return before if is_alike else before.browse()

    def _note_rows(self, converted: Converted, split: Split, others):
        """Keep the marks of a batch's rows for the next edition.

        :param others: companies of which an earlier batch had a row
        """
        known = recognisable(converted, split.marks_of) if split.marks_of else {}
        if not (known or split.ids):
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_directory_edition_part (import_id, kind, ids, marks)
                SELECT %(import_id)s, 'rows', array_agg(known.id), array_agg(known.mark)
                  FROM (
                    SELECT company.id, told.mark
                      FROM unnest(%(identities)s::varchar[], %(new_marks)s::int8[])
                        AS told(identity, mark)
                      JOIN lead_directory_company AS company
                        ON company.dataset_id = %(dataset_id)s
                       AND company.identity = told.identity
                     WHERE company.id <> ALL(%(others)s::int4[])
                 UNION ALL
                    SELECT * FROM unnest(%(ids)s::int4[], %(marks)s::int8[])
                       ) AS known
                HAVING count(*) > 0
                """,
                import_id=self.id,
                dataset_id=self.dataset_id.id,
                identities=list(known),
                new_marks=list(known.values()),
                others=list(others),
                ids=split.ids,
                marks=split.marks,
            )
        )

    def _forget_earlier_rows(self):
        """Keep the rows of this edition alone: the next one is compared with it."""
        # sudo: see `_parts`.
        self.env["lead.directory.edition.part"].sudo().search(
            Domain("import_id.dataset_id", "=", self.dataset_id.id)
            & Domain("import_id", "!=", self.id)
            & Domain("kind", "=", "rows")
        ).unlink()
