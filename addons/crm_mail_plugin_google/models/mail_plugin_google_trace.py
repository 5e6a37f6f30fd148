import time

from odoo import api, fields, models
from odoo.tools import SQL

SUCCESS, REFUSAL = "success", "refusal"
#: Seconds in which this process notes one of a kind.
PAUSE = 60
_noted: dict[tuple[str, str], float] = {}


class MailPluginGoogleTrace(models.Model):
    """What has become of Gmail's last requests, for the administrator who sets it up.

    Noted is only what Google has signed: a stranger's request writes nothing.
    """

    _name = "mail.plugin.google.trace"
    _description = "Last Request of Gmail"
    _log_access = False

    kind = fields.Char(required=True, readonly=True)
    happened_at = fields.Datetime(required=True, readonly=True)
    reason = fields.Char(readonly=True)
    told = fields.Char(readonly=True, help="What the refused request says instead.")

    _unique_kind = models.Constraint("UNIQUE(kind)", "Of each kind the last one is kept.")

    @api.private
    def note(self, kind: str, reason: str = "", told: str = "") -> None:
        """Note a request, at most once a minute of each kind; in a transaction of its own, as a
        refused request has none that is kept."""
        place, now = (self.env.cr.dbname, f"{kind} {reason} {told}"), time.monotonic()
        if now - _noted.get(place, float("-inf")) < PAUSE:
            return
        if len(_noted) > 100:
            _noted.clear()
        _noted[place] = now
        with self.env["mail.plugin.rate"]._own_cursor() as cr:
            cr.execute(
                SQL(
                    """
                    SET LOCAL synchronous_commit = off;
                    INSERT INTO %(table)s AS trace (kind, happened_at, reason, told)
                         VALUES (%(kind)s, now() AT TIME ZONE 'utc', %(reason)s, %(told)s)
                    ON CONFLICT (kind) DO UPDATE
                            SET happened_at = excluded.happened_at,
                                reason = excluded.reason, told = excluded.told
                    """,
                    table=SQL.identifier(self._table),
                    kind=kind,
                    reason=reason,
                    told=told,
                )
            )
