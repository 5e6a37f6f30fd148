import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg2
from markupsafe import Markup
from psycopg2.extras import Json

from odoo import api, fields, models

from odoo.addons.crm_iap_credits.exceptions import (
    BudgetExceeded,
    CreditError,
    InsufficientCredits,
)

from ...company import company_json
from ...company.contacts import choose_contacts, distinct_contacts
from ...company.gaps import completed, has_gaps
from ...company.types import Company, CompanyQuery
from ...exceptions import LeaseLost, OutOfTime, ResumeLater, RunCancelled
from ...providers.base import Provider, handle_of
from ...providers.errors import ProviderAnswerInvalid, ProviderError, ProviderRateLimited
from ...tools.judgement import Candidate, candidate, known_contacts_last
from ...tools.pricing import Prices
from ...tools.settings import Settings
from ...tools.suppression import Screened

_logger = logging.getLogger(__name__)

#: Companies per transaction: large enough to be fast, small enough to show progress.
BATCH_SIZE = 50
#: Companies asked for at once when nothing says less.
PAGE_SIZE = 200
#: Pages asked for in one attempt: a provider that never ends is stopped here.
MAX_PAGES = 1000
#: Credits stay set aside this long, longer than any run with its recoveries.
HOLD_EXPIRY = timedelta(days=1)
#: Tries of one batch when other transactions are in its way.
MAX_TRIES = 5
#: How long a lane owns a run unless it renews its lease.
#: Seconds that a run waits for a provider's next turn at most, rather than going on without it,
#: and seconds after which a run that has waited again and again does so no more.
MAX_PAUSE = 900
MAX_PATIENCE = 3600

#: Concurrent transactions in the way: nothing is wrong, the batch is tried again.
_CONCURRENCY_ERRORS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)


@dataclass(slots=True)
class Row:
    """What becomes of one company of an answer.

    :ivar known: the database knows the company, so the request's policy decides
    :ivar contacts: how many contacts are paid with it, the first ones of the company's
    """

    candidate: Candidate
    outcome: str = ""
    reason: str = ""
    lead_id: int = 0
    credits: int = 0
    contact_price: int = 0
    known: bool = False
    partner_id: int = 0
    contacts: int = 0


@dataclass(slots=True)
class Job:
    """One lane's work on one request.

    :ivar request: the request as its owner sees it, in sudo
    :ivar run: its progress
    :ivar account: the account that pays, in sudo
    :ivar fit: the ids of the providers that can be asked for this
    :ivar batch_size: companies of the answer that may be delivered at once
    """

    request: models.BaseModel
    run: models.BaseModel
    token: str
    account: models.BaseModel = None
    seen_cursors: set = field(default_factory=set)
    adapters: dict[str, Provider] = field(default_factory=dict)
    fit: set[int] = field(default_factory=set)
    batch_size: int = BATCH_SIZE

    @property
    def given_up(self) -> set[int]:
        """Return the ids of the providers that are not asked any more."""
        return {int(provider_id) for provider_id in self.run.provider_notes or ()}

    def adapter(self, provider) -> Provider:
        """Return a provider's adapter, the same one for the whole run."""
        if provider.code not in self.adapters:
            self.adapters[provider.code] = provider._build_adapter()
        return self.adapters[provider.code]

    @property
    def wanted(self) -> int:
        return self.request.lead_number - self.request._filled_count()


