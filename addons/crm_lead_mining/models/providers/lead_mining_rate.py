from collections.abc import Iterable

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ...providers.pace import Rate


class LeadMiningRate(models.Model):
    """When a provider may be asked again: one row for each of its limits, shared by all workers.

    A limit is kept by the moment at which its next question would come if all came evenly (the
    "theoretical arrival time" of the generic cell rate algorithm); questions may come before it by
    the limit's tolerance. Taking a turn moves the moment, in one statement of a transaction of its
    own, so two workers never take the same.
    """

    _name = "lead.mining.rate"
    _description = "Lead Mining Rate Limit"
    _log_access = False

    # Not a many2one: a foreign key would wait for whoever edits the provider.
    provider = fields.Char(required=True)
    seconds = fields.Float(required=True, help="Length of the limit's period.")
    even_moment = fields.Float(
        required=True, help="In seconds since 1970, by the database's clock."
    )

    _limit_uniq = models.Constraint("UNIQUE(provider, seconds)", "This limit already exists.")

    @api.model
    def _take(self, provider: str, rates: Iterable[Rate], patience: float) -> float:
        """Return in how many seconds the next turn is; it is reserved if that is soon enough.

        :param provider: its code
        :param patience: seconds
        """
        wanted = self._wanted(rates)
        try:
            # The ledger's cursor is what is needed here: short, its own, READ COMMITTED.
            with self.env["iap.credit.ledger"]._ledger_cursor() as cr:
                cr.execute(
                    SQL(
                        """
                        WITH wanted AS (%(wanted)s), clock AS (
                            SELECT extract(epoch FROM clock_timestamp())::float8 AS now
                        ), taken AS (
                            INSERT INTO lead_mining_rate AS rate (provider, seconds, even_moment)
                            SELECT %(provider)s, seconds, now + spacing FROM wanted, clock
                                ON CONFLICT (provider, seconds) DO UPDATE
                               SET even_moment = GREATEST(
                                       rate.even_moment,
                                       extract(epoch FROM clock_timestamp())::float8
                                   ) + (SELECT spacing FROM wanted
                                         WHERE wanted.seconds = rate.seconds)
                             WHERE rate.even_moment - (
                                       SELECT tolerance FROM wanted
                                        WHERE wanted.seconds = rate.seconds
                                   ) <= extract(epoch FROM clock_timestamp())::float8 + %(patience)s
                         RETURNING seconds, even_moment
                        )
                        SELECT taken.even_moment - spacing - tolerance
                               - extract(epoch FROM clock_timestamp())::float8
                          FROM wanted LEFT JOIN taken USING (seconds)
                        """,
                        wanted=wanted,
                        provider=provider,
                        patience=patience,
                    )
                )
                waits = [row[0] for row in cr.fetchall()]
                if None not in waits:
                    return max([0.0, *waits])
                return max(self._wait(cr, provider, wanted), patience + 0.001)
        except psycopg2.errors.LockNotAvailable:
            return patience + 1.0  # many want to ask: come back later

    @api.model
    def _pause(self, provider: str, rates: Iterable[Rate], seconds: float) -> None:
        """Give nobody a turn before `seconds` have passed."""
        with self.env["iap.credit.ledger"]._ledger_cursor() as cr:
            cr.execute(
                SQL(
                    """
                    INSERT INTO lead_mining_rate AS rate (provider, seconds, even_moment)
                    SELECT %(provider)s, wanted.seconds,
                           extract(epoch FROM clock_timestamp())::float8 + %(pause)s + tolerance
                      FROM (%(wanted)s) AS wanted
                        ON CONFLICT (provider, seconds) DO UPDATE
                       SET even_moment = GREATEST(rate.even_moment, EXCLUDED.even_moment)
                    """,
                    provider=provider,
                    pause=seconds,
                    wanted=self._wanted(rates),
                )
            )

    def _wait(self, cr, provider: str, wanted: SQL) -> float:
        """Return the seconds until all limits allow a question."""
        cr.execute(
            SQL(
                """
                SELECT max(rate.even_moment - tolerance
                           - extract(epoch FROM clock_timestamp())::float8)
                  FROM (%s) AS wanted
                  JOIN lead_mining_rate AS rate USING (seconds)
                 WHERE rate.provider = %s
                """,
                wanted,
                provider,
            )
        )
        return cr.fetchone()[0] or 0.0

    def _wanted(self, rates: Iterable[Rate]) -> SQL:
        """Return the limits as rows, always in the same order so that no two wait in a circle."""
        rates = sorted(rates, key=lambda rate: rate.seconds)
        return SQL(
            "SELECT * FROM unnest(%s::float8[], %s::float8[], %s::float8[])"
            " AS limits(seconds, spacing, tolerance)",
            [float(rate.seconds) for rate in rates],
            [rate.interval for rate in rates],
            [rate.tolerance for rate in rates],
        )


class SharedPace:
    """A provider's turns as the database keeps them for all workers."""

    shared = True

    def __init__(self, env, provider: str, rates: tuple[Rate, ...]):
        self._rate = env["lead.mining.rate"]
        self._limits = (provider, rates)

    def take(self, patience: float) -> float:
        return self._rate._take(*self._limits, patience)

    def pause(self, seconds: float) -> None:
        self._rate._pause(*self._limits, seconds)
