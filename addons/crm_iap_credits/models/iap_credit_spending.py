from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.budgets import month_bounds
from ..tools.fields import BigInteger
from ..tools.kinds import one_of
from .iap_credit_ledger import NOW

SCOPES = {"company": "Whole Company", "team": "Sales Team", "user": "User"}
#: The counters that a row called `hold` counts in: of its company, its team and its user.
COUNTERS_OF_HOLD = SQL(
    """
    LATERAL (VALUES ('company', 0), ('team', hold.team_id), ('user', hold.user_id)
            ) AS party(scope, id)
       JOIN iap_credit_spending AS counter
         ON counter.account_id = hold.account_id
        AND counter.scope = party.scope
        AND counter.party_id = party.id
        AND counter.since <= hold.date
        AND counter.until > hold.date
    """
)
#: What a row called `hold` counts: in full while it is open, then what was captured, less refunds.
SPENT_BY_HOLD = SQL(
    """
    (CASE hold.state WHEN 'open' THEN hold.credits ELSE hold.captured END - COALESCE((
        SELECT SUM(refund.amount)
          FROM iap_credit_entry AS capture
          JOIN iap_credit_entry AS refund ON refund.undoes_id = capture.id
         WHERE capture.hold_id = hold.id), 0))
    """
)


class IapCreditSpending(models.Model):
    """How much of an account a company, a sales team or a user has spent in a calendar month.

    A counter is made, by a recount, when a budget first asks for it, and from then on kept by the
    statements that make, close and refund holds, which all lock the account's balance. It knows
    nothing of budgets: whatever becomes of them, it stays exact. When the company moves to another
    time zone, its months are others, and so are their counters.
    """

    _name = "iap.credit.spending"
    _inherit = "iap.credit.ledger"
    _description = "Credit Spending of a Month"
    _rec_name = "account_id"
    _log_access = False

    account_id = fields.Many2one("iap.account", required=True, readonly=True, ondelete="restrict")
    scope = fields.Selection(selection=list(SCOPES.items()), required=True, readonly=True)
    party_id = fields.Integer(
        required=True, readonly=True, help="Id of the team or user, 0 of a company."
    )
    zone = fields.Char(
        required=True, readonly=True, help="The company's time zone, whose month it is; may be ''."
    )
    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)
    credits = BigInteger(required=True, readonly=True)

    _unique_month = models.UniqueIndex(
        "(account_id, scope, party_id, since, zone)",
        "A month's spending can be counted only once.",
    )
    _check_scope = models.Constraint(
        f"CHECK({one_of('scope', SCOPES)})", "Spending must be a company's, a team's or a user's."
    )

    # === COUNTING === #

    @api.model
    def _count(self, cr, account, parties):
        """Make counters that are missing for the present month; the balance must be locked.

        :param cr: the ledger's own cursor.
        :param account: the `iap.account`.
        :param parties: scope, id and the company's time zone of each counter.
        """
        cr.execute(SQL("SELECT %s", NOW))
        [now] = cr.fetchone()
        for scope, party_id, zone in parties:
            since, until = month_bounds(now, zone)
            # The balance is written, not only locked: whoever began before and is about to refund
            # gets a serialization error instead of missing the new counter.
            cr.execute(
                SQL(
                    """
                    WITH touched AS (
                        UPDATE iap_credit_balance SET available = available
                         WHERE account_id = %(account_id)s)
                    INSERT INTO iap_credit_spending (
                                account_id, scope, party_id, zone, since, until, credits)
                         SELECT %(account_id)s, %(scope)s, %(party_id)s, %(zone)s, %(since)s,
                                %(until)s, %(spent)s
                    ON CONFLICT DO NOTHING
                    """,
                    account_id=account.id,
                    scope=scope,
                    party_id=party_id,
                    zone=zone,
                    since=since,
                    until=until,
                    spent=self._recount(
                        SQL("%s", account.id),
                        SQL("%s", scope),
                        SQL("%s", party_id),
                        SQL("hold.date >= %s AND hold.date < %s", since, until),
                    ),
                )
            )

    @api.model
    def _recount(self, account_id: SQL, scope: SQL, party_id: SQL, period: SQL) -> SQL:
        """Write the sum of what was spent, hold by hold.

        :param period: condition on the rows called `hold`.
        """
        return SQL(
            """
            (SELECT COALESCE(SUM(%s), 0)::int8
               FROM iap_credit_hold AS hold
              WHERE hold.account_id = %s
                AND CASE %s WHEN 'user' THEN hold.user_id = %s
                            WHEN 'team' THEN hold.team_id = %s
                            ELSE TRUE END
                AND %s)
            """,
            SPENT_BY_HOLD,
            account_id,
            scope,
            party_id,
            party_id,
            period,
        )

    @api.model
    def _recount_month(self, account_id: int, scope: str, party_id: int | None, zone: str) -> int:
        """Recount what was spent in the present month, for whoever only wants to know it."""
        since, until = month_bounds(fields.Datetime.now(), zone)
        [(credits,)] = self.env.execute_query(
            SQL(
                "SELECT %s",
                self._recount(
                    SQL("%s", account_id),
                    SQL("%s", scope),
                    SQL("%s::int4", party_id),
                    SQL("hold.date >= %s AND hold.date < %s", since, until),
                ),
            )
        )
        return credits

    @api.model
    def _find_wrong(self, account=None) -> list[tuple[int, int, int]]:
        """Recount all counters, which only a fault could make wrong.

        :param account: the `iap.account` whose counters are meant, by default all.
        :return: id, credits and recounted credits of each one that is wrong.
        """
        recounted = self._recount(
            SQL("counter.account_id"),
            SQL("counter.scope"),
            SQL("counter.party_id"),
            SQL("hold.date >= counter.since AND hold.date < counter.until"),
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT id, credits, recounted
                  FROM (SELECT counter.id, counter.credits, %s AS recounted
                          FROM iap_credit_spending AS counter WHERE %s) AS counters
                 WHERE credits <> recounted ORDER BY id
                """,
                recounted,
                SQL("account_id = %s", account.id) if account else SQL("TRUE"),
            )
        )

    @api.model
    def _mend(self, account) -> list[tuple[int, int, int]]:
        """Drop an account's wrong counters: the next hold has them made anew.

        :return: what :meth:`_find_wrong` found.
        """
        wrong = self._find_wrong(account)
        if wrong:
            ids = [counter_id for counter_id, _credits, _recounted in wrong]
            self.env.cr.execute(SQL("DELETE FROM iap_credit_spending WHERE id = ANY(%s)", ids))
            self.invalidate_model()
        return wrong

    # === MAINTENANCE === #

    @api.autovacuum
    def _drop_past(self):
        """Forget the months that no budget asks for any more: the ledger knows them."""
        self.env.cr.execute(SQL("DELETE FROM iap_credit_spending WHERE until < %s", NOW))
        self.invalidate_model()
