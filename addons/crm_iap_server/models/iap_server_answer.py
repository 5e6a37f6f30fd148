from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import company_json
from odoo.addons.crm_lead_mining.company.types import Company

from ..tools.settings import Settings

FORGOTTEN_AT_ONCE = 10_000


class IapServerAnswer(models.Model):
    """One question of a client, with its answer, which is stored before it is paid and sent.

    A client that hangs up, or rolls back what it has made of the answer, asks the same again: then
    it gets what is stored.
    """

    _name = "iap.server.answer"
    _inherit = ["lead.mining.stored.mixin"]
    _description = "Answer to a Client Database"
    _order = "id desc"
    _rec_name = "kind"

    _person_columns = ("companies",)
    _stored_column = "companies"

    client_id = fields.Many2one(
        "iap.server.client", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("mining", "Lead Mining"),
            ("enrichment", "Enrichment"),
            ("autocomplete", "Company Suggestion"),
        ],
        string="Service",
        required=True,
        readonly=True,
    )
    key = fields.Char(required=True, readonly=True, help="By what the same question is known.")
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="running",
        copy=False,
    )
    wanted = fields.Integer(
        string="Most Credits", readonly=True, help="What the answer could have cost at most."
    )
    credits = fields.Integer(readonly=True, help="What was paid for it.")
    companies = fields.Json(string="Stored Companies", readonly=True, prefetch=False)
    company_count = fields.Integer(string="Companies", readonly=True)
    repeats = fields.Integer(readonly=True, help="How often it was sent again for nothing.")
    problem = fields.Char(readonly=True, help="Why there was no answer.")
    lease_expires_at = fields.Datetime(readonly=True)
    lease_transaction = fields.Char(
        readonly=True, help="It lasts as long as the request in whose name a provider is asked."
    )
    finished_at = fields.Datetime(readonly=True)

    _running_uniq = models.UniqueIndex(
        "(client_id, kind, key) WHERE state = 'running'", "This is being answered already."
    )
    _by_question = models.Index("(client_id, kind, key, finished_at) WHERE state = 'done'")
    _by_time = models.Index("(client_id, create_date)")

    @api.model
    def _lease_transaction(self) -> str:
        """Return the transaction of the request that is being answered.

        PostgreSQL ends it with the process, the connection or the server, whichever ends first.
        """
        [(transaction,)] = self.env.execute_query(SQL("SELECT pg_current_xact_id()::text"))
        return transaction

    def _is_leased(self) -> bool:
        """Tell whether a process is at it.

        The lease is for a process that hangs, and for a machine that PostgreSQL does not miss yet.
        """
        self.ensure_one()
        if self.lease_expires_at <= self.env.cr.now():
            return False
        # Of a database from elsewhere it is a transaction that is still to come: no error.
        [(has_ended,)] = self.env.execute_query(
            SQL(
                "SELECT pg_visible_in_snapshot(%s::xid8, pg_current_snapshot())",
                self.lease_transaction,
            )
        )
        return not has_ended

    def _told(self) -> list[Company]:
        """Return the stored companies, without who is never mined by now."""
        self.ensure_one()
        stored = [company_json.from_json(data) for data in self.companies or ()]
        screened = self.env["lead.mining.suppression"]._screen(stored, self.company_id)
        return [item.company for item in screened if not item.kind]

    @api.autovacuum
    def _gc_companies(self):
        """Forget companies that are told to nobody again, and later that they were asked for."""
        settings = Settings.of(self.env)
        now = fields.Datetime.now()
        told = now - max(
            timedelta(days=settings.answer_days), timedelta(hours=settings.retry_hours)
        )
        # Sudo: who tidies up is nobody's user.
        answers_sudo = self.sudo()
        old = answers_sudo.search(
            [("companies", "!=", False), ("create_date", "<", told)], limit=FORGOTTEN_AT_ONCE
        )
        old.companies = False
        forgotten = now - timedelta(days=settings.keep_days)
        answers_sudo.search(
            [("create_date", "<", forgotten), ("state", "!=", "running")], limit=FORGOTTEN_AT_ONCE
        ).unlink()
        return len(old), len(old) == FORGOTTEN_AT_ONCE
