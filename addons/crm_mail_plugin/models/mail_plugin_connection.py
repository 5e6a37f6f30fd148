from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class MailPluginConnection(models.Model):
    """A mailbox that is connected to a user: what is shown of an add-in's token."""

    _name = "mail.plugin.connection"
    _description = "Connected Mailbox"
    _order = "create_date DESC, id DESC"

    name = fields.Char("Add-in", required=True, readonly=True)
    key_id = fields.Many2one(
        "res.users.apikeys",
        string="Token",
        required=True,
        readonly=True,
        ondelete="cascade",
        groups="base.group_system",
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    origin = fields.Char("Add-in's Address", readonly=True)
    device = fields.Char(
        readonly=True, help="Random name of the browser that the mailbox was connected in."
    )
    create_date = fields.Datetime("Connected Since", readonly=True)
    last_use = fields.Datetime("Last Used", readonly=True, help="Updated at most once an hour.")
    last_address = fields.Char("Last Used From", readonly=True, help="IP address.")
    expiration_date = fields.Datetime(
        "Expires",
        compute="_compute_expiration_date",
        search="_search_expiration_date",
        compute_sudo=True,
    )

    _unique_key = models.Constraint("UNIQUE(key_id)", "A token can belong to only one mailbox.")
    # The ORM adds no foreign key to a table that it did not make.
    _key_exists = models.Constraint(
        "FOREIGN KEY(key_id) REFERENCES res_users_apikeys(id) ON DELETE CASCADE",
        "A connected mailbox must have a token.",
    )

    @api.depends("key_id.expiration_date")
    def _compute_expiration_date(self):
        for connection in self:
            connection.expiration_date = connection.key_id.expiration_date

    def _search_expiration_date(self, operator, value):
        # sudo: tokens are closed to users; when theirs expire they see.
        found_sudo = self.sudo()._search(Domain("key_id.expiration_date", operator, value))
        return Domain("id", "in", found_sudo)

    def action_revoke(self):
        """Take the tokens back: the add-ins have to ask again.

        :raise AccessError: for another user's mailbox, unless by an administrator
        """
        if not self.env.is_system() and self.user_id - self.env.user:
            raise AccessError(
                self.env._("Only an administrator can disconnect other users' mailboxes.")
            )
        # sudo: tokens are closed to users; whose they are is checked above.
        connections_sudo = self.sudo()
        connections_sudo.key_id.unlink()
        connections_sudo.invalidate_model()
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.private
    def end(self, token: str) -> None:
        """Revoke `token`, if it is one of an add-in."""
        key = self.env["res.users.apikeys"]._find_addin_key(token)
        if key:
            # sudo: tokens are closed to users; who has one may give it back.
            self.env["res.users.apikeys"].sudo().browse(key.id).unlink()

    @api.private
    def note_use(self, key_id: int, address: str, life_days: int) -> None:
        """Note that a token was used, and let it live on; at most once an hour.

        In a transaction of its own, as the add-ins send several requests at once.

        :param key_id: id of the token, in ``res.users.apikeys``
        :param address: IP address of the request
        :param life_days: days from now on that the token lives
        """
        with self.env["mail.plugin.rate"]._own_cursor() as cr:
            cr.execute(
                SQL(
                    """
                    SET LOCAL synchronous_commit = off;
                    INSERT INTO %(table)s AS connection
                           (key_id, user_id, name, last_use, last_address,
                            create_uid, create_date, write_uid, write_date)
                    SELECT id, user_id, name, now() AT TIME ZONE 'utc', %(address)s,
                           user_id, create_date, user_id, now() AT TIME ZONE 'utc'
                      FROM res_users_apikeys WHERE id = %(key_id)s
                    ON CONFLICT (key_id) DO UPDATE
                            SET last_use = excluded.last_use,
                                last_address = excluded.last_address
                          WHERE connection.last_use IS NULL
                             OR connection.last_use < excluded.last_use - interval '1 hour'
                      RETURNING id
                    """,
                    table=SQL.identifier(self._table),
                    address=address,
                    key_id=key_id,
                )
            )
            if cr.rowcount:
                cr.execute(
                    """
                    UPDATE res_users_apikeys
                       SET expiration_date = now() AT TIME ZONE 'utc' + %s * interval '1 day'
                     WHERE id = %s AND expiration_date IS NOT NULL
                    """,
                    (life_days, key_id),
                )
