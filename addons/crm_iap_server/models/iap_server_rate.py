import hashlib
import ipaddress
import logging
import threading
import time

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_iap_credits.exceptions import LedgerBusy

from ..tools.settings import Settings
from .own_transaction import in_own_transaction

_logger = logging.getLogger(__name__)

#: A process takes a tenth of a minute's questions at a time, and counts these by itself: what only
#: reads would otherwise write at each question.
SHARES = 10
MAX_SUBJECTS = 10_000

_lock = threading.Lock()
#: {(database, subject): (questions left of the share, when the minute ends)}
_shares: dict[tuple[str, str], tuple[int, float]] = {}


class IapServerRate(models.Model):
    """How many questions came within a minute, over all processes and servers.

    The primary database has the count, wherever the question itself is answered.
    """

    _name = "iap.server.rate"
    _description = "Questions Within a Minute"
    _log_access = False
    _rec_name = "subject"

    subject = fields.Char(required=True, readonly=True)
    minute = fields.Integer(required=True, readonly=True)
    asked = fields.Integer(required=True, readonly=True)

    _unique_subject = models.Constraint("UNIQUE(subject)", "Whoever asks is counted once.")

    @api.model
    def _stranger(self, address: str | None) -> str:
        """Return whose questions count that come from an address, which is not stored itself.

        Of IPv6 a whole network counts, as whoever has one has as many addresses as he likes.
        """
        try:
            found = ipaddress.ip_address(address or "")
        except ValueError:
            found = None
        if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
            address = str(ipaddress.ip_network((found, 64), strict=False))
        return hashlib.sha256(f"iap:{address}".encode()).hexdigest()

    @api.model
    def _count(self, subject: str, setting: str) -> bool:
        """Count a question; tell whether it is within the limit.

        :param setting: which of `Settings` is the limit
        """
        key = (self.env.cr.dbname, subject)
        now = time.monotonic()
        with _lock:
            left, end = _shares.get(key, (0, 0.0))
            if now < end and left:
                _shares[key] = (max(left - 1, -1), end)
                return left > 0
        limit = getattr(Settings.of(self.env), setting)
        share = max(limit // SHARES, 1)
        seconds = self._draw(subject, share, limit)
        if seconds is None:
            return True
        with _lock:
            if len(_shares) >= MAX_SUBJECTS:
                _shares.clear()
            # Whoever has had all of it is not looked up again before the minute ends.
            _shares[key] = (share - 1, now + seconds) if seconds > 0 else (-1, now - seconds)
        return seconds > 0

    @api.model
    def _draw(self, subject: str, share: int, limit: int) -> float | None:
        """Take a share of the minute's questions.

        :return: seconds until the minute ends, negative if nothing is left; None if the primary
            database cannot be asked, which keeps nobody from reading
        """

        def draw(rates):
            [(seconds,)] = rates.env.execute_query(
                SQL(
                    """
                    WITH clock AS (
                        SELECT floor(extract(epoch FROM statement_timestamp()))::int AS now
                    ), drawn AS (
                        INSERT INTO iap_server_rate AS rate (subject, minute, asked)
                             SELECT %(subject)s, now / 60, %(share)s FROM clock
                        ON CONFLICT (subject) DO UPDATE
                                SET asked = EXCLUDED.asked
                                            + CASE WHEN rate.minute = EXCLUDED.minute
                                                   THEN rate.asked ELSE 0 END,
                                    minute = EXCLUDED.minute
                              WHERE rate.minute < EXCLUDED.minute
                                 OR rate.asked + EXCLUDED.asked <= %(limit)s
                          RETURNING id
                    )
                    SELECT (60 - now %% 60) * CASE WHEN EXISTS (SELECT FROM drawn)
                                                   THEN 1 ELSE -1 END
                      FROM clock
                    """,
                    subject=subject,
                    share=share,
                    limit=limit,
                )
            )
            return seconds

        try:
            return in_own_transaction(self.browse(), draw)
        except (psycopg2.OperationalError, LedgerBusy) as error:
            _logger.warning("Questions are not counted: %s", error)
            return None

    @api.autovacuum
    def _gc_rates(self):
        yesterday = int(time.time() // 60) - 24 * 60
        # Sudo: who tidies up is nobody's user.
        self.sudo().search([("minute", "<", yesterday)]).unlink()
