from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...company import company_json
from ...company.types import Company, Page
from ...tools.settings import Settings
from ...tools.suppression import Screened


class LeadMiningAnswer(models.Model):
    """A provider's page, kept before anything is made of it: a second run never pays it again."""

    _name = "lead.mining.answer"
    _inherit = ["lead.mining.stored.mixin"]
    _description = "Lead Mining Answer"
    _order = "request_id, sequence"

    _person_columns = ("companies",)
    _stored_column = "companies"
    _person_sequence = 15

    request_id = fields.Many2one("lead.mining.request", required=True, ondelete="cascade")
    provider_id = fields.Many2one(
        "lead.mining.provider", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(required=True)
    attempt = fields.Integer(required=True)
    asked_cursor = fields.Char()
    next_cursor = fields.Char()
    total = fields.Integer()
    companies = fields.Json(
        prefetch=False,
        help="As the provider described them; empty when it sent none, or they are forgotten.",
    )
    company_count = fields.Integer(required=True)
    position = fields.Integer(help="How many of the companies already have their result.")
    completed = fields.Integer(help="How many of them other providers have been asked about.")
    helped = fields.Json(help="The company that is completed now, and who was asked about it.")

    _page_uniq = models.Constraint(
        "UNIQUE(request_id, sequence)", "This page of the answer is already stored."
    )

    def _store(self, request, provider, attempt: int, cursor: str | None, page: Page):
        """Keep `page`, the provider's answer to `cursor`, without who is never mined.

        Companies that are listed stay by name, so that they can be told to have been skipped.
        """
        screened = self.env["lead.mining.suppression"]._screen(page.companies, request.company_id)
        last = self.search([("request_id", "=", request.id)], order="sequence DESC", limit=1)
        return self.create(
            {
                "request_id": request.id,
                "provider_id": provider.id,
                "sequence": last.sequence + 1,
                "attempt": attempt,
                "asked_cursor": cursor,
                "next_cursor": page.next_cursor,
                "total": page.total,
                "companies": [company_json.to_json(item.company) for item in screened],
                "company_count": len(page.companies),
            }
        )

    @api.model
    def _kept_of(self, request):
        """Return the answers to a request that are not forgotten, in their order."""
        return self.search(
            Domain("request_id", "=", request.id)
            & (Domain("companies", "!=", False) | Domain("company_count", "=", 0))
        )

    @api.autovacuum
    def _gc_answers(self):
        """Forget what was answered to requests that ended long ago.

        All answers to a request at once, and where they end: one that is tried again asks from the
        first page on, even if the last page was empty.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_mining_answer AS answer
                   SET companies = NULL, helped = NULL, next_cursor = NULL
                  FROM lead_mining_request AS request
                  JOIN lead_mining_run AS run ON run.id = request.run_id
                 WHERE request.id = answer.request_id
                   AND (answer.companies IS NOT NULL OR answer.next_cursor IS NOT NULL)
                   AND run.state IN ('done', 'partial', 'failed', 'cancelled')
                   AND COALESCE(run.finished_at, run.queued_at) < %s
                """,
                fields.Datetime.now() - Settings.of(self.env).answers_kept,
            )
        )
        self.invalidate_model(["companies", "helped", "next_cursor"])

    def _pending(self, most: int) -> list[Company]:
        """Return the next companies that have no result yet.

        The field copies all companies of the answer each time that it is read.
        """
        self.ensure_one()
        upcoming = (self.companies or [])[self.position : self.position + most]
        return list(map(company_json.from_json, upcoming))

    def _asked_about(self, index: int):
        """Return the providers that were asked about the company at this place already."""
        helped = self.helped or {}
        return self.provider_id.browse(helped["providers"] if helped.get("index") == index else [])

    def _store_helped(self, index: int, company: Company, provider) -> Screened:
        """Keep what the company is after another provider was asked about it.

        :return: the company without who is never mined
        """
        self.ensure_one()
        Suppression = self.env["lead.mining.suppression"]
        (item,) = Suppression._screen([company], self.request_id.company_id)
        companies = list(self.companies)
        companies[index] = company_json.to_json(item.company)
        asked = self._asked_about(index) | provider
        self.write({"companies": companies, "helped": {"index": index, "providers": asked.ids}})
        return item

    def _store_completed(self, index: int) -> None:
        """Remember that there is nobody left to ask about the company at this place."""
        self.write({"completed": index + 1, "helped": False})

    # === PRIVACY === #

    @api.model
    def _person_label(self):
        return self.env._("Stored answers of providers")

    @api.model
    def _person_scope(self, companies):
        return Domain("request_id.company_id", "in", companies)

    def _person_company(self):
        return self.request_id.company_id

    def _person_title(self):
        return self.request_id.name
