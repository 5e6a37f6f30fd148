import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.crm_iap_credits.tools.budgets import Verdict

from ..providers.base import COUNT_LIMIT
from ..providers.roles import SENIORITIES
from ..providers.types import CompanyQuery
from ..tools.pricing import MIN_LEADS, Limits, Prices, highest_price
from .lead_mining_run import OPEN_STATES

_logger = logging.getLogger(__name__)

SERVICE = "reveal"
#: Requests that lacked credits go on by themselves within so many days.
WAITING_DAYS = 30
#: Largest number that an employee count may be filtered by.
MAX_SIZE = 10_000_000


class LeadMiningRequest(models.Model):
    _name = "lead.mining.request"
    _description = "Lead Mining Request"
    _inherit = ["mail.thread"]
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
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    provider_id = fields.Many2one(
        "lead.mining.provider",
        required=True,
        default=lambda self: self.env["lead.mining.provider"].search([], limit=1),
        ondelete="restrict",
    )

    # What is looked for.
    target = fields.Selection(
        [("companies", "Companies"), ("contacts", "Companies and their Contacts")],
        required=True,
        default="companies",
    )
    lead_number = fields.Integer(string="Number of Leads", required=True, default=3)
    country_ids = fields.Many2many(
        "res.country", string="Countries", default=lambda self: self.env.company.country_id
    )
    state_ids = fields.Many2many(
        "res.country.state", string="States", domain="[('country_id', 'in', country_ids)]"
    )
    industry_ids = fields.Many2many("lead.mining.industry", string="Industries")
    filter_on_size = fields.Boolean()
    size_min = fields.Integer(string="Size", default=1)
    size_max = fields.Integer(string="Largest Size", default=1000)

    contact_number = fields.Integer(string="Contacts per Company", default=1)
    contact_filter = fields.Selection(
        [("role", "Role"), ("seniority", "Seniority")], string="Filter on", default="role"
    )
    preferred_role_id = fields.Many2one("lead.mining.role")
    role_ids = fields.Many2many("lead.mining.role", string="Other Roles")
    seniority = fields.Selection(lambda self: self._selection_seniority())

    # What the leads get.
    lead_type = fields.Selection(
        [("lead", "Leads"), ("opportunity", "Opportunities")],
        string="Type",
        required=True,
        default=lambda self: self._default_lead_type(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('use_opportunities', '=', True)]",
        ondelete="set null",
    )
    tag_ids = fields.Many2many("crm.tag", string="Default Tags")
    campaign_id = fields.Many2one(
        "utm.campaign",
        ondelete="set null",
        help="The campaign that the leads, and what they cost, belong to.",
    )

    # What came of it.
    result_ids = fields.One2many("lead.mining.result", "request_id", readonly=True)
    lead_ids = fields.One2many("crm.lead", "mining_request_id", readonly=True)
    lead_count = fields.Integer(compute="_compute_lead_count", string="Generated Leads")
    progress = fields.Float(compute="_compute_progress")
    cancelling = fields.Boolean(compute="_compute_cancelling")
    can_buy_credits = fields.Char(compute="_compute_buy_url", string="Where to buy credits")

    _size_order = models.Constraint(
        "CHECK(NOT filter_on_size OR (size_min >= 0 AND size_min <= size_max))",
        "The smallest size cannot be larger than the largest size.",
    )
    _lead_number_positive = models.Constraint(
        "CHECK(lead_number >= 1)", "Ask for at least one lead."
    )
    _contact_number_positive = models.Constraint(
        "CHECK(target <> 'contacts' OR contact_number >= 1)", "Ask for at least one contact."
    )

    # === DEFAULTS AND COMPUTES === #

    @api.model
    def _default_lead_type(self):
        return "lead" if self.env.user.has_group("crm.group_use_lead") else "opportunity"

    @api.model
    def _selection_seniority(self):
        labels = {
            "director": self.env._("Director"),
            "executive": self.env._("Executive"),
            "manager": self.env._("Manager"),
        }
        return [(code, labels.get(code, label)) for code, label in SENIORITIES.items()]

    @api.depends("user_id", "lead_type")
    def _compute_team_id(self):
        Team = self.env["crm.team"]
        for request in self.filtered("user_id"):
            user = request.user_id
            if user not in request.team_id.member_ids | request.team_id.user_id:
                use = "use_leads" if request.lead_type == "lead" else "use_opportunities"
                request.team_id = Team._get_default_team_id(user.id, domain=[(use, "=", True)])

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]._read_group(
                [("mining_request_id", "in", self.ids)], ["mining_request_id"], ["__count"]
            )
        )
        for request in self:
            request.lead_count = counts.get(request, 0)

    @api.depends("created_count", "lead_number", "state")
    def _compute_progress(self):
        for request in self:
            request.progress = 100.0 * request.created_count / (request.lead_number or 1)

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

    # === CONSTRAINTS === #

    @api.constrains("lead_number", "contact_number", "target")
    def _check_limits(self):
        for request in self:
            sentence = request._limit_sentence()
            if sentence:
                raise ValidationError(sentence)

    @api.constrains("filter_on_size", "size_min", "size_max", "state_ids", "country_ids")
    def _check_filters(self):
        for request in self:
            sentence = request._filter_sentence()
            if sentence:
                raise ValidationError(sentence)

    def _limit_sentence(self) -> str:
        """Return what is wrong with the numbers asked for, or ""."""
        limits = self._limits()
        if not MIN_LEADS <= self.lead_number <= limits.leads:
            return self.env._("Ask for 1 to %s leads in one request.", limits.leads)
        if self.target == "contacts" and not 1 <= self.contact_number <= limits.contacts:
            return self.env._("Ask for 1 to %s contacts per company.", limits.contacts)
        return ""

    def _filter_sentence(self) -> str:
        """Return what is wrong with the filters, or ""."""
        foreign = self.state_ids.filtered(lambda s: s.country_id not in self.country_ids)
        if foreign:
            return self.env._(
                "%(states)s: choose states of the chosen countries only.",
                states=", ".join(foreign.mapped("name")),
            )
        if self.filter_on_size and not 0 <= self.size_min <= self.size_max <= MAX_SIZE:
            return self.env._("The smallest size cannot be larger than the largest size.")
        return ""

    # === ONCHANGES === #

    @api.onchange("country_ids")
    def _onchange_country_ids(self):
        self.state_ids = self.state_ids.filtered(
            lambda state: state.country_id in self.country_ids._origin
        )

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

    @api.model
    def _criteria_fields(self) -> set[str]:
        """Fields that decide what is asked, paid and made."""
        return {
            "provider_id", "target", "lead_number", "country_ids", "state_ids", "industry_ids",
            "filter_on_size", "size_min", "size_max", "contact_number", "contact_filter",
            "preferred_role_id", "role_ids", "seniority", "lead_type",
        }  # fmt: skip

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
        if self.name == self.env._("New"):
            self.name = self.env["ir.sequence"].next_by_code("lead.mining.request") or self.name
        missing = self._missing_credits()
        if missing:
            self.sudo().run_id.write(self._waiting_values(missing))
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

    def _check_may_generate(self):
        self.check_access("write")

    def _check_complete(self):
        if not self.country_ids:
            raise UserError(self.env._("Choose at least one country."))
        sentence = self._limit_sentence() or self._filter_sentence()
        if sentence:
            raise UserError(sentence)

    def _missing_credits(self) -> int:
        """Tell at once what cannot be paid; the worker's hold decides in the end."""
        return max(0, self._highest_price() - self._credits_available())

    def _check_budgets(self):
        """Refuse at once what a budget does not allow; the worker's hold decides in the end."""
        self.env["iap.credit.budget"]._refuse(self._judge_budgets())

    def _judge_budgets(self) -> list[Verdict]:
        """Ask the budgets about the most that the rest of the request can cost."""
        price = self._highest_price()
        if not price:
            return []
        # Who made the request spends, whoever starts it.
        budgets = self.env["iap.credit.budget"].with_user(self.create_uid or self.env.user)
        return budgets._judge(
            self._account_sudo(),
            price,
            team_id=self.team_id.id,
            document=(self._name, self._origin.id),
        )

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
        """Return the state of a run that lacks so many credits, whether or not it has begun."""
        return {
            "state": "waiting",
            "failure": "credits",
            "message": self._credits_sentence(missing),
            "credits_missing": missing,
            "queued_at": self.sudo().run_id.queued_at or fields.Datetime.now(),
        }

    @api.model
    def _waiting_since(self):
        days = self._parameter("crm_lead_mining.waiting_days", WAITING_DAYS)
        return fields.Datetime.now() - timedelta(days=days)

    @api.model
    def _resume_waiting(self, account) -> None:
        """Queue what waits for an account's credits, oldest first, as far as they reach.

        What costs more than is left lets those after it pass.

        :param account: the `iap.account` that got credits
        """
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

    def _contacts_per_company(self) -> int:
        return self.contact_number if self.target == "contacts" else 0

    def _highest_price(self, leads: int | None = None) -> int:
        """Return the most that so many leads, or the missing ones, can cost."""
        leads = self.lead_number - self.created_count if leads is None else leads
        return highest_price(self._prices(), max(leads, 0), self._contacts_per_company())

    def _account_sudo(self):
        company = self.company_id or self.env.company
        return self.env["iap.account"]._get_local(SERVICE, company=company)

    def _credits_available(self) -> int:
        return self._account_sudo().credits_available

    def _credits_url(self) -> str:
        return self.env["iap.account"].get_credits_url(service_name=SERVICE)

    def _to_query(self) -> CompanyQuery:
        """Return the criteria in the providers' terms."""
        contacts = self.target == "contacts"
        role = contacts and self.contact_filter == "role"
        seniority = contacts and self.contact_filter == "seniority"
        return CompanyQuery(
            countries=tuple(sorted(self.country_ids.mapped("code"))),
            states=tuple(sorted((s.country_id.code, s.code) for s in self.state_ids)),
            industries=tuple(sorted(self.industry_ids.mapped("code"))),
            size_min=self.size_min if self.filter_on_size else None,
            size_max=self.size_max if self.filter_on_size else None,
            with_contacts=contacts,
            contacts_per_company=self._contacts_per_company(),
            contact_filter=(self.contact_filter or "") if contacts else "",
            preferred_role=(role and self.preferred_role_id.code) or "",
            other_roles=tuple(sorted(self.role_ids.mapped("code"))) if role else (),
            seniority=(seniority and self.seniority) or "",
        )

    # === PREVIEW === #

    @api.model
    def get_preview(self, values: dict) -> dict:
        """Tell, before anything is paid, what a request would find and cost.

        Called by the form, never inside an onchange: a provider that is slow must not hold up the
        user's typing.

        :param values: the form's criteria, many2many fields as lists of ids
        :return: {"problem", "count", "count_is_capped", "sample", "price", "is_exact", "balance",
            "missing", "refusal", "warnings", "is_low"}; count is None when it is unknown
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
            **request._limits_preview(),
            "buy_url": self._credits_url(),
        }

    def _limits_preview(self) -> dict:
        """Tell which budgets stop the request or warn of it, and whether credits run out."""
        Budget = self.env["iap.credit.budget"]
        verdicts = [verdict for verdict in self._judge_budgets() if verdict.limit]
        refusals = [Budget._get_sentence(v) for v in verdicts if v.level == "exceeded"]
        return {
            "refusal": refusals[0] if refusals else "",
            "warnings": [Budget._get_sentence(v) for v in verdicts if v.level == "warning"],
            "is_low": self._account_sudo()._is_balance_low(),
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
        for name in (self._criteria_fields() | {"team_id"}) & values.keys():
            field, value = self._fields[name], values[name]
            if field.type == "many2many":
                value = [fields.Command.set([i for i in value or () if isinstance(i, int)])]
            elif field.type in ("many2one", "integer"):
                value = value if isinstance(value, int) else 0
            kept[name] = value
        return kept