class LeadMiningWorker(models.AbstractModel):
    """Does the requests in the background: hold, ask, store, make leads and capture, release.

    Every step ends with a commit, and each can be the last one of this process: another lane
    goes on from what is stored.
    """

    _name = "lead.mining.worker"
    _description = "Lead Mining Worker"
    _inherit = ["lead.lane.mixin"]

    _lane_xmlid = "crm_lead_mining.ir_cron_lane"

    # === LANES === #

    @api.model
    def _lane_name(self, number: int) -> str:
        return self.env._("Lead Mining: lane %s", number)

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
                self._work(run, token)
            except OutOfTime:
                self._trigger_lanes()
                return

    def _claim(self):
        for _try in range(MAX_TRIES):
            try:
                claimed = self.env["lead.mining.run"]._claim(self._lease_seconds())
                self._commit()
                return claimed
            except _CONCURRENCY_ERRORS:
                # Another lane took the run that this transaction still saw.
                self.env.cr.rollback()
        return self.env["lead.mining.run"], ""

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
        except BudgetExceeded as error:
            self.env.cr.rollback()
            end = self._end_with(job, "budget", str(error))
        except CreditError as error:
            self.env.cr.rollback()
            end = self._end_with(job, "unexpected", str(error))
        except Exception:  # one request must not stop the lane, and its credits must come back
            self.env.cr.rollback()
            _logger.exception("Lead mining %s stopped", job.request.name)
            end = self._end_with(
                job,
                "unexpected",
                job.request.env._(
                    "Something went wrong that nobody foresaw; the log of the server tells more. "
                    "Try again: what was delivered is not paid twice."
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
            self._complete(job, answer)
            if self._deliver_batch(job, answer) <= 0:
                raise OutOfTime

    def _check_cancelled(self, job: Job) -> None:
        if not job.request._is_on():
            raise RunCancelled(job.request._off_sentence())
        if self.env["lead.mining.cancellation"].search_count(
            [("request_id", "=", job.request.id)], limit=1
        ):
            raise RunCancelled

    # === ANSWERS === #

    def _next_answer(self, job: Job):
        """Return the stored answer to go on with, asking the providers when there is none.

        They are asked in their order, the next one when one has nothing more or fails. Empty after
        the last page of the last one.
        """
        answers = self.env["lead.mining.answer"].search([("request_id", "=", job.request.id)])
        pending = answers.filtered(lambda answer: answer.position < answer.company_count)
        if pending:
            return pending[:1]
        for provider in job.request._providers():
            if answer := self._next_of(job, provider, answers):
                return answer
        return answers.browse()

    def _next_of(self, job: Job, provider, answers):
        """Return the next answer of one provider that has companies, empty if there is none."""
        if provider.id in job.given_up or not self._is_fit(job, provider):
            return answers.browse()
        try:
            return self._read_on(job, provider, answers)
        except ProviderError as error:
            self.env.cr.rollback()
            self._resume_later_if_told(job, error)
            _logger.info("Lead mining %s: %s: %r", job.request.name, provider.code, error)
            self._give_up(job, provider, provider._error_sentence(error), failed=True)
            return answers.browse()

    def _is_fit(self, job: Job, provider) -> bool:
        """Tell whether a provider can be asked for this at all; if not, it is given up."""
        if provider.id not in job.fit:
            if sentence := provider._unfit_sentence(job.request._to_query()):
                self._give_up(job, provider, sentence)
                return False
            job.fit.add(provider.id)
        return True

    def _read_on(self, job: Job, provider, answers):
        """Ask a provider for its next page, and the next one while pages are empty."""
        own = answers.filtered(lambda answer: answer.provider_id == provider)
        while True:
            last = own[-1:]
            asked_now = own.filtered(lambda answer: answer.attempt == job.run.attempt)
            if last in asked_now and not last.next_cursor:
                return last.browse()
            if len(asked_now) >= MAX_PAGES:
                raise ProviderAnswerInvalid("The provider's pages never end.")
            answer = self._ask(job, provider, last)
            if answer.company_count:
                return answer
            own |= answer
            self._check_cancelled(job)

    def _ask(self, job: Job, provider, last):
        """Ask a provider for the page after `last` and store its answer.

        The transaction is committed before, so that nothing is locked while the provider thinks.
        """
        cursor = last.next_cursor or None
        if (provider.id, cursor) in job.seen_cursors:
            raise ProviderAnswerInvalid("The provider repeats a page.")
        job.run._renew(job.token, self._lease_seconds())
        self._commit()
        page = job.adapter(provider).search(
            job.request._to_query(), cursor, min(PAGE_SIZE, job.wanted)
        )
        job.seen_cursors.add((provider.id, cursor))
        answer = self.env["lead.mining.answer"]._store(
            job.request, provider, job.run.attempt, cursor, page
        )
        job.run._renew(job.token, self._lease_seconds())
        self._commit()
        return answer

    def _give_up(self, job: Job, provider, sentence: str, failed: bool = False) -> None:
        """Note why a provider is not asked any more by this run."""
        notes = dict(job.run.provider_notes or {})
        notes[str(provider.id)] = {"sentence": sentence, "failed": failed}
        job.run._renew(job.token, self._lease_seconds(), provider_notes=Json(notes))
        self._commit()

    def _resume_later_if_told(self, job: Job, error: ProviderError) -> None:
        """Leave the run until a provider's next turn, where that is known and soon.

        :raise ResumeLater: then
        """
        is_known = isinstance(error, ProviderRateLimited) and error.remembered
        wait = error.retry_after if is_known else None
        waited = (fields.Datetime.now() - job.run.queued_at).total_seconds()
        if wait and wait <= MAX_PAUSE and waited < MAX_PATIENCE:
            raise ResumeLater(wait)

    # === GAPS === #

    def _complete(self, job: Job, answer) -> None:
        """Ask for the contacts and fill the gaps of the companies that are delivered next.

        Only companies that would become leads are asked about.
        """
        job.batch_size = BATCH_SIZE
        if not self._helpers(job, answer):
            return
        rows = self._judge(job, answer._pending()[:BATCH_SIZE])
        for index, row in enumerate(rows, answer.position):
            if row.outcome or index < answer.completed:
                continue
            self._check_cancelled(job)
            self._complete_one(job, answer, index, row.candidate.company)
        job.batch_size = max(1, len(rows))

    def _helpers(self, job: Job, answer):
        """Return the providers that may know more of an answer's companies, its own one first."""
        query, own = job.request._to_query(), answer.provider_id
        helpers = own.browse()
        if query.with_contacts and own._adapter_class().contacts_apart:
            helpers |= own
        if not job.request.provider_id:
            helpers |= self._completing(query) - own
        return helpers.filtered(lambda provider: provider.id not in job.given_up)

    def _completing(self, query: CompanyQuery):
        """Return the providers that complete others, as far as that is worth its price."""
        providers = self.env["lead.mining.provider"].search([("completes", "=", True)])
        return providers.filtered(
            lambda provider: (
                provider.is_ready
                and (query.with_contacts or provider._adapter_class().enrich_is_free)
            )
        )

    def _complete_one(self, job: Job, answer, index: int, company: Company) -> None:
        """Ask the helpers about one company of an answer.

        What each of them knows is stored before the next one is asked: a second run asks, and
        pays, nothing twice.

        :raise OutOfTime: when the scheduler's time is over
        """
        for provider in self._helpers(job, answer) - answer._asked_about(index):
            job.run._renew(job.token, self._lease_seconds())
            self._commit()
            company = self._completed(job, answer, provider, company)
            item = answer._store_helped(index, company, provider)
            self._commit()
            if item.kind:
                break
            company = item.company
        answer._store_completed(index)
        if self._commit() <= 0:
            raise OutOfTime

    def _completed(self, job: Job, answer, provider, company: Company) -> Company:
        """Return a company with what one helper knows of it."""
        query = job.request._to_query()
        try:
            adapter = job.adapter(provider)
            if provider != answer.provider_id and has_gaps(company):
                found = adapter.enrich(**handle_of(company)) or _by_domain(adapter, company)
                company = completed(company, found) if found else company
            if query.with_contacts and not company.contacts:
                company = replace(company, contacts=adapter.contacts_of(company, query))
        except ProviderError as error:
            self.env.cr.rollback()
            if provider == answer.provider_id:
                self._resume_later_if_told(job, error)
            self._give_up(job, provider, provider._error_sentence(error), failed=True)
        return company

    # === BATCHES === #

    def _deliver_batch(self, job: Job, answer) -> float:
        """Make leads of the next companies of an answer, and pay them, in one transaction.

        :return: seconds that the scheduler leaves this lane
        """
        for tries_left in reversed(range(MAX_TRIES)):
            try:
                self._deliver(job, answer)
                return self._commit()
            except _CONCURRENCY_ERRORS:
                self.env.cr.rollback()
                if not tries_left:
                    raise
        raise AssertionError("unreachable")

    def _deliver(self, job: Job, answer) -> None:
        rows = self._judge(job, answer._pending()[: job.batch_size])
        prices = answer.provider_id._prices()
        self.env["lead.mining.known"]._treat(
            job.request, [row for row in rows if row.known], prices
        )
        self._create_leads(job, [row for row in rows if not row.outcome], prices)
        credits = sum(row.credits for row in rows)
        self._store_results(job, answer, rows, self._capture(job, answer, credits))
        answer.position += len(rows)
        job.run._renew(job.token, self._lease_seconds(), **self._counters(job.run, rows, credits))
        self._send_progress(job)
        self.env.cr.flush()

    def _capture(self, job: Job, answer, credits: int):
        """Pay the leads just made of an answer; return the ledger's entry, empty if free."""
        if not credits:
            return self.env["iap.credit.entry"]
        return job.account.capture(
            job.run.hold_token,
            credits,
            reason=job.request.env._("Lead mining %s", job.request.name),
            idempotency_key=f"{job.run.run_key}:{answer.sequence}:{answer.position}",
            document=job.request,
        )

    def _judge(self, job: Job, companies: list[Company]) -> list[Row]:
        """Give each company that cannot become a lead its outcome.

        Stops where enough have none: those after it stay for another time.
        """
        query = job.request._to_query()
        screened = self._screen(job, companies, query)
        candidates = [
            candidate(item.company, query.countries, query.contacts_per_company)
            for item in screened
        ]
        known = self.env["lead.mining.identity"]._known_keys(
            [key for item in candidates for key in item.keys]
        )
        rows, seen, wanted = [], set(), job.wanted
        for item, listed in zip(candidates, screened, strict=True):
            if wanted <= 0:
                break
            row = Row(item)
            if item.flaw:
                row.outcome, row.reason = "invalid", self._flaw_sentence(job, item.flaw)
            elif listed.kind:
                row.outcome = "skipped"
                row.reason = job.request.env["lead.mining.suppression"]._suppressed_sentence(
                    listed.kind
                )
            elif seen.intersection(item.keys):
                row.outcome = "duplicate"
                row.reason = job.request.env._("The provider sent this company twice.")
            elif known.intersection(item.keys):
                row.outcome, row.known = "duplicate", True
                # What is brought up to date counts like a new lead.
                wanted -= job.request.known_policy == "update"
            else:
                wanted -= 1
            seen.update(item.keys)
            rows.append(row)
        return rows

    def _screen(self, job: Job, companies: list[Company], query: CompanyQuery) -> list[Screened]:
        """Take out who is never mined, then choose among the persons that are left."""
        suppression = job.request.env["lead.mining.suppression"]
        return [
            replace(
                item,
                company=replace(
                    item.company,
                    contacts=choose_contacts(distinct_contacts(item.company.contacts), query),
                ),
            )
            for item in suppression._screen(companies, job.request.company_id)
        ]

    def _flaw_sentence(self, job: Job, flaw: str) -> str:
        env = job.request.env
        return {
            "no_name": env._("The provider sent a company without a name."),
            "no_identity": env._(
                "Without registry number, VAT number or website this company cannot be recognised "
                "again, so it could be sold to you twice."
            ),
            "other_country": env._("The company is in a country that was not asked for."),
        }[flaw]

    def _create_leads(self, job: Job, rows: list[Row], prices: Prices) -> None:
        """Make the leads of the rows, a failing batch halved until the bad row is alone."""
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                self._create_lead_batch(job, rows, prices)
                # What waits for the end of the transaction belongs to this batch: a later
                # batch that fails would drop it.
                self.env.cr.flush()
            return
        except _CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # constraints and overrides of any addon refuse in their own way
            if len(rows) == 1:
                _logger.warning("Lead mining %s: a lead failed", job.request.name, exc_info=True)
                rows[0].outcome, rows[0].reason = "failed", self._failed_sentence(job, error)
                rows[0].lead_id = rows[0].credits = rows[0].contacts = 0
                return
        for row in rows:
            row.outcome, row.reason, row.lead_id, row.credits, row.contacts = "", "", 0, 0, 0
        half = len(rows) // 2
        self._create_leads(job, rows[:half], prices)
        self._create_leads(job, rows[half:], prices)

    def _failed_sentence(self, job: Job, error: Exception) -> str:
        detail = str(error.args[0]) if error.args else error.__class__.__name__
        return job.request.env._("The lead could not be saved: %s", detail.splitlines()[0][:200])

    def _create_lead_batch(self, job: Job, rows: list[Row], prices: Prices) -> None:
        Identity = job.request.env["lead.mining.identity"]
        ours = Identity._reserve([key for row in rows for key in row.candidate.keys], job.request)
        new = []
        for row in rows:
            if ours.issuperset(row.candidate.keys):
                new.append(row)
            else:
                row.outcome = "duplicate"
                row.reason = job.request.env._("Another request has just delivered this company.")
        self._put_known_contacts_last(job, new)
        companies = [row.candidate.company for row in new]
        leads = job.request.env["crm.lead"]._create_mined(job.request, companies)
        for row, lead in zip(new, leads, strict=True):
            row.outcome, row.lead_id = "created", lead.id
            row.credits = prices.of(1, row.contacts)
            row.contact_price = prices.contact
        leads.mining_contact_ids._link_address_book()
        Identity._assign_leads({key: row.lead_id for row in new for key in row.candidate.keys})

    def _put_known_contacts_last(self, job: Job, rows: list[Row]) -> None:
        """People who are in the address book already come after the new ones, and are free."""
        known = job.request.env["lead.mining.contact"]._known_emails(
            {contact.email for row in rows for contact in row.candidate.company.contacts}
        )
        for row in rows:
            row.candidate, row.contacts = known_contacts_last(row.candidate, known)

    def _store_results(self, job: Job, answer, rows: list[Row], entry) -> None:
        results = self.env["lead.mining.result"].create(
            [
                {
                    "request_id": job.request.id,
                    "provider_id": answer.provider_id.id,
                    "name": row.candidate.company.name[:256],
                    "outcome": row.outcome,
                    "reason": row.reason,
                    "identity_key": next(iter(row.candidate.keys), False),
                    # Data that is not paid is not kept here.
                    "data": row.outcome in ("created", "updated")
                    and company_json.to_json(row.candidate.company),
                    "lead_id": row.lead_id,
                    "partner_id": row.partner_id,
                    "contact_count": row.contacts,
                    "credits": row.credits,
                    "contact_price": row.contact_price,
                    "entry_id": row.credits and entry.id,
                }
                for row in rows
            ]
        )
        for result in results.filtered("contact_count"):
            unpaid = result.lead_id.mining_contact_ids.filtered(lambda c: not c.result_id)
            unpaid.result_id = result

    def _counters(self, run, rows: list[Row], credits: int) -> dict[str, int]:
        """Return the run's counters after these rows."""
        counters = {
            f"{outcome}_count": run[f"{outcome}_count"] + sum(r.outcome == outcome for r in rows)
            for outcome in (
                "created", "updated", "linked", "duplicate", "skipped", "invalid", "failed"
            )
        }  # fmt: skip
        return counters | {
            "contact_count": run.contact_count + sum(row.contacts for row in rows),
            "credits_captured": run.credits_captured + credits,
        }

    # === ENDS === #

    def _end_of(self, job: Job) -> dict:
        """Return the state of a run whose providers have nothing more, or that is filled."""
        run, env = job.run, job.request.env
        if job.wanted <= 0:
            return {"state": "done", "failure": None, "message": None}
        notes = self._notes(job)
        if job.request._filled_count():
            sentence = env._(
                "The provider knows no more new companies like these: %(found)s of %(asked)s "
                "were found, and only these were paid.",
                found=job.request._filled_count(),
                asked=job.request.lead_number,
            )
            message = "\n".join([sentence, *notes])
            return {"state": "partial", "failure": None, "message": message}
        if any(note["failed"] for note in (run.provider_notes or {}).values()):
            return self._end_with(job, "provider", "\n".join(notes))
        if run.duplicate_count or run.linked_count:
            sentence = env._(
                "All companies that match are known already. No credit was used. Try other filters."
            )
        elif run.skipped_count:
            sentence = env._(
                "All companies that match are on the list of what is never mined. No credit was "
                "used. Try other filters."
            )
        else:
            sentence = env._("No company matches. No credit was used. Try removing some filters.")
        return self._end_with(job, "no_result", "\n".join([sentence, *notes]))

    def _notes(self, job: Job) -> list[str]:
        """Return, in the providers' order, why some were not asked to the end."""
        notes = job.run.provider_notes or {}
        providers = job.request._providers() | job.request._providers().browse(map(int, notes))
        return [notes[str(one.id)]["sentence"] for one in providers if str(one.id) in notes]

    def _end_with(self, job: Job, failure: str, message: str) -> dict:
        return {
            "state": "partial" if job.request._filled_count() else "failed",
            "failure": failure,
            "message": message,
        }

    def _end_without_credits(self, job: Job, error: InsufficientCredits) -> dict:
        missing = error.price - error.balance
        return job.request._waiting_values(missing)

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
            if end["state"] == "waiting":
                self.env["iap.account"]._wake_later()
        except LeaseLost:
            self.env.cr.rollback()
            return
        self._post_summary(job)
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

    def _post_summary(self, job: Job) -> None:
        request = job.request
        summary = request.env._(
            "%(leads)s leads and %(contacts)s contacts for %(credits)s credits.",
            leads=job.run.created_count,
            contacts=job.run.contact_count,
            credits=job.run.credits_captured,
        )
        lines = (job.run.message or "").splitlines() or self._notes(job)
        summary = Markup("<br/>").join([summary, *lines])
        request._message_log(body=summary)

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


def _by_domain(adapter: Provider, company: Company) -> Company | None:
    """Ask by the domain a provider that does not know the company's register."""
    return adapter.enrich(domain=company.domain) if company.registry_id and company.domain else None
