import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.constants import GC_UNLINK_LIMIT

from ..providers.base import COUNT_LIMIT
from ..tools.pricing import Limits, Prices, highest_price
from .lead_mining_run import OPEN_STATES

_logger = logging.getLogger(__name__)

SERVICE = "reveal"


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
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_working(self):
        if any(request.state in OPEN_STATES for request in self):
            raise UserError(self.env._("Cancel the request before deleting it."))

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
        """Queue the request and show it.

        :raise UserError: if the criteria are wrong or the credits don't suffice
        """
        self.ensure_one()
        self._check_may_generate()
        if self.state not in ("draft", "failed", "partial", "cancelled"):
            raise UserError(self.env._("This request has been started already."))
        self._check_complete()
        self._check_credits()
        if self.name == self.env._("New"):
            self.name = self.env["ir.sequence"].next_by_code("lead.mining.request") or self.name
        self._queue()
        return self._open_form()

    def action_retry(self):
        """Go on where the request stopped; what was paid is not paid again."""
        return self.action_generate()

    def action_cancel(self):
        """Stop the request at its next commit; what is delivered stays."""
        self.ensure_one()
        self._check_may_generate()
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
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._credits_url(), "target": "new"}

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # === RULES === #

    def _check_may_generate(self):
        self.check_access("write")

    def _check_complete(self):
        if not self.country_ids:
            raise UserError(self.env._("Choose at least one country."))
        sentence = self._limit_sentence() or self._filter_sentence()
        if sentence:
            raise UserError(sentence)

    def _check_credits(self):
        """Refuse at once what cannot be paid; the worker's hold decides in the end."""
        missing = self._highest_price() - self._credits_available()
        if missing > 0:
            raise UserError(self._credits_sentence(missing))

    def _credits_sentence(self, missing: int) -> str:
        return self.env._(
            "You need %(missing)s more credits for this request: it costs up to %(price)s, and "
            "%(available)s are left. Buy credits and try again; the request is kept.",
            missing=missing,
            price=self._highest_price(),
            available=self._credits_available(),
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
            }
        )
        self.env["lead.mining.worker"]._trigger_lanes()

    @api.model
    def _limits(self) -> Limits:
        return Limits(
            leads=self._parameter("crm_lead_mining.max_leads", 200),
            contacts=self._parameter("crm_lead_mining.max_contacts", 5),
        )

    @api.model
    def _prices(self) -> Prices:
        return Prices(
            company=self._parameter("crm_lead_mining.price_lead", 1),
            contact=self._parameter("crm_lead_mining.price_contact", 1),
        )

    @api.model
    def _parameter(self, key: str, default: int) -> int:
        value = self.env["ir.config_parameter"].sudo().get_param(key, default)
        return int(value) if str(value).isdigit() else default

    def _highest_price(self, leads: int | None = None) -> int:
        """Return the most that so many leads, or the missing ones, can cost."""
        leads = self.lead_number - self._filled_count() if leads is None else leads
        return highest_price(self._prices(), max(leads, 0), self._contacts_per_company())

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
        :return: {"problem", "count", "count_is_capped", "sample", "price", "is_exact", "balance",
            "missing"}; count is None when it is unknown
        """
        self.check_access("create")
        request = self.new(self._preview_values(values))
        preview = {"problem": request._preview_problem(), "count": None, "sample": []}
        if not preview["problem"]:
            preview = preview | request.provider_id._preview(request._to_query())
        leads, count = request.lead_number, preview["count"]
        if count is not None:
            leads, preview["count"] = min(leads, count), min(count, COUNT_LIMIT)
        price = 0 if preview["problem"] else request._highest_price(leads)
        balance = request._credits_available()
        return preview | {
            "count_is_capped": count is not None and count > COUNT_LIMIT,
            "price": price,
            "is_exact": request.target == "companies",
            "balance": balance,
            "missing": max(0, price - balance),
            "buy_url": self._credits_url(),
        }

    def _preview_problem(self) -> str:
        if not self.provider_id:
            return self.env._("No provider is set up: ask your administrator.")
        if not self.country_ids:
            return self.env._("Choose at least one country.")
        return self._limit_sentence() or self._filter_sentence()

    @api.model
    def _preview_values(self, values: dict) -> dict:
        """Keep the criteria only, with the types they must have."""
        kept = {}
        for name in self._criteria_fields() & values.keys():
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
