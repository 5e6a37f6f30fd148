from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..exceptions import NotKeptLocally
from ..tools.fields import BigInteger

SOON = timedelta(days=30)


class IapAccount(models.Model):
    """The accounts whose credits this database keeps: their opening, what they have, who sees."""

    _inherit = "iap.account"

    credit_balance_ids = fields.One2many("iap.credit.balance", "account_id", readonly=True)
    credit_lot_ids = fields.One2many(
        "iap.credit.lot",
        "account_id",
        domain=[("remaining", ">", 0)],
        readonly=True,
        string="Credits by Origin",
        groups="sales_team.group_sale_manager,crm_iap_credits.group_billing_administrator",
    )
    is_kept_locally = fields.Boolean(
        compute="_compute_is_kept_locally", search="_search_is_kept_locally", compute_sudo=True
    )
    credit_holder = fields.Char(
        readonly=True,
        copy=False,
        help="Who has these credits, if it is not the company itself.",
    )
    credits_available = BigInteger(
        compute="_compute_credits_available",
        compute_sudo=True,
        help="Credits that can be spent.",
    )
    credits_held = BigInteger(
        compute="_compute_credits_held",
        compute_sudo=True,
        help="Credits set aside for ongoing work, neither spent nor released yet.",
    )
    credits_expiring = BigInteger(
        string="Expiring Soon",
        compute="_compute_credits_expiring",
        compute_sudo=True,
        help="Available credits that expire within 30 days unless they are used first.",
    )
    credits_expire_at = fields.Datetime(
        string="Next Expiry", compute="_compute_credits_expiring", compute_sudo=True
    )
    credit_entry_count = fields.Integer(compute="_compute_credit_entry_count")
    credit_hold_count = fields.Integer(compute="_compute_credit_hold_count")

    # === COMPUTE METHODS === #

    @api.depends("credit_balance_ids")
    def _compute_is_kept_locally(self):
        for account in self:
            account.is_kept_locally = bool(account.credit_balance_ids)

    @api.model
    def _search_is_kept_locally(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (True in value) == (operator == "in")
        # Sudo: which accounts are kept here is no secret, their balances are.
        balances_sudo = self.env["iap.credit.balance"].sudo()._search([])
        kept = Domain("id", "in", balances_sudo.subselect("account_id"))
        return kept if wanted else ~kept

    def _compute_credits_available(self):
        of_these = [("account_id", "in", self.ids), ("remaining", ">", 0)]
        rows = self.env["iap.credit.lot"]._read_group(
            [*of_these, *self._live_lots_domain()], ["account_id"], ["remaining:sum"]
        )
        available = dict(rows)
        for account in self:
            account.credits_available = int(available.get(account._origin, 0))

    def _compute_credits_held(self):
        rows = self.env["iap.credit.hold"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "open")],
            ["account_id"],
            ["credits:sum", "captured:sum"],
        )
        held = {account: credits - captured for account, credits, captured in rows}
        for account in self:
            account.credits_held = int(held.get(account._origin, 0))

    @api.model
    def _live_lots_domain(self):
        return ["|", ("expires_at", "=", False), ("expires_at", ">", fields.Datetime.now())]

    def _compute_credits_expiring(self):
        now = fields.Datetime.now()
        expiring = {
            account: (credits, expires_at)
            for account, credits, expires_at in self.env["iap.credit.lot"]._read_group(
                [
                    ("account_id", "in", self.ids),
                    ("remaining", ">", 0),
                    ("expires_at", ">", now),
                    ("expires_at", "<=", now + SOON),
                ],
                ["account_id"],
                ["remaining:sum", "expires_at:min"],
            )
        }
        for account in self:
            credits, expires_at = expiring.get(account._origin, (0, False))
            account.credits_expiring = int(credits)
            account.credits_expire_at = expires_at

    def _compute_credit_entry_count(self):
        counts = dict(
            self.env["iap.credit.entry"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.credit_entry_count = counts.get(account._origin, 0)

    def _compute_credit_hold_count(self):
        counts = dict(
            self.env["iap.credit.hold"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "open")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.credit_hold_count = counts.get(account._origin, 0)

    def _invalidate_credits(self):
        """Forget what the ledger's statements, which the ORM does not see, have changed."""
        names = [
            "credits_available",
            "credits_held",
            "credits_expiring",
            "credits_expire_at",
            "credit_entry_count",
            "credit_hold_count",
            "credit_lot_ids",
        ]
        self.invalidate_recordset(names, flush=False)
        self.env["iap.credit.balance"].invalidate_model(["available"], flush=False)
        self.env["iap.credit.lot"].invalidate_model(["remaining"], flush=False)
        self.env["iap.credit.hold"].invalidate_model(
            ["captured", "state", "closed_at"], flush=False
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open the ledger of accounts whose service is kept locally.

        Stock lets any user create an account and then takes the newest one: with credits kept
        here, that would be a way to get trial credits again and again.
        """
        services_sudo = (
            self.env["iap.service"].sudo().browse({vals.get("service_id") for vals in vals_list})
        )
        is_local = any(service._is_kept_locally() for service in services_sudo)
        if is_local and not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only administrators can create accounts whose credits are kept here.")
            )
        accounts = super().create(vals_list)
        # Sudo: the ledger belongs to nobody.
        for account_sudo in accounts.sudo():
            if account_sudo.service_id._is_kept_locally():
                account_sudo._open_ledger()
        return accounts

    def write(self, vals):
        local = self.filtered("is_kept_locally")
        if not local:
            return super().write(vals)
        if not vals.keys().isdisjoint({"company_ids", "service_id", "credit_holder"}):
            raise UserError(
                self.env._("The company and the service of an account with a ledger are fixed.")
            )
        # The IAP server does not know these accounts, and is not told about their alerts.
        super(IapAccount, local.with_context(disable_iap_update=True)).write(vals)
        return super(IapAccount, self - local).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_ledger(self):
        if any(account.is_kept_locally for account in self):
            raise UserError(self.env._("An account with a ledger cannot be deleted."))

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("iap_remote_only"):
            domain = Domain(domain) & Domain("is_kept_locally", "=", False)
        return super()._search(domain, *args, **kwargs)

    # === STOCK IAP === #

    @api.model
    def get(self, service_name, force_create=True):
        """Override of `iap` to return the company's own account of a service kept locally."""
        service_sudo = self.env["iap.service"]._get_kept_locally(service_name)
        if not service_sudo:
            # Stock takes the newest account, which must not be one of a service that once was
            # kept here: the IAP server does not know it.
            remote = self.with_context(iap_remote_only=True)
            account = super(IapAccount, remote).get(service_name, force_create=force_create)
            return account.with_env(self.env)
        self.check_access("read")
        if force_create:
            return self._get_local(service_name).with_env(self.env)
        return self._find_local(service_sudo, self.env.company).with_env(self.env)

    @api.model
    def get_credits(self, service_name):
        """Override of `iap` to answer for a service kept locally without asking a server."""
        if not self.env["iap.service"]._get_kept_locally(service_name):
            return super().get_credits(service_name)
        self.check_access("read")
        return self._get_local(service_name).credits_available

    @api.model
    def get_credits_url(self, service_name, account_token=None):
        """Override of `iap` to stay in this database for a service kept locally."""
        if account_token or not self.env["iap.service"]._get_kept_locally(service_name):
            return super().get_credits_url(service_name, account_token=account_token)
        self.check_access("read")
        account_sudo = self._get_local(service_name)
        # Absolute, as stock's: mail add-ins and other clients open it from elsewhere.
        return account_sudo.get_base_url() + account_sudo._get_local_credits_url()

    def action_buy_credits(self):
        """Override of `iap` to stay in this database for an account kept locally."""
        self.ensure_one()
        if not self.is_kept_locally:
            return super().action_buy_credits()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": self._get_local_credits_url(),
            "target": "self",
        }

    def action_view_entries(self):
        """Open the account's ledger."""
        return self._view_ledger("crm_iap_credits.iap_credit_entry_action")

    def action_view_holds(self):
        """Open the account's holds, those still open first."""
        return self._view_ledger("crm_iap_credits.iap_credit_hold_action")

    def _view_ledger(self, action_xmlid):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(action_xmlid)
        return {**action, "domain": [("account_id", "in", self.ids)]}

    def _get_account_information_from_iap(self):
        """Override of `iap` to ask the server about its own accounts only."""
        local = self.filtered("is_kept_locally")
        local._refresh_balance()
        remote = self - local
        if local and not remote:
            return None
        return super(IapAccount, remote)._get_account_information_from_iap()

    def _refresh_balance(self):
        """Write the balance where stock's views look for it."""
        # Sudo: looking at an account does not need the right to change it.
        for account_sudo in self.sudo():
            balance = f"{account_sudo.credits_available} {account_sudo.service_id.unit_name or ''}"
            if account_sudo.balance != balance:
                account_sudo.with_context(tracking_disable=True).write({"balance": balance})

    # === LOCAL ACCOUNTS === #

    @api.model
    def _get_local(self, service_name: str, company=None):
        """Return the company's local account of a service, made with its trial when missing.

        A missing account is made and committed by the ledger's own cursor, so that a later error
        of the caller does not undo the trial that was shown.

        :param service_name: technical name of a service that is kept locally.
        :param company: a `res.company` record, by default the current company.
        :return: the account, in sudo.
        :raise NotKeptLocally: if the service is kept by a remote server.
        """
        service_sudo = self.env["iap.service"]._get_kept_locally(service_name)
        if not service_sudo:
            raise NotKeptLocally(
                self.env._("The credits of the service %s are not kept here.", service_name)
            )
        company = company or self.env.company
        return self._find_local(service_sudo, company) or self._make_local(service_sudo, company)

    @api.model
    def _cron_open(self) -> None:
        """Open each company's accounts of what is kept here, as the first use of each would.

        So *View My Services* lists them before, and looking at a page makes nothing.
        """
        services, balances = self.env["iap.service"], self.env["iap.credit.balance"]
        companies = self.env["res.company"].search([("active", "=", True)])
        for name in sorted(services._locally_served_services()):
            service = services._get_kept_locally(name)
            own = [("service_id", "in", service.ids), ("holder", "=", False)]
            missing = companies - balances.search(own).company_id if service else ()
            for company in missing:
                self._get_local(name, company)

    @api.model
    def _find_local(self, service, company):
        # Sudo: spending through the ledger's methods does not need rights on its tables.
        return (
            self.env["iap.credit.balance"]
            .sudo()
            .search(
                [
                    ("service_id", "=", service.id),
                    ("company_id", "=", company.id),
                    ("holder", "=", False),
                ]
            )
            .account_id
        )

    @api.model
    def _make_local(self, service, company):
        values = {
            "name": f"{service.name} ({company.name})",
            "service_id": service.id,
            "service_locked": True,
            "company_ids": company.ids,
        }

        def operation(cr):
            account = self.with_env(self.env(cr=cr, su=True))._find_local(service, company)
            account = account or account.create(values)
            return account.id, {
                "account_token": account.account_token,
                "credits_available": account.credits_available,
                "warning_threshold": account.warning_threshold,
            }

        ledger = self.env["iap.credit.ledger"]
        account_id, made = ledger._run(self.browse(), operation)
        # As in stock, the caller's transaction may be too old to see the new row.
        account_sudo = self.sudo().browse(account_id)
        known = {
            "name": values["name"],
            "service_id": service.id,
            "is_kept_locally": True,
            **made,
        }
        for name, value in known.items():
            self.env.cache.set(account_sudo, self._fields[name], value)
        return account_sudo

    def _open_ledger(self):
        """Give a new account its balance and, once per service and company, its trial."""
        self.ensure_one()
        company = self.company_ids or self.env.company
        if len(company) > 1:
            raise UserError(
                self.env._("An account whose credits are kept here must belong to one company.")
            )
        if not self.company_ids:
            self.company_ids = company
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO iap_credit_balance (
                            account_id, service_id, company_id, holder, available)
                     VALUES (%s, %s, %s, %s, 0)
                """,
                self.id,
                self.service_id.id,
                company.id,
                self.credit_holder or None,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["credit_balance_ids", "is_kept_locally"])
        trial = not self.credit_holder and self.env["iap.credit.trial"]._claim(
            self.service_id, company
        )
        if trial:
            self.grant(trial, reason=self.env._("Trial credits"), idempotency_key="trial")
