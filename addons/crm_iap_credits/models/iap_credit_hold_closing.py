import logging

from odoo import api, models
from odoo.tools import SQL

from ..exceptions import CreditError
from .iap_credit_ledger import NOW
from .iap_credit_spending import COUNTERS_OF_HOLD

_logger = logging.getLogger(__name__)

EXPIRY_BATCH = 1000


class IapCreditHold(models.Model):
    """How what a hold still keeps comes back: by its release, or when its time is over."""

    # One theme a file.
    _inherit = "iap.credit.hold"  # pylint: disable=consider-merging-classes-inherited

    # === RELEASE === #

    @api.model
    def _release(self, account, token, *, reason):
        """Close a hold; see :meth:`release` of `iap.account`."""

        def operation(cr):
            # By the state, a hold that was closed before is left as it is.
            self._close(cr, SQL("token = %s AND account_id = %s", token, account.id), reason)
            hold = self._find(cr, account, token)
            return hold.credits - hold.captured

        released = self._run(account, operation)
        if released:
            account._wake_waiting()
        return released

    @api.model
    def _release_after_commit(self, account, token, *, reason) -> int:
        """Release when the caller's transaction, which locks the hold, has ended.

        Should the process die between the two, the hold expires.

        :return: credits that will be given back.
        """

        @self.env.cr.postcommit.add
        def release():
            self._locks_here().clear()
            try:
                self._release(account, token, reason=reason)
            except CreditError as error:
                _logger.warning("A hold was not released and will expire: %s", error)

        hold = self._find(self.env.cr, account, token)
        return hold.credits - hold.captured

    # === EXPIRY === #

    @api.model
    def _cron_expire(self):
        """Give back what was neither captured nor released in time."""
        closed = remaining_time = EXPIRY_BATCH
        while closed == EXPIRY_BATCH and remaining_time:
            closed = self._expire_overdue()
            remaining_time = self.env["ir.cron"]._commit_progress(closed)

    @api.model
    def _expire_overdue(self) -> int:
        """Close a batch of the holds whose time is over; committed on return.

        :return: number of holds closed.
        """
        with self._ledger_cursor() as cr:
            closed = self._close_overdue(cr, SQL("expires_at <= %s", NOW), limit=EXPIRY_BATCH)
        self.env.invalidate_all()
        if closed:
            self.env["iap.account"]._wake_waiting()
        return closed

    @api.model
    def _close_overdue(self, cr, condition: SQL, *, limit: int) -> int:
        """Close holds whose time is over; those that are being captured are left for later."""
        reason = self.env._("Not used in time")
        return self._close(cr, condition, reason, state="expired", limit=limit)

    # === CLOSING === #

    @api.model
    def _close(
        self, cr, condition: SQL, reason: str, *, state: str = "released", limit: int | None = None
    ) -> int:
        """Close open holds and give back what they still keep.

        What was captured was drawn first: the rest goes back to the lots that were drawn last.
        A balance is locked before its lots, as everywhere. Holds that are being captured are
        skipped when there may be many: a later run finds them.

        :param cr: a cursor at READ COMMITTED.
        :param condition: which holds to close.
        :param reason: of the ledger's entries.
        :param state: of the closed holds.
        :param limit: number of holds, None for the one that the condition names.
        :return: number of holds closed.
        """
        # First the locks, then the rest: what the second statement reads is what was committed
        # before they were had.
        cr.execute(
            SQL(
                """
                SELECT id, account_id FROM iap_credit_hold
                 WHERE state = 'open' AND %s
              ORDER BY account_id, id
                %s
                """,
                condition,
                SQL("LIMIT %s FOR UPDATE SKIP LOCKED", limit) if limit else SQL("FOR UPDATE"),
            ),
            log_exceptions=False,
        )
        targets = cr.fetchall()
        if not targets:
            return 0
        cr.execute(
            SQL(
                """
                SELECT FROM iap_credit_balance
                 WHERE account_id = ANY(%(account_ids)s) ORDER BY account_id FOR NO KEY UPDATE;
                WITH closed AS (
                    UPDATE iap_credit_hold AS hold
                       SET state = %(state)s, closed_at = %(now)s
                     WHERE hold.id = ANY(%(hold_ids)s)
                 RETURNING hold.*
                ), total AS (
                    SELECT account_id, SUM(credits - captured) AS credits
                      FROM closed GROUP BY account_id
                ), drawn AS (
                    SELECT closed.id AS hold_id, closed.account_id, closed.captured,
                           allocation.id, allocation.lot_id, -allocation.credits AS credits,
                           SUM(-allocation.credits)
                               OVER (PARTITION BY closed.id ORDER BY allocation.id) AS reached
                      FROM closed
                      JOIN iap_credit_entry AS opening
                        ON opening.hold_id = closed.id AND opening.kind = 'hold'
                      JOIN iap_credit_allocation AS allocation
                        ON allocation.entry_id = opening.id
                ), part AS (
                    SELECT hold_id, account_id, id, lot_id,
                           LEAST(credits, reached - captured)::bigint AS credits
                      FROM drawn WHERE reached > captured
                ), moved AS (
                    UPDATE iap_credit_balance AS balance
                       SET available = balance.available + total.credits
                      FROM total
                     WHERE balance.account_id = total.account_id
                 RETURNING balance.account_id, balance.available - total.credits AS before
                ), refilled AS (
                    UPDATE iap_credit_lot AS lot
                       SET remaining = lot.remaining + back.credits
                      FROM (SELECT lot_id, SUM(part.credits) AS credits
                              FROM part JOIN moved ON moved.account_id = part.account_id
                          GROUP BY lot_id) AS back
                     WHERE lot.id = back.lot_id
                ), uncounted AS (
                    UPDATE iap_credit_spending AS spending
                       SET credits = spending.credits - back.credits
                      FROM (SELECT counter.id, SUM(hold.credits - hold.captured) AS credits
                              FROM closed AS hold CROSS JOIN %(counters)s
                          GROUP BY counter.id) AS back
                     WHERE spending.id = back.id
                ), entry AS (
                    INSERT INTO iap_credit_entry (
                                account_id, company_id, date, kind, amount, available_delta,
                                held_delta, posted_balance, user_id, reason, document_model,
                                document_id, document_name, campaign_id, team_id, hold_id)
                         SELECT closed.account_id, closed.company_id, closed.closed_at, 'release',
                                closed.credits - closed.captured, closed.credits - closed.captured,
                                closed.captured - closed.credits,
                                moved.before + SUM(closed.credits - closed.captured)
                                    OVER (PARTITION BY closed.account_id ORDER BY closed.id),
                                %(user_id)s, %(reason)s, closed.document_model, closed.document_id,
                                closed.document_name, closed.campaign_id, closed.team_id, closed.id
                           FROM closed JOIN moved ON moved.account_id = closed.account_id
                       ORDER BY closed.account_id, closed.id
                      RETURNING id, hold_id
                ), allocation AS (
                    INSERT INTO iap_credit_allocation (entry_id, lot_id, credits)
                         SELECT entry.id, part.lot_id, part.credits
                           FROM entry JOIN part ON part.hold_id = entry.hold_id
                       ORDER BY entry.id, part.id
                )
                SELECT COUNT(*) FROM entry
                """,
                account_ids=sorted({account_id for _hold_id, account_id in targets}),
                hold_ids=[hold_id for hold_id, _account_id in targets],
                counters=COUNTERS_OF_HOLD,
                state=state,
                now=NOW,
                user_id=self.env.uid,
                reason=reason,
            ),
            log_exceptions=False,
        )
        return cr.fetchone()[0]
