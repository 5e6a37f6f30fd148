import json
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import company_json
from odoo.addons.crm_lead_mining.company.status import refusal_kind
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.models.mining.lead_lease_mixin import NOW
from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE

from ..tools.enrichment import GROUPS, Subject
from ..tools.settings import Settings

STATES = [
    ("queued", "Queued"),
    ("running", "Running"),
    ("waiting_credits", "Waiting for Credits"),
    ("done", "Enriched"),
    ("not_found", "Nothing Found"),
    ("failed", "Failed"),
]
GROUP = "crm_lead_enrichment.group_lead_enrichment_user"
OPEN_STATES = ("queued", "running", "waiting_credits")
#: Answers that one transaction of the nightly cleaning forgets.
GC_LIMIT = 1000


class LeadEnrichment(models.Model):
    """One attempt to enrich one record: who asked, what was found, changed and paid.

    Rows without a record are answers to other apps, which ask about a domain only. An answer that
    was paid is used again, free of charge, for the same company of the database.
    """

    _name = "lead.enrichment"
    _description = "Enrichment"
    _inherit = ["lead.lease.mixin"]
    _order = "id desc"
    _rec_name = "record_name"

    res_model = fields.Selection(
        [("crm.lead", "Lead or Opportunity"), ("res.partner", "Contact")],
        string="Kind",
        readonly=True,
    )
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    record_name = fields.Char(string="Name", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Requested By", required=True, readonly=True)
    origin = fields.Selection(
        [("user", "On demand"), ("automatic", "Automatic"), ("client", "Another app")],
        required=True,
        readonly=True,
        default="user",
    )
    batch = fields.Char(readonly=True, index=True)

    domain = fields.Char(readonly=True)
    registry_id = fields.Char(string="Registration Number", readonly=True)
    identity_key = fields.Char(required=True, readonly=True)
    website_only = fields.Boolean(
        readonly=True,
        help="The company's data were paid for before: its own website completes them, free of "
        "charge.",
    )
    overwritten = fields.Char(
        readonly=True, help="Which fields were to be overwritten; all others are filled if empty."
    )

    state = fields.Selection(STATES, required=True, default="queued", readonly=True, index=True)
    message = fields.Text(string="Outcome", readonly=True)
    provider_ids = fields.Many2many("lead.mining.provider", string="Providers", readonly=True)
    answer = fields.Json(readonly=True, prefetch=False, groups="base.group_system")
    logo = fields.Binary(readonly=True, attachment=True, groups="base.group_system")
    changes = fields.Json(readonly=True)
    change_count = fields.Integer(string="Changed Fields", readonly=True)
    changes_html = fields.Html(string="What Changed", compute="_compute_changes_html")
    credits = fields.Integer(string="Cost", readonly=True, help="Credits spent.")
    credits_missing = fields.Integer(readonly=True)
    can_buy_credits = fields.Char(compute="_compute_buy_url", string="Where to buy credits")
    tries = fields.Integer(readonly=True)
    finished_at = fields.Datetime(string="Finished On", readonly=True)
    next_try_at = fields.Datetime(string="Next Try", readonly=True)

    # The key of everything that is paid for this attempt: it never changes.
    run_key = fields.Char(readonly=True, groups="base.group_system")
    hold_number = fields.Integer(readonly=True, default=1, groups="base.group_system")
    hold_token = fields.Char(readonly=True, groups="base.group_system")
    hold_price = fields.Integer(readonly=True, groups="base.group_system")
    free_part_given = fields.Boolean(readonly=True, groups="base.group_system")

    _open_uniq = models.UniqueIndex(
        "(res_model, res_id) WHERE state IN ('queued', 'running', 'waiting_credits')",
        "This record is already being enriched.",
    )
    # What is asked about a company is asked, and paid, once at a time.
    _running_uniq = models.UniqueIndex(
        "(company_id, identity_key) WHERE state = 'running'",
        "Someone is already asking about this company.",
    )
    _record_idx = models.Index("(res_model, res_id, id)")
    _claim_idx = models.Index("(id) WHERE state IN ('queued', 'running')")
    _answer_idx = models.Index("(company_id, identity_key, finished_at) WHERE state = 'done'")

    # === COMPUTES === #

    @api.depends("changes")
    def _compute_changes_html(self):
        for attempt in self:
            attempt.changes_html = attempt.changes and self.env["ir.qweb"]._render(
                "crm_lead_enrichment.enrichment_changes", {"changes": attempt.changes}
            )

    @api.depends("state", "company_id")
    def _compute_buy_url(self):
        for attempt in self:
            waits = attempt.state == "waiting_credits"
            attempt.can_buy_credits = waits and attempt._credits_url()

    def _credits_url(self) -> str:
        company = self.company_id or self.env.company
        return self.env["iap.account"].with_company(company).get_credits_url(service_name=SERVICE)

    # === SETTINGS === #

    @api.model
    def _price(self) -> int:
        return Settings.of(self.env).price

    @api.model
    def _is_automatic(self) -> bool:
        mode = Settings.of(self.env).mode
        return mode == "automatic" and self._is_on()

    @api.model
    def _is_on(self) -> bool:
        """Tell whether anybody may enrich, by the settings."""
        return self.env["res.config.settings"]._is_lead_enrichment_on()

    @api.model
    def _check_is_on(self) -> None:
        """Refuse what the settings switch off, whoever asks and by whichever way."""
        if not self._is_on():
            raise UserError(self._off_sentence())

    @api.model
    def _off_sentence(self) -> str:
        return self.env._("Lead Enrichment is switched off in the CRM settings.")

    @api.model
    def _check_may_enrich(self) -> None:
        self._check_is_on()
        if not self.env.su and not self.env.user.has_group(GROUP):
            raise AccessError(self.env._("You are not allowed to enrich leads and contacts."))

    # === ASKING === #

    @api.model
    def _enqueue(self, records, subjects: dict[int, Subject], origin="user", groups=()):
        """Queue an attempt for each record that has none that is open.

        :param records: of one model
        :param subjects: whom to ask about, by id of the record
        :param groups: keys of GROUPS that may be overwritten
        :return: the new attempts; a twin of another user's click is theirs, and not returned
        """
        bought = records._enrichment_bought()
        rows = [
            {
                "res_id": record.id,
                "record_name": record.display_name,
                "company_id": record._enrichment_payer().id,
                "domain": subjects[record.id].domain or None,
                "registry_id": subjects[record.id].registry_id or None,
                "identity_key": subjects[record.id].key,
                "website_only": record in bought,
                "run_key": uuid.uuid4().hex,
            }
            for record in records
        ]
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_enrichment (
                            res_model, res_id, record_name, company_id, user_id, origin, batch,
                            domain, registry_id, identity_key, website_only, overwritten, state,
                            run_key, hold_number, change_count, credits, credits_missing, tries,
                            create_uid, create_date, write_uid, write_date)
                     SELECT %(model)s, res_id, record_name, company_id, %(uid)s, %(origin)s,
                            %(batch)s, domain, registry_id, identity_key, website_only,
                            %(groups)s, 'queued', run_key, 1, 0, 0, 0, 0,
                            %(uid)s, %(now)s, %(uid)s, %(now)s
                       FROM jsonb_to_recordset(%(rows)s) AS row (
                            res_id int, record_name text, company_id int, domain text,
                            registry_id text, identity_key text, website_only bool, run_key text)
                   ORDER BY res_id
                ON CONFLICT (res_model, res_id)
                      WHERE state IN ('queued', 'running', 'waiting_credits') DO NOTHING
                  RETURNING id
                """,
                model=records._name,
                uid=self.env.uid,
                origin=origin,
                batch=uuid.uuid4().hex,
                groups=",".join(group for group in GROUPS if group in groups) or None,
                now=self.env.cr.now(),
                rows=json.dumps(rows),
            )
        )
        records.invalidate_recordset(["enrichment_state", "can_enrich"])
        if found:
            self.env["lead.enrichment.worker"]._trigger_lanes()
        return self.browse(row[0] for row in found)

    # === ANSWERS === #

    @api.model
    def _find_answer(self, subject: Subject, company):
        """Return the newest paid attempt whose answer may be used again, in sudo."""
        days = Settings.of(self.env).cache_days
        # Sudo: an answer belongs to the whole company of the database that has paid for it.
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("identity_key", "=", subject.key),
                ("state", "=", "done"),
                ("answer", "!=", False),
                ("website_only", "=", False),
                ("finished_at", ">", fields.Datetime.now() - timedelta(days=days)),
            ],
            order="finished_at DESC",
            limit=1,
        )  # fmt: skip

    @api.model
    def _find_nothing(self, subject: Subject, company):
        """Return the newest attempt that found nothing, while it is too early to ask again."""
        days = Settings.of(self.env).retry_days
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("identity_key", "=", subject.key),
                ("state", "=", "not_found"),
                ("website_only", "=", False),
                ("finished_at", ">", fields.Datetime.now() - timedelta(days=days)),
            ],
            limit=1,
        )

    def _subject(self) -> Subject:
        self.ensure_one()
        return Subject(self.domain or "", self.registry_id or "")

    def _groups(self) -> set[str]:
        self.ensure_one()
        return set(filter(None, (self.overwritten or "").split(",")))

    def _company(self) -> Company | None:
        """Return the answer that is stored."""
        self.ensure_one()
        return company_json.from_json(self.answer) if self.answer else None

    def _screen_answer(self) -> str:
        """Take out of the stored answer who is never mined by now.

        :return: kind of the entry, or the status, for which nothing of it may be used, "" if it may
        """
        self.ensure_one()
        stored = self._company()
        if not stored:
            return ""
        if stored.status:
            return refusal_kind(stored.status, stored.country_code)
        (item,) = self.env["lead.mining.suppression"]._screen([stored], self.company_id)
        if item.kind:
            self.write({"answer": False, "logo": False})
        elif item.withheld:
            self.answer = company_json.to_json(item.company)
        return item.kind

    @api.autovacuum
    def _gc_answers(self):
        """Forget answers that nobody uses again: what became of them stands on the records."""
        settings = Settings.of(self.env)
        days = max(settings.cache_days, settings.retry_days)
        old = self.search(
            [
                ("finished_at", "<", fields.Datetime.now() - timedelta(days=days)),
                ("answer", "!=", False),
                ("state", "not in", OPEN_STATES),
            ],
            limit=GC_LIMIT,
        )
        old.write({"answer": False, "logo": False})
        return len(old), len(old) == GC_LIMIT

    # === LEASE === #

    @api.model
    def _due_condition(self):
        # One whose company somebody asks about already waits until that is over.
        return SQL(
            """
            res_id IS NOT NULL
            AND (next_try_at IS NULL OR next_try_at <= %s)
            AND NOT EXISTS (
                SELECT FROM lead_enrichment AS other
                 WHERE other.company_id = job.company_id
                   AND other.identity_key = job.identity_key
                   AND other.state = 'running')
            """,
            NOW,
        )

    # === WAITING FOR CREDITS === #

    @api.model
    def _wake_waiting(self) -> None:
        """Queue those that wait for credits, the oldest first, as many as can be paid now."""
        if not self._is_on():
            return
        # Sudo: whoever adds credits does not read what they are spent on.
        waiting_sudo = self.sudo().search_fetch(
            [("state", "=", "waiting_credits")], ["company_id"], order="id"
        )
        price = self._price()
        for company, attempts in waiting_sudo._end_unasked().grouped("company_id").items():
            account_sudo = self.env["iap.account"]._get_local(SERVICE, company=company)
            affordable = account_sudo.credits_available // price if price else len(attempts)
            attempts[:affordable].write({"state": "queued", "message": False})

    def _end_unasked(self):
        """End what nobody asks for any more, so that others can; return the rest. Needs sudo."""
        left = self.browse()
        for (user, company, model), attempts in self.grouped(
            lambda one: (one.user_id, one.company_id, one.res_model)
        ).items():
            records = self.env[model].browse(attempts.mapped("res_id")).exists()
            records -= user._still_spends_on(records, GROUP, company)
            lost = attempts.filtered(lambda one, ids=set(records.ids): one.res_id in ids)
            lost.write(
                {
                    "state": "failed",
                    "message": lost.with_context(lang=user.lang)[:1]._not_allowed_sentence(),
                    "finished_at": fields.Datetime.now(),
                }
            )
            left |= lost
        return self - left

    def _not_allowed_sentence(self) -> str:
        return self.env._(
            "%s may no longer enrich this record. Someone else can ask for it.",
            self.user_id.name,
        )

    # === ACTIONS === #

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_retry(self):
        """Ask again about those that failed or wait for credits."""
        self._check_may_enrich()
        # Sudo: attempts are written by nobody but the worker.
        waiting_sudo = self.filtered(lambda attempt: attempt.state == "waiting_credits").sudo()
        waiting_sudo = waiting_sudo._end_unasked()
        waiting_sudo.write({"state": "queued", "next_try_at": False})
        failed = self.filtered(lambda attempt: attempt.state == "failed" and attempt.res_id)
        for model, attempts in failed.grouped("res_model").items():
            self.env[model].browse(attempts.mapped("res_id")).exists().action_enrich()
        if waiting_sudo:
            self.env["lead.enrichment.worker"]._trigger_lanes()

    def action_buy_credits(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._credits_url(), "target": "new"}

    @api.model
    def _open_domain(self, records) -> Domain:
        return (
            Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("state", "in", OPEN_STATES)
        )
