import logging
from dataclasses import asdict
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_common.tools.settings import is_neutralized
from odoo.addons.crm_lead_mining.tools.schedules import STEPS

from ..registers.download import Downloaded
from ..registers.look import look
from ..registers.network import DownloadError
from ..registers.recipes import RECIPES
from ..registers.sentences import download_sentence
from ..tools.sizes import size_text

_logger = logging.getLogger(__name__)

#: After so many failures in a row a schedule is paused.
MAX_FAILURES = 3
#: How often a publisher is asked whether there is a new edition: it costs a byte.
LOOK = relativedelta(days=1)
ACTIVITY = "crm_lead_directory.mail_activity_source"
RIGHT = "crm_lead_directory.group_lead_directory_source"
#: What users fill in; all else is kept by the program.
FILLED = frozenset({"schedule", "mirror", "only_country_ids"})


class LeadDirectorySource(models.Model):
    """New editions, had when there is one and a schedule wants it."""

    _name = "lead.directory.source"
    _inherit = ["lead.directory.source", "mail.thread", "mail.activity.mixin"]

    schedule = fields.Selection(
        [("published", "As Published"), ("monthly", "Once a Month at Most")],
        string="Get New Editions",
        copy=False,
        help="Each day the publisher is asked whether there is a new edition, and it is downloaded"
        " only then. Leave empty to get one only when someone clicks.",
    )
    next_look = fields.Datetime(readonly=True, copy=False)
    paused = fields.Boolean(readonly=True, copy=False)
    failure_count = fields.Integer(readonly=True, copy=False, help="Failures in a row.")
    schedule_problem = fields.Char(readonly=True, copy=False)
    published = fields.Json(
        readonly=True,
        copy=False,
        help="What the publisher said of each file: address, ETag, Last-Modified.",
    )

    def write(self, vals):
        if not self.env.su and not vals.keys() <= FILLED:
            raise AccessError(
                self.env._("Only the schedule and the countries can be changed here.")
            )
        if not vals.get("schedule"):
            return super().write(vals)
        self._check_may_get()
        if not_had := self.filtered("is_by_hand"):
            raise UserError(
                self.env._("%s gives this file only to those who ask for it.", not_had[0].publisher)
            )
        result = super().write(vals)
        for source_sudo in self.sudo():  # see `action_get`
            source_sudo.user_id = source_sudo.user_id or self.env.uid
        self.action_resume()
        return result

    def action_resume(self):
        """Go on with the schedule, from now on."""
        self._check_may_get()
        # sudo: see `action_get`.
        self.sudo().write({"paused": False, "next_look": fields.Datetime.now()})
        self.sudo()._note_success()
        self.env.ref("crm_lead_directory.ir_cron_lead_directory_edition")._trigger()
        return True

    @api.model
    def _cron_look(self):
        """Get what is new of the sources whose time has come."""
        if is_neutralized(self.env):
            return
        due = self.search(
            [
                ("schedule", "!=", False),
                ("paused", "=", False),
                ("next_look", "<=", fields.Datetime.now()),
            ],
            order="next_look, id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for source in due:
            source.with_context(lang=source._caretaker().lang)._look_due()
            if cron._commit_progress(1) <= 0:
                return

    def _look_due(self):
        self.next_look = fields.Datetime.now() + LOOK
        # Whatever becomes of it, and whoever changes the source meanwhile.
        self.env["ir.cron"]._commit_progress()
        if self.state in ("queued", "downloading", "importing", "asks"):
            return
        # A file that somebody is about to use is not taken from them.
        if self.state == "file" and self.import_id.create_date + LOOK > fields.Datetime.now():
            return
        if self.schedule == "monthly" and not self._is_over(relativedelta(months=1)):
            return
        try:
            if changed := self._changed_files():
                for file in changed:  # a part that has come is gone on with if it is still the same
                    (self._folder() / file.key).unlink(missing_ok=True)
                self._queue()
            elif self.state != "failed":
                self._note_success()
        except DownloadError as error:
            _logger.info("%s: %s", self, error)
            self._count_failure(download_sentence(self.env, error, partial(size_text, self.env)))
        except Exception:  # one publisher must not stop the others
            self.env.cr.rollback()
            _logger.exception("%s: the publisher could not be asked.", self)
            self._count_failure(self.env._("Something unexpected went wrong."))

    def _is_over(self, step):
        """Tell whether so much time has passed since the last edition came."""
        return not self.imported_on or self.imported_on + step <= fields.Date.context_today(self)

    def _changed_files(self) -> list:
        """Ask the publisher which files are other ones than those that were had.

        :raise DownloadError: with one code for each cause
        """
        changed, is_told = [], False
        for file in self._files():
            note = dict((self.published or {}).get(file.key) or {})
            url, had = note.pop("url", ""), note and Downloaded(**note)
            address, said = self._of_newest(file, partial(self._look, url, had))
            if said and (address != url or not _is_same(had, said)):
                changed.append(file)
            is_told = is_told or bool(said and (said.etag or said.modified))
        # Who says nothing of a file has a new one as often as is said of the register.
        if not is_told and self._is_over(_step(RECIPES[self.code].rhythm)):
            return self._files()
        return changed

    @staticmethod
    def _look(known_url, had, url, hosts):
        return look(url, had if url == known_url else None, hosts=hosts)

    def _note_published(self, file, url, downloaded):
        """Note what the publisher said of a file that is here now, nothing of one that is gone."""
        notes = {key: note for key, note in (self.published or {}).items() if key != file.key}
        if downloaded:
            notes[file.key] = {"url": url, **asdict(downloaded)}
        self.published = notes
        # With the file, whatever becomes of the next one.
        self.env["ir.cron"]._commit_progress()

    # === FAILURES === #

    def _count_failure(self, sentence):
        """Tell who owns the schedule the first time, and pause it after several."""
        for source in self.filtered(lambda one: one.schedule and not one.paused):
            source.failure_count += 1
            source.schedule_problem = sentence
            source.paused = source.failure_count >= MAX_FAILURES
            if source.paused:
                source._ask_owner(source.env._("New editions are paused"), sentence)
            elif source.failure_count == 1:
                source._ask_owner(source.env._("A new edition could not be downloaded"), sentence)

    def _note_success(self):
        self.write({"failure_count": 0, "schedule_problem": False})
        self.activity_unlink([ACTIVITY])

    def _ask_owner(self, summary, note):
        """Have one activity of who looks after the source say this."""
        self.activity_unlink([ACTIVITY])
        owner = self._caretaker()
        self.activity_schedule(ACTIVITY, summary=summary, note=note, user_id=owner.id)

    def _caretaker(self):
        """Return who looks after a source: who began it, else one who may."""
        users = self.user_id | self.env.ref(RIGHT).all_user_ids
        able = users.filtered(
            lambda user: (
                user.active
                and user.has_group(RIGHT)
                and (not self.company_id or self.company_id in user.company_ids)
            )
        )
        return able[:1] or self.env.ref("base.user_admin")


def _is_same(had, said):
    """Tell whether a publisher's two answers are about one file, as far as it says."""
    if not had:
        return False
    if had.etag and said.etag:
        return had.etag == said.etag
    return had.modified == said.modified


def _step(rhythm):
    return STEPS.get(rhythm, relativedelta(years=1))
