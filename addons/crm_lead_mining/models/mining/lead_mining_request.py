from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...company.types import CompanyQuery
from .lead_mining_run import OPEN_STATES


class LeadMiningRequest(models.Model):
    _name = "lead.mining.request"
    _description = "Lead Mining Request"
    _inherit = ["mail.thread", "lead.mining.criteria", "iap.company.mixin"]
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
        help="Take the criteria from a saved search.",
    )
    search_slot = fields.Datetime(
        readonly=True, copy=False, help="The time of its schedule for which the search created it."
    )
    # Dialogs that were left without a decision are tidied up; drafts of the full form stay.
    from_dialog = fields.Boolean(readonly=True, copy=False)

    # What came of it.
    result_ids = fields.One2many("lead.mining.result", "request_id", readonly=True)
    lead_ids = fields.One2many("crm.lead", "mining_request_id", readonly=True)
    lead_count = fields.Integer(compute="_compute_lead_count", string="Generated Leads")
    progress = fields.Float(compute="_compute_progress")
    cancelling = fields.Boolean(compute="_compute_cancelling")
    may_buy = fields.Boolean(compute="_compute_may_buy", help="The user may buy credits.")
    can_buy_credits = fields.Char(compute="_compute_buy_url", string="Where to buy credits")

    _search_slot_uniq = models.UniqueIndex(
        "(search_id, search_slot) WHERE search_slot IS NOT NULL",
        "The search has already made its request for this time.",
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

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_may_buy(self):
        for company, requests in self.grouped("company_id").items():
            account_sudo = requests[:1].with_company(company)._account_sudo()
            requests.may_buy = account_sudo._is_buyable_by(self.env.user)

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
        self._check_searches(vals_list)
        own = self._own_fields()
        return super().create(
            [
                {name: value for name, value in vals.items() if name in own} | {"run_id": run.id}
                for vals, run in zip(vals_list, runs_sudo, strict=True)
            ]
        )

    def copy_data(self, default=None):
        # Nothing of the progress is copied, nor a search that was given to somebody else.
        vals_list = super().copy_data(dict(default or {}, run_id=False))
        lost = self.search_id - self.search_id._filtered_access("write")
        return [
            dict(vals, search_id=False) if vals.get("search_id") in lost.ids else vals
            for vals in vals_list
        ]

    def write(self, vals):
        if forbidden := vals.keys() & {"run_id", "company_id", "search_slot"}:
            raise AccessError(
                self.env._("These fields cannot be changed: %s", ", ".join(sorted(forbidden)))
            )
        if vals.keys() & self._criteria_fields() and any(r.state in OPEN_STATES for r in self):
            raise UserError(self.env._("A request cannot be changed while it is being worked on."))
        if "search_id" in vals and any(request.state != "draft" for request in self):
            raise UserError(
                self.env._(
                    "A request that has been started stays with the search it was created for."
                )
            )
        self._check_searches([vals])
        if not vals.get("active", True) and any(
            request.state in (*OPEN_STATES, "waiting_credits") for request in self
        ):
            raise UserError(self.env._("Cancel the request before archiving it."))
        return super().write(vals)

    @api.model
    def _check_searches(self, vals_list: list[dict]) -> None:
        """Refuse the searches of others: a request counts in its search's cost and holds it up."""
        ids = {vals["search_id"] for vals in vals_list if vals.get("search_id")}
        self.env["lead.mining.search"].browse(ids).check_access("write")

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_working(self):
        if any(request.state in OPEN_STATES for request in self):
            raise UserError(self.env._("Cancel the request before deleting it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_delivered(self):
        """Keep what credits were spent for, and what of them came back."""
        if self.env["lead.mining.result"]._is_any_delivered([("request_id", "in", self.ids)]):
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
        if self.state not in ("draft", "failed", "partial", "cancelled", "waiting_credits"):
            raise UserError(self.env._("This request has already been started."))
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
        self.check_access("write")
        if self.state == "waiting_credits":
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
        """Keep the criteria as a saved search, which can be scheduled, and show it.

        Over the pipeline it is only told: whoever generates leads goes on with them.
        """
        self.ensure_one()
        search = self.env["lead.mining.search"]._save_request(self)
        if not self.from_dialog or self.state != "draft":
            return search._open_form()
        url = f"/odoo/action-crm_lead_mining.lead_mining_search_action/{search.id}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Saved as search: %s"),
                "links": [{"label": search.name, "url": url}],
            },
        }

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
        return self.env._("Lead Mining is switched off in the CRM settings.")

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

    def _unfit_sentences(self, query: CompanyQuery, providers=None) -> dict:
        """Return why each provider cannot be asked for a query, or "".

        :param providers: those that may be asked, of who has searched them already
        """
        asked = self._providers() if providers is None else providers
        return {provider: provider._unfit_sentence(query) for provider in asked}

    def _provider_sentence(self, unfit: dict) -> str:
        """Return why no provider can be asked for this, or ""."""
        if not unfit:
            return self.env._("No provider is set up: ask your administrator.")
        sentences = unfit.values()
        return "" if "" in sentences else " ".join(sentences)

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
