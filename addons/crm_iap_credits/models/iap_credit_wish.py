import contextlib
import time
import zlib

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger, Fact
from ..tools.ledger import Hold, Wish
from . import iap_credit_ledger as ledger
from .iap_credit_hold import HOLD_COLUMNS
from .iap_credit_ledger import NOW, BalanceMoved

# Advisory locks of an account: of who makes holds, and of who will next.
TURN = zlib.crc32(b"crm_iap_credits turn") - 2**31
NEXT = zlib.crc32(b"crm_iap_credits next") - 2**31
# How long the next one lets others join, and for how long others are expected.
GATHERING_SECONDS = 0.001
CROWDED_SECONDS = 0.1
# How long those who wake up together may take to let the lock go that they waited for.
WAKING_SECONDS = 0.001
# Until when others are expected, by database and account.
_crowded: dict[tuple[str, int], float] = {}


class IapCreditWish(models.Model):
    """A hold that is wanted while somebody else makes one of the same account.

    Whoever has his turn next makes the holds of all who wait, in one statement. A wish is there for
    as long as its process waits, and goes in the very statement that makes its hold. One that its
    process could not take back ends with its time.
    """

    _name = "iap.credit.wish"
    _inherit = "iap.credit.ledger"
    _description = "Wish for a Credit Hold"
    _log_access = False
    _order = "id"

    token = fields.Char(required=True, readonly=True, groups="base.group_system")
    account_id = Fact("iap.account", required=True, readonly=True)
    credits = BigInteger(required=True, readonly=True)
    user_id = Fact("res.users", required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    document_model = fields.Char(readonly=True)
    document_id = fields.Integer(readonly=True)
    document_name = fields.Char(readonly=True)
    campaign_id = Fact("utm.campaign", readonly=True)
    team_id = Fact("crm.team", readonly=True)
    chosen_team_id = Fact("crm.team", readonly=True)
    idempotency_key = fields.Char(required=True, readonly=True)
    request_hash = fields.Char(required=True, readonly=True)
    seconds = fields.Float(required=True, readonly=True)
    deadline = fields.Datetime(required=True, readonly=True)

    # Those that are gone stand in it for as long as any transaction may see them, and are past.
    _waiting = models.Index("(account_id, deadline)")

    # === TURNS === #

    @api.model
    def _has_turn(self, cr, account_id: int) -> bool:
        """Begin the ledger's transaction, and take the turn if nobody has it or waits for it.

        Whoever had to wait a moment ago expects others to wait as well, and joins them at once.
        """
        if _crowded.get((cr.dbname, account_id), 0) > time.monotonic():
            return False
        self._begin(cr, SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", TURN, account_id))
        return cr.fetchone()[0]

    @api.model
    def _wait(self, cr, account, wish: Wish):
        """Leave a wish, and wait until somebody has made its hold, or make those of all who wait.

        :return: what :meth:`_open_alone` of `iap.credit.hold` does.
        """
        try:
            end = time.monotonic() + ledger.LOCK_TIMEOUT / 1000
            cr.execute(self._get_leaving_statement(wish), log_exceptions=False)
            while True:
                leads, *row = cr.fetchone()
                if leads:
                    return self._lead(cr, account, wish)
                _crowded[cr.dbname, wish.account_id] = time.monotonic() + CROWDED_SECONDS
                if row[0]:
                    return Hold(*row)
                if time.monotonic() > end:
                    raise BalanceMoved
                cr.execute(
                    SQL(
                        "SELECT pg_sleep(%s); %s", WAKING_SECONDS, self._get_waiting_statement(wish)
                    ),
                    log_exceptions=False,
                )
        except Exception:  # Whatever it is: the wish goes, and what somebody held for it is given.
            if hold := self._take_back(cr, wish):
                return hold
            raise
        except BaseException:  # The process is ended, as by Odoo's time limit.
            self._take_back(cr, wish)
            raise

    @api.model
    def _lead(self, cr, account, wish: Wish):
        """Make the holds of all who wait."""
        cr.execute(self._get_lock_statement(wish.account_id), log_exceptions=False)
        [is_counted] = cr.fetchone()
        try:
            cr.execute(self._get_statement(wish, is_counted=is_counted), log_exceptions=False)
            if row := cr.fetchone():
                return Hold(*row)
        except (psycopg2.DataError, psycopg2.IntegrityError):
            # What one of them wants cannot be done: each is tried alone, and that one told so.
            cr.execute(SQL("ROLLBACK TO SAVEPOINT wishes"))
        cr.execute(self._get_removal(wish))
        return self.env["iap.credit.hold"]._open_alone(cr, account, wish)

    @api.model
    def _take_back(self, cr, wish: Wish) -> Hold | None:
        """Take a wish back.

        :return: its hold, if somebody made it meanwhile.
        """
        with contextlib.suppress(psycopg2.Error):  # the connection may be gone
            cr.rollback()
        with contextlib.suppress(psycopg2.Error):
            with self._ledger_cursor() as own:
                own.execute(self._get_removal(wish))
            # It is gone even if holds cannot be read for the moment; one is found by its key later.
            with self._ledger_cursor() as own:
                own.execute(
                    SQL("SELECT %s FROM iap_credit_hold WHERE token = %s", HOLD_COLUMNS, wish.token)
                )
                row = own.fetchone()
                return Hold(*row) if row else None
        return None  # the wish ends with its time

    # === STATEMENTS === #

    @api.model
    def _get_leaving_statement(self, wish: Wish) -> SQL:
        """Write what leaves a wish and waits, in one call of the database.

        The wish is committed at once, for the others to see it. It need not outlive the server:
        whoever waits does not either.
        """
        return SQL(
            """
            SET LOCAL synchronous_commit = off;
            SET LOCAL lock_timeout = %s;
            %s;
            COMMIT;
            BEGIN ISOLATION LEVEL READ COMMITTED;
            SET LOCAL lock_timeout = %s;
            %s
            """,
            ledger.LOCK_TIMEOUT,
            self._get_insertion(wish),
            ledger.LOCK_TIMEOUT,
            self._get_waiting_statement(wish),
        )

    @api.model
    def _get_insertion(self, wish: Wish) -> SQL:
        document = wish.document
        return SQL(
            """
            INSERT INTO iap_credit_wish (
                        token, account_id, credits, user_id, reason, document_model, document_id,
                        document_name, campaign_id, team_id, chosen_team_id, idempotency_key,
                        request_hash, seconds, deadline)
                 VALUES (%(token)s, %(account_id)s, %(credits)s, %(user_id)s, %(reason)s,
                         %(model)s, %(res_id)s, %(document_name)s, %(campaign_id)s, %(team_id)s,
                         %(chosen_team_id)s, %(idempotency_key)s, %(request_hash)s, %(seconds)s,
                         %(now)s + %(timeout)s * interval '1 ms')
            """,
            token=wish.token,
            account_id=wish.account_id,
            credits=wish.credits,
            user_id=self.env.uid,
            reason=wish.reason,
            model=document.model,
            res_id=document.id,
            document_name=document.name,
            campaign_id=document.campaign_id,
            team_id=document.team_id or None,
            chosen_team_id=self.env["iap.credit.budget"]._get_chosen_team(document),
            idempotency_key=wish.idempotency_key,
            request_hash=wish.request_hash,
            seconds=wish.expires_in.total_seconds(),
            now=NOW,
            timeout=ledger.LOCK_TIMEOUT,
        )

    @api.model
    def _get_waiting_statement(self, wish: Wish) -> SQL:
        """Write what waits for one's turn, if one is the next, else until the next one is done.

        It gives whether one has to make the holds now, and the columns of one's own, if it is
        there. All who wait wake up together: none keeps the lock that shows the end.
        """
        return SQL(
            """
            SELECT CASE WHEN pg_try_advisory_xact_lock(%(next)s, %(account_id)s)
                        THEN (pg_sleep(%(gathering)s),
                              pg_advisory_xact_lock(%(turn)s, %(account_id)s))::text
                        ELSE (pg_advisory_lock_shared(%(next)s, %(account_id)s),
                              pg_advisory_unlock_shared(%(next)s, %(account_id)s))::text END;
            SELECT CASE WHEN hold.id IS NULL
                        THEN pg_try_advisory_xact_lock(%(next)s, %(account_id)s) END, %(columns)s
              FROM (VALUES (1)) AS one
         LEFT JOIN iap_credit_hold AS hold ON hold.token = %(token)s
            """,
            next=NEXT,
            turn=TURN,
            gathering=GATHERING_SECONDS,
            account_id=wish.account_id,
            token=wish.token,
            columns=HOLD_COLUMNS,
        )

    @api.model
    def _get_removal(self, wish: Wish) -> SQL:
        return SQL(
            "DELETE FROM iap_credit_wish WHERE account_id = %s AND token = %s",
            wish.account_id,
            wish.token,
        )

    # === MAINTENANCE === #

    @api.autovacuum
    def _drop_past(self):
        """Drop the wishes of dead processes."""
        self.env.cr.execute(SQL("DELETE FROM iap_credit_wish WHERE deadline < %s", NOW))
