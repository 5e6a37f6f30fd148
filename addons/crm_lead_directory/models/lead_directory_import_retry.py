from collections.abc import Collection, Mapping

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_lead_mining.files.errors import RowError

from ..importer.ended import forget
from ..importer.groups import Groups
from ..importer.load import load
from ..importer.named import count_named
from ..importer.stored import Written

#: An import that dropped a larger part of its rows says so.
MANY_DROPPED = 0.1


class LeadDirectoryImport(models.Model):
    """What becomes of rows that were dropped: they are corrected and tried again."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    def _finished_state(self) -> str:
        """Return the state of an import that has read its whole file."""
        return "partial" if self.rows_dropped > MANY_DROPPED * self.rows_read else "done"

    def _rows_at(self, lines: Collection[int]) -> dict[int, list[str] | RowError]:
        """Return line -> cells, of those that the file still has."""
        wanted, last = frozenset(lines), max(lines, default=0)
        found = {}
        with self._open() as table:
            for line, cells in table.rows():
                if line in wanted:
                    found[line] = cells
                if line >= last:
                    break
        return found

    def _try_again(self, problems, changes: Mapping[int, tuple[str, str]]) -> int:
        """Import rows that were dropped, with their cells changed.

        :param problems: of this import, one for each row
        :param changes: position of a column -> (the value to be changed, its new value)
        :return: how many rows are imported now; the others are dropped for the reason of today
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("done", "partial", "failed", "cancelled")
        rows = []
        for line, cells in sorted(self._rows_at(problems.mapped("line")).items()):
            if not isinstance(cells, RowError):
                rows.append((line, self._changed(cells, changes)))
        if not rows:
            raise UserError(self.env._("The file no longer has these rows."))
        converter = self._converter()
        converted = converter.convert(rows)
        groups = Groups(converter.columns, self._shared_hosts(), self._named_prefix())
        groups.settle(converted)
        withheld = self._leave_out_suppressed(converter.columns, converted)
        written = Written(self.newest_before)
        self._tell_apart(converter.columns, converted, written)
        loaded = load(
            self.env.cr, self.dataset_id.id, converter.columns, converted, written=written
        )
        # sudo: see `_parts`.
        self.env["lead.directory.edition.part"].sudo()._read_again(loaded.known_ids)
        if "status" in converter.columns:
            forget(self.env.cr, self.dataset_id.id, dict(converted.companies))
        # They were written without the ORM.
        self.env["lead.directory.company"].invalidate_model()
        self.env["lead.directory.contact"].invalidate_model()
        count = len(converted.companies)
        lines = [line for line, _cells in rows]
        # sudo: users read the list of problems, and only imports write it.
        problems_sudo = self.problem_ids.sudo().filtered(lambda one: one.line in set(lines))
        left = self.problem_count - len(problems_sudo)
        problems_sudo.unlink()
        self.problem_count = left
        self.sudo()._insert_problems(converted.problems)
        self.write(
            {
                "problem_count": left + len(converted.problems),
                "rows_dropped": self.rows_dropped - count,
                "rows_named": self.rows_named + count_named(converted),
                "rows_withheld": self.rows_withheld + len(withheld),
                "companies_created": self.companies_created + loaded.created,
                "companies_updated": self.companies_updated + loaded.updated,
                "companies_unchanged": self.companies_unchanged + loaded.unchanged,
                "contacts_created": self.contacts_created + loaded.contacts_created,
                "contacts_updated": self.contacts_updated + loaded.contacts_updated,
            }
        )
        if self.state in ("done", "partial"):
            self.state = self._finished_state()
        self.dataset_id._update_companies_count()
        return count

    @staticmethod
    def _changed(cells: list[str], changes: Mapping[int, tuple[str, str]]) -> list[str]:
        return [
            changes[place][1] if place in changes and changes[place][0] == cell else cell
            for place, cell in enumerate(cells)
        ]

    def _shared_hosts(self) -> dict[str, frozenset[str]]:
        """Return the hosts that the file itself has shown to be nobody's."""
        told = self.problem_ids.filtered(lambda one: one.code in ("shared_host", "shared_website"))
        values = filter(None, told.mapped("value"))
        return {value.rpartition(": ")[2]: frozenset() for value in values}
