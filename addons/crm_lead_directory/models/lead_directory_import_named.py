from collections.abc import Sequence

from odoo import fields, models
from odoo.tools import SQL

from ..importer.converted import Converted
from ..importer.named import base_of, count_named, prefix_of, tell_apart
from ..importer.stored import Written

#: What a place can be read from.
_PLACE = frozenset({"city", "zip", "location"})


class LeadDirectoryImport(models.Model):
    """Companies of which a file tells nothing but the name and the place."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    name_is_enough = fields.Boolean(
        string="Without Identity Too",
        help="Also import companies that neither a number nor a website identifies, by their name,"
        " country, and postal code or town. Whether such a company is known already, nobody can"
        " tell for sure: it is marked, and proposed for merging where it seems to be one that is"
        " known.",
    )
    rows_named = fields.Integer(
        string="Without Identity",
        readonly=True,
        copy=False,
        help="Rows of companies of which only the name and the place are known.",
    )

    def _named_prefix(self) -> str:
        """Return what identities of such rows begin with, "" if they are dropped."""
        return prefix_of(self.dataset_id.id) if self._is_named() else ""

    def _is_named(self) -> bool:
        """Tell whether a name and a place are enough to know a company by."""
        return self.name_is_enough

    def _has_enough(self, targets: Sequence[str]) -> bool:
        """Tell whether names and places can be had without anything that identifies a company."""
        return self.name_is_enough and "name" in targets and not _PLACE.isdisjoint(targets)

    def _tell_apart(self, columns: Sequence[str], converted: Converted, written: Written) -> None:
        """Keep rows apart from those of earlier batches that have another street."""
        if not (self._is_named() and count_named(converted)):
            return
        bases = {base_of(identity) for identity, _line in converted.companies}
        # By SQL, as all that an import does with companies: nothing of millions stays in memory.
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM lead_directory_company"
                " WHERE dataset_id = %s AND identity = ANY(%s)",
                SQL(", ").join(SQL("COALESCE(%s::text, '')", SQL.identifier(c)) for c in columns),
                self.dataset_id.id,
                list(bases),
            )
        )
        place = columns.index("identity")
        ours = {cells[place]: cells for id_, *cells in rows if id_ in written}
        tell_apart(columns, converted, ours)
