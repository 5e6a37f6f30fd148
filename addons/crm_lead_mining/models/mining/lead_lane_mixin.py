import logging

from psycopg2.pool import PoolError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)

from ...exceptions import LeaseLost
from .lead_lease_mixin import CONNECTION_PAUSE

_logger = logging.getLogger(__name__)

MAX_LANES = 16


class LeadLaneMixin(models.AbstractModel):
    """Scheduled actions that share one queue.

    Odoo locks an `ir.cron` row while it runs, so one row means one worker: several identical rows
    (lanes) spread the work over cron workers and servers.

    :cvar _lane_xmlid: the first of the scheduled actions, of which the others are copies
    :cvar _lane_model: the queue, of `lead.lease.mixin`
    :cvar _lane_errors: another transaction is in the way: nothing is wrong, it is tried again
    """

    _name = "lead.lane.mixin"
    _description = "Lanes"

    _lane_xmlid = ""
    _lane_model = ""
    _lane_errors: tuple[type[Exception], ...] = PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

    @api.model
    def _lanes(self):
        """Return the scheduled actions that share the work."""
        server_action = self.env.ref(self._lane_xmlid).sudo().ir_actions_server_id
        return self.env["ir.cron"].sudo().search(
            [
                ("model_id", "=", server_action.model_id.id),
                ("code", "=", server_action.code),
                ("active", "in", (True, False)),
            ],
            order="id",
        )  # fmt: skip

    @api.model
    def _lane_name(self, number: int) -> str:
        raise NotImplementedError

    @api.model
    def _queue_label(self) -> str:
        """Return what the lanes work on, in a word or two."""
        raise NotImplementedError

    @api.model
    def _lanes_sentence(self, most: int) -> str:
        """Return how many lanes there may be, in words."""
        raise NotImplementedError

    @api.model
    def _lane_count(self) -> int:
        """Return how many lanes share the work at present."""
        return len(self._lanes().filtered("active"))

    @api.model
    def _set_lanes(self, number: int) -> None:
        """Have `number` lanes.

        Only as many rows are written as have to change, and none that a scheduler has locked: a
        lane that is at work can neither be switched on nor off.

        :raise ValidationError: if nobody may have so many lanes
        :raise UserError: if fewer lanes are idle than would have to end
        """
        lanes = self._lanes()
        active = lanes.filtered("active")
        missing = number - len(active)
        if not missing:
            return
        if not 1 <= number <= MAX_LANES:
            raise ValidationError(self._lanes_sentence(MAX_LANES))
        if missing > 0:
            idle = (lanes - active).try_lock_for_update(allow_referencing=True, limit=missing)
            idle.active = True
            for _lane in range(missing - len(idle)):
                lanes |= lanes[0].copy({"name": self._lane_name(len(lanes) + 1), "active": True})
            return
        # The newest ones first, so that the one that all others are copies of stays.
        idle = active[::-1].try_lock_for_update(allow_referencing=True, limit=-missing)
        if len(idle) < -missing:
            raise UserError(
                self.env._(
                    "%s of these scheduled actions are running: try again when they are done.",
                    len(active) - len(idle),
                )
            )
        idle.active = False

    @api.model
    def _trigger_lanes(self) -> None:
        for lane in self._lanes().filtered("active"):
            lane._trigger()

    # === WORK === #

    @api.model
    def _lease_seconds(self) -> int:
        """Return how long a lane owns a piece of work, unless it renews its lease."""
        raise NotImplementedError

    def _claim(self):
        """Take the next piece of work: the record, empty if there is none, and its lease."""
        queue = self.env[self._lane_model]
        for _try in range(MAX_TRIES_ON_CONCURRENCY_FAILURE):
            try:
                claimed = queue._claim(self._lease_seconds())
                self._commit()
                return claimed
            except self._lane_errors:
                # Another lane took what this transaction still saw.
                self.env.cr.rollback()
        return queue, ""

    def _work_or_wait(self, work, token: str) -> bool:
        """Do a claimed piece of work, or put it back if there is no connection for it.

        Odoo's pool does not wait until a connection is free.

        :return: whether there was one
        """
        try:
            self._work(work, token)
        except PoolError:
            self.env.cr.rollback()
            _logger.warning(
                "%s waits for a connection to the database, as all of this process are in use. "
                "A lane needs four: raise db_maxconn, or let fewer lanes work in one process.",
                work,
            )
            self._put_back(work, token)
            return False
        return True

    def _work(self, work, token: str) -> None:
        """Do one claimed piece of work until it has an end."""
        raise NotImplementedError

    def _put_back(self, work, token: str) -> None:
        try:
            work._put_back(token)
        except LeaseLost:
            self.env.cr.rollback()
            return
        for lane in self._lanes().filtered("active"):
            lane._trigger(at=fields.Datetime.now() + CONNECTION_PAUSE)
        self._commit()

    def _commit(self) -> float:
        """Commit and return how many seconds the scheduler leaves this lane."""
        return self.env["ir.cron"]._commit_progress()
