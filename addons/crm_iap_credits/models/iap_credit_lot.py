from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger
from ..tools.kinds import SOURCES, one_of
from ..tools.lots import Lot
from .iap_credit_ledger import NOW

# The order of `tools.lots.Lot.rank`: granted first, then what ends first, then the older lot.
LOT_ORDER = SQL("source DESC, expires_at NULLS LAST, id")
IS_LIVE = SQL("(expires_at IS NULL OR expires_at > %s)", NOW)
EXPIRY_BATCH = 1000
COST_DIGITS = (30, 12)


class IapCreditLot(models.Model):
    """Credits that were given together, and how many of them are left.

    Each entry that changes what is available says in its allocations which lots it took from or
    gave to. The rests of an account's lots always add up to its balance, and change only while
    the balance's row is locked.
    """

    _name = "iap.credit.lot"
    _inherit = "iap.credit.ledger"
    _description = "Credit Lot"
    _rec_name = "entry_id"
    _order = "source desc, expires_at, id"
    _log_access = False

    account_id = fields.Many2one(
        "iap.account", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    entry_id = fields.Many2one(
        "iap.credit.entry",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    date = fields.Datetime(related="entry_id.date")
    source = fields.Selection(selection=list(SOURCES.items()), required=True, readonly=True)
    credits = BigInteger(string="Received", required=True, readonly=True)
    remaining = BigInteger(
        string="Left",
        required=True,
        readonly=True,
        help="Credits that are neither held, spent nor taken back.",
    )
    expires_at = fields.Datetime(string="Expires On", readonly=True)
    # Exact, and rounded only where it is shown: a transferred part has its share of it.
    untaxed_cost = fields.Float(
        string="Cost",
        digits=COST_DIGITS,
        readonly=True,
        aggregator=None,
        help="What was paid for all credits of the lot, without taxes.",
    )
    tax_cost = fields.Float(string="Taxes", digits=COST_DIGITS, readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    paid_on = fields.Date(
        readonly=True, help="Its exchange rate counts, also after a transfer to another company."
    )
    allocation_ids = fields.One2many("iap.credit.allocation", "lot_id", string="Movements")

    _check_remaining = models.Constraint(
        "CHECK(credits > 0 AND remaining BETWEEN 0 AND credits)",
        "A lot cannot have more credits left than it received.",
    )
    _check_source = models.Constraint(
        f"CHECK({one_of('source', SOURCES)})", "Credits must be granted or bought."
    )
    _by_expiry = models.Index("(expires_at) WHERE expires_at IS NOT NULL")

    # === READING === #

    @api.model
    def _read_lots(self, account) -> list[Lot]:
        """Read what is left in an account's lots; exact while its balance is locked.

        :param account: the `iap.account`.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, source, remaining, expires_at
                  FROM iap_credit_lot WHERE account_id = %s AND remaining > 0
                """,
                account.id,
            )
        )
        return [Lot(*row) for row in rows]

    @api.model
    def _get_given_by(self, account, entry_id) -> tuple[int | None, int]:
        """Find the lot that a purchase opened.

        :return: id and rest of the lot, or None and 0 if the entry is no purchase of the account.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lot.id, lot.remaining
                  FROM iap_credit_lot AS lot
                  JOIN iap_credit_entry AS entry ON entry.id = lot.entry_id
                 WHERE entry.id = %s
                   AND entry.account_id = %s
                   AND entry.kind = 'purchase'
                   AND lot.source = 'bought'
                """,
                entry_id,
                account.id,
            )
        )
        return rows[0] if rows else (None, 0)

    # === EXPIRY === #

    @api.model
    def _cron_expire(self):
        """Let end what was not used in time."""
        expired = remaining_time = 1
        while expired and remaining_time:
            expired = self._expire_due()
            remaining_time = self.env["ir.cron"]._commit_progress(expired)

    @api.model
    def _expire_due(self) -> int:
        """Empty a batch of the lots whose time is over; committed on return.

        Accounts that others are moving are left for a later run: nothing holds of a lot that is
        over, whether it was emptied or not.

        :return: number of lots emptied.
        """
        reason = self.env._("Not used in time")
        with self._ledger_cursor() as cr:
            # First the locks, then the reading: the next statement sees what was committed.
            cr.execute(self._get_lock_due_statement())
            account_ids = [account_id for (account_id,) in cr.fetchall()]
            cr.execute(self._get_expiry_statement(account_ids, reason))
            [expired] = cr.fetchone()
        self.env.invalidate_all()
        return expired

    @api.model
    def _get_lock_due_statement(self):
        return SQL(
            """
            SELECT account_id FROM iap_credit_balance
             WHERE account_id IN (
                       SELECT account_id FROM iap_credit_lot
                        WHERE remaining > 0 AND expires_at <= %s)
          ORDER BY account_id
             LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            """,
            NOW,
            EXPIRY_BATCH,
        )

    @api.model
    def _get_expiry_statement(self, account_ids, reason) -> SQL:
        """Write the statement that empties lots of accounts whose balances are locked.

        A lot may be emptied again when a hold is released or a capture refunded afterwards. So
        the key of its entry names the lot and the last movement before.
        """
        return SQL(
            """
            WITH due AS (
                SELECT lot.*, CONCAT('expiry of lot ', id, ' after ', (
                           SELECT MAX(id) FROM iap_credit_allocation WHERE lot_id = lot.id)) AS key
                  FROM iap_credit_lot AS lot
                 WHERE account_id = ANY(%(account_ids)s::int[])
                   AND remaining > 0
                   AND expires_at <= %(now)s
              ORDER BY account_id, id
                 LIMIT %(limit)s
            ), total AS (
                SELECT account_id, SUM(remaining) AS credits FROM due GROUP BY account_id
            ), moved AS (
                UPDATE iap_credit_balance AS balance
                   SET available = balance.available - total.credits
                  FROM total
                 WHERE balance.account_id = total.account_id
             RETURNING balance.account_id, balance.available + total.credits AS before
            ), emptied AS (
                UPDATE iap_credit_lot AS lot
                   SET remaining = 0
                  FROM due
                 WHERE lot.id = due.id
            ), entry AS (
                INSERT INTO iap_credit_entry (
                            account_id, company_id, date, kind, amount, available_delta,
                            held_delta, posted_balance, user_id, reason, idempotency_key)
                     SELECT due.account_id, due.company_id, %(now)s, 'expiry', due.remaining,
                            -due.remaining, 0,
                            moved.before - SUM(due.remaining)
                                OVER (PARTITION BY due.account_id ORDER BY due.id),
                            %(user_id)s, %(reason)s, due.key
                       FROM due JOIN moved ON moved.account_id = due.account_id
                   ORDER BY due.account_id, due.id
                  RETURNING id, idempotency_key
            ), allocation AS (
                INSERT INTO iap_credit_allocation (entry_id, lot_id, credits)
                     SELECT entry.id, due.id, -due.remaining
                       FROM entry JOIN due ON due.key = entry.idempotency_key
            )
            SELECT COUNT(*) FROM entry
            """,
            account_ids=account_ids,
            now=NOW,
            limit=EXPIRY_BATCH,
            user_id=self.env.uid,
            reason=reason,
        )
