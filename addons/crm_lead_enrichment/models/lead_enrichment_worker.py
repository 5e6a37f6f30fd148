import base64
import logging
from datetime import timedelta

import psycopg2
from psycopg2.pool import PoolError

from odoo import api, fields, models
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)

from odoo.addons.crm_iap_credits.exceptions import (
    CreditError,
    HoldExpired,
    InsufficientCredits,
    LedgerBusy,
)
from odoo.addons.crm_lead_mining.company import company_json
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.exceptions import LeaseLost
from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE
from odoo.addons.crm_lead_mining.models.mining.lead_mining_worker import BUSY_SECONDS

from ..tools.enrichment import Found
from ..tools.settings import Settings
from .lead_enrichment import GROUP
from .lead_enrichment_job import Job

_logger = logging.getLogger(__name__)

#: Credits stay set aside this long, longer than any attempt with its recoveries.
HOLD_EXPIRY = timedelta(hours=2)


class LeadEnrichmentWorker(models.AbstractModel):
    """Enriches in the background: hold, ask, store, write and capture, release.

    Every step ends with a commit, and each can be the last one of this process: another lane
    goes on from what is stored.
    """

    _name = "lead.enrichment.worker"
    _description = "Enrichment Worker"
    _inherit = ["lead.lane.mixin"]

    _lane_xmlid = "crm_lead_enrichment.ir_cron_enrichment_lane"
    _lane_model = "lead.enrichment"
    # Another lane may have begun to ask about the same company.
    _lane_errors = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, psycopg2.errors.UniqueViolation)

    # === LANES === #

    @api.model
    def _lane_name(self, number: int) -> str:
        return self.env._("Enrichment: lane %s", number)

    @api.model
    def _queue_label(self) -> str:
        return self.env._("Enrichment")

    @api.model
    def _lanes_sentence(self, most: int) -> str:
        return self.env._("Enrich 1 to %s records at a time.", most)

    @api.model
    def _run_lane(self) -> None:
        """Work until the queue is empty or the scheduler's time is over."""
        self._wake_waiting()
        while True:
            attempt, token = self._claim()
            if not attempt:
                return
            if not self._work_or_wait(attempt, token):
                return
            if self._commit() <= 0:
                self._trigger_lanes()
                return

    @api.model
    def _lease_seconds(self) -> int:
        return Settings.of(self.env).lease_seconds

    def _wake_waiting(self) -> None:
        try:
            self.env["lead.enrichment"]._wake_waiting()
            self._commit()
        except self._lane_errors:
            # Another lane has woken them.
            self.env.cr.rollback()

    # === ONE ATTEMPT === #

    def _work(self, attempt, token: str) -> None:
        """Do one claimed attempt until it has an end."""
        job = self._job(attempt, token)
        try:
            end = self._enrich(job)
        except LeaseLost:
            self.env.cr.rollback()
            _logger.info("Enrichment %s was taken over by another lane.", attempt.id)
            return
        except InsufficientCredits as error:
            self.env.cr.rollback()
            end = self._end_without_credits(job, error)
        except HoldExpired:
            # Away for longer than the hold lasts: the next turn sets the credits aside anew.
            self.env.cr.rollback()
            end = {"state": "queued"}
        except LedgerBusy:
            # Somebody keeps the account locked, say while a payment is booked.
            self.env.cr.rollback()
            again = fields.Datetime.now() + timedelta(seconds=BUSY_SECONDS)
            end = {"state": "queued", "next_try_at": again}
        except CreditError as error:
            self.env.cr.rollback()
            end = {"state": "failed", "message": str(error)}
        except PoolError:
            raise
        except Exception:  # one attempt must not stop the lane, and its credits must come back
            self.env.cr.rollback()
            _logger.exception("Enrichment %s stopped", attempt.id)
            end = {
                "state": "failed",
                "message": attempt.env._(
                    "Something unexpected went wrong; see the server log for details. Try again: "
                    "nothing is paid for twice."
                ),
            }
        self._finish(job, end)

    def _job(self, attempt, token: str) -> Job:
        user, company = attempt.user_id, attempt.company_id
        attempt = attempt.with_context(lang=user.lang, tz=user.tz)
        # Sudo: who asked may have lost the record meanwhile, and it was asked for by right.
        record = (
            self.env[attempt.res_model]
            .with_user(user)
            .sudo()
            .with_company(company)
            .with_context(lang=user.lang, tz=user.tz)
            .browse(attempt.res_id)
            .exists()
        )
        # Who asked spends, from the own budgets.
        accounts = self.env["iap.account"].with_user(user)
        account = accounts._get_local(SERVICE, company=company)
        price = 0 if attempt.website_only else self.env["lead.enrichment"]._price()
        return Job(attempt, record, token, account, price)

    def _enrich(self, job: Job) -> dict | None:
        """Return how the attempt ended, None when it was delivered."""
        attempt = job.attempt
        if not job.record:
            return {"state": "failed", "message": attempt.env._("The record was deleted.")}
        if not attempt._is_on():
            return {"state": "failed", "message": attempt._off_sentence()}
        if attempt.user_id._gone_since(GROUP, attempt.company_id):
            return {"state": "failed", "message": attempt._not_allowed_sentence()}
        if refused := job.record._enrichment_refusals({job.record.id: attempt._subject()}):
            return self._end_refused(job, refused[job.record.id])
        known = attempt.browse()
        if not attempt.website_only:
            known = attempt._find_answer(attempt._subject(), attempt.company_id)
        if known and (kind := known._screen_answer()):
            return self._end_refused(job, kind)
        if known:
            # Paid before, for another record: it is used again.
            job.price = 0
            attempt.write(
                {
                    "answer": known.answer,
                    "logo": known.logo,
                    "provider_ids": [fields.Command.set(known.provider_ids.ids)],
                }
            )
        self._hold(job)
        if not attempt.answer:
            found = self._ask(job)
            if not found.company:
                return self._end_without_answer(job, found)
        # The list may have grown since the answer was stored.
        if kind := attempt._screen_answer():
            return self._end_refused(job, kind)
        self._deliver_at_last(job)
        return None

    def _hold(self, job: Job) -> None:
        """Set the price aside, in a transaction that ends before anybody is asked."""
        attempt = job.attempt
        if attempt.hold_price:
            # A lane died with the credits set aside: the price is what it was then.
            job.price = job.price and attempt.hold_price
        self._save(job, hold_price=job.price)
        if not job.price:
            return
        hold = job.account.hold(
            job.price,
            reason=attempt.env._("Enrichment of %s", attempt.record_name),
            idempotency_key=f"{attempt.run_key}:{attempt.hold_number}",
            document=job.record,
            expires_in=HOLD_EXPIRY,
        )
        changes = {"hold_token": hold.token}
        gone = hold.state in ("released", "expired")
        if gone:
            changes = {"hold_number": attempt.hold_number + 1, "hold_price": 0}
        self._save(job, **changes)
        if gone:
            job.price = attempt._price()
            self._hold(job)

    def _ask(self, job: Job) -> Found:
        """Ask the providers and store what they know, before anything is made of it."""
        attempt = job.attempt
        Provider = attempt.env["lead.mining.provider"].with_company(attempt.company_id)
        subject = attempt._subject()
        known = job.record._enrichment_known(subject) if attempt.website_only else None
        found = Provider._enrich(subject, known=known, website_only=attempt.website_only)
        if not found.provider_ids:
            found.company = None
        if found.company:
            logo = Provider._fetch_logo(found.company.logo_url)
            attempt.provider_ids = [fields.Command.set(found.provider_ids)]
            self._save(
                job,
                answer=company_json.to_json(found.company),
                logo=logo and base64.b64encode(logo),
            )
        return found

    def _save(self, job: Job, **changes) -> None:
        """Write the attempt and commit, while the lease is ours."""
        job.attempt._renew(job.token, self._lease_seconds())
        job.attempt.write(changes)
        self._commit()

    # === DELIVERY === #

    def _deliver_at_last(self, job: Job) -> None:
        for tries_left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
            try:
                self._deliver(job)
                self._commit()
                return
            except self._lane_errors:
                self.env.cr.rollback()
                if not tries_left:
                    raise

    def _deliver(self, job: Job) -> None:
        """Write the record and pay, in one transaction."""
        attempt = job.attempt
        attempt._renew(job.token, self._lease_seconds())
        company = attempt._company()
        logo = attempt.logo and base64.b64decode(attempt.logo)
        changes = job.record._apply_enrichment(company, attempt._groups(), logo)
        self._note(job, company, changes)
        if job.price:
            job.account.capture(
                attempt.hold_token,
                job.price,
                reason=attempt.env._("Enrichment of %s", attempt.record_name),
                idempotency_key=attempt.run_key,
                document=job.record,
            )
        attempt.write(
            {
                "state": "done",
                "changes": changes,
                "change_count": len(changes),
                "credits": job.price,
                "message": self._done_sentence(job, changes),
                "finished_at": fields.Datetime.now(),
                "lease_token": False,
            }
        )
        self._send_progress(job)
        self.env.cr.flush()

    def _done_sentence(self, job: Job, changes: list) -> str:
        env = job.attempt.env
        if changes:
            sentence = env._("Filled: %s.", ", ".join(change["label"] for change in changes))
        else:
            sentence = env._("Everything that was found is on the record already.")
        if job.attempt.website_only:
            sentence += " " + env._("It was read on the company's own website, free of charge.")
        elif not job.price and job.attempt._price():
            sentence += " " + env._("The answer had already been paid for, so it cost nothing.")
        return sentence

    def _note(self, job: Job, company: Company, changes: list, hint=None) -> None:
        record = job.record
        logo = record[record._enrichment_logo_field()]
        card = record._render_company_card(
            company,
            record._mined_records([company]),
            headline=record.env._("Enriched with company data"),
            logo=logo
            and f"/web/image/{record._name}/{record.id}/{record._enrichment_logo_field()}",
            changes=changes,
            hint=hint,
        )
        record._message_log(body=card)

    def _finish(self, job: Job, end: dict | None) -> None:
        """Give back what was not spent, then say how it ended."""
        attempt = job.attempt
        try:
            if end is None:
                return
            self._save(job)
            if attempt.hold_token:
                job.account.release(
                    attempt.hold_token,
                    reason=attempt.env._("Enrichment of %s", attempt.record_name),
                )
            attempt._renew(job.token, self._lease_seconds())
        except LeaseLost:
            self.env.cr.rollback()
            return
        again = {"hold_number": attempt.hold_number + 1} if attempt.hold_token else {}
        again["hold_price"] = 0
        attempt.write(
            {
                "finished_at": fields.Datetime.now(),
                "lease_token": False,
                "hold_token": False,
                **again,
                **end,
            }
        )
        if attempt.state == "waiting_credits":
            self.env["iap.account"]._wake_later()
        self._send_progress(job)
        self._commit()

    def _send_progress(self, job: Job) -> None:
        """Tell who asked when the last record of the batch has its end; sent with the commit."""
        attempt = job.attempt
        user = attempt.user_id
        if attempt.origin != "user" or attempt.state == "queued":
            return
        self.env.flush_all()
        counts = dict(attempt._read_group([("batch", "=", attempt.batch)], ["state"], ["__count"]))
        user.partner_id._bus_send(
            "lead_enrichment_progress",
            {
                "id": attempt.id,
                "model": attempt.res_model,
                "res_id": attempt.res_id,
                "name": attempt.record_name,
                "state": attempt.state,
                "message": attempt.message,
                "changed": attempt.change_count,
                "buy_url": attempt.can_buy_credits,
                "counts": counts,
                "ended": not counts.keys() & {"queued", "running"},
            },
        )
