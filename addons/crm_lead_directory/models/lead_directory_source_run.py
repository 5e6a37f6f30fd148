import logging
import time
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import config
from odoo.tools.misc import formatLang

from odoo.addons.crm_common.tools.settings import is_neutralized

from ..registers.download import Progress, download
from ..registers.network import DownloadError
from ..registers.recipes import RECIPES
from ..registers.sentences import download_sentence
from ..tools.sizes import size_text

_logger = logging.getLogger(__name__)

#: Seconds between two notes of how far a download is.
NOTED = 1.0
#: Bytes of the disk that a download leaves to others.
KEPT_FREE = 256 << 20
#: Bytes of a file that is never too large; others may be four times what their recipe says.
SMALL = 256 << 20


class _Cancelled(Exception):
    """Who has begun the download does not want it any more."""


class _Paused(Exception):
    """The scheduled action's time is over; a later run goes on."""


class LeadDirectorySource(models.Model):
    """The download at work, in the background, and the import that follows it."""

    _inherit = "lead.directory.source"  # pylint: disable=consider-merging-classes-inherited

    download_state = fields.Selection(
        [
            ("new", "New"),
            ("queued", "Queued"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="new",
        required=True,
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("queued", "Queued"),
            ("downloading", "Downloading"),
            ("file", "Waits for a File"),
            ("importing", "Importing"),
            ("asks", "Waits for Your Answer"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
    )
    # Of more than two gigabytes.
    bytes_done = fields.Float(readonly=True, copy=False, digits=0)
    bytes_total = fields.Float(readonly=True, copy=False, digits=0)
    failure = fields.Char(readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", readonly=True, copy=False, string="Started by", help="Who sees the progress."
    )
    progress = fields.Float(compute="_compute_progress")
    told = fields.Char(string="So Far", compute="_compute_progress")
    problem = fields.Char(compute="_compute_state")
    companies_count = fields.Integer(
        related="dataset_id.companies_count", string="In the Directory"
    )
    imported_on = fields.Date(related="dataset_id.imported_on")
    vanished_text = fields.Char(related="import_id.vanished_text")
    left_out_text = fields.Text(related="import_id.left_out_text", string="Left Out")

    @api.depends("download_state", "failure", "import_id.state", "import_id.failure")
    def _compute_state(self):
        of_import = {
            "draft": "file", "ready": "file", "queued": "importing", "running": "importing",
            "asks": "asks", "undoing": "importing", "partial": "done", "done": "done",
            "failed": "failed", "cancelled": "cancelled", "undone": "new",
        }  # fmt: skip
        for source in self:
            state = source.download_state
            if state == "done":
                state = of_import.get(source.import_id.state, "new")
            source.state = "downloading" if state == "running" else state
            source.problem = source.failure or source.import_id.failure

    @api.depends("state", "bytes_done", "bytes_total", "import_id.progress", "import_id.rows_read")
    def _compute_progress(self):
        for source in self:
            source.progress, source.told = 0.0, False
            if source.state == "downloading" and source.bytes_total:
                source.progress = min(100.0, 100.0 * source.bytes_done / source.bytes_total)
                source.told = self.env._(
                    "%(done)s of %(total)s",
                    done=size_text(self.env, source.bytes_done),
                    total=size_text(self.env, source.bytes_total),
                )
            elif source.state == "importing":
                source.progress = source.import_id.progress
                rows = formatLang(self.env, source.import_id.rows_read, digits=0)
                source.told = self.env._("%s companies read", rows)

    @api.model
    def _trigger_cron(self):
        self.env.ref("crm_lead_directory.ir_cron_lead_directory_source")._trigger()

    @api.model
    def _cron_download(self):
        """Download what is queued, and what was running when its process ended."""
        waiting = self.search([("download_state", "in", ("running", "queued"))], order="id")
        for source in waiting:
            if not source.with_context(lang=source.user_id.lang)._run():
                self._trigger_cron()
                return
            self.env["ir.cron"]._commit_progress(1)

    def _run(self) -> bool:
        """Download, and have the files imported.

        :return: whether the download is over, in whatever way
        """
        self.ensure_one()
        self.invalidate_recordset()
        if not self.exists() or self.download_state not in ("queued", "running"):
            return True  # while another one was downloaded
        self.download_state = "running"
        self._tell_progress()
        self.env["ir.cron"]._commit_progress()
        try:
            edition = self._download()
            self._import(edition)
        except _Paused:
            return False
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # somebody cancels: the next run sees it
            return False
        except _Cancelled:
            self.env.cr.rollback()
            self._forget_files()
            self.exists()._tell_progress()
        except DownloadError as error:
            _logger.info("%s: %s", self, error)
            self._fail(download_sentence(self.env, error, partial(size_text, self.env)))
        except UserError as error:
            # What is of another layout is asked for anew.
            self._forget_files()
            self._fail(str(error))
        except Exception:  # one source that fails must not stop the others
            _logger.exception("%s: the download failed.", self)
            self._fail(
                self.env._("Something unexpected went wrong; see the server log for details.")
            )
        return True

    def _fail(self, sentence):
        self.env.cr.rollback()
        if self.exists():  # not deleted while it ran
            self.write({"download_state": "failed", "failure": sentence})
            self._tell_progress()
            self._count_failure(sentence)

    def _download(self) -> str:
        """Have all files of the recipe in the source's folder.

        :return: the publisher's name for the edition: the day of its newest file, if known
        :raise DownloadError: with one code for each cause
        """
        self._folder().mkdir(parents=True, exist_ok=True)
        for file in self._files():
            path = self._folder() / file.key
            if not path.exists():
                self._note_published(file, *self._have(file, path))
        days = (_day(note["modified"]) for note in (self.published or {}).values())
        return max(filter(None, days), default="")

    def _have(self, file, path):
        """Download a file; return (URL, what the publisher said of it), see `_of_newest`."""
        return self._of_newest(file, partial(self._fetch, path))

    def _fetch(self, path, url, hosts, told=None):
        return download(
            url,
            path,
            hosts=hosts,
            max_bytes=max(SMALL, 4 * RECIPES[self.code].download_bytes),
            keep_free=self._kept_free(),
            told=told or self._note_progress(),
            closed=is_neutralized(self.env),
        )

    def _kept_free(self) -> int:
        """Return the bytes of the disk that are not for the file.

        The database grows on it too, where it is on this server.
        """
        host = config["db_host"]
        is_here = not host or host.startswith("/") or host in ("localhost", "127.0.0.1")
        return KEPT_FREE + (RECIPES[self.code].database_bytes if is_here else 0)

    def _note_progress(self):
        """Return what a download tells how far it is."""
        before = sum(one.stat().st_size for one in self._whole_files())
        expected = RECIPES[self.code].download_bytes
        noted = 0.0

        def told(progress: Progress) -> None:
            nonlocal noted
            if time.monotonic() - noted < NOTED:
                return
            noted = time.monotonic()
            done = before + progress.done
            total = max(done, expected, before + (progress.total or 0))
            if len(self._files()) == 1 and progress.total:
                total = progress.total
            left = self._note(done, total)
            if left <= 0 and progress.resumable:
                raise _Paused

        return told

    def _note(self, done: int, total: int) -> float:
        """Store how far the download is.

        :return: seconds that are left to the scheduled action
        """
        cron = self.env["ir.cron"]
        left = cron._commit_progress()  # with a fresh look at what others have done
        self.invalidate_recordset()
        if not self.exists() or self.download_state != "running":
            raise _Cancelled
        try:
            self.write({"bytes_done": done, "bytes_total": total})
            self._tell_progress()
            cron._commit_progress()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # somebody cancels: the next look tells
        return left

    def _import(self, edition: str):
        """Have the files imported."""
        self.env["ir.cron"]._commit_progress()
        self.invalidate_recordset()
        if self.download_state != "running":
            raise _Cancelled
        record = self._new_import()
        record.write({"path": str(self._folder()), "version": edition, "file_name": self.name})
        record.action_start()
        self.write({"download_state": "done", "import_id": record.id, "failure": False})
        self._tell_progress()

    def _is_left_half_read(self) -> bool:
        """Tell whether the import was stopped while its files are still here."""
        record = self.import_id
        stopped = record.state in ("failed", "cancelled") and record.rows_read
        return bool(stopped and self._whole_files())

    def _tell_progress(self):
        """Have the screen of who follows the source read it again, once this is committed."""
        for source in self:
            source.user_id.partner_id._bus_send("lead_directory_source_progress", {"id": source.id})

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            label = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(
                self.env._("This cannot be done while the source is in the state “%s”.", label)
            )


def _day(modified: str) -> str:
    """Return the day of a Last-Modified header, as ISO 8601 writes it."""
    try:
        moment: datetime = parsedate_to_datetime(modified)
    except (TypeError, ValueError):
        return ""
    return moment.date().isoformat()
