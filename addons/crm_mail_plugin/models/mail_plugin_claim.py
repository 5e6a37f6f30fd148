from odoo import api, fields, models
from odoo.tools import SQL


class MailPluginClaim(models.Model):
    """What a request is about to create, so that another at the same time does not as well."""

    _name = "mail.plugin.claim"
    _description = "Mail Plugin Claim"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    taken_at = fields.Datetime(required=True, readonly=True)

    _unique_key = models.Constraint("UNIQUE(key)", "This has already been claimed.")

    @api.private
    def take(self, *key: object) -> None:
        """Claim what `key` names until the end of the transaction.

        Call it after looking for the thing and before making it. If another transaction has
        claimed it since this one began, the database ends this one; Odoo runs the request again,
        and it finds what the other one has made.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %s (key, taken_at) VALUES (%s, now() AT TIME ZONE 'utc')
                ON CONFLICT (key) DO UPDATE SET taken_at = excluded.taken_at
                """,
                SQL.identifier(self._table),
                repr(key),
            )
        )

    @api.autovacuum
    def _gc_claims(self):
        if not self.env["mail.plugin.setup"]._is_done():
            return
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.sudo().search([("taken_at", "<", yesterday)]).unlink()
