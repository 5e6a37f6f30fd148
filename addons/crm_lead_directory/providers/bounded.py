"""Statements that take no longer than they may."""

from typing import Any

import psycopg2

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.providers.errors import ProviderTimeout


def fetch_bounded(cr: Any, statement: SQL, seconds: float, provider: str) -> list[tuple]:
    """Return the few rows of a statement that only reads; a stricter bound of the caller's holds.

    A preview asks several: each takes two turns to the database instead of five.

    :param provider: who asks, for the error
    :raise ProviderTimeout: if the statement took longer
    """
    # All is over after a few thousand rows: compiling takes longer than reading them.
    # The view pg_settings takes as long as the search of a small directory.
    bounded = SQL(
        """
        SAVEPOINT directory;
        SELECT set_config('jit', 'off', true),
               set_config('statement_timeout', least(nullif(before, 0), %s) || 's', true)
          FROM CAST(current_setting('statement_timeout') AS interval) AS given,
               extract(epoch FROM given) AS before;
        %s
        """,
        max(seconds, 0.001),  # none would be no bound
        statement,
    )
    try:
        cr.execute(bounded, log_exceptions=False)
        return cr.fetchall()
    except psycopg2.errors.QueryCanceled as error:
        raise ProviderTimeout(provider=provider) from error
    finally:
        # In any case: so the caller's settings come back.
        cr.execute("ROLLBACK TO SAVEPOINT directory; RELEASE SAVEPOINT directory")
