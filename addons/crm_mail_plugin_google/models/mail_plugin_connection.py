import dataclasses

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_mail_plugin.tools.settings import Settings

#: What is shown as the add-in's address.
ORIGIN = "https://mail.google.com"


@dataclasses.dataclass(frozen=True)
class Linked:
    """A Google account that is a user's.

    :ivar id: of the connected mailbox
    :ivar key_id: of its token, which nobody has
    :ivar user_id: id of the user
    :ivar is_due: whether its use was not noted for an hour
    """

    id: int
    key_id: int
    user_id: int
    is_due: bool


class MailPluginConnection(models.Model):
    """A Google account is a connected mailbox whose token was thrown away when it was made: it
    expires, is shown and is disconnected as others, and there is nothing that could be stolen."""

    _inherit = "mail.plugin.connection"

    google_sub = fields.Char("Google Account Number", readonly=True, groups="base.group_system")
    google_email = fields.Char("Google Account", readonly=True)

    _unique_google_sub = models.Constraint(
        "UNIQUE(google_sub)", "A Google account can be connected to only one user."
    )

    @api.private
    def google_find(self, sub: str) -> Linked | None:
        """Return whose a Google account is, None when it is nobody's, or not any more.

        :param sub: number of the account, as Google has signed it
        """
        self.flush_model(["google_sub", "key_id", "last_use"])
        self.env["res.users"].flush_model(["active"])
        self.env["res.users.apikeys"].flush_model(["expiration_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT connection.id, key.id, u.id,
                       connection.last_use IS NULL
                       OR connection.last_use < now() AT TIME ZONE 'utc' - interval '1 hour'
                  FROM mail_plugin_connection connection
                  JOIN res_users_apikeys key ON key.id = connection.key_id
                  JOIN res_users u ON u.id = key.user_id AND u.active
                 WHERE connection.google_sub = %s
                   AND (key.expiration_date IS NULL
                        OR key.expiration_date >= now() AT TIME ZONE 'utc')
                """,
                sub,
            )
        )
        return Linked(*rows[0]) if rows else None

    @api.private
    def google_link(self, sub: str, email: str):
        """Connect a Google account to the current user, who was asked.

        :param sub: number of the account, as Google has signed it
        :param email: its address
        :return: the connected mailbox
        :raise UserError: when it is another user's
        """
        self.env["mail.plugin.claim"].take("google", sub)
        linked = self.google_find(sub)
        if linked and linked.user_id != self.env.uid:
            raise UserError(
                self.env._(
                    "This Google account is connected to another user. It has to be disconnected "
                    "there first, or by an administrator: Settings > Users & Companies > Connected "
                    "Mailboxes."
                )
            )
        # sudo: tokens and the accounts' numbers are closed to users.
        connections_sudo = self.sudo()
        connections_sudo.search([("google_sub", "=", sub)]).key_id.unlink()
        keys = self.env["res.users.apikeys"]
        token = keys.generate_for_addin(f"Gmail: {email}", ORIGIN, Settings.of(self.env).token_days)
        key = keys._find_addin_key(token)
        connection_sudo = connections_sudo.search([("key_id", "=", key.id)])
        connection_sudo.write({"google_sub": sub, "google_email": email})
        return connection_sudo.sudo(False)

    @api.private
    def google_end(self, sub: str) -> None:
        """Disconnect a Google account, whosever it is."""
        # sudo: tokens are closed to users; the account itself asks for it, or its user is gone.
        self.sudo().search([("google_sub", "=", sub)]).key_id.unlink()
