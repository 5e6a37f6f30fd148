import secrets

from odoo import models
from odoo.exceptions import AccessError

from ..exceptions import NotKeptLocally


class IapAccount(models.Model):
    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

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
