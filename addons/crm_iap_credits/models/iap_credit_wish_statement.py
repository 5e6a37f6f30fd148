from odoo import api, models
from odoo.tools import SQL

from ..tools.ledger import Wish
from .iap_credit_budget_asking import Spender
from .iap_credit_hold import HOLD_COLUMNS
from .iap_credit_ledger import NOW
from .iap_credit_lot import IS_LIVE, LOT_ORDER
from .iap_credit_spending import COUNTERS_OF_HOLD
from .iap_credit_wish import TURN

SPENDER = Spender(
    user_id=SQL("wish.user_id"),
    chosen_team_id=SQL("wish.chosen_team_id"),
    team_id=SQL("wish.team_id"),
    document_model=SQL("wish.document_model"),
    document_id=SQL("wish.document_id"),
)


class IapCreditWish(models.Model):
    """How the holds of all who wait are made, by one statement."""

    # One theme a file.
    _inherit = "iap.credit.wish"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_lock_statement(self, account_id: int) -> SQL:
        """Write the query that locks the balance, and tells whether spending is counted.

        What nobody counts need not be planned, which takes as long as all the rest.
        """
        return SQL(
            """
            SELECT pg_advisory_xact_lock(%(turn)s, %(account_id)s);
            SELECT FROM iap_credit_balance WHERE account_id = %(account_id)s FOR NO KEY UPDATE;
            SAVEPOINT wishes;
            SELECT EXISTS (SELECT FROM iap_credit_spending WHERE account_id = %(account_id)s)
                OR EXISTS (
                       SELECT FROM iap_credit_balance AS balance
                         JOIN iap_credit_budget AS budget
                           ON budget.company_id = balance.company_id
                          AND budget.service_id = balance.service_id
                          AND budget.active
                        WHERE balance.account_id = %(account_id)s)
            """,
            turn=TURN,
            account_id=account_id,
        )

    @api.model
    def _get_statement(self, wish: Wish, *, is_counted: bool) -> SQL:
        """Write the one statement that makes the holds of all who wait for an account.

        It does for many what :meth:`_get_open_statement` of `iap.credit.hold` does for one, in the
        order in which they came. Who asks for more than there is, or than a budget allows, together
        with those before, who repeats a key, or whose account is disabled is left over: that is
        judged alone.

        :return: the statement, which gives the hold of this wish, if it was made.
        """
        budgets = self.env["iap.credit.budget"]
        return SQL(
            """
            WITH gone AS (
                DELETE FROM iap_credit_wish
                 WHERE account_id = %(account_id)s AND deadline > %(now)s
             RETURNING *
            ), live AS MATERIALIZED (
                SELECT id, remaining,
                       SUM(remaining) OVER (ORDER BY %(lot_order)s)::bigint AS reached
                  FROM iap_credit_lot
                 WHERE account_id = %(account_id)s AND remaining > 0 AND %(is_live)s
            ), payer AS MATERIALIZED (
                %(payer)s
            ), most AS MATERIALIZED (
                SELECT LEAST(balance.available, (
                           SELECT COALESCE(MAX(reached), 0) FROM live)) AS credits
                  FROM iap_credit_balance AS balance
                  JOIN iap_account AS account ON account.id = balance.account_id
                 WHERE balance.account_id = %(account_id)s
                   AND COALESCE(account.account_token, '') NOT LIKE '%%+disabled'
            ), wish AS MATERIALIZED (
                SELECT *, SUM(credits) OVER (ORDER BY id) AS asked
                  FROM (SELECT DISTINCT ON (idempotency_key) * FROM gone
                         WHERE NOT EXISTS (
                                   SELECT FROM iap_credit_entry AS entry
                                    WHERE entry.account_id = %(account_id)s
                                      AND entry.idempotency_key = gone.idempotency_key)
                      ORDER BY idempotency_key, id) AS first
            ), chosen AS MATERIALIZED (
                SELECT wish.*, payer.company_id, payer.team_id AS payer_team_id,
                       SUM(wish.credits) OVER (ORDER BY wish.id)::bigint AS reached
                  FROM wish
            CROSS JOIN LATERAL (
                       SELECT account_id, company_id, service_id, holder, zone, %(team)s AS team_id
                         FROM payer) AS payer
                 WHERE wish.asked <= (SELECT credits FROM most)
                   AND %(is_allowed)s
            ), part AS MATERIALIZED (
                SELECT chosen.token, live.id, live.reached,
                       LEAST(live.reached, chosen.reached) - GREATEST(
                           live.reached - live.remaining, chosen.reached - chosen.credits
                       ) AS credits
                  FROM chosen
                  JOIN live ON live.reached > chosen.reached - chosen.credits
                           AND live.reached - live.remaining < chosen.reached
            ), moved AS (
                UPDATE iap_credit_balance AS balance
                   SET available = balance.available - total.credits
                  FROM (SELECT SUM(credits)::bigint AS credits FROM chosen) AS total
                 WHERE balance.account_id = %(account_id)s
                   AND total.credits = (SELECT SUM(credits) FROM part)
             RETURNING balance.available + total.credits AS before
            ), drawn AS (
                UPDATE iap_credit_lot AS lot
                   SET remaining = lot.remaining - drawn.credits
                  FROM (SELECT id, SUM(credits)::bigint AS credits FROM part GROUP BY id) AS drawn
            CROSS JOIN moved
                 WHERE lot.id = drawn.id
            ), hold AS (
                INSERT INTO iap_credit_hold (
                            token, account_id, company_id, credits, captured, state, date,
                            expires_at, user_id, reason, document_model, document_id,
                            document_name, campaign_id, team_id)
                     SELECT token, account_id, company_id, credits, 0, 'open', %(now)s,
                            %(now)s + make_interval(secs => seconds), user_id, reason,
                            document_model, document_id, document_name, campaign_id, payer_team_id
                       FROM chosen CROSS JOIN moved
                   ORDER BY chosen.id
                  RETURNING *
            ), counted AS (
                %(count)s
            ), entry AS (
                INSERT INTO iap_credit_entry (
                            account_id, company_id, date, kind, amount, available_delta,
                            held_delta, posted_balance, user_id, reason, document_model,
                            document_id, document_name, campaign_id, team_id, idempotency_key,
                            request_hash, hold_id)
                     SELECT hold.account_id, hold.company_id, hold.date, 'hold', hold.credits,
                            -hold.credits, hold.credits, moved.before - chosen.reached,
                            hold.user_id, hold.reason, hold.document_model, hold.document_id,
                            hold.document_name, hold.campaign_id, hold.team_id,
                            chosen.idempotency_key, chosen.request_hash, hold.id
                       FROM hold JOIN chosen ON chosen.token = hold.token CROSS JOIN moved
                   ORDER BY hold.id
                  RETURNING id, idempotency_key
            ), allocation AS (
                INSERT INTO iap_credit_allocation (entry_id, lot_id, credits)
                     SELECT entry.id, part.id, -part.credits
                       FROM entry
                       JOIN chosen ON chosen.idempotency_key = entry.idempotency_key
                       JOIN part ON part.token = chosen.token
                   ORDER BY entry.id, part.reached
            )
            SELECT %(columns)s FROM hold WHERE token = %(token)s
            """,
            account_id=wish.account_id,
            token=wish.token,
            now=NOW,
            payer=budgets._select_payer(
                SQL("balance.account_id = %s", wish.account_id), SQL("NULL::int4")
            ),
            team=budgets._select_team(SQL("payer.company_id"), SPENDER),
            is_allowed=self._get_budget_condition() if is_counted else SQL("TRUE"),
            count=self._get_counting() if is_counted else SQL("SELECT"),
            columns=HOLD_COLUMNS,
            lot_order=LOT_ORDER,
            is_live=IS_LIVE,
        )

    @api.model
    def _get_budget_condition(self) -> SQL:
        return SQL(
            """
            NOT EXISTS (
                SELECT FROM (WITH payer AS (SELECT payer.*) %(asked)s) AS budget
                 WHERE budget.applies
                   AND (budget.spent IS NULL
                        OR budget.hard_limit > 0
                       AND budget.spent + wish.asked > budget.hard_limit))
            """,
            asked=self.env["iap.credit.budget"]._select_asked(SPENDER),
        )

    @api.model
    def _get_counting(self) -> SQL:
        return SQL(
            """
            UPDATE iap_credit_spending AS spending
               SET credits = spending.credits + more.credits
              FROM (SELECT counter.id, SUM(hold.credits) AS credits
                      FROM hold CROSS JOIN %(counters)s
                  GROUP BY counter.id) AS more
             WHERE spending.id = more.id
            """,
            counters=COUNTERS_OF_HOLD,
        )
