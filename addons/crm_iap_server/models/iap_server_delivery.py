from collections.abc import Sequence
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.identity import all_keys, identity_keys
from odoo.addons.crm_lead_mining.company.types import Company

from ..tools.settings import Settings

FORGOTTEN_AT_ONCE = 10_000


class IapServerDelivery(models.Model):
    """What identifies the companies that a client has paid: it pays none of them twice."""

    _name = "iap.server.delivery"
    _description = "Company That a Client Database Has Paid"
    _log_access = False
    _rec_name = "key"

    client_id = fields.Many2one(
        "iap.server.client", required=True, readonly=True, ondelete="cascade"
    )
    key = fields.Char(required=True, readonly=True)
    paid_at = fields.Datetime(required=True, readonly=True, index=True)

    _unique_key = models.Constraint("UNIQUE(client_id, key)", "A client pays a company only once.")

    @api.model
    def _note(self, client, companies: Sequence[Company], since: datetime) -> int:
        """Note that a client gets companies, and count those that it has not paid since then.

        The client's row must be locked.

        :return: how many have to be paid
        """
        keys = [all_keys(found) if (found := identity_keys(one)) else () for one in companies]
        flat = sorted({key for one in keys for key in one})
        rows = self.env.execute_query(
            SQL(
                """
                SELECT key FROM iap_server_delivery
                 WHERE client_id = %s AND key = ANY(%s) AND paid_at > %s
                """,
                client.id,
                flat,
                since,
            )
        )
        paid = {key for (key,) in rows}
        new = sum(paid.isdisjoint(one) for one in keys)
        if flat:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO iap_server_delivery (client_id, key, paid_at)
                         SELECT %s, key, %s FROM unnest(%s) AS key
                    ON CONFLICT (client_id, key) DO UPDATE SET paid_at = EXCLUDED.paid_at
                          WHERE iap_server_delivery.paid_at <= %s
                    """,
                    client.id,
                    self.env.cr.now(),
                    flat,
                    since,
                )
            )
        return new

    @api.autovacuum
    def _gc_deliveries(self):
        kept = fields.Datetime.now() - timedelta(days=Settings.of(self.env).keep_days)
        # Sudo: who tidies up is nobody's user.
        old = self.sudo().search([("paid_at", "<", kept)], limit=FORGOTTEN_AT_ONCE)
        old.unlink()
        return len(old), len(old) == FORGOTTEN_AT_ONCE
