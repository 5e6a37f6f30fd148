from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.crm_iap_credits.tools.shown import shown

from ...tools.schedules import month_day, next_moment


class LeadMiningSearch(models.Model):
    """Criteria that are kept, and may be scheduled to bring what is new since the last run."""

    _name = "lead.mining.search"
    _description = "Saved Lead Mining Search"
    _inherit = ["mail.thread", "mail.activity.mixin", "lead.mining.criteria", "iap.company.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Whose requests the search makes: with the owner's rights, budget and language.",
    )
    lead_number = fields.Integer(
        string="Leads per Run",
        help="The most that one run delivers, even if more companies are new.",
    )

    schedule = fields.Selection(
        [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")],
        tracking=True,
        help="Leave empty to run the search only when someone starts it.",
    )
    max_credits = fields.Integer(
        string="Credits per Run",
        tracking=True,
        help="The most that one run may cost; it then asks for fewer leads. 0 means no limit.",
    )
    next_run = fields.Datetime(
        compute="_compute_next_run", store=True, readonly=False, copy=False, index="btree_not_null"
    )
    month_day = fields.Integer(
        compute="_compute_next_run",
        store=True,
        copy=False,
        help="The day of a monthly schedule: where a month has no such day, its last one is meant.",
    )
    last_run = fields.Datetime(readonly=True, copy=False)
    last_request_id = fields.Many2one(
        "lead.mining.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The request of the last run, until the next run has checked how it ended.",
    )
    paused = fields.Boolean(readonly=True, copy=False, tracking=True)
    pause_reason = fields.Text(readonly=True, copy=False)
    failure_count = fields.Integer(readonly=True, copy=False, help="Runs in a row that failed.")

    request_ids = fields.One2many("lead.mining.request", "search_id", readonly=True, copy=False)
    request_count = fields.Integer(compute="_compute_request_totals")
    lead_total = fields.Integer(compute="_compute_request_totals", string="Leads")
    credit_total = fields.Integer(compute="_compute_request_totals", string="Credits")

    _max_credits_positive = models.Constraint(
        "CHECK(max_credits >= 0)", "The limit of credits per run cannot be negative."
    )
    _due_idx = models.Index("(next_run, id) WHERE active AND NOT paused AND schedule IS NOT NULL")

    # === COMPUTES === #

    @api.depends("schedule")
    def _compute_next_run(self):
        now = fields.Datetime.now()
        for search in self:
            zone = search._zone()
            search.month_day = month_day(now, zone, 0)
            search.next_run = search.schedule and next_moment(
                search.schedule, now, now, zone, search.month_day
            )

    def _zone(self) -> str:
        return self.owner_id.tz or "UTC"

    @api.depends("request_ids.state")
    def _compute_request_totals(self):
        # What was archived was paid all the same.
        Request = self.env["lead.mining.request"].with_context(active_test=False)
        rows = Request._read_group(
            [("search_id", "in", self.ids)],
            ["search_id"],
            ["__count", "created_count:sum", "credits_captured:sum"],
        )
        totals = {search.id: numbers for search, *numbers in rows}
        for search in self:
            search.request_count, search.lead_total, search.credit_total = totals.get(
                search.id, (0, 0, 0)
            )

    # === CONSTRAINTS === #

    @api.constrains("max_credits", "target", "contact_number")
    def _check_max_credits(self):
        for search in self.filtered("max_credits"):
            if not search._affordable_leads():
                raise ValidationError(
                    self.env._(
                        "%(search)s: one lead costs up to %(price)s credits, so %(limit)s credits "
                        "per run would never be enough.",
                        search=search.name,
                        price=shown(self.env, search._price_per_lead()),
                        limit=shown(self.env, search.max_credits),
                    )
                )

    @api.constrains("schedule", "country_ids")
    def _check_schedule_is_complete(self):
        for search in self.filtered("schedule"):
            if not search.country_ids:
                raise ValidationError(self.env._("Choose at least one country."))

    @api.constrains("owner_id", "company_id")
    def _check_owner(self):
        """Credits are spent in the owner's name: only an administrator may choose another."""
        for search in self:
            if search.owner_id != self.env.user and not self._is_manager():
                raise ValidationError(
                    self.env._(
                        "Only an administrator of Sales can hand a search over to someone else."
                    )
                )
            if search.company_id not in search.owner_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(owner)s does not work for %(company)s.",
                        owner=search.owner_id.name,
                        company=search.company_id.name,
                    )
                )

    @api.model
    def _is_manager(self) -> bool:
        # Constraints run in sudo, so it is the user who counts.
        return self.env.user.has_group("sales_team.group_sale_manager")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        searches = super().create(vals_list)
        searches._hand_over()
        searches._trigger_cron()
        return searches

    def write(self, vals):
        given = self.filtered(lambda search: search.owner_id.id != vals.get("owner_id"))
        result = super().write(vals)
        if "owner_id" in vals:
            given._hand_over()
        if vals.keys() & {"schedule", "next_run", "active", "paused"}:
            self._trigger_cron()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_delivered(self):
        """Keep what credits were spent for."""
        Result = self.env["lead.mining.result"]
        if Result._is_any_delivered([("request_id.search_id", "in", self.ids)]):
            raise UserError(
                self.env._(
                    "A search that has delivered companies must be kept, as their cost is recorded "
                    "on it. Archive it instead."
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if default and "name" in default:
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", search.name), owner_id=self.env.uid)
            for search, vals in zip(self, vals_list, strict=True)
        ]

    def _trigger_cron(self):
        if moments := self.filtered("next_run").mapped("next_run"):
            self.env.ref("crm_lead_mining.ir_cron_searches")._trigger(at=moments)

    # === ACTIONS === #

    def action_generate(self):
        """Make one request of the search now, beside its schedule, and show it."""
        self.ensure_one()
        self.env["lead.mining.request"]._check_is_on()
        self.check_access("write")
        request = self.env["lead.mining.request"].create(self._run_values())
        return request.action_generate()

    def action_pause(self):
        self.check_access("write")
        self.write({"paused": True, "pause_reason": False})

    def action_resume(self):
        """Go on with the schedule from now on; the times that were missed are not caught up."""
        self.check_access("write")
        now = fields.Datetime.now()
        for search in self:
            search.write(
                {
                    "paused": False,
                    "pause_reason": False,
                    "failure_count": 0,
                    "next_run": search.schedule and max(search.next_run or now, now),
                }
            )
        self.activity_unlink(["crm_lead_mining.mail_activity_search_paused"])

    def action_view_requests(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lead_mining.lead_mining_request_action"
        )
        return action | {
            "domain": [("search_id", "=", self.id)],
            "context": {"active_test": False},
        }

    def action_view_leads(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm.crm_lead_all_leads" if self.lead_type == "lead" else "crm.crm_lead_opportunities"
        )
        return action | {"domain": [("mining_request_id.search_id", "=", self.id)], "context": {}}

    # === REQUESTS === #

    @api.model
    def _save_request(self, request):
        """Return a new search with the criteria of `request`, not scheduled."""
        values = {name: request[name] for name in self._shared_fields()}
        countries = ", ".join(request.country_ids.mapped("name")[:3])
        industries = ", ".join(request.industry_ids.mapped("name")[:2])
        name = " · ".join(filter(None, (industries, countries)))
        return self.create(
            self._convert_to_write(values) | {"name": name or self.env._("New Search")}
        )

    def _request_values(self) -> dict:
        """Return the values that a request takes over."""
        self.ensure_one()
        values = self._convert_to_write({name: self[name] for name in self._shared_fields()})
        del values["company_id"]
        return values

    def _run_values(self) -> dict:
        """Return the values of the request of one run."""
        return self._request_values() | {
            "search_id": self.id,
            "company_id": self.company_id.id,
            "lead_number": self._affordable_leads(),
        }

    def _price_per_lead(self) -> int:
        """Return the most that one lead with its contacts can cost at any provider."""
        contacts = self._contacts_per_company()
        return max((one._prices().of(1, contacts) for one in self._providers()), default=0)

    def _affordable_leads(self) -> int:
        """Return how many leads one run asks for within its limits, 0 when not even one."""
        price = self._price_per_lead()
        if not self.max_credits or not price:
            return self.lead_number
        return min(self.lead_number, self.max_credits // price)
