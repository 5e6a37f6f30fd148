import logging
from dataclasses import replace

from odoo import models
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE

from ...company import company_json
from ...company.contacts import choose_contacts, distinct_contacts
from ...company.status import refusal_kind
from ...company.types import Company, CompanyQuery
from ...tools.judgement import Candidate, candidate, known_contacts_last
from ...tools.pricing import Prices
from ...tools.suppression import Screened
from .lead_mining_job import Job, Row

_logger = logging.getLogger(__name__)


class LeadMiningWorker(models.AbstractModel):
    """Makes leads of an answer's companies and pays them, a batch a transaction."""

    _inherit = "lead.mining.worker"  # pylint: disable=consider-merging-classes-inherited

    def _deliver_batch(self, job: Job, answer, companies: list[Company]) -> float:
        """Make leads of the next companies of an answer, and pay them, in one transaction.

        :param companies: those, as they were stored when this transaction began
        :return: seconds that the scheduler leaves this lane
        """
        for tries_left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
            try:
                self._deliver(job, answer, companies)
                return self._commit()
            except self._lane_errors:
                self.env.cr.rollback()
                if not tries_left:
                    raise
                # Whoever was in the way may have changed them, as an erasure does.
                companies = answer._pending(len(companies))
        raise AssertionError("unreachable")

    def _deliver(self, job: Job, answer, companies: list[Company]) -> None:
        rows = self._judge(job, companies)
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
        query = job.query
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
                row.outcome, row.reason = "invalid", self._flaw_sentence(job, item)
            elif listed.kind:
                row.outcome = "skipped"
                row.reason = job.request.env["lead.mining.suppression"]._refusal_sentence(
                    listed.kind
                )
            elif seen.intersection(item.keys):
                row.outcome = "duplicate"
                row.reason = job.request.env._("The provider sent this company twice.")
            elif known.intersection(item.keys):
                row.outcome, row.known = "duplicate", True
                # What is brought up to date counts like a new lead.
                wanted -= job.request.known_policy == "update"
            elif job.of_known_groups.intersection(item.keys):
                row.outcome = "duplicate"
                row.reason = job.request.env._("Another company of its group is known already.")
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

    def _flaw_sentence(self, job: Job, item: Candidate) -> str:
        env = job.request.env
        sentences = {
            "no_name": env._("The provider sent a company without a name."),
            "no_identity": env._(
                "Without a registration number, VAT number or website, this company cannot be "
                "recognised again and could be sold to you twice."
            ),
            "other_country": env._("The company is in a country that was not asked for."),
        }
        if sentence := sentences.get(item.flaw):
            return sentence
        kind = refusal_kind(item.flaw, item.company.country_code)
        return env["lead.mining.suppression"]._refusal_sentence(kind)

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
        except self._lane_errors:
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
        self.env["lead.mining.alike"]._tell(job.request, new)
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
