import base64
import csv
import io
import itertools
import os
import tempfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby

from odoo.addons.crm_common.tools.spreadsheets import plain_cell

from ...files.csv_table import CompaniesFile
from ...files.errors import FileError
from ...files.sentences import file_sentence, row_sentences
from ...tools.suppression_file import MAX_ROWS, SAVED, Line, read_header, read_lines, read_saved

PREVIEW_LINES = 10
MAX_PROBLEMS = 10_000


class LeadMiningSuppressionImport(models.TransientModel):
    _name = "lead.mining.suppression.import"
    _inherit = ["iap.company.mixin"]
    _description = "Import Never Mined List"

    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Leave empty for all companies.",
    )
    state = fields.Selection(
        [("upload", "File"), ("preview", "Preview"), ("done", "Done")], default="upload"
    )
    line_ids = fields.One2many(
        "lead.mining.suppression.import.line", "import_id", string="First Lines", readonly=True
    )
    entry_count = fields.Integer(string="Entries", readonly=True)
    new_count = fields.Integer(string="New on the List", readonly=True)
    problem_count = fields.Integer(string="Problems", readonly=True)
    problems_file = fields.Binary(readonly=True, attachment=False)
    problems_file_name = fields.Char(compute="_compute_problems_file_name")

    @api.depends("file_name")
    def _compute_problems_file_name(self):
        for wizard in self:
            stem = os.path.splitext(wizard.file_name or "list")[0]
            problems = self.env._("problems")
            wizard.problems_file_name = f"{stem}-{problems}.csv"

    def action_preview(self):
        """Read the whole file, show its first lines and what cannot be read."""
        self.ensure_one()
        lines = self._read()
        good = [line for line in lines if line.entries]
        labels = self.env["lead.mining.suppression"]._kind_labels()
        self.line_ids.unlink()
        self.write(
            {
                "state": "preview",
                "entry_count": len({entry for line in good for entry in line.entries}),
                "line_ids": [
                    fields.Command.create(
                        {
                            "number": line.number,
                            "kind": labels[entry.kind],
                            "key": entry.key,
                            "reason": line.reason,
                        }
                    )
                    for line in good[:PREVIEW_LINES]
                    for entry in line.entries
                ],
                **self._problem_values(lines),
            }
        )
        return self._reopen()

    def action_import(self):
        """Put what can be read on the list; what is there already stays as it is."""
        self.ensure_one()
        Suppression = self.env["lead.mining.suppression"]
        Suppression.check_access("write")  # those who may only add do so one by one
        lines = self._read()
        if any(line.company is not None for line in lines):
            Suppression._use_secret("".join(line.secret for line in lines))
        # Sudo: whoever puts a whole list back may not work for all of its companies.
        companies_sudo = {one.name: one for one in self.env["res.company"].sudo().search([])}
        imported = self.env._("Imported from %s", self.file_name or "")
        added = sum(
            Suppression._add(
                [entry for line in group for entry in line.entries],
                # A company that is not there any more: for all.
                self.company_id if company is None else companies_sudo.get(company),
                reason or (imported if company is None else ""),
                source,
            )
            for (company, reason, source), group in groupby(
                lines, key=lambda line: (line.company, line.reason, line.source)
            )
        )
        self.write({"state": "done", "new_count": added})
        return self._reopen()

    def action_open_list(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_mining.lead_mining_suppression_action"
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Never Mined List"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _read(self) -> list[Line]:
        """Return the lines of the file.

        :raise AccessError: if it is a whole list, and the user may not put it back
        :raise UserError: if it cannot be read as a whole
        """
        country = (self.company_id or self.env.company).country_id.code or ""
        keys = self.env["lead.mining.suppression"]._keys()
        with tempfile.NamedTemporaryFile() as copy:
            copy.write(base64.b64decode(self.file or b""))
            copy.flush()
            try:
                with CompaniesFile(copy.name, min_columns=1) as table:
                    saved = table.header == SAVED
                    columns = SAVED if saved else self._columns(table.header)
                    rows = list(itertools.islice(table.rows(), MAX_ROWS + 1))
            except FileError as error:
                raise UserError(file_sentence(self.env, error)) from error
        if len(rows) > MAX_ROWS:
            raise UserError(self.env._("Import at most %s lines at a time.", f"{MAX_ROWS:,}"))
        if not saved:
            return list(read_lines(rows, columns, keys, country))
        self.env["lead.mining.suppression"]._check_keeper()
        return list(read_saved(rows))

    def _columns(self, header: list[str]) -> list[str]:
        columns = read_header(header)
        if not set(columns) - {"", "reason"}:
            raise UserError(
                self.env._(
                    "The first line must name the columns: domain, vat, email (addresses or their "
                    "SHA-256), phone, name and, optionally, reason. This one says “%s”.",
                    ", ".join(header)[:80],
                )
            )
        return columns

    def _problem_values(self, lines) -> dict:
        problems = [line for line in lines if line.problem]
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([self.env._("Line"), self.env._("Problem"), self.env._("Value")])
        for line in problems[:MAX_PROBLEMS]:
            writer.writerow([line.number, self._problem_sentence(line), plain_cell(line.value)])
        content = base64.b64encode(text.getvalue().encode("utf-8-sig"))
        return {"problem_count": len(problems), "problems_file": problems and content}

    def _problem_sentence(self, line) -> str:
        kinds = self.env["lead.mining.suppression"]._kind_labels()
        if line.problem in kinds:
            return self.env._("Not a valid value: %s", kinds[line.problem])
        if line.problem == "empty":
            return self.env._("The line is empty")
        return row_sentences(self.env)[line.problem]


class LeadMiningSuppressionImportLine(models.TransientModel):
    _name = "lead.mining.suppression.import.line"
    _description = "Never Mined Import Line"
    _order = "number, id"

    import_id = fields.Many2one(
        "lead.mining.suppression.import", required=True, ondelete="cascade", index=True
    )
    number = fields.Integer(string="Line")
    kind = fields.Char()
    key = fields.Char(string="Normalised")
    reason = fields.Char()
