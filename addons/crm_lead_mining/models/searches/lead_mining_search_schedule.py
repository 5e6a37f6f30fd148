import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.schedules import month_day, next_moment
from ..mining.lead_mining_request_price import GROUP
from ..mining.lead_mining_run import OPEN_STATES

_logger = logging.getLogger(__name__)

#: After so many runs in a row that failed a search is paused.
MAX_FAILURES = 3

#: Concurrent transactions in the way: another worker has taken the same search.
_TAKEN_ERRORS = (psycopg2.errors.OperationalError, psycopg2.errors.UniqueViolation)


class LeadMiningSearch(models.Model):
    """Makes the requests of searches when their time has come, and pauses what cannot run."""

    _inherit = "lead.mining.search"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_run_due(self) -> None:
        """Make the requests of the searches whose time has come, each in its own transaction."""
        if not self.env["lead.mining.request"]._is_on():
            return  # The schedules wait.
        due = self.search(self._due_domain(), order="next_run, id")
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for search in due:
            search._run_slot()
            if self.env["ir.cron"]._commit_progress(1) <= 0:
                return

    @api.model
    def _due_domain(self) -> list:
        return [
            ("schedule", "!=", False),
            ("paused", "=", False),
            ("next_run", "<=", fields.Datetime.now()),
        ]

    def _run_slot(self) -> None:
        """Do what the search's time asks for; another worker that has taken it is left alone."""
        try:
            # The unique index of (search, slot) decides, should two get past the lock.
            with self.env.cr.savepoint():
                if self.try_lock_for_update().filtered_domain(self._due_domain()):
                    self._run_due()
        except _TAKEN_ERRORS:
            self.env.cr.rollback()
            _logger.info("Lead mining search %s is being run by another worker.", self.id)
        except Exception:  # one search must not stop the others
            self.env.cr.rollback()
            _logger.exception("Lead mining search %s stopped", self.id)
            self._plan_next()
            self._run_failed(self.env._("Something unexpected went wrong."))

    def _run_due(self) -> None:
        slot = self.next_run
        self._plan_next()
        if obstacle := self._obstacle():
            self._pause(obstacle)
        elif self.request_ids.filtered(lambda request: request.state in OPEN_STATES):
            self._message_log(
                body=self.env._("The last request has not finished yet: this run is skipped.")
            )
        elif self.last_request_id.state == "waiting_credits":
            self._run_failed(self.last_request_id.message)
        else:
            self._judge_last_run()
            if not self.paused:
                self._make_request(slot)

    def _plan_next(self) -> None:
        """Set the next time, in the future; times that were missed are not caught up."""
        zone = self._zone()
        day = month_day(self.next_run, zone, self.month_day)
        moment = next_moment(self.schedule, self.next_run, fields.Datetime.now(), zone, day)
        self.write({"next_run": moment, "month_day": day})

    def _obstacle(self) -> str:
        """Return why the search cannot run for its owner, or ""."""
        owner, company = self.owner_id, self.company_id
        if gone := owner._gone_since(GROUP, company):
            return {
                "archived": self.env._(
                    "%s is archived. Hand the search over to someone else.", owner.name
                ),
                "right": self.env._("%s may no longer generate leads.", owner.name),
                "company": self.env._(
                    "%(owner)s no longer works for %(company)s.",
                    owner=owner.name,
                    company=company.name,
                ),
            }[gone]
        if self.provider_id and not self.provider_id.active:
            return self.env._("The provider %s is switched off.", self.provider_id.name)
        if not self._providers():
            return self.env._("No provider is set up: ask your administrator.")
        return ""

    def _judge_last_run(self) -> None:
        """Count a run that brought nothing for a reason like one that could not start."""
        last = self.last_request_id
        if last.failure == "credits" or (last.state == "failed" and last.failure != "no_result"):
            self._count_failure(last.message)
        elif last:
            self.failure_count = 0
        self.last_request_id = False

    def _make_request(self, slot) -> None:
        owned = self._as_owner()
        try:
            with self.env.cr.savepoint():
                request = owned.env["lead.mining.request"].create(
                    owned._run_values() | {"search_slot": slot}
                )
                request.action_generate()
        except (AccessError, UserError, ValidationError) as error:
            self._run_failed(str(error.args[0]))
            return
        self.write({"last_run": fields.Datetime.now(), "last_request_id": request.id})
        if request.state == "waiting_credits":
            self._count_failure(request.message)

    def _as_owner(self):
        """Return the search as its owner sees it, in their language."""
        owned = self.with_user(self.owner_id).with_company(self.company_id)
        return owned.with_context(lang=self.owner_id.lang, tz=self.owner_id.tz)

    def _run_failed(self, sentence: str) -> None:
        self._message_log(body=self.env._("This run could not start: %s", sentence))
        self._count_failure(sentence)

    def _count_failure(self, sentence: str) -> None:
        self.failure_count += 1
        if self.failure_count >= MAX_FAILURES:
            self._pause(
                self.env._(
                    "%(number)s runs in a row failed. The last one said: %(sentence)s",
                    number=self.failure_count,
                    sentence=sentence,
                )
            )

    def _pause(self, reason: str) -> None:
        """Stop the schedule and ask somebody to look after it."""
        self.write({"paused": True, "pause_reason": reason})
        self.activity_schedule(
            "crm_lead_mining.mail_activity_search_paused",
            summary=self.env._("Lead mining search paused"),
            note=reason,
            user_id=self._caretaker().id,
        )

    def _hand_over(self) -> None:
        """Let what others own now wait until they have looked at it: it spends in their name."""
        for search in self.filtered(lambda search: search.owner_id != self.env.user):
            # What the owner before waits for is no failure of the new one's.
            search.write({"last_request_id": False, "failure_count": 0})
            if search.schedule:
                search.activity_unlink(["crm_lead_mining.mail_activity_search_paused"])
                search._pause(
                    self.env._(
                        "%(user)s handed this search over to %(owner)s. Check it, then resume it.",
                        user=self.env.user.name,
                        owner=search.owner_id.name,
                    )
                )

    def _caretaker(self):
        """Return who looks after a search: its owner, else the team's leader, else a manager."""
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
        candidates = self.owner_id | self.team_id.user_id | managers
        active = candidates.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return active[:1] or self.env.ref("base.user_admin")
