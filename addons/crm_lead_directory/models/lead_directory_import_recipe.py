import os
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from odoo.addons.crm_lead_mining.company.status import STATUSES

from ..importer.columns import TARGETS, Guess
from ..registers.protection import is_told_by_first_file
from ..registers.recipe import REASONS
from ..registers.recipes import RECIPES
from ..registers.table import open_table
from .lead_directory_import_mapping import SAMPLED_ROWS


class LeadDirectoryImport(models.Model):
    """Files of open registers: their recipe knows what each column is, nobody is asked."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    recipe = fields.Char(readonly=True, copy=False, help="The open register that the file is of.")
    left_out = fields.Json(
        string="Rows by Reason",
        readonly=True,
        copy=False,
        help="Rows that are no companies, by why.",
    )
    left_out_text = fields.Text(string="Left Out", compute="_compute_left_out_text")

    @api.depends("left_out", *(f"rows_{status}" for status in STATUSES))
    def _compute_left_out_text(self):
        for record in self:
            counts = Counter(record.left_out or {})
            counts.update({status: record[f"rows_{status}"] for status in STATUSES})
            record.left_out_text = "\n".join(
                f"{formatLang(self.env, count, digits=0)} · {self.env._(REASONS[reason])}"
                for reason, count in counts.most_common()
                if count
            )

    def action_start(self):
        """Queue the import; a register's file needs no look at its columns before."""
        for record in self:
            if record.recipe and record.state == "draft":
                record._read_header()
        return super().action_start()

    def _remember_columns(self):
        if not self.recipe:
            return super()._remember_columns()
        return None

    def _open_table(self, path, most_rows):
        if not self.recipe:
            return super()._open_table(path, most_rows)
        recipe = RECIPES[self.recipe]
        if os.path.isdir(path):  # downloaded
            keys = set(os.listdir(path)).intersection(one.key for one in recipe.files)
            return open_table(recipe, {key: os.path.join(path, key) for key in keys})
        if not is_told_by_first_file(recipe):
            raise UserError(
                self.env._("This register has several files, which only Get puts together.")
            )
        return open_table(recipe, {recipe.files[0].key: path})

    def _is_dear_to_open(self):
        return bool(self.recipe and RECIPES[self.recipe].joins)

    def _read_header(self):
        """Note what the recipe knows of the columns, and refuse a file of another layout."""
        if not self.recipe:
            return super()._read_header()
        recipe = RECIPES[self.recipe]
        with self._open() as table:
            header, rows, editions = table.header, table.preview(SAMPLED_ROWS), table.editions
        country = self._recipe_countries()
        country = country if len(country) == 1 else country.browse()
        self.registry, self.country_id = recipe.registry, country
        self.has_header, self.rows_are = True, "companies"
        known = [Guess(name if name in TARGETS else "", "name") for name in header]
        return self._write_columns(header, rows, known, known, editions)

    def _recipe_countries(self):
        codes = list(RECIPES[self.recipe].country_codes)
        return self.env["res.country"].search([("code", "in", codes)])

    def _tell_progress(self):
        for source in self._sources():
            source._tell_progress()
        return super()._tell_progress()

    def _sources(self):
        # sudo: how far a source is, the program tells.
        return self.env["lead.directory.source"].sudo().search([("import_id", "in", self.ids)])

    def _fail(self, sentence):
        failed = super()._fail(sentence)
        self.exists()._sources()._count_failure(sentence)
        return failed

    def _finish(self):
        finished = super()._finish()
        sources = self._sources()
        sources._note_success()
        # Not before it is sure that nobody has to go on with them.
        self.env.cr.postcommit.add(sources._forget_files)
        return finished
