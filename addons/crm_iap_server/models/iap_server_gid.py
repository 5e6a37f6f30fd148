from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.identities import gid_of


class IapServerGid(models.Model):
    """What clients of before April 2025 call a company: a number, of which it cannot be told."""

    _name = "iap.server.gid"
    _description = "Number of a Company for Old Clients"
    _log_access = False
    _rec_name = "gid"

    gid = fields.Integer(required=True, readonly=True)
    identity = fields.Char(required=True, readonly=True)

    _unique_gid = models.Constraint("UNIQUE(gid)", "A number is one company's.")

    @api.model
    def _name_all(self, identities: list[str]) -> dict[str, int]:
        """Return {identity: its number}, kept for when clients ask about it.

        Of two whose numbers are the same, the later one has none.
        """
        wanted = {gid_of(identity): identity for identity in sorted(identities, reverse=True)}
        kept_sudo = self.sudo().search([("gid", "in", list(wanted))])
        new = wanted.keys() - set(kept_sudo.mapped("gid"))
        if new:
            self._insert({gid: wanted[gid] for gid in new})
        taken = {row.identity: row.gid for row in kept_sudo if wanted[row.gid] == row.identity}
        return taken | {wanted[gid]: gid for gid in new}

    @api.model
    def _insert(self, rows: dict[int, str]) -> None:
        def insert(cr):
            cr.execute(
                SQL(
                    """
                    INSERT INTO iap_server_gid (gid, identity)
                         SELECT gid, identity FROM unnest(%s, %s) AS new (gid, identity)
                       ORDER BY gid
                    ON CONFLICT (gid) DO NOTHING
                    """,
                    list(rows),
                    list(rows.values()),
                )
            )

        self.env["iap.credit.ledger"]._run(self.env["iap.account"].browse(), insert)

    @api.model
    def _identity_of(self, gid: int) -> str:
        """Return whom a number means, "" if nobody was ever told it."""
        return self.sudo().search([("gid", "=", gid)], limit=1).identity or ""
