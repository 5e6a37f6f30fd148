import base64
import csv
import io
import os

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from odoo.addons.crm_common.tools.spreadsheets import plain_cell

ROWS_ARE = [("companies", "One Company Each"), ("persons", "One Person Each, with the Company")]


class LeadDirectoryImport(models.Model):
    """One file that is read into a dataset, in the background and batch by batch.

    Each batch is one transaction that also writes how many rows were read: what was interrupted
    goes on where the last batch ended.
    """

    _name = "lead.directory.import"
    _inherit = ["iap.company.mixin"]
    _description = "Company Import"
    _order = "id desc"

    _moving_fields = ("dataset_id",)

    name = fields.Char(compute="_compute_name", store=True)
    dataset_id = fields.Many2one(
        "lead.directory.dataset",
        required=True,
        index=True,
        ondelete="cascade",
        help="What the list is called. A newer edition of it goes into the same dataset.",
    )
    company_id = fields.Many2one(related="dataset_id.company_id", store=True, index=True)
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    # Set only by `_import_path`: a path that a user could type would open the server's files.
    path = fields.Char(readonly=True, copy=False, groups=NO_ACCESS)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("ready", "Columns"),
            ("queued", "Queued"),
            ("running", "Running"),
            ("done", "Done"),
            ("partial", "Done, Many Rows Dropped"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
            ("undone", "Undone"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    encoding = fields.Char(help="Python's name of the encoding, for instance utf-8 or cp1252.")
    delimiter = fields.Char(size=1, trim=False)
    version = fields.Char(string="Edition", help="The publisher's name for this edition.")
    registry = fields.Char(
        string="Register",
        help="The register that the registration numbers belong to, as org-id.guide writes it, if "
        "the file has no column for it: GB-COH, FR-SIRENE.",
    )
    country_id = fields.Many2one(
        "res.country", help="The country of the companies if the file has no column for it."
    )
    has_header = fields.Boolean(default=True, readonly=True, copy=False)
    rows_are = fields.Selection(
        ROWS_ARE,
        string="Rows",
        readonly=True,
        help="In a file of persons, “Email”, “Phone” and “City” are the person's, and only what"
        " says so is the company's.",
    )
    column_ids = fields.One2many("lead.directory.import.column", "import_id", string="Columns")
    rows_read = fields.Integer(readonly=True, copy=False)
    mark = fields.Json(readonly=True, copy=False, help="Where in the file the next batch begins.")
    newest_before = fields.Integer(
        readonly=True, copy=False, help="The directory's newest company when the import began."
    )
    newest_ended_before = fields.Integer(
        readonly=True, copy=False, help="The same of the companies that have ended."
    )
    rows_dropped = fields.Integer(readonly=True, copy=False)
    rows_ceased = fields.Integer(
        string="Ceased",
        readonly=True,
        copy=False,
        help="Rows of companies that have ceased to do business: they never become leads.",
    )
    rows_insolvent = fields.Integer(
        string="Insolvent",
        readonly=True,
        copy=False,
        help="Rows of companies that are insolvent or in liquidation: they never become leads.",
    )
    rows_protected = fields.Integer(
        string="Protected",
        readonly=True,
        copy=False,
        help="Rows of companies that may not be sent advertising: they never become leads.",
    )
    rows_withheld = fields.Integer(
        readonly=True,
        copy=False,
        help="Rows from which companies, persons or addresses that are never mined were left out.",
    )
    companies_created = fields.Integer(readonly=True, copy=False)
    companies_updated = fields.Integer(readonly=True, copy=False)
    companies_unchanged = fields.Integer(readonly=True, copy=False)
    contacts_created = fields.Integer(readonly=True, copy=False)
    contacts_updated = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(readonly=True, copy=False, help="Percentage of the file that was read.")
    user_id = fields.Many2one(
        "res.users",
        string="Started by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        help="Who sees the progress live.",
    )
    started_at = fields.Datetime(string="Started On", readonly=True, copy=False)
    finished_at = fields.Datetime(string="Finished On", readonly=True, copy=False)
    failure = fields.Char(readonly=True, copy=False)
    problem_ids = fields.One2many("lead.directory.import.problem", "import_id", readonly=True)
    problem_count = fields.Integer(readonly=True, copy=False)
    problems_file = fields.Binary(compute="_compute_problems_file")
    problems_file_name = fields.Char(compute="_compute_problems_file")

    @api.depends("file_name", "dataset_id.name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or record.dataset_id.name

    @api.depends("problem_ids")
    def _compute_problems_file(self):
        codes = self.env["lead.directory.import.problem"]._fields["code"]
        labels = dict(codes._description_selection(self.env))
        for record in self:
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow([self.env._("Line"), self.env._("Problem"), self.env._("Value")])
            for problem in record.problem_ids:
                value = plain_cell(problem.value or "")
                writer.writerow([problem.line, labels[problem.code], value])
            content = text.getvalue().encode("utf-8-sig")
            record.problems_file = base64.b64encode(content) if record.problem_ids else False
            stem = os.path.splitext(record.name or "")[0]
            # In a name of its own, as texts in an f-string are not found by who extracts them.
            problems = self.env._("problems")
            record.problems_file_name = f"{stem}-{problems}.csv"

    # === ACTIONS === #

    def action_read_header(self):
        """Read the beginning of the file and propose what each column is."""
        for record in self:
            record._check_state("draft", "ready")
            record._read_header()
        return True

    def action_start(self):
        """Queue the import for the background."""
        for record in self:
            record._check_state("ready")
            record._check_mapping()
            record._remember_columns()
        self.write({"state": "queued", "user_id": self.env.uid})
        self._trigger_cron()
        return True

    def action_cancel(self):
        """Stop after the batch that is being written; what was imported stays."""
        for record in self:
            record._check_state("draft", "ready", "queued", "running")
        self.write({"state": "cancelled", "finished_at": fields.Datetime.now()})
        return True

    def action_continue(self):
        """Go on after a failure or a cancellation, where the last batch ended."""
        for record in self:
            record._check_state("failed", "cancelled")
            record._check_mapping()
        self.write({"state": "queued", "failure": False, "finished_at": False})
        self._trigger_cron()
        return True

    def action_view_companies(self):
        self.ensure_one()
        return self.dataset_id.action_view_companies()

    def _remember_columns(self):
        if self.has_header:  # else a spreadsheet's letters stand for the names
            self.env["lead.directory.header"]._remember(
                self.company_id, self.rows_are or "companies", self.column_ids
            )

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            label = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(
                self.env._("This cannot be done while the import is in the state “%s”.", label)
            )
