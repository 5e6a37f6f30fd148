import contextlib
import time

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED, TRANSACTION_STATUS_IDLE

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import TooManyRequests
from ..tools import limits


class MailPluginRate(models.Model):
    """How often a token or an address has asked in the running minute, for all workers."""

    _name = "mail.plugin.rate"
    _description = "Mail Plugin Request Counter"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    minute = fields.Integer(required=True, readonly=True, help="Minutes since 1970.")
    hits = fields.Integer(required=True, readonly=True)

    _unique_key = models.Constraint("UNIQUE(key)", "A token or address can be counted only once.")

    @api.private
    def count(self, key: str, limit: int) -> None:
        """Count one request.

        It is counted in a transaction of its own: a request that fails counts as well, and
        requests at the same time do not wait for each other's end.

        :param key: whose request, see :mod:`..tools.limits`
        :param limit: requests per minute, 0 for any number
        :raise TooManyRequests: when this one is beyond the limit
        """
        if not limit:
            return
        with self._own_cursor() as cr:
            cr.execute(
                SQL(
                    """
                    SET LOCAL synchronous_commit = off;
                    INSERT INTO %(table)s AS rate (key, minute, hits)
                         VALUES (%(key)s, %(minute)s, 1)
                    ON CONFLICT (key) DO UPDATE
                            SET minute = excluded.minute,
                                hits = CASE WHEN rate.minute = excluded.minute
                                            THEN rate.hits + 1 ELSE 1 END
                      RETURNING hits
                    """,
                    table=SQL.identifier(self._table),
                    key=key,
                    minute=self._minute(),
                )
            )
            [hits] = cr.fetchone()
        if hits > limit:
            self._refuse()

    @api.model
    def _minute(self) -> int:
        return int(time.time() // limits.WINDOW_SECONDS)

    def _refuse(self):
        wait = limits.WINDOW_SECONDS - int(time.time() % limits.WINDOW_SECONDS)
        raise TooManyRequests(
            self.env._("Too many requests. Please try again in %s seconds.", wait), wait
        )

    @contextlib.contextmanager
    def _own_cursor(self):
        """Yield a cursor of its own that sees what others have committed meanwhile.

        Statements that a power cut may undo say so, and no commit of theirs waits for a disk.
        """
        with self.env.registry.cursor() as cr:
            # Under test all cursors share one transaction, which has begun.
            if cr.connection.get_transaction_status() == TRANSACTION_STATUS_IDLE:
                # Of this transaction alone: Odoo sets it anew for each cursor.
                cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
            yield cr

    @api.autovacuum
    def _gc_rates(self):
        if not self.env["mail.plugin.setup"]._is_done():
            return
        self.sudo().search([("minute", "<", self._minute() - 60)]).unlink()
