import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.crm_common.tools.secret_field import Secret

from ..exceptions import NotKeptLocally


class IapAccount(models.Model):
    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

    account_token = Secret(given_as="_account_token_name")
    account_token_source = fields.Char(
        string="Token From",
        compute="_compute_account_token_source",
        groups="base.group_system",
        help="Where the server's environment gives the token. It is changed there.",
    )

    @api.depends("service_id")
    def _compute_account_token_source(self):
        for account in self:
            given = self._fields["account_token"].given(account)
            account.account_token_source = given and given.source

    def _account_token_name(self) -> str:
        """Return what the token is called in the server's environment.

        It gives those by which IAP servers know this database; accounts that are kept here have
        their own.
        """
        service = self.service_id
        return "" if service._is_kept_locally() else f"token_{service.technical_name or ''}"

    def action_rotate_token(self):
        """Give the account a new token; the one before is useless from the commit on.

        :raise AccessError: if the user is no administrator of the system.
        :raise NotKeptLocally: if a remote server knows the account by its token.
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only administrators can replace the token of an account.")
            )
        self.check_access("write")
        if not self.is_kept_locally:
            raise NotKeptLocally(
                self.env._(
                    "A remote server knows this account by its token, so the token cannot "
                    "be replaced."
                )
            )
        # What disables the accounts of a neutralized database stays. A copy that is not one is put
        # to use by this.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        stays = parameters_sudo.get_param("database.is_neutralized")
        _token, plus, suffix = self.account_token.partition("+")
        self.account_token = secrets.token_hex(16) + (plus + suffix if stays else "")
        self._message_log(
            body=self.env._("The token was replaced: the previous one is no longer accepted.")
        )
