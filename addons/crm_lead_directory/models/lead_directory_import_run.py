import itertools
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

from odoo.addons.crm_lead_mining.company.status import STATUSES
from odoo.addons.crm_lead_mining.files.csv_table import Mark

from ..importer.convert import Converter
from ..importer.converted import Converted
from ..importer.ended import forget_alive
from ..importer.groups import Groups
from ..importer.load import Loaded, load
from ..importer.named import count_named
from ..importer.stored import Written, ids_of
from ..importer.unchanged import LastEdition, Split

_logger = logging.getLogger(__name__)

BATCH_ROWS = 20_000
MAX_PROBLEMS = 10_000
#: A smaller file (in bytes, as stored) is in the directory within seconds, with all indexes.
LARGE_FILE = 4 << 20


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of the file as they are stored in one transaction.

    :ivar progress: percentage of the file that was read then
    :ivar mark: where the next batch begins
    :ivar left_out: rows that are no companies up to there, by why
    :ivar split: rows that are as they were in the last edition, which were not converted
    """

    converted: Converted
    progress: float
    mark: Mark
    left_out: Counter[str]
    split: Split


class LeadDirectoryImport(models.Model):
    """The import at work, batch by batch."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    def _run(self) -> bool:
        """Import batches until the end of the file or of the cron's time.

        :return: whether the import is finished, in whatever way
        """
        self.ensure_one()
        try:
            if self.state == "undoing":
                return self._undo()
            if self.edition_step:  # all rows were read
                return self._complete()
            with self._open() as table:
                return self._import_batches(table)
        except UserError as error:
            self._fail(str(error))
        except Exception:  # one file that cannot be read must not stop the others' imports
            _logger.exception("%s: the import failed.", self)
            self._fail(
                self.env._("Something unexpected went wrong; see the server log for details.")
            )
        return True

    def _fail(self, sentence):
        self.env.cr.rollback()
        if not self.exists():  # deleted while it ran
            return
        self.write({"state": "failed", "failure": sentence, "finished_at": fields.Datetime.now()})
        self._tell_progress()

    def _import_batches(self, table):
        self._prepare_directory(table)
        written = self._written()
        converter = self._converter()
        groups = Groups(converter.columns, named=self._named_prefix())
        rows, left_out = self._unread_rows(table)
        last = self._last_edition(table.header)
        converted = _converted(rows, converter, groups, table, left_out, last)
        # Python converts the next batch while PostgreSQL stores this one.
        with closing(last) if last else nullcontext(), closing(_one_ahead(converted)) as batches:
            for batch in batches:
                if not self._import_batch(converter.columns, batch, written):
                    return True
                is_over = not self.env["ir.cron"]._commit_progress(1)
                if is_over and not self._is_dear_to_open():
                    self._trigger_cron()
                    return False
        if not self.env["lead.directory.company"]._complete_bulk_load():
            self._trigger_cron()
            return False
        self.left_out = left_out + table.left_out  # with those after the last company
        return self._complete()

    def _is_dear_to_open(self) -> bool:
        """Tell whether the file costs more to be opened anew than to be read on."""
        return False

    def _prepare_directory(self, table):
        """Leave the sorting of the first companies to the end, if they are many."""
        if self.rows_read or table.size < LARGE_FILE:
            return
        # sudo: to see the companies of all datasets.
        if self.env["lead.directory.company"].sudo()._prepare_bulk_load():
            self.env["ir.cron"]._commit_progress()

    def _unread_rows(self, table):
        """Return what comes after the rows that were read, and what was left out before.

        :return: an iterator of (line, cells or RowError), and reasons with their numbers of rows
        """
        if table.header != [header or "" for header in self.column_ids.mapped("header")]:
            raise UserError(
                self.env._(
                    "The columns of the file have changed since you chose them. Read the columns "
                    "again."
                )
            )
        if self.mark and table.go_to(Mark(**self.mark)):
            return table.rows(), Counter(self.left_out or {})
        rows = table.rows()
        next(itertools.islice(rows, self.rows_read, self.rows_read), None)
        return rows, Counter()

    def _written(self):
        """Return what the file has written so far: all that is newer than what was there before,
        and what it had of that."""
        if self.rows_read:
            written = Written(self.newest_before, self.newest_ended_before)
            for part in self._parts("written"):
                written.add(part._company_ids())
            return written
        self.env.cr.execute(
            """
            SELECT (SELECT coalesce(max(id), 0) FROM lead_directory_company),
                   (SELECT coalesce(max(id), 0) FROM lead_directory_ended)
            """
        )
        return Written(*self.env.cr.fetchone())

    def _import_batch(self, columns: Sequence[str], batch: Batch, written: Written) -> bool:
        """Write one batch and how far the import is, unless it was cancelled.

        :return: whether it was written
        """
        converted, split, withheld = batch.converted, batch.split, set()
        given = list(converted.companies)
        twice = written.those_of(split.ids)
        # A second row of one of these fills what it has none of.
        written.add(split.ids)
        tries_left = MAX_TRIES_ON_CONCURRENCY_FAILURE
        self._tell_apart(columns, converted, written)
        while self.state in ("queued", "running"):
            # Each time anew: who is erased meanwhile changes running imports.
            withheld |= self._leave_out_suppressed(columns, converted)
            # A batch and how far the import is are kept or lost together: nobody waits for the disk
            # until the end.
            self.env.cr.execute("SET LOCAL synchronous_commit = off")
            all_new = not (self.companies_updated or self.companies_unchanged or split.ids)
            try:
                loaded = load(
                    self.env.cr,
                    self.dataset_id.id,
                    columns,
                    converted,
                    all_new=all_new,
                    written=written,
                    import_id=self.id if self._policy() else None,
                    with_ids=bool(split.marks_of),
                )
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                tries_left -= 1
                if not tries_left:
                    raise
            else:
                if self._lock():
                    break
            self.env.cr.rollback()
        else:
            return False
        self._revive_recognised(split)
        for line in withheld:  # which is told each time
            split.marks_of.pop(line, None)
        twice += written.those_of(loaded.known_ids)
        self._note_rows(converted, split, twice, loaded.ids)
        written.add(loaded.known_ids)
        gone = set()
        if given != converted.companies:  # as few batches have
            gone = {one for one, _line in given} - {one for one, _line in converted.companies}
        self._note_edition(loaded, [*gone, *converted.unused], split.ids)
        self._insert_problems(converted.problems)
        progress = min(99.9, batch.progress)
        # Telling costs a connection of its own.
        is_news = self.state == "queued" or int(progress) > int(self.progress)
        self.write(
            {
                "state": "running",
                "started_at": self.started_at or fields.Datetime.now(),
                "progress": progress,
                "mark": asdict(batch.mark),
                "left_out": batch.left_out,
                "newest_before": written.newest,
                "newest_ended_before": written.newest_ended,
                "rows_read": self.rows_read + converted.rows + len(split.ids),
                **self._rows_left_out(converted),
                "rows_named": self.rows_named + count_named(converted),
                "companies_created": self.companies_created + loaded.created,
                "companies_updated": self.companies_updated + loaded.updated,
                "companies_unchanged": (
                    self.companies_unchanged + loaded.unchanged + len(split.ids)
                ),
                "companies_marked": self.companies_marked + len(loaded.marked_ids),
                "contacts_created": self.contacts_created + loaded.contacts_created,
                "contacts_updated": self.contacts_updated + loaded.contacts_updated,
                "problem_count": self.problem_count + len(converted.problems),
                "rows_withheld": self.rows_withheld + len(withheld),
            }
        )
        if is_news:
            self._tell_progress()
        return True

    def _note_edition(self, loaded: Loaded, unused: Collection[str], unchanged: Collection[int]):
        """Note which companies the batch had, with those of rows that could not be used."""
        others = ids_of(self.env.cr, self.dataset_id.id, unused)
        Part = self.env["lead.directory.edition.part"]
        Part._note(self, "written", [*loaded.known_ids, *unchanged])
        Part._note(self, "seen", [*loaded.ended_ids, *others])
        Part._note(self, "marked", loaded.marked_ids)

    def _rows_left_out(self, converted: Converted) -> dict[str, int]:
        """Return how many rows have been left out, by why, once these are counted."""
        ended = Counter(one.status for one in converted.ended)
        counted = len(converted.companies) + ended.total()
        return {"rows_dropped": self.rows_dropped + converted.rows - counted} | {
            f"rows_{status}": self[f"rows_{status}"] + ended[status] for status in STATUSES
        }

    def _tell_progress(self):
        """Have the form of who follows the import read it again, once this is committed."""
        self.user_id.partner_id._bus_send("lead_directory_import_progress", {"id": self.id})

    def _lock(self) -> bool:
        """Lock the import once a batch is stored: nobody who cancels has to wait for that.

        :return: whether it is locked; if not, somebody has changed it since the batch was begun
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

    def _finish(self):
        # Who cancels or looks meanwhile has not waited, and does not undo that work.
        self.env["ir.cron"]._commit_progress()
        self.write(
            {
                "state": self._finished_state(),
                "progress": 100.0,
                "finished_at": fields.Datetime.now(),
            }
        )
        # The planner must know what came, before what follows and before the first search.
        self.env.cr.execute("ANALYZE lead_directory_company, lead_directory_ended")
        # Also who is back in a register that tells no status.
        if self._policy() or "status" in self.column_ids.mapped("target"):
            forget_alive(self.env.cr, self.dataset_id.id, self.id, self.newest_before)
        if self.rows_withheld:
            # The file itself holds who was left out, and is not needed again.
            self.file = False
        self.dataset_id.imported_on = fields.Date.context_today(self)
        if self.version:
            self.dataset_id.version = self.version
        self.dataset_id._update_companies_count()
        # sudo: nobody may write the numbers but the database.
        self.env["lead.directory.count"].sudo()._fold(self.dataset_id)
        self._tell_progress()
        self.env.cr.execute("ANALYZE lead_directory_contact")


def _converted(
    rows,
    converter: Converter,
    groups: Groups,
    table,
    left_out: Counter[str],
    last: LastEdition | None,
):
    """Yield the rows as batches ready to be stored; touches no record.

    :param left_out: what was left out of the rows before these
    """
    while True:
        split = Split()
        # Thousands of rows, none of them garbage, would have Python look for some in all of Odoo.
        with disabling_gc():
            batch = itertools.islice(rows, BATCH_ROWS)
            converted = converter.convert(last.unknown(batch, split) if last else batch)
            groups.settle(converted)
        if not (converted.rows or split.ids):
            return
        progress = 100.0 * table.position / table.size
        yield Batch(converted, progress, table.mark(), left_out + table.left_out, split)


def _one_ahead(iterator):
    """Yield the items of an iterator, which works on the next one in a thread meanwhile."""
    with ThreadPoolExecutor(1) as thread:
        upcoming = thread.submit(next, iterator, None)
        while item := upcoming.result():
            upcoming = thread.submit(next, iterator, None)
            yield item
