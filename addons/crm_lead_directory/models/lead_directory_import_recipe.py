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
from ..tools.settings import Settings
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
    only_country_ids = fields.Many2many(
        "res.country",
        string="Only Companies Of",
        copy=False,
        help="Countries whose companies are read of a register of all the world; none for all.",
    )
    is_of_many_countries = fields.Boolean(compute="_compute_is_of_many_countries")

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

    @api.depends("recipe")
    def _compute_is_of_many_countries(self):
        for record in self:
            recipe = RECIPES.get(record.recipe)
            record.is_of_many_countries = bool(recipe and recipe.is_of_many_countries)

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
        codes = self.only_country_ids.mapped("code")
        first = recipe.files[0]
        if os.path.isdir(path) and (first.container != "parquet" or first.url):  # downloaded
            keys = set(os.listdir(path)).intersection(one.key for one in recipe.files)
            paths = {key: os.path.join(path, key) for key in keys}
            memory = Settings.of(self.env).join_memory
            return open_table(recipe, paths, codes, memory=memory)
        if not is_told_by_first_file(recipe):
            raise UserError(
                self.env._("This register has several files, which only Get puts together.")
            )
        return open_table(recipe, {first.key: path}, codes)

    def _column_names(self):
        """Return what the columns are called for who reads their values."""
        return RECIPES[self.recipe].names if self.recipe else super()._column_names()

    def _has_enough(self, targets):
        return bool(self.recipe and RECIPES[self.recipe].is_named) or super()._has_enough(targets)

    def _is_named(self):
        return RECIPES[self.recipe].is_named if self.recipe else super()._is_named()

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
