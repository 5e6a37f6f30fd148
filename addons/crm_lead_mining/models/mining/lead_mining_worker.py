import logging
from datetime import timedelta

from psycopg2.pool import PoolError

from odoo import api, fields, models

from odoo.addons.crm_iap_credits.exceptions import (
    BudgetExceeded,
    CreditError,
    HoldExpired,
    InsufficientCredits,
    LedgerBusy,
)

from ...exceptions import LeaseLost, OutOfTime, ResumeLater, RunCancelled
from ...tools.settings import Settings
from .lead_mining_job import Job
from .lead_mining_request_price import GROUP

_logger = logging.getLogger(__name__)

#: Credits stay set aside this long, longer than any run with its recoveries.
HOLD_EXPIRY = timedelta(days=1)
#: After these seconds a lane tries again what found the credits' account busy.
BUSY_SECONDS = 10


class LeadMiningWorker(models.AbstractModel):
    """Does the requests in the background: hold, ask, store, make leads and capture, release.

    Every step ends with a commit, and each can be the last one of this process: another lane
    goes on from what is stored.
    """

    _name = "lead.mining.worker"
    _description = "Lead Mining Worker"
    _inherit = ["lead.lane.mixin"]

    _lane_xmlid = "crm_lead_mining.ir_cron_lane"
    _lane_model = "lead.mining.run"

    # === LANES === #

    @api.model
    def _lane_name(self, number: int) -> str:
        return self.env._("Lead Mining: lane %s", number)

    @api.model
    def _queue_label(self) -> str:
        return self.env._("Lead mining")

    @api.model
    def _lanes_sentence(self, most: int) -> str:
        return self.env._("Work on 1 to %s requests at a time.", most)

    @api.model
    def _run_lane(self) -> None:
        """Work until the queue is empty or the scheduler's time is over."""
        while True:
            run, token = self._claim()
            if not run:
                return
            try:
                if not self._work_or_wait(run, token):
                    return
            except OutOfTime:
                self._trigger_lanes()
                return

    @api.model
    def _lease_seconds(self) -> int:
        return Settings.of(self.env).lease_seconds

    # === ONE REQUEST === #

    def _work(self, run, token: str) -> None:
        """Do one claimed run until it has an end.

        :raise OutOfTime: if it went back to the queue
        """
        job = Job(self._owned_request(run), run, token)
        end = {"state": "failed", "failure": "unexpected"}
        try:
            self._hold(job)
            self._fill(job)
            end = self._end_of(job)
        except LeaseLost:
            self.env.cr.rollback()
            _logger.info("Lead mining run %s was taken over by another lane.", run.id)
            return
        except OutOfTime:
            self.env.cr.rollback()
            self._requeue(job)
            raise
        except ResumeLater as error:
            self.env.cr.rollback()
            self._requeue(job, error.seconds)
            return
        except RunCancelled as error:
            self.env.cr.rollback()
            end = {"state": "cancelled", "failure": None, "message": str(error) or None}
        except InsufficientCredits as error:
            self.env.cr.rollback()
            end = self._end_without_credits(job, error)
        except HoldExpired:
            # Away for longer than the hold lasts: the next turn sets the credits aside anew.
            self.env.cr.rollback()
            self._requeue(job)
            return
        except BudgetExceeded as error:
            self.env.cr.rollback()
            end = self._end_with(job, "budget", str(error))
        except LedgerBusy:
            # Somebody keeps the account locked, say while a payment is booked. Nobody waits for
            # this request in front of a screen, so that nobody is told to try again.
            self.env.cr.rollback()
            self._requeue(job, BUSY_SECONDS)
            return
        except CreditError as error:
            self.env.cr.rollback()
            end = self._end_with(job, "unexpected", str(error))
        except PoolError:
            raise
        except Exception:  # one request must not stop the lane, and its credits must come back
            self.env.cr.rollback()
            _logger.exception("Lead mining %s stopped", job.request.name)
            end = self._end_with(
                job,
                "unexpected",
                job.request.env._(
                    "Something unexpected went wrong; see the server log for details. Try again: "
                    "what was delivered is not paid for twice."
                ),
            )
        self._finish(job, end)

    def _owned_request(self, run):
        """Return the request with its owner as the user, who becomes the author of the leads."""
        request = self.env["lead.mining.request"].search([("run_id", "=", run.id)])
        owner = request.create_uid
        # Sudo: leads may be made for a colleague, whose leads the owner need not see.
        return (
            request.with_user(owner)
            .sudo()
            .with_company(request.company_id)
            .with_context(lang=owner.lang, tz=owner.tz)
        )

    def _hold(self, job: Job) -> None:
        """Set aside the most that the rest of the request can cost."""
        run, request = job.run, job.request
        job.account = request._account_sudo()
        price = request._highest_price()
        if not run.hold_credits and price:
            run._renew(job.token, self._lease_seconds(), hold_credits=price)
        self._commit()
        if not run.hold_credits:
            return
        hold = job.account.hold(
            run.hold_credits,
            reason=request.env._("Lead mining %s", request.name),
            idempotency_key=f"{run.run_key}:{run.attempt}",
            document=request,
            expires_in=HOLD_EXPIRY,
        )
        changes = {"hold_token": hold.token}
        if hold.state in ("released", "expired"):
            # A lane died after giving the rest back, or was away for longer than the hold lasts.
            changes = {"attempt": run.attempt + 1, "hold_credits": price}
        run._renew(job.token, self._lease_seconds(), **changes)
        self._commit()
        if "attempt" in changes:
            self._hold(job)

    def _fill(self, job: Job) -> None:
        """Work through stored and new answers until the request is filled or nothing is left."""
        while job.wanted > 0:
            self._check_cancelled(job)
            answer = self._next_answer(job)
            if not answer:
                return
            if self._deliver_batch(job, answer, self._complete(job, answer)) <= 0:
                raise OutOfTime

    def _check_cancelled(self, job: Job) -> None:
        if not job.request._is_on():
            raise RunCancelled(job.request._off_sentence())
        if job.request.create_uid._gone_since(GROUP, job.request.company_id):
            raise RunCancelled(job.request._not_allowed_sentence())
        if self.env["lead.mining.cancellation"].search_count(
            [("request_id", "=", job.request.id)], limit=1
        ):
            raise RunCancelled

    def _finish(self, job: Job, end: dict) -> None:
        """Give back what was not spent, then say how it ended."""
        try:
            job.run._renew(job.token, self._lease_seconds())
            self._commit()
            if job.run.hold_token:
                job.account = job.account or job.request._account_sudo()
                job.account.release(
                    job.run.hold_token,
                    reason=job.request.env._("Rest of lead mining %s", job.request.name),
                )
            job.run._renew(
                job.token,
                self._lease_seconds(),
                finished_at=fields.Datetime.now(),
                lease_token=None,
                **end,
            )
            if end["state"] == "waiting_credits":
                self.env["iap.account"]._wake_later()
        except LeaseLost:
            self.env.cr.rollback()
            return
        self._post_summary(job)
        self._tell_assigned(job)
        self._send_progress(job, ended=True)
        self._commit()

    def _requeue(self, job: Job, seconds: float = 0) -> None:
        """Leave the rest to the next turn of a lane, or to the first one in so many seconds."""
        resume_at = fields.Datetime.now() + timedelta(seconds=seconds) if seconds else None
        job.run._renew(
            job.token,
            self._lease_seconds(),
            state="queued",
            lease_token=None,
            resume_at=resume_at,
        )
        if resume_at:
            for lane in self._lanes().filtered("active"):
                lane._trigger(at=resume_at)
        self._commit()

    def _send_progress(self, job: Job, ended: bool = False) -> None:
        """Tell the owner's open screens; sent with the commit."""
        request = job.request
        request.env.user.partner_id._bus_send(
            "lead_mining_progress",
            {
                "id": request.id,
                "name": request.name,
                "state": job.run.state,
                "created": job.run.created_count,
                "wanted": request.lead_number,
                "ended": ended,
            },
        )
