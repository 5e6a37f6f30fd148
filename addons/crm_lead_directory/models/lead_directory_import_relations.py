from odoo import fields, models

from ..importer.relations import load_relations, undo_relations
from ..registers.recipes import RECIPES
from ..registers.relations import open_relations


class LeadDirectoryImport(models.Model):
    """Groups of companies, which some registers tell in a file of their own."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    relations_read = fields.Integer(
        string="Parents",
        readonly=True,
        copy=False,
        help="Parents of companies, direct and ultimate ones, that the edition tells.",
    )
    relations_kept = fields.Boolean(
        string="Parents Left as They Were",
        readonly=True,
        copy=False,
        help="The edition tells less than half of what was known, so nothing of it was changed.",
    )

    def _read_header(self):
        read = super()._read_header()
        if self.recipe:
            # A layout that is not known stops it before the first row, not after the last one.
            with self._open(), open_relations(RECIPES[self.recipe], self._folder_path()):
                pass
        return read

    def _complete(self):
        if not self.edition_step and self.recipe in RECIPES:
            self._load_relations()
        return super()._complete()

    def _load_relations(self):
        with self._open(), open_relations(RECIPES[self.recipe], self._folder_path()) as rows:
            if rows is None:
                return
            related = load_relations(
                self.env.cr,
                self.dataset_id.id,
                self.id,
                rows,
                fields.Date.context_today(self),
            )
        self.env["lead.directory.relation"].invalidate_model()
        self.write({"relations_read": related.told, "relations_kept": related.is_kept})

    def _finish(self):
        finished = super()._finish()
        if self.relations_read:
            self.env.cr.execute("ANALYZE lead_directory_relation")
        return finished

    def _undo(self, *, at_once=False):
        is_over = super()._undo(at_once=at_once)
        if self.state == "undone":
            undo_relations(self.env.cr, self.id)
            self.env["lead.directory.relation"].invalidate_model()
            self.relations_read = 0
        return is_over

    def _folder_path(self) -> str:
        """Return where the files are that were downloaded, "" of one that was uploaded."""
        # sudo: the path is hidden from users, see `_stored_file`.
        return self.sudo().path or ""
