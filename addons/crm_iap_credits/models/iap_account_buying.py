from urllib.parse import urlencode

from odoo import api, fields, models

from odoo.addons.payment import utils as payment_utils

from ..tools.access import is_local_path, is_same_token

BUYERS = ("crm_iap_credits.group_billing_administrator", "sales_team.group_sale_manager")


class IapAccount(models.Model):
    """Where the credits of a local account are bought, and by whom."""

    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

    # Clients of other databases name their account by this hash, never by its token.
    token_hash = fields.Char(
        compute="_compute_token_hash",
        store=True,
        index="btree_not_null",
        copy=False,
        groups="base.group_system",
    )
    credit_order_count = fields.Integer(
        compute="_compute_credit_order_count",
        groups="crm_iap_credits.group_billing_administrator",
    )

    # === COMPUTE METHODS === #

    @api.depends("account_token")
    def _compute_token_hash(self):
        for account in self:
            # What the environment gives leaves no trace in the database.
            token = not account.account_token_source and account.account_token
            account.token_hash = token and self._hash_iap_token(token)

    def _compute_credit_order_count(self):
        counts = dict(
            self.env["iap.credit.order"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.credit_order_count = counts.get(account._origin, 0)

    # === PAGE === #

    def _get_local_credits_url(self, back: str = "") -> str:
        """Give the address, within this database, where the account's credits are bought.

        :param back: page of the backend that the confirmation leads back to.
        """
        query = f"?{urlencode({'back': back})}" if is_local_path(back) else ""
        return f"/iap/credits/{self.id}{query}"

    def _get_signed_credits_url(self) -> str:
        """Give the same page to somebody without login, who has proved to know the account."""
        return f"/iap/credits/{self.id}?access_token={self._get_credits_access_token()}"

    def _get_credits_access_token(self):
        """Return what opens the account's page: it ends with the account's token."""
        account_sudo = self.sudo()  # the hash is as secret as the token
        return payment_utils.generate_access_token(
            "iap.account", account_sudo.id, account_sudo.token_hash, env=self.env
        )

    def _check_credits_access_token(self, access_token):
        return is_same_token(access_token, self._get_credits_access_token())

    @api.model
    def _find_by_link(self, service_name: str, token_hash: str):
        """Find the account that a stock IAP client's link to buy credits means.

        :param service_name: technical name, such as ``reveal``.
        :param token_hash: SHA-1 of the account's token without its suffix, in hexadecimal.
        :return: the account in sudo, or an empty recordset.
        """
        # Sudo: who knows the hash knows the token.
        accounts_sudo = self.sudo()
        service_sudo = self.env["iap.service"]._get_kept_locally(service_name)
        if not service_sudo or not token_hash:
            return accounts_sudo.browse()
        return accounts_sudo.search(
            [
                ("token_hash", "=", token_hash),
                ("service_id", "=", service_sudo.id),
                ("is_kept_locally", "=", True),
            ],
            limit=1,
        )

    def _get_ledger_company(self):
        """Return the company whose credits the account keeps, in sudo."""
        return self.sudo().credit_balance_ids.company_id

    def _is_disabled(self):
        """Tell whether the account is one of a copy of a database."""
        return (self.sudo().account_token or "").endswith("+disabled")

    # === PEOPLE === #

    def _is_visible_to(self, user):
        """Tell whether a user may see the packs and the balance: every colleague may."""
        return user._is_internal() and self._get_ledger_company() in user.company_ids

    def _is_buyable_by(self, user):
        """Tell whether a user may spend the company's money."""
        return self._is_visible_to(user) and any(map(user.has_group, BUYERS))

    def _get_billing_users(self):
        """Return whom to ask for credits, system administrators last.

        :return: some of `res.users`.
        """
        company = self._get_ledger_company()
        # Sudo: users cannot read who is in a group.
        group_sudo = self.env.ref("crm_iap_credits.group_billing_administrator").sudo()
        users = group_sudo.all_user_ids.filtered(
            lambda user: user.active and user._is_internal() and company in user.company_ids
        )
        return users.sorted(lambda user: (user.has_group("base.group_system"), user.id))

    def action_view_credit_orders(self):
        """Open the account's orders."""
        self.check_access("read")
        self.env["iap.credit.order"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_iap_credits.iap_credit_order_action"
        )
        return {**action, "domain": [("account_id", "in", self.ids)]}
