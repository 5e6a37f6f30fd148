import logging
from dataclasses import replace

from psycopg2.extras import Json

from odoo import fields, models

from ...company.gaps import completed, has_gaps
from ...company.types import Company, CompanyQuery
from ...exceptions import OutOfTime, ResumeLater
from ...providers.base import Provider, handle_of
from ...providers.errors import (
    NetworkClosed,
    ProviderAnswerInvalid,
    ProviderError,
    ProviderRateLimited,
)
from .lead_mining_job import Job

_logger = logging.getLogger(__name__)

#: Companies per transaction: large enough to be fast, small enough to show progress.
BATCH_SIZE = 50
#: Companies asked for at once when nothing says less.
PAGE_SIZE = 200
#: Pages asked for in one attempt: a provider that never ends is stopped here.
MAX_PAGES = 1000
#: Seconds that a run waits for a provider's next turn at most, rather than going on without it,
#: and seconds after which a run that has waited again and again does so no more.
MAX_PAUSE = 900
MAX_PATIENCE = 3600
#: Hosts of companies in a row that fail before it must be our own network.
MAX_DEAD_HOSTS = 8


class LeadMiningWorker(models.AbstractModel):
    """Asks providers, each in its turn, and stores what they answer."""

    _inherit = "lead.mining.worker"  # pylint: disable=consider-merging-classes-inherited

    # === ANSWERS === #

    def _next_answer(self, job: Job):
        """Return the stored answer to go on with, asking the providers when there is none.

        They are asked in their order, the next one when one has nothing more or fails. Empty after
        the last page of the last one.
        """
        answers = self.env["lead.mining.answer"]._kept_of(job.request)
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
            if sentence := provider._unfit_sentence(job.query):
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
        page = job.adapter(provider).search(job.query, cursor, min(PAGE_SIZE, job.wanted))
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

    def _complete(self, job: Job, answer) -> list[Company]:
        """Ask for the contacts and fill the gaps of the companies that are delivered next.

        Only companies that would become leads are asked about.

        :return: the companies, as they are afterwards
        """
        helpers, pending = self._helpers(job, answer), answer._pending(BATCH_SIZE)
        asks_people = job.query.with_contacts and any(
            provider._adapter_class().has_contacts for provider in helpers
        )
        # Who is left out of the answers, or unwanted, is known only after it is judged.
        if not asks_people and not any(
            self._who_may_know(job, answer, helpers, company) for company in pending
        ):
            return pending
        rows = self._judge(job, pending)
        for index, row in enumerate(rows, answer.position):
            company = row.candidate.company
            if row.outcome or index < answer.completed:
                continue
            if self._who_may_know(job, answer, helpers, company):
                self._check_cancelled(job)
                self._complete_one(job, answer, index, company)
        return answer._pending(max(1, len(rows)))

    def _helpers(self, job: Job, answer):
        """Return the providers that may know more of an answer's companies, its own one first."""
        query, own = job.query, answer.provider_id
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

    def _who_may_know(self, job: Job, answer, helpers, company: Company):
        """Return those of the helpers who may know what a company lacks."""
        lacks_contacts = job.query.with_contacts and not company.contacts
        lacks_values = has_gaps(company)

        def may_know(provider) -> bool:
            adapter = provider._adapter_class()
            if adapter.own_hosts and not (company.domain or company.website):
                return False
            is_other = provider != answer.provider_id
            return (lacks_values and is_other) or (lacks_contacts and adapter.has_contacts)

        return helpers.filtered(may_know)

    def _complete_one(self, job: Job, answer, index: int, company: Company) -> None:
        """Ask the helpers about one company of an answer.

        What each of them knows is stored before the next one is asked: a second run asks, and
        pays, nothing twice.

        :raise OutOfTime: when the scheduler's time is over
        """
        helpers = self._helpers(job, answer) - answer._asked_about(index)
        for provider in self._who_may_know(job, answer, helpers, company):
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
        query = job.query
        try:
            adapter = job.adapter(provider)
            if provider != answer.provider_id and has_gaps(company):
                found = adapter.enrich(**handle_of(company)) or _by_domain(adapter, company)
                company = completed(company, found) if found else company
            if query.with_contacts and not company.contacts:
                company = replace(company, contacts=adapter.contacts_of(company, query))
            if provider._adapter_class().own_hosts:
                job.dead_hosts = 0
        except ProviderError as error:
            self.env.cr.rollback()
            if provider == answer.provider_id:
                self._resume_later_if_told(job, error)
            if not self._is_one_host_s(job, provider, error):
                self._give_up(job, provider, provider._error_sentence(error), failed=True)
        return company

    def _is_one_host_s(self, job: Job, provider, error: ProviderError) -> bool:
        """Tell whether only this company's own host fails, so that others can be asked."""
        if not provider._adapter_class().own_hosts or isinstance(error, NetworkClosed):
            return False
        _logger.info("Lead mining %s: %s: %r", job.request.name, provider.code, error)
        # One that only needs a browser has answered.
        job.dead_hosts = job.dead_hosts + 1 if error.retryable else 0
        return job.dead_hosts < MAX_DEAD_HOSTS


def _by_domain(adapter: Provider, company: Company) -> Company | None:
    """Ask by the domain a provider that does not know the company's register."""
    return adapter.enrich(domain=company.domain) if company.registry_id and company.domain else None
