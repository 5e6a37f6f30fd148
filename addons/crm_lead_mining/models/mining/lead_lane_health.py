from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import api, models
from odoo.tools import SQL, format_datetime

from .lead_lease_mixin import NOW

#: An idle lane is called every few minutes: one that was not seen so long is not there. What waits
#: longer is late.
LONG = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Queue:
    """What a queue's table says.

    :ivar at_work: pieces of work that a lane owns
    :ivar unconnected: pieces that wait as there was no connection to the database for them
    :ivar oldest: since when the first of those waits that may be begun
    """

    now: datetime
    at_work: int
    unconnected: int
    oldest: datetime | None


class LeadLaneMixin(models.AbstractModel):
    # One theme a file.
    _inherit = "lead.lane.mixin"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _health(self) -> list[tuple[bool, str]]:
        """Return what an administrator should know of all lanes: if it is well, and a sentence."""
        names = sorted(self.env.registry.descendants([self._name], "_inherit") - {self._name})
        # What concerns all lanes is said once.
        return list(
            dict.fromkeys(line for name in names for line in self.env[name]._queue_health())
        )

    @api.model
    def _queue_health(self) -> list[tuple[bool, str]]:
        label, queue = self._queue_label(), self._read_queue()
        lanes = self._lanes().filtered("active")
        if not lanes:
            return [(False, self.env._("%s: no lane is switched on.", label))]
        seen = max(filter(None, lanes.mapped("lastcall")), default=None)
        # A lane that is at work long is called again when it is done.
        is_here = bool(queue.at_work or seen and queue.now - seen < LONG)
        lines = [
            (
                is_here,
                self.env._(
                    "%(queue)s: lanes %(lanes)s, at work %(working)s, last seen %(seen)s.",
                    queue=label,
                    lanes=len(lanes),
                    working=queue.at_work,
                    seen=format_datetime(self.env, seen) if seen else self.env._("never"),
                ),
            )
        ]
        if not is_here:
            lines.append(
                (
                    False,
                    self.env._(
                        "No server works for this database: one needs cron workers "
                        "(max_cron_threads)."
                    ),
                )
            )
        if queue.oldest:
            lines.append(
                (
                    queue.now - queue.oldest < LONG,
                    self.env._(
                        "%(queue)s: the oldest request has been waiting since %(since)s.",
                        queue=label,
                        since=format_datetime(self.env, queue.oldest),
                    ),
                )
            )
        if queue.unconnected:
            lines.append(
                (
                    False,
                    self.env._(
                        "%(queue)s: waiting for a connection to the database: %(number)s. A lane "
                        "needs four: raise db_maxconn, or let fewer lanes work in one process.",
                        queue=label,
                        number=queue.unconnected,
                    ),
                )
            )
        return lines

    @api.model
    def _read_queue(self) -> Queue:
        # Sudo: an administrator need not see others' requests to know how many there are.
        model_sudo = self.env[self._lane_model].sudo()
        model_sudo.flush_model()
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT %(now)s,
                       count(*) FILTER (WHERE state = 'running' AND lease_expires_at > %(now)s),
                       count(*) FILTER (WHERE state = 'queued' AND unconnected_at IS NOT NULL),
                       min(%(since)s) FILTER (WHERE state = 'queued' AND %(due)s)
                  FROM %(table)s AS job
                 WHERE state IN ('queued', 'running')
                """,
                now=NOW,
                since=SQL.identifier("job", model_sudo._lease_since),
                due=model_sudo._due_condition(),
                table=SQL.identifier(model_sudo._table),
            )
        )
        return Queue(*row)
