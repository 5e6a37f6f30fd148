from collections import Counter
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_iap_credits.tools.budgets import month_bounds
from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE
from odoo.addons.crm_lead_mining.tools.settings import Settings as MiningSettings

from ..tools.setup import script
from ..tools.tokens import read_uuid

#: How long further tokens of a client are taken at first sight, after its first one.
OPEN_TIME = timedelta(days=1)


def month_start(company) -> datetime:
    """Return when the month began, as the budgets of a company have it."""
    return month_bounds(fields.Datetime.now(), company.partner_id.tz or "")[0]


class IapServerClient(models.Model):
    """Another Odoo database that gets data and credits from this one."""

    _name = "iap.server.client"
    _inherit = ["mail.thread", "iap.company.mixin"]
    _description = "Client Database"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    uuid = fields.Char(
        string="Database UUID",
        required=True,
        copy=False,
        help="The system parameter database.uuid of the client.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="The company that serves it: its providers, packs and suppression list count.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="Whoever pays, for one or several databases.",
    )
    account_id = fields.Many2one(
        "iap.account", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    blocked = fields.Boolean(
        tracking=True, copy=False, help="A blocked client gets no data, and is told so."
    )
    own_price = fields.Boolean(
        tracking=True, help="Otherwise, the prices in the settings apply to this client."
    )
    price_lead = fields.Integer(string="Credits per Lead", default=1, tracking=True)
    price_enrichment = fields.Integer(
        string="Credits per Enriched Record", default=1, tracking=True
    )
    monthly_limit = fields.Integer(
        string="Credits per Month",
        tracking=True,
        help="The most that it can spend in a calendar month. 0 means no limit.",
    )
    credit_signal = fields.Selection(
        [("auto", "As its version reads it"), ("error", "As an error"), ("flag", "As a flag")],
        string="Missing Credits in Lead Mining",
        required=True,
        default="auto",
        help="Builds of Odoo 17 to 19 from before March 2026 read an error, later ones a flag.",
    )
    version = fields.Char(readonly=True, copy=False, help="As its last call with a version told.")
    last_seen_at = fields.Datetime(string="Last Seen", readonly=True, copy=False)
    open_until = fields.Datetime(
        string="Takes Tokens Until",
        readonly=True,
        copy=False,
        help="Until then a token that is new is taken at first sight; empty before the first call.",
    )
    alert_emails = fields.Json(readonly=True, copy=False)
    token_ids = fields.One2many("iap.server.token", "client_id", readonly=True)
    answer_ids = fields.One2many("iap.server.answer", "client_id", readonly=True)
    server_url = fields.Char(string="Address", compute="_compute_setup")
    setup_script = fields.Text(string="Script", compute="_compute_setup")
    credits_available = fields.Integer(compute="_compute_credits_available", compute_sudo=True)
    credits_held = fields.Integer(
        string="Set Aside",
        compute="_compute_credits_held",
        compute_sudo=True,
        help="Credits that are neither spent nor given back yet, and cannot be spent meanwhile.",
    )
    spent = fields.Integer(string="Spent This Month", compute="_compute_answers", compute_sudo=True)
    answer_count = fields.Integer(string="Questions", compute="_compute_answers", compute_sudo=True)
    failed_count = fields.Integer(
        string="Unanswered", compute="_compute_answers", compute_sudo=True
    )

    _unique_uuid = models.Constraint("UNIQUE(uuid)", "This database is already a client.")
    _check_numbers = models.Constraint(
        "CHECK(price_lead >= 0 AND price_enrichment >= 0 AND monthly_limit >= 0)",
        "Prices and limits cannot be negative.",
    )

    # === COMPUTE METHODS === #

    def _compute_setup(self):
        for client in self:
            client.server_url = client.get_base_url().rstrip("/")
            client.setup_script = script(client.server_url)

    @api.depends("account_id")
    def _compute_credits_available(self):
        for client in self:
            client.credits_available = client.account_id.credits_available

    @api.depends("account_id")
    def _compute_credits_held(self):
        for client in self:
            client.credits_held = client.account_id.credits_held

    @api.depends("answer_ids")
    def _compute_answers(self):
        Answer = self.env["iap.server.answer"]
        # Of each company it is another month.
        months = [
            Domain("client_id", "in", clients.ids)
            & Domain("create_date", ">=", clients._month_start())
            for clients in self.grouped("company_id").values()
        ]
        rows = Answer._read_group(
            Domain.OR(months), ["client_id", "state"], ["__count", "credits:sum"]
        )
        of_client = {}
        for client, state, count, credits in rows:
            asked, failed, spent = of_client.get(client, (0, 0, 0))
            of_client[client] = (
                asked + count,
                failed + count * (state == "failed"),
                spent + credits,
            )
        charged = self._origin._charged_by_providers()
        for client in self:
            asked, failed, spent = of_client.get(client._origin, (0, 0, 0))
            client.answer_count, client.failed_count = asked, failed
            client.spent = spent + charged.get(client._origin.id, 0)

    def _month_start(self):
        """Return when the month began for clients of one company."""
        return month_start(self.company_id)

    def _charged_by_providers(self) -> dict[int, int]:
        """Return {id: credits that service providers have charged this month, or set aside}."""
        Holds = self.env["iap.credit.hold"]
        found = {}
        for clients in self.grouped("company_id").values():
            asked = (
                Domain("account_id", "in", clients.account_id.ids)
                & Domain("document_model", "=", "iap.server.provider")
                & Domain("date", ">=", clients._month_start())
            )
            now = fields.Datetime.now()
            is_open = Domain("state", "=", "open") & Domain("expires_at", ">", now)
            parts = ((asked & is_open, "credits:sum"), (asked & ~is_open, "captured:sum"))
            of_account = Counter()
            for domain, measure in parts:
                for account, credits in Holds._read_group(domain, ["account_id"], [measure]):
                    of_account[account] += credits
            found |= {client.id: of_account[client.account_id] for client in clients}
        return found

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open an account for each, whose credits are the client's and not the company's."""
        service_sudo = self.env["iap.service"]._get_kept_locally(SERVICE)
        if not service_sudo:
            raise UserError(
                self.env._("The credits of lead generation must be kept by this database.")
            )
        for vals in vals_list:
            vals["uuid"] = read_uuid((vals.get("uuid") or "").strip())
            if not vals["uuid"]:
                raise UserError(
                    self.env._(
                        "Enter the client's system parameter database.uuid as it stands there."
                    )
                )
            if (
                self.sudo()
                .with_context(active_test=False)
                .search_count([("uuid", "=", vals["uuid"])], limit=1)
            ):
                raise UserError(self.env._("This database is already a client."))
            vals["account_id"] = self._open_account(service_sudo, vals).id
        return super().create(vals_list)

    @api.model
    def _open_account(self, service_sudo, vals):
        """Return the account of a new client: the one it had, if it was a client before the addon
        was uninstalled, as ledgers stay.

        :raise UserError: if that one is another company's
        """
        # Sudo: who may invite a database need not be allowed to make accounts.
        balances_sudo = self.env["iap.credit.balance"].sudo()
        kept_sudo = balances_sudo.search(
            [("holder", "=", vals["uuid"]), ("service_id", "=", service_sudo.id)], limit=1
        )
        company_id = vals.get("company_id") or self.env.company.id
        if kept_sudo and kept_sudo.company_id.id != company_id:
            raise UserError(
                self.env._(
                    "This database was a client of %s before, and its credits are kept there.",
                    kept_sudo.company_id.name,
                )
            )
        return kept_sudo.account_id or self.env["iap.account"].sudo().create(
            {
                "name": vals.get("name") or vals["uuid"],
                "service_id": service_sudo.id,
                "service_locked": True,
                "company_ids": [company_id],
                "credit_holder": vals["uuid"],
            }
        )

    def write(self, vals):
        if not vals.keys().isdisjoint({"uuid", "company_id"}):
            raise UserError(
                self.env._("The database and the company of a client are fixed: its ledger is.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A client has a ledger and cannot be deleted. Archive or block it.")
        )

    # === PRICES === #

    def _price(self, kind: str) -> int:
        """Return what one company costs the client.

        :param kind: of `iap.server.answer`
        """
        self.ensure_one()
        if kind == "mining":
            return self.price_lead if self.own_price else MiningSettings.of(self.env).price_lead
        if self.own_price:
            return self.price_enrichment
        return self.env["lead.enrichment"]._price()

    def _is_served(self) -> bool:
        return bool(self) and self.active and not self.blocked

    # === ACTIONS === #

    def action_take_tokens(self):
        """Take the client's next new token at first sight, for a day from now on."""
        self.check_access("write")
        # Sudo: the field is nobody's to fill in.
        self.sudo().open_until = fields.Datetime.now() + OPEN_TIME

    def action_view_answers(self):
        """Open what the client has asked."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_iap_server.iap_server_answer_action"
        )
        return {**action, "domain": [("client_id", "in", self.ids)], "context": {}}

    def action_view_account(self):
        """Open the client's account with its ledger, packs and statement."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "iap.account",
            "res_id": self.account_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
