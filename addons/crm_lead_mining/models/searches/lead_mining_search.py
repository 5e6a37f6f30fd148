import json
import logging

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import search_document
from ...tools.search_document import SearchSpec
from ..mining.lead_mining_run import OPEN_STATES

_logger = logging.getLogger(__name__)

#: After so many runs in a row that failed a search is paused.
MAX_FAILURES = 3
SCHEDULES = {
    "daily": relativedelta(days=1),
    "weekly": relativedelta(weeks=1),
    "monthly": relativedelta(months=1),
}

#: Concurrent transactions in the way: another worker has taken the same search.
_TAKEN_ERRORS = (psycopg2.errors.OperationalError, psycopg2.errors.UniqueViolation)


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
        string="Leads per Run", help="The most that one run brings, whatever more is new."
    )

    schedule = fields.Selection(
        [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")],
        tracking=True,
        help="Empty: the search runs only when somebody starts it.",
    )
    max_credits = fields.Integer(
        string="Credits per Run",
        tracking=True,
        help="The most that one run may cost; it asks for fewer leads then. 0: no limit.",
    )
    next_run = fields.Datetime(
        compute="_compute_next_run", store=True, readonly=False, copy=False, index="btree_not_null"
    )
    last_run = fields.Datetime(readonly=True, copy=False)
    last_request_id = fields.Many2one(
        "lead.mining.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What the last run asked for, until the next one has looked how it ended.",
    )
    paused = fields.Boolean(readonly=True, copy=False, tracking=True)
    pause_reason = fields.Text(readonly=True, copy=False)
    failure_count = fields.Integer(readonly=True, copy=False, help="Runs in a row that failed.")

    request_ids = fields.One2many("lead.mining.request", "search_id", readonly=True, copy=False)
    request_count = fields.Integer(compute="_compute_request_totals")
    lead_total = fields.Integer(compute="_compute_request_totals", string="Leads")
    credit_total = fields.Integer(compute="_compute_request_totals", string="Credits")

    _max_credits_positive = models.Constraint(
        "CHECK(max_credits >= 0)", "The limit of a run's credits cannot be negative."
    )
    _due_idx = models.Index("(next_run, id) WHERE active AND NOT paused AND schedule IS NOT NULL")

    # === COMPUTES === #

    @api.depends("schedule")
    def _compute_next_run(self):
        now = fields.Datetime.now()
        for search in self:
            search.next_run = search.schedule and now + SCHEDULES[search.schedule]

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
                        "per run would never bring any.",
                        search=search.name,
                        price=search._price_per_lead(),
                        limit=search.max_credits,
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
                    self.env._("Only an administrator of Sales may give a search to somebody else.")
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
        searches._trigger_cron()
        return searches

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"schedule", "next_run", "active", "paused"}:
            self._trigger_cron()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if default and "name" in default:
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", search.name), owner_id=self.env.uid)
            for search, vals in zip(self, vals_list, strict=True)
        ]

    def _trigger_cron(self):
        cron_sudo = self.env.ref("crm_lead_mining.ir_cron_searches").sudo()
        if moments := self.filtered("next_run").mapped("next_run"):
            cron_sudo._trigger(at=moments)

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

    def action_export(self):
        """Download the searches as one file that another database can import."""
        self.check_access("read")
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_lead_mining/searches.json?ids={ids}",
            "target": "download",
        }

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

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

    @api.model
    def _shared_fields(self) -> list[str]:
        """Fields that searches and requests have in common."""
        owned = {"company_id", "user_id", "team_id", "tag_ids", "campaign_id"}
        return sorted(self._criteria_fields() | owned)

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

    # === SCHEDULE === #

    @api.model
    def _cron_run_due(self) -> None:
        """Make the requests of the searches whose time has come, each in its own transaction."""
        if not self.env["lead.mining.request"]._is_on():
            return  # The schedules wait.
        due = self.search(self._due_domain(), order="next_run, id")
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for search in due:
            search._run_slot()
            if self.env["ir.cron"]._commit_progress(1) <= 0:
                return

    @api.model
    def _due_domain(self) -> list:
        return [
            ("schedule", "!=", False),
            ("paused", "=", False),
            ("next_run", "<=", fields.Datetime.now()),
        ]

    def _run_slot(self) -> None:
        """Do what the search's time asks for; another worker that has taken it is left alone."""
        try:
            # The unique index of (search, slot) decides, should two get past the lock.
            with self.env.cr.savepoint():
                if self.try_lock_for_update().filtered_domain(self._due_domain()):
                    self._run_due()
        except _TAKEN_ERRORS:
            self.env.cr.rollback()
            _logger.info("Lead mining search %s is being run by another worker.", self.id)
        except Exception:  # one search must not stop the others
            self.env.cr.rollback()
            _logger.exception("Lead mining search %s stopped", self.id)
            self._plan_next()
            self._run_failed(self.env._("Something went wrong that nobody foresaw."))

    def _run_due(self) -> None:
        slot = self.next_run
        self._plan_next()
        if obstacle := self._obstacle():
            self._pause(obstacle)
        elif self.request_ids.filtered(lambda request: request.state in OPEN_STATES):
            self._message_log(
                body=self.env._("The last request is still being worked on: this run is left out.")
            )
        elif self.last_request_id.state == "waiting":
            self._run_failed(self.last_request_id.message)
        else:
            self._judge_last_run()
            if not self.paused:
                self._make_request(slot)

    def _plan_next(self) -> None:
        """Set the next time, in the future; times that were missed are not caught up."""
        now, moment = fields.Datetime.now(), self.next_run
        while moment <= now:
            moment += SCHEDULES[self.schedule]
        self.next_run = moment

    def _obstacle(self) -> str:
        """Return why the search cannot run for its owner, or ""."""
        owner = self.owner_id
        if not owner.active:
            return self.env._("%s is archived. Give the search to somebody else.", owner.name)
        if not owner.has_group("crm_lead_mining.group_lead_mining_user"):
            return self.env._("%s may not generate leads any more.", owner.name)
        if self.company_id not in owner.company_ids:
            return self.env._(
                "%(owner)s does not work for %(company)s any more.",
                owner=owner.name,
                company=self.company_id.name,
            )
        if self.provider_id and not self.provider_id.active:
            return self.env._("The provider %s is switched off.", self.provider_id.name)
        if not self._providers():
            return self.env._("No provider is set up: ask your administrator.")
        return ""

    def _judge_last_run(self) -> None:
        """Count a run that its credits stopped like one that could not start."""
        last = self.last_request_id
        if last.failure == "credits":
            self._count_failure(last.message)
        elif last:
            self.failure_count = 0
        self.last_request_id = False

    def _make_request(self, slot) -> None:
        owned = self.with_user(self.owner_id).with_company(self.company_id)
        owned = owned.with_context(lang=self.owner_id.lang, tz=self.owner_id.tz)
        try:
            with self.env.cr.savepoint():
                request = owned.env["lead.mining.request"].create(
                    owned._run_values() | {"search_slot": slot}
                )
                request.action_generate()
        except (AccessError, UserError, ValidationError) as error:
            self._run_failed(str(error.args[0]))
            return
        self.write({"last_run": fields.Datetime.now(), "last_request_id": request.id})
        if request.state == "waiting":
            self._count_failure(request.message)

    def _run_failed(self, sentence: str) -> None:
        self._message_log(body=self.env._("This run could not start: %s", sentence))
        self._count_failure(sentence)

    def _count_failure(self, sentence: str) -> None:
        self.failure_count += 1
        if self.failure_count >= MAX_FAILURES:
            self._pause(
                self.env._(
                    "%(number)s runs in a row failed. The last one said: %(sentence)s",
                    number=self.failure_count,
                    sentence=sentence,
                )
            )

    def _pause(self, reason: str) -> None:
        """Stop the schedule and ask somebody to look after it."""
        self.write({"paused": True, "pause_reason": reason})
        self.activity_schedule(
            "crm_lead_mining.mail_activity_search_paused",
            summary=self.env._("Lead mining search paused"),
            note=reason,
            user_id=self._caretaker().id,
        )

    def _caretaker(self):
        """Return who looks after a search: its owner, else the team's leader, else a manager."""
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
        candidates = self.owner_id | self.team_id.user_id | managers
        active = candidates.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return active[:1] or self.env.ref("base.user_admin")

    # === FILES === #

    def _to_spec(self) -> SearchSpec:
        """Return the search in codes and names that mean the same in another database."""
        self.ensure_one()
        return SearchSpec(
            name=self.name,
            provider=self.provider_id.code or "",
            target=self.target,
            lead_number=self.lead_number,
            max_credits=self.max_credits,
            countries=tuple(self.country_ids.mapped("code")),
            states=tuple(f"{state.country_id.code}-{state.code}" for state in self.state_ids),
            industries=tuple(self.industry_ids.mapped("code")),
            size_min=self.size_min if self.filter_on_size else None,
            size_max=self.size_max if self.filter_on_size else None,
            contact_number=self.contact_number,
            contact_filter=self.contact_filter or "",
            preferred_role=self.preferred_role_id.code or "",
            other_roles=tuple(self.role_ids.mapped("code")),
            seniority=self.seniority or "",
            lead_type=self.lead_type,
            team=self.team_id.name or "",
            tags=tuple(self.tag_ids.mapped("name")),
            known_policy=self.known_policy,
            schedule=self.schedule or "",
        )

    def _export_text(self) -> str:
        """Return the searches as the text of a file."""
        document = search_document.to_document([search._to_spec() for search in self])
        return json.dumps(document, ensure_ascii=False, indent=2)
