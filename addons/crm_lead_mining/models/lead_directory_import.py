import base64
import csv
import io
import itertools
import logging
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS, Command
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

from odoo.addons.crm_common.tools.spreadsheets import plain_cell

from ..importer.columns import guess_mapping, guess_registry
from ..importer.convert import Converted, Converter, Places
from ..importer.errors import FileError, Problem
from ..importer.groups import Groups
from ..importer.load import Written, load
from ..importer.reader import CompaniesFile, Mark
from ..importer.withhold import withhold

_logger = logging.getLogger(__name__)

BATCH_ROWS = 20_000
MAX_PROBLEMS = 10_000
#: A smaller file (in bytes, as stored) is in the directory within seconds, with all indexes.
LARGE_FILE = 16 << 20
PREVIEW_ROWS = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of the file as they are stored in one transaction.

    :ivar progress: percentage of the file that was read then
    :ivar mark: where the next batch begins
    """

    converted: Converted
    progress: float
    mark: Mark


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
        "lead.directory.dataset", required=True, index=True, ondelete="cascade"
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
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    encoding = fields.Char(help="Python's name of the encoding, for instance utf-8 or cp1252.")
    delimiter = fields.Char(size=1, trim=False)
    version = fields.Char(string="Edition", help="The publisher's name of this edition.")
    registry = fields.Char(
        string="Register",
        help="The register that the registration numbers belong to, as org-id.guide writes it,"
        " when the file has no column for it: GB-COH, FR-SIRENE.",
    )
    country_id = fields.Many2one(
        "res.country", help="The country of companies when the file has no column for it."
    )
    column_ids = fields.One2many("lead.directory.import.column", "import_id", string="Columns")
    rows_read = fields.Integer(readonly=True, copy=False)
    mark = fields.Json(readonly=True, copy=False, help="Where in the file the next batch begins.")
    newest_before = fields.Integer(
        readonly=True, copy=False, help="The directory's newest company when the file was begun."
    )
    rows_dropped = fields.Integer(readonly=True, copy=False)
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
    started_on = fields.Datetime(readonly=True, copy=False)
    finished_on = fields.Datetime(readonly=True, copy=False)
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
        self.write({"state": "queued", "user_id": self.env.uid})
        self._trigger_cron()
        return True

    def action_cancel(self):
        """Stop after the batch that is being written; what was imported stays."""
        for record in self:
            record._check_state("draft", "ready", "queued", "running")
        self.write({"state": "cancelled", "finished_on": fields.Datetime.now()})
        return True

    def action_continue(self):
        """Go on after a failure or a cancellation, where the last batch ended."""
        for record in self:
            record._check_state("failed", "cancelled")
            record._check_mapping()
        self.write({"state": "queued", "failure": False, "finished_on": False})
        self._trigger_cron()
        return True

    def action_view_companies(self):
        self.ensure_one()
        return self.dataset_id.action_view_companies()

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            label = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(
                self.env._("This cannot be done with an import in the state “%s”.", label)
            )

    # === HEADER AND MAPPING === #

    def _read_header(self):
        self.ensure_one()
        with self._open() as table:
            header, rows, dialect = table.header, table.preview(PREVIEW_ROWS), table.dialect
        registry = self.registry or guess_registry(header)
        country = self.country_id or self._country_of_registry(registry)
        mapping = guess_mapping(header)
        rows = self._shown_rows(rows, mapping, registry or "", country.code or "")
        samples = [" · ".join(filter(None, cells))[:200] for cells in zip(*rows, strict=True)]
        self.write(
            {
                "state": "ready",
                "encoding": dialect.encoding,
                "delimiter": dialect.delimiter,
                "registry": registry,
                "country_id": country.id,
                "column_ids": [Command.clear()]
                + [
                    Command.create(
                        {"position": position, "header": name, "sample": sample, "target": target}
                    )
                    for position, (name, sample, target) in enumerate(
                        itertools.zip_longest(header, samples, (one or False for one in mapping))
                    )
                ],
            }
        )

    def _shown_rows(self, rows, mapping, registry, country_code):
        """Return the first rows that hold nobody who is never mined."""
        targets = [target or "" for target in mapping]
        # What a user still has to tell does not keep a row from being recognised.
        converter = Converter(
            targets, self._places(), registry=registry or "--", country_code=country_code or "--"
        )
        converted = converter.convert(enumerate(rows))
        # Addresses also in columns that were not recognised.
        converted.problems += [Problem(n, "", "\n".join(row)) for n, row in enumerate(rows)]
        withheld = self._leave_out_suppressed(converter.columns, converted)
        return [row for place, row in enumerate(rows) if place not in withheld]

    @api.model
    def _country_of_registry(self, registry):
        return self.env["res.country"].search([("code", "=", (registry or "")[:2])], limit=1)

    def _check_mapping(self):
        """Refuse a choice of columns that cannot give a single company."""
        self.ensure_one()
        targets = [target for target in self.column_ids.mapped("target") if target]
        if "name" not in targets:
            raise ValidationError(self.env._("Choose the column that holds the company's name."))
        if not {"registry_id", "lei", "vat", "domain", "website"} & set(targets):
            raise ValidationError(
                self.env._(
                    "Choose a column that identifies a company: its registration number, LEI,"
                    " VAT number, domain or website."
                )
            )
        if "country" not in targets and not self.country_id:
            raise ValidationError(
                self.env._("Choose the column that holds the country, or one country for all.")
            )
        identified_otherwise = {"lei", "vat", "domain", "website"} & set(targets)
        if not (identified_otherwise or "registry" in targets or self.registry):
            raise ValidationError(
                self.env._("Tell the register that the registration numbers belong to.")
            )

    @contextmanager
    def _open(self):
        """Open the file, with one clear sentence for each way in which it cannot be read.

        :raise UserError:
        """
        self.ensure_one()
        with self._stored_file() as path:
            try:
                with CompaniesFile(path, self.encoding or "", self.delimiter or "") as table:
                    yield table
            except FileError as error:
                raise UserError(self._sentence(error)) from error
            except OSError as error:
                _logger.warning("%s: the file cannot be read.", self, exc_info=True)
                raise UserError(self.env._("The file cannot be opened any more.")) from error

    @contextmanager
    def _stored_file(self):
        """Give the path of the file; one that is kept elsewhere is written to a temporary file."""
        # sudo: the path is hidden from users, and reading a file's place needs no other right
        # than reading the import.
        self_sudo = self.sudo()
        if self_sudo.path:
            yield self_sudo.path
            return
        attachment_sudo = self_sudo.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "file"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
        if not attachment_sudo:
            raise UserError(self.env._("Choose a file first."))
        name = attachment_sudo.store_fname
        path = name and attachment_sudo._full_path(name)
        if path and os.path.isfile(path):
            yield path
            return
        with tempfile.NamedTemporaryFile() as copy:
            copy.write(attachment_sudo.raw or b"")
            copy.flush()
            yield copy.name

    def _sentence(self, error):
        """Return the sentence that tells users what is wrong with the file."""
        sentences = {
            "empty": self.env._("The file is empty."),
            "binary": self.env._(
                "This is not a text file. Save the table as CSV (a gz of it is fine)."
            ),
            "encoding": self.env._("The encoding “%s” does not exist.", error.detail),
            "one_column": self.env._(
                "The file has only one column (“%s”). Check the delimiter.", error.detail
            ),
            "header_missing": self.env._("The first line of the file cannot be read as a header."),
            "header_changed": self.env._(
                "The file has other columns than when you chose them. Read the columns again."
            ),
            "truncated": self.env._("The compressed file is incomplete. Upload it again."),
            "damaged": self.env._("The compressed file is damaged. Upload it again."),
            "too_large": self.env._("The file is larger than can be imported."),
        }
        return sentences[error.code]

    # === IMPORT IN THE BACKGROUND === #

    @api.model
    def _trigger_cron(self):
        # sudo: whoever may import may have it done; the cron is the system's.
        self.env.ref("crm_lead_mining.ir_cron_lead_directory_import").sudo()._trigger()

    @api.model
    def _cron_import(self):
        """Run what is queued, and what was running when its process ended."""
        waiting = self.search([("state", "in", ("running", "queued"))], order="state desc, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(waiting))
        for record in waiting:
            if not record._run():
                return
            cron._commit_progress(1)
        # What was cancelled or deleted while no process worked on it has left that undone.
        self.env["lead.directory.company"]._complete_bulk_load()

    def _run(self):
        """Import batches until the end of the file or of the cron's time.

        :return: whether the import is finished, in whatever way
        :rtype: bool
        """
        self.ensure_one()
        try:
            with self._open() as table:
                return self._import_batches(table)
        except UserError as error:
            self._fail(str(error))
        except Exception:  # one file that cannot be read must not stop the others' imports
            _logger.exception("%s: the import failed.", self)
            self._fail(self.env._("An unexpected error occurred; the server's log tells which."))
        return True

    def _fail(self, sentence):
        self.env.cr.rollback()
        if not self.exists():  # deleted while it ran
            return
        self.write({"state": "failed", "failure": sentence, "finished_on": fields.Datetime.now()})
        self._tell_progress()

    def _import_batches(self, table):
        self._prepare_directory(table)
        written = Written(self._newest_company())
        converter = self._converter()
        converted = _converted(self._unread_rows(table), converter, table)
        # Python converts the next batch while PostgreSQL stores this one.
        with closing(_one_ahead(converted)) as batches:
            for batch in batches:
                if not self._import_batch(converter.columns, batch, written):
                    return True
                if not self.env["ir.cron"]._commit_progress():
                    self._trigger_cron()
                    return False
        self._finish()
        return True

    def _prepare_directory(self, table):
        """Leave the sorting of the first companies to the end, if they are many."""
        if self.rows_read or table.size < LARGE_FILE:
            return
        # sudo: to see the companies of all datasets.
        if self.env["lead.directory.company"].sudo()._prepare_bulk_load():
            self.env["ir.cron"]._commit_progress()

    def _unread_rows(self, table):
        """Return an iterator of (line, cells or RowError) after the rows that were read."""
        if table.header != [header or "" for header in self.column_ids.mapped("header")]:
            raise FileError("header_changed")
        if self.mark and table.go_to(Mark(**self.mark)):
            return table.rows()
        rows = table.rows()
        next(itertools.islice(rows, self.rows_read, self.rows_read), None)
        return rows

    def _newest_company(self):
        """Return the directory's newest company before this file: the later ones are the file's."""
        if self.rows_read:
            return self.newest_before
        self.env.cr.execute("SELECT coalesce(max(id), 0) FROM lead_directory_company")
        return self.env.cr.fetchone()[0]

    def _import_batch(self, columns, batch, written):
        """Write one batch and how far the import is, unless it was cancelled.

        :return: whether it was written
        :rtype: bool
        """
        converted, withheld = batch.converted, set()
        while self.state in ("queued", "running"):
            # Each time anew: who is erased meanwhile changes running imports, see `_add`.
            withheld |= self._leave_out_suppressed(columns, converted)
            # A batch and how far the import is are kept or lost together: nobody waits for the disk
            # until the end.
            self.env.cr.execute("SET LOCAL synchronous_commit = off")
            all_new = not (self.companies_updated or self.companies_unchanged)
            loaded = load(
                self.env.cr,
                self.dataset_id.id,
                columns,
                converted,
                all_new=all_new,
                written=written,
            )
            if self._lock():
                break
            self.env.cr.rollback()
        else:
            return False
        written.add(loaded.known_ids)
        self._insert_problems(converted.problems)
        progress = min(99.9, batch.progress)
        # Telling costs a connection of its own.
        is_news = self.state == "queued" or int(progress) > int(self.progress)
        self.write(
            {
                "state": "running",
                "started_on": self.started_on or fields.Datetime.now(),
                "progress": progress,
                "mark": asdict(batch.mark),
                "newest_before": written.newest,
                "rows_read": self.rows_read + converted.rows,
                "rows_dropped": self.rows_dropped + converted.rows - len(converted.companies),
                "companies_created": self.companies_created + loaded.created,
                "companies_updated": self.companies_updated + loaded.updated,
                "companies_unchanged": self.companies_unchanged + loaded.unchanged,
                "contacts_created": self.contacts_created + loaded.contacts_created,
                "contacts_updated": self.contacts_updated + loaded.contacts_updated,
                "problem_count": self.problem_count + len(converted.problems),
                "rows_withheld": self.rows_withheld + len(withheld),
            }
        )
        if is_news:
            self._tell_progress()
        return True

    def _leave_out_suppressed(self, columns, converted):
        """Leave out of a batch who is never mined.

        :return: lines of the file from which something was left out
        """
        Suppression = self.env["lead.mining.suppression"]
        if not Suppression._listed_kinds():
            return set()
        company = self.dataset_id.company_id
        return withhold(columns, converted, lambda rows: Suppression._screen(rows, company))

    def _tell_progress(self):
        """Have the form of who follows the import read it again, once this is committed."""
        self.user_id.partner_id._bus_send("lead_directory_import_progress", {"id": self.id})

    def _lock(self):
        """Lock the import once a batch is stored: nobody who cancels has to wait for that.

        :return: whether it is locked; if not, somebody has changed it since the batch was begun
        :rtype: bool
        """
        try:
            self.env.cr.execute(
                SQL("SELECT FROM lead_directory_import WHERE id = %s FOR UPDATE", self.id),
                log_exceptions=False,
            )
        except psycopg2.errors.SerializationFailure:
            return False
        self.invalidate_recordset()
        return True

    def _insert_problems(self, problems):
        room = max(0, MAX_PROBLEMS - self.problem_count)
        self.env["lead.directory.import.problem"].create(
            [
                {
                    "import_id": self.id,
                    "line": problem.line,
                    "code": problem.code,
                    "value": problem.value,
                    "dropped": problem.dropped,
                }
                for problem in problems[:room]
            ]
        )

    def _converter(self):
        return Converter(
            self.column_ids.mapped(lambda column: column.target or ""),
            self._places(),
            registry=self.registry or "",
            country_code=self.country_id.code or "",
        )

    @api.model
    def _places(self):
        """Return the countries and states by code and by their names in all active languages."""
        countries, states = {}, {}
        for lang, _name in self.env["res.lang"].get_installed():
            in_language = self.env["res.country"].with_context(lang=lang)
            for country in in_language.search_fetch([], ["name", "code"]):
                countries[country.name.casefold()] = country.code
                countries[country.code.casefold()] = country.code
        for state in self.env["res.country.state"].search_fetch([], ["name", "code", "country_id"]):
            country_code = state.country_id.code
            states[country_code, state.name.casefold()] = state.code
            states[country_code, state.code.casefold()] = state.code
        return Places(countries, states)

    def _finish(self):
        self.env["lead.directory.company"]._complete_bulk_load()
        # Who cancels or looks meanwhile has not waited, and does not undo that work.
        self.env["ir.cron"]._commit_progress()
        self.write({"state": "done", "progress": 100.0, "finished_on": fields.Datetime.now()})
        if self.rows_withheld:
            # The file itself holds who was left out, and is not needed again.
            self.file = False
        self.dataset_id.imported_on = fields.Date.context_today(self)
        if self.version:
            self.dataset_id.version = self.version
        self.dataset_id._update_companies_count()
        self._tell_progress()
        # The planner must know what came, before the first search.
        self.env.cr.execute("ANALYZE lead_directory_company, lead_directory_contact")

    # === FILES OF THE SERVER === #

    @api.model
    @api.private
    def _import_path(self, dataset, path, **values):
        """Import a file of the server at once, for scripts, tests and files too large to upload.

        Commits after each batch like the background does.

        :param lead.directory.dataset dataset:
        :param str path: CSV or gz, readable by the server
        :param values: of the import, for instance registry or version
        :rtype: lead.directory.import
        """
        # sudo: only code may name a file of the server.
        record_sudo = self.sudo().create(
            {
                "dataset_id": dataset.id,
                "path": path,
                "file_name": os.path.basename(path),
                **values,
            }
        )
        record = record_sudo.sudo(self.env.su)
        record.action_read_header()
        record._check_mapping()
        record.state = "queued"
        record._run()
        return record


def _converted(rows, converter: Converter, table: CompaniesFile):
    """Yield the rows as batches ready to be stored; touches no record."""
    groups = Groups(converter.columns)
    while True:
        # Thousands of rows, none of them garbage, would have Python look for some in all of Odoo.
        with disabling_gc():
            converted = converter.convert(itertools.islice(rows, BATCH_ROWS))
            groups.settle(converted)
        if not converted.rows:
            return
        yield Batch(converted, 100.0 * table.position / table.size, table.mark())


def _one_ahead(iterator):
    """Yield the items of an iterator, which works on the next one in a thread meanwhile."""
    with ThreadPoolExecutor(1) as thread:
        upcoming = thread.submit(next, iterator, None)
        while item := upcoming.result():
            upcoming = thread.submit(next, iterator, None)
            yield item
