import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models

from odoo.addons.crm_iap_credits.exceptions import InsufficientCredits
from odoo.addons.crm_iap_credits.tools.shown import shown
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.providers.errors import ProviderError

from ..tools.enrichment import Found
from .lead_enrichment_job import Job

_logger = logging.getLogger(__name__)

#: Tries of one automatic attempt whose providers could not answer, and the wait between them.
MAX_QUESTIONS = 3
SHORTEST_WAIT = timedelta(minutes=15)


class LeadEnrichmentWorker(models.AbstractModel):
    """Says how an attempt has ended, and what is given without credits."""

    _inherit = "lead.enrichment.worker"  # pylint: disable=consider-merging-classes-inherited

    def _end_without_answer(self, job: Job, found: Found) -> dict:
        env, attempt = job.attempt.env, job.attempt
        if found.refused:
            return self._end_refused(job, found.refused)
        if not found.problems:
            sentence = env._(
                "No provider knows %s. No credits were used.",
                attempt.domain or attempt.registry_id,
            )
            return {"state": "not_found", "message": " ".join([sentence, *found.notes])}
        message = " ".join(found.problems)
        tries = attempt.tries + 1
        if attempt.origin != "automatic" or found.retry_after is None or tries >= MAX_QUESTIONS:
            return {"state": "failed", "message": message, "tries": tries}
        wait = max(SHORTEST_WAIT * 2 ** (tries - 1), timedelta(seconds=found.retry_after))
        return {
            "state": "queued",
            "message": message,
            "tries": tries,
            "next_try_at": fields.Datetime.now() + wait,
        }

    def _end_refused(self, job: Job, kind: str) -> dict:
        env = job.attempt.env
        sentence = env["lead.mining.suppression"]._refusal_sentence(kind)
        message = " ".join([sentence, env._("No credits were used.")])
        return {"state": "failed", "message": message}

    def _end_without_credits(self, job: Job, error: InsufficientCredits) -> dict:
        """Keep the attempt for when there are credits, and give what is free already now."""
        missing = error.price - error.balance
        end = {
            "state": "waiting_credits",
            "credits_missing": missing,
            "message": job.attempt.env._(
                "To enrich %(name)s, credits are missing: %(missing)s. Only the website and the "
                "logo have been filled in; the rest follows automatically once there are credits.",
                missing=shown(job.attempt.env, missing),
                name=job.attempt.record_name,
            ),
        }
        if job.attempt.free_part_given or not job.attempt.domain:
            return end
        try:
            self._give_free_part(job)
        except (ProviderError, *self._lane_errors) as problem:
            self.env.cr.rollback()
            _logger.info("Enrichment %s: no free part (%s)", job.attempt.id, problem)
        except Exception:  # what is free must not keep the attempt from waiting, nor stop the lane
            self.env.cr.rollback()
            _logger.exception("Enrichment %s: no free part", job.attempt.id)
        return end | {"free_part_given": True}

    def _give_free_part(self, job: Job) -> None:
        """Fill the website and the logo, which the company's own website shows to everybody."""
        attempt = job.attempt
        company = Company(name=job.record.display_name, domain=attempt.domain)
        Provider = attempt.env["lead.mining.provider"].with_company(attempt.company_id)
        website = Provider._own_website()
        known = website and website._build_adapter().enrich(domain=attempt.domain)
        if known:
            Suppression = attempt.env["lead.mining.suppression"]
            (item,) = Suppression._screen([known], attempt.company_id)
            if item.kind:
                return
            known = item.company
        logo = known and Provider._fetch_logo(known.logo_url)
        company = Company(
            name=company.name,
            domain=attempt.domain,
            website=(known and known.website) or f"https://{attempt.domain}",
            provenance=known and known.provenance,
        )
        changes = job.record._apply_enrichment(company, (), logo)
        hint = Markup("%s <a href='%s'>%s</a>") % (
            attempt.env._("Not enough credits: only the website and the logo have been filled in."),
            attempt._credits_url(),
            attempt.env._("Buy credits"),
        )
        self._note(job, company, changes, hint=hint)
        self._commit()
