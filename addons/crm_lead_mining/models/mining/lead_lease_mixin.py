import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import LeaseLost

NOW = SQL("timezone('UTC', clock_timestamp())")
#: Work for which there was no connection to the database is left alone so long.
CONNECTION_PAUSE = timedelta(seconds=30)


class LeadLeaseMixin(models.AbstractModel):
    """Rows of a queue that a lane owns for a while, and another one takes over when it is gone.

    The inheriting model has a `state` of which `queued` and `running` are two.

    :cvar _lease_order: columns by which the queue is worked off
    :cvar _lease_since: the column that says since when a row is queued
    """

    _name = "lead.lease.mixin"
    _description = "Leased Work"

    _lease_order = "id"
    _lease_since = "create_date"

    lease_token = fields.Char(readonly=True, groups="base.group_system")
    lease_expires_at = fields.Datetime(readonly=True, groups="base.group_system")
    # When a lane last found no connection to the database for it.
    unconnected_at = fields.Datetime(readonly=True, copy=False, groups="base.group_system")

    @api.model
    def _due_condition(self) -> SQL:
        """Return which queued rows of the table `job` may be begun now."""
        return SQL("TRUE")

    @api.model
    def _lease_changes(self) -> SQL:
        """Return what else is set when a row is taken."""
        return SQL()

    @api.model
    def _claim(self, seconds: int):
        """Take the first row that is due, or whose lane is gone.

        :param seconds: how long the lease lasts unless it is renewed
        :return: the row (empty when there is none) with the lease's token
        """
        token = uuid.uuid4().hex
        table = SQL.identifier(self._table)
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s
                   SET state = 'running',
                       lease_token = %(token)s,
                       unconnected_at = NULL,
                       lease_expires_at = %(now)s + %(lease)s%(changes)s
                 WHERE id = (
                        SELECT id FROM %(table)s AS job
                         WHERE state = 'queued' AND (%(due)s)
                               AND (unconnected_at IS NULL OR unconnected_at < %(now)s - %(pause)s)
                            OR state = 'running' AND lease_expires_at < %(now)s
                               AND lease_token IS NOT NULL
                         ORDER BY %(order)s
                         LIMIT 1
                           FOR UPDATE SKIP LOCKED)
                RETURNING id
                """,
                table=table,
                token=token,
                now=NOW,
                lease=timedelta(seconds=seconds),
                pause=CONNECTION_PAUSE,
                changes=self._lease_changes(),
                due=self._due_condition(),
                order=SQL(self._lease_order),
            ),
            # Another lane may have just taken it: no error.
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        self.invalidate_model()
        return self.browse(row and row[0]), token

    def _put_back(self, token: str) -> None:
        """Give the work back to the queue: there was no connection to the database for it.

        :raise LeaseLost: if the lease is another's by now
        """
        self._renew(token, 0, state="queued", lease_token=None, unconnected_at=NOW)

    def _renew(self, token: str, seconds: int, **changes: object) -> None:
        """Prolong the lease and write the progress, in the transaction of the work itself.

        :raise LeaseLost: if the lease is another's by now
        """
        self.ensure_one()
        self.flush_recordset()
        sets = [SQL("%s = %s", SQL.identifier(name), value) for name, value in changes.items()]
        self.env.cr.execute(
            SQL(
                """
                UPDATE %s
                   SET %s
                 WHERE id = %s AND lease_token = %s AND state = 'running'
                """,
                SQL.identifier(self._table),
                SQL(", ").join(
                    [SQL("lease_expires_at = %s + %s", NOW, timedelta(seconds=seconds)), *sets]
                ),
                self.id,
                token,
            ),
            log_exceptions=False,  # another lane may have just taken it over
        )
        if not self.env.cr.rowcount:
            raise LeaseLost(self.id)
        self.invalidate_recordset()
