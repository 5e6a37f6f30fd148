import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.constants import GC_UNLINK_LIMIT

from odoo.addons.crm_iap_credits.tools.budgets import Verdict
from odoo.addons.crm_iap_credits.tools.ledger import Document

from ...company.types import CompanyQuery
from ...providers.base import COUNT_LIMIT
from ...tools.pricing import Limits, Prices, highest_price
from ...tools.settings import Settings
from .lead_mining_run import OPEN_STATES

_logger = logging.getLogger(__name__)

SERVICE = "reveal"
#: Requests that lacked credits go on by themselves within so many days.


class LeadMiningRequest(models.Model):
    _name = "lead.mining.request"
    _description = "Lead Mining Request"
    _inherit = ["mail.thread", "lead.mining.criteria"]
    _inherits = {"lead.mining.run": "run_id"}
    _order = "id desc"

    name = fields.Char(
        string="Request Number",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    active = fields.Boolean(default=True, copy=False)
    run_id = fields.Many2one(
        "lead.mining.run", required=True, readonly=True, copy=False, ondelete="restrict", index=True
    )
    search_id = fields.Many2one(
        "lead.mining.search",
        string="Saved Search",
        index="btree_not_null",
        ondelete="set null",
        help="Take the criteria over from a saved search.",
    )
    search_slot = fields.Datetime(
        readonly=True, copy=False, help="For which time of its schedule the search made it."
    )
    # Dialogs that were left without a decision are tidied up; drafts of the full form stay.
    from_dialog = fields.Boolean(readonly=True, copy=False)

    # What came of it.
    result_ids = fields.One2many("lead.mining.result", "request_id", readonly=True)
    lead_ids = fields.One2many("crm.lead", "mining_request_id", readonly=True)
    lead_count = fields.Integer(compute="_compute_lead_count", string="Generated Leads")
    progress = fields.Float(compute="_compute_progress")
    cancelling = fields.Boolean(compute="_compute_cancelling")
    can_buy_credits = fields.Char(compute="_compute_buy_url", string="Where to buy credits")

    _search_slot_uniq = models.UniqueIndex(
        "(search_id, search_slot) WHERE search_slot IS NOT NULL",
        "The search has made its request for this time already.",
    )

    # === COMPUTES === #

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]._read_group(
                [("mining_request_id", "in", self.ids)], ["mining_request_id"], ["__count"]
            )
        )
        for request in self:
            request.lead_count = counts.get(request, 0)

    @api.depends("created_count", "updated_count", "lead_number", "state")
    def _compute_progress(self):
        for request in self:
            request.progress = 100.0 * request._filled_count() / (request.lead_number or 1)

    @api.depends("state")
    def _compute_cancelling(self):
        cancelled = self.env["lead.mining.cancellation"].search([("request_id", "in", self.ids)])
        for request in self:
            request.cancelling = request.state in OPEN_STATES and request in cancelled.request_id

    @api.depends("failure", "company_id")
    def _compute_buy_url(self):
        for request in self:
            request.can_buy_credits = (
                request.failure == "credits" and request._credits_url() or False
            )

    # === ONCHANGES === #

    @api.onchange("search_id")
    def _onchange_search_id(self):
        if self.search_id:
            self.update(self.search_id._request_values())

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # The progress is the worker's alone, so its rows are made here and not by the caller.
        runs_sudo = self.env["lead.mining.run"].sudo().create([{} for _vals in vals_list])
        own = self._own_fields()
        return super().create(
            [
                {name: value for name, value in vals.items() if name in own} | {"run_id": run.id}
                for vals, run in zip(vals_list, runs_sudo, strict=True)
            ]
        )

    def copy_data(self, default=None):
        # Nothing of the progress is copied.
        return super().copy_data(dict(default or {}, run_id=False))

    def write(self, vals):
        if forbidden := vals.keys() & {"run_id", "company_id"}:
            raise AccessError(
                self.env._("These fields cannot be changed: %s", ", ".join(sorted(forbidden)))
            )
        if vals.keys() & self._criteria_fields() and any(r.state in OPEN_STATES for r in self):
            raise UserError(self.env._("A request cannot be changed while it is being worked on."))
        if not vals.get("active", True) and any(
            request.state in (*OPEN_STATES, "waiting") for request in self
        ):
            raise UserError(self.env._("Cancel the request before archiving it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_working(self):
        if any(request.state in OPEN_STATES for request in self):
            raise UserError(self.env._("Cancel the request before deleting it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_delivered(self):
        """Keep what credits were spent for, and what of them came back."""
        # Sudo: no result of it is overlooked.
        results_sudo = self.env["lead.mining.result"].sudo()
        if results_sudo.search_count(
            [("request_id", "in", self.ids), *results_sudo._delivered_domain()], limit=1
        ):
            raise UserError(
                self.env._(
                    "A request that has delivered companies is kept, as its credits are accounted "
                    "for. Archive it instead."
                )
            )

    def unlink(self):
        runs_sudo = self.sudo().run_id  # nobody else's: they belong to these requests
        result = super().unlink()
        runs_sudo.unlink()
        return result

    @api.model
    def _own_fields(self) -> set[str]:
        return {name for name, field in self._fields.items() if not field.inherited}

    # === ACTIONS === #

    def action_generate(self):
        """Queue the request, or let it wait for credits that are missing, and show it.

        :raise UserError: if the criteria are wrong
        """
        self.ensure_one()
        self._check_may_generate()
        if self.state not in ("draft", "failed", "partial", "cancelled", "waiting"):
            raise UserError(self.env._("This request has been started already."))
        self._check_complete()
        self._check_budgets()
        self.active = True
        if self.name == self.env._("New"):
            self.name = self.env["ir.sequence"].next_by_code("lead.mining.request") or self.name
        missing = self._missing_credits()
        if missing:
            self.sudo().run_id.write(self._waiting_values(missing))
            self._account_sudo()._wake_later()
        else:
            self._queue()
        return self._open_form()

    def action_retry(self):
        """Go on where the request stopped; what was paid is not paid again."""
        return self.action_generate()

    def action_cancel(self):
        """Stop the request at its next commit; what is delivered stays."""
        self.ensure_one()
        self._check_may_generate()
        if self.state == "waiting":
            self.sudo().run_id.write({"state": "cancelled", "failure": False, "message": False})
            return
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("This request is not running."))
        if not self.cancelling:
            # Users have no right to write rows that the worker reads.
            self.env["lead.mining.cancellation"].sudo().create({"request_id": self.id})
            self.env["lead.mining.worker"]._trigger_lanes()
        self.invalidate_recordset(["cancelling"])

    def action_view_leads(self):
        """Show what was generated, in the pipeline or in the list of leads."""
        self.ensure_one()
        is_lead = self.lead_type == "lead"
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm.crm_lead_all_leads" if is_lead else "crm.crm_lead_opportunities"
        )
        action["domain"] = [("mining_request_id", "=", self.id)]
        action["context"] = {"default_type": self.lead_type}
        return action

    def action_view_results(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lead_mining.lead_mining_result_action"
        )
        action["domain"] = [("request_id", "=", self.id)]
        return action

    def action_save_search(self):
        """Keep the criteria as a saved search, which can be scheduled, and show it."""
        self.ensure_one()
        return self.env["lead.mining.search"]._save_request(self)._open_form()

    def action_download_csv(self):
        return self._download("csv")

    def action_download_xlsx(self):
        return self._download("xlsx")

    def _download(self, file_format: str):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_lead_mining/request/{self.id}/results.{file_format}",
            "target": "download",
        }

    def action_buy_credits(self):
        """Open the page where credits are bought, which leads back here."""
        self.ensure_one()
        back = f"/odoo/action-crm_lead_mining.lead_mining_request_action_own/{self.id}"
        url = self._account_sudo()._get_local_credits_url(back)
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # === RULES === #

    @api.model
    def _is_on(self) -> bool:
        """Tell whether anybody may generate leads, by the settings."""
        return bool(self.env["res.config.settings"]._lead_mining_audience())

    @api.model
    def _check_is_on(self) -> None:
        """Refuse what the settings switch off, whoever asks and by whichever way."""
        if not self._is_on():
            raise UserError(self._off_sentence())

    @api.model
    def _off_sentence(self) -> str:
        return self.env._("Lead Mining is switched off in the settings of CRM.")

    def _check_may_generate(self):
        self._check_is_on()
        self.check_access("write")

    def _check_complete(self):
        if not self.country_ids:
            raise UserError(self.env._("Choose at least one country."))
        sentence = (
            self._limit_sentence()
            or self._filter_sentence()
            or self._provider_sentence(self._unfit_sentences(self._to_query()))
        )
        if sentence:
            raise UserError(sentence)

    def _missing_credits(self) -> int:
        """Tell at once what cannot be paid; the worker's hold decides in the end."""
        return max(0, self._highest_price() - self._credits_available())

    def _check_budgets(self):
        """Refuse at once what a budget does not allow; the worker's hold decides in the end."""
        self.env["iap.credit.budget"]._refuse(self._judge_budgets(self._account_sudo()))

    def _judge_budgets(self, account_sudo) -> list[Verdict]:
        """Ask the budgets about the most that the rest of the request can cost."""
        price = self._highest_price()
        if not price:
            return []
        # Who made the request spends, whoever starts it.
        budgets = self.env["iap.credit.budget"].with_user(self.create_uid or self.env.user)
        return budgets._judge(
            account_sudo,
            price,
            document=Document(self._name, self._origin.id or None, team_id=self.team_id.id),
        )

    def _unfit_sentences(self, query: CompanyQuery) -> dict:
        """Return why each provider cannot be asked for a query, or ""."""
        return {provider: provider._unfit_sentence(query) for provider in self._providers()}

    def _provider_sentence(self, unfit: dict) -> str:
        """Return why no provider can be asked for this, or ""."""
        if not unfit:
            return self.env._("No provider is set up: ask your administrator.")
        sentences = unfit.values()
        return "" if "" in sentences else " ".join(sentences)

    def _credits_sentence(self, missing: int) -> str:
        return self.env._(
            "You need %(missing)s more credits for this request: it costs up to %(price)s, and "
            "%(available)s are left. It goes on by itself when credits have been bought.",
            missing=missing,
            price=self._highest_price(),
            available=self._credits_available(),
        )

    # === WAITING FOR CREDITS === #

    def _waiting_values(self, missing: int) -> dict:
        """Return the state of a run that lacks so many credits, whether or not it has begun.

        It keeps its place among those that wait; one that was started long ago, and is started
        again, begins to wait now.
        """
        run_sudo = self.sudo().run_id
        keeps_place = run_sudo.state in (*OPEN_STATES, "waiting") and (
            run_sudo.queued_at >= self._waiting_since()
        )
        return {
            "state": "waiting",
            "failure": "credits",
            "message": self._credits_sentence(missing),
            "credits_missing": missing,
            "queued_at": run_sudo.queued_at if keeps_place else fields.Datetime.now(),
        }

    @api.model
    def _waiting_since(self):
        return fields.Datetime.now() - timedelta(days=Settings.of(self.env).waiting_days)

    @api.model
    def _resume_waiting(self, account) -> None:
        """Queue what waits for an account's credits, oldest first, as far as they reach.

        What costs more than is left lets those after it pass.

        :param account: the `iap.account` that got credits
        """
        if not self._is_on():
            return
        # Sudo: whoever paid, everybody's requests go on.
        waiting_sudo = self.sudo().search(
            [
                ("state", "=", "waiting"),
                ("queued_at", ">=", self._waiting_since()),
                ("company_id", "=", account._get_ledger_company().id),
            ]
        )
        left = account.sudo().credits_available
        for request_sudo in waiting_sudo.sorted(lambda request: (request.queued_at, request.id)):
            price = request_sudo._highest_price()
            if price <= left and request_sudo._is_still_allowed():
                left -= price
                request_sudo._queue()
                request_sudo._message_log(body=self.env._("Credits have arrived: it goes on."))

    def _is_still_allowed(self) -> bool:
        """Tell whether its owner could start the request now."""
        owner = self.create_uid
        return owner.active and self.with_user(owner).has_access("write")

    @api.autovacuum
    def _stop_waiting(self):
        """End what has waited for too long: nobody expects it to start any more."""
        overdue = self.search(
            [("state", "=", "waiting"), ("queued_at", "<", self._waiting_since())]
        )
        overdue.run_id.write(
            {
                "state": "failed",
                "message": self.env._("The credits did not come in time. You can try again."),
            }
        )

    def _queue(self):
        # The run is written by its owner's actions and by the worker, not by users' rights.
        run_sudo = self.sudo().run_id
        self.env["lead.mining.cancellation"].sudo().search([("request_id", "=", self.id)]).unlink()
        again = run_sudo.state != "draft"
        run_sudo.write(
            {
                "state": "queued",
                "queued_at": fields.Datetime.now(),
                "started_at": False,
                "finished_at": False,
                "failure": False,
                "message": False,
                "credits_missing": 0,
                "attempt": run_sudo.attempt + again,
                "hold_token": False,
                "hold_credits": 0,
                "provider_notes": False,
                "resume_at": False,
            }
        )
        self.env["lead.mining.worker"]._trigger_lanes()

    @api.model
    def _limits(self) -> Limits:
        settings = Settings.of(self.env)
        return Limits(leads=settings.max_leads, contacts=settings.max_contacts)

    @api.model
    def _prices(self) -> Prices:
        settings = Settings.of(self.env)
        return Prices(company=settings.price_lead, contact=settings.price_contact)

    def _highest_price(self, leads: int | None = None) -> int:
        """Return the most that so many leads, or the missing ones, can cost at any provider."""
        leads = self.lead_number - self._filled_count() if leads is None else leads
        return max(
            (
                highest_price(provider._prices(), max(leads, 0), self._contacts_per_company())
                for provider in self._paid_providers()
            ),
            default=0,
        )

    def _paid_providers(self):
        """Return the providers whose companies this request may still deliver.

        Those of stored answers are among them, even if they are not in use any more.
        """
        # Sudo: answers are hidden from users, and only their providers are looked at.
        answers_sudo = self.env["lead.mining.answer"].sudo()
        stored_sudo = answers_sudo.search([("request_id", "in", self.ids)]).provider_id
        return self._providers() | stored_sudo.sudo(False)

    def _filled_count(self) -> int:
        """Return how many of the leads asked for are there, new or brought up to date."""
        return self.created_count + self.updated_count

    def _account_sudo(self):
        company = self.company_id or self.env.company
        return self.env["iap.account"]._get_local(SERVICE, company=company)

    def _credits_available(self) -> int:
        return self._account_sudo().credits_available

    def _credits_url(self) -> str:
        return self.env["iap.account"].get_credits_url(service_name=SERVICE)

    # === PREVIEW === #

    @api.model
    def get_preview(self, values: dict) -> dict:
        """Tell, before anything is paid, what a request would find and cost.

        Called by the form, never inside an onchange: a provider that is slow must not hold up the
        user's typing.

        :param values: the form's criteria, many2many fields as lists of ids
        :return: {"problem", "count", "count_is_capped", "at_least", "sample", "providers", "price",
            "is_exact", "balance", "missing", "refusal", "warnings", "is_low"}; count is None when
            it is unknown
        """
        self._check_is_on()
        self.check_access("create")
        request = self.new(self._preview_values(values))
        query = request._to_query()
        unfit = request._unfit_sentences(query)
        account_sudo = request._account_sudo()
        preview = {
            "problem": request._preview_problem(unfit),
            "count": None,
            "at_least": False,
            "sample": [],
            "providers": [],
        }
        if not preview["problem"]:
            fit = request._providers().filtered(lambda one: not unfit[one])
            preview = preview | fit._previews_of(query)
        leads, count = request.lead_number, preview["count"]
        if count is not None:
            preview["count"] = min(count, COUNT_LIMIT)
            leads = leads if preview["at_least"] else min(leads, count)
        price = 0 if preview["problem"] else request._highest_price(leads)
        balance = account_sudo.credits_available
        return preview | {
            "count_is_capped": count is not None and count > COUNT_LIMIT,
            "price": price,
            "is_exact": request.target == "companies",
            "balance": balance,
            "missing": max(0, price - balance),
            **request._limits_preview(account_sudo),
            "buy_url": self._credits_url(),
        }

    def _limits_preview(self, account_sudo) -> dict:
        """Tell which budgets stop the request or warn of it, and whether credits run out."""
        Budget = self.env["iap.credit.budget"]
        verdicts = [verdict for verdict in self._judge_budgets(account_sudo) if verdict.limit]
        refusals = [Budget._get_sentence(v) for v in verdicts if v.level == "exceeded"]
        return {
            "refusal": refusals[0] if refusals else "",
            "warnings": [Budget._get_sentence(v) for v in verdicts if v.level == "warning"],
            "is_low": account_sudo._is_balance_low(),
        }

    def _preview_problem(self, unfit: dict) -> str:
        if not self.country_ids:
            return self.env._("Choose at least one country.")
        return self._limit_sentence() or self._filter_sentence() or self._provider_sentence(unfit)

    @api.model
    def _preview_values(self, values: dict) -> dict:
        """Keep the criteria only, with the types they must have."""
        kept = {}
        for name in (self._criteria_fields() | {"team_id"}) & values.keys():
            field, value = self._fields[name], values[name]
            if field.type == "many2many":
                value = [fields.Command.set([i for i in value or () if isinstance(i, int)])]
            elif field.type in ("many2one", "integer"):
                value = value if isinstance(value, int) else 0
            kept[name] = value
        return kept

    # === TIDYING === #

    @api.autovacuum
    def _gc_left_dialogs(self):
        """Delete what dialogs left that were closed by the address bar: drafts that never ran."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        left = self.search(
            [
                ("from_dialog", "=", True),
                ("state", "=", "draft"),
                ("write_date", "<", yesterday),
            ],
            limit=GC_UNLINK_LIMIT,
        )
        left.unlink()
        return len(left), len(left) == GC_UNLINK_LIMIT
