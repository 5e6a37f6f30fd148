import logging

from markupsafe import Markup

from odoo import models

from odoo.addons.crm_iap_credits.exceptions import (
    InsufficientCredits,
)
from odoo.addons.crm_iap_credits.tools.shown import shown

from ...tools.settings import Settings
from .lead_mining_job import Job

_logger = logging.getLogger(__name__)


class LeadMiningWorker(models.AbstractModel):
    """Says how a request has ended, and why."""

    _inherit = "lead.mining.worker"  # pylint: disable=consider-merging-classes-inherited

    def _end_of(self, job: Job) -> dict:
        """Return the state of a run whose providers have nothing more, or that is filled."""
        run, env = job.run, job.request.env
        contacts_note = self._contacts_note(job)
        if job.wanted <= 0:
            return {"state": "done", "failure": None, "message": contacts_note or None}
        notes = [*filter(None, [contacts_note]), *self._notes(job)]
        if job.request._filled_count():
            sentence = env._(
                "The provider has no more new companies like these: %(found)s of %(asked)s were "
                "found, and only these were paid for.",
                found=job.request._filled_count(),
                asked=job.request.lead_number,
            )
            message = "\n".join([sentence, *notes])
            return {"state": "partial", "failure": None, "message": message}
        if any(note["failed"] for note in (run.provider_notes or {}).values()):
            return self._end_with(job, "provider", "\n".join(notes))
        if run.duplicate_count or run.linked_count:
            sentence = env._(
                "All matching companies are already known. No credits were used. Try other "
                "criteria."
            )
        elif run.skipped_count:
            sentence = env._(
                "All matching companies are on the Never Mined list. No credits were used. Try "
                "other criteria."
            )
        else:
            sentence = env._(
                "No company matches. No credits were used. Try removing some criteria."
            )
        return self._end_with(job, "no_result", "\n".join([sentence, *notes]))

    def _contacts_note(self, job: Job) -> str:
        """Return of how many of the new companies no contact was delivered, and what helps."""
        request = job.request
        if request.target != "contacts":
            return ""
        delivered = [("request_id", "=", request.id), ("outcome", "=", "created")]
        env = request.env
        count = env["lead.mining.result"].search_count([*delivered, ("contact_count", "=", 0)])
        if not count:
            return ""
        query = request._to_query()
        narrowed = query.preferred_role or query.other_roles or query.seniority
        hint = env._("Other roles may find more.") if narrowed else ""
        sentence = env._(
            "No contact that fits is known of %(count)s of the %(companies)s new companies; only "
            "the companies were paid for.",
            count=count,
            companies=env["lead.mining.result"].search_count(delivered),
        )
        return f"{sentence} {hint}".strip()

    def _notes(self, job: Job) -> list[str]:
        """Return, in the providers' order, why some were not asked to the end."""
        notes = job.run.provider_notes
        if not notes:
            return []
        providers = job.request._providers()
        providers |= providers.browse(map(int, notes))
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

    def _post_summary(self, job: Job) -> None:
        request = job.request
        summary = self._summary(request, job.run)
        lines = (job.run.message or "").splitlines() or self._notes(job)
        summary = Markup("<br/>").join([summary, *lines])
        request._message_log(body=summary)

    def _summary(self, request, run) -> str:
        """Return what came of a request in a line; contacts only where they were asked for."""
        env = request.env
        parts = [
            env._("Leads: %s", shown(env, run.created_count)),
            request.target == "contacts" and env._("Contacts: %s", shown(env, run.contact_count)),
            env._("Credits: %s", shown(env, run.credits_captured)),
        ]
        return " · ".join(filter(None, parts))

    def _tell_assigned(self, job: Job) -> None:
        """Tell colleagues which leads they got since the request was started the last time."""
        env = job.request.env
        leads = env["crm.lead"].search(
            [
                ("mining_request_id", "=", job.request.id),
                ("create_date", ">=", job.run.started_at),
                ("user_id", "not in", (False, env.uid)),
            ],
            order="id",
        )
        if not leads or Settings.of(env).tell_each:
            return
        try:
            with env.cr.savepoint():
                leads._tell_assigned(job.request)
        except self._lane_errors:
            raise
        except Exception:  # a template or an override of mail: the request has ended all the same
            _logger.exception("Lead mining %s: nobody could be told", job.request.name)
