import uuid
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.ledger import Hold, Wish, fingerprint
from .iap_credit_hold import HOLD_COLUMNS
from .iap_credit_ledger import NOW
from .iap_credit_lot import IS_LIVE, LOT_ORDER
from .iap_credit_spending import COUNTERS_OF_HOLD

LONGEST = timedelta(days=365 * 1000)


class IapCreditHold(models.Model):
    """How credits are set aside: by one statement, or with others who wait for the account."""

    # One theme a file.
    _inherit = "iap.credit.hold"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _open(self, account, credits, *, reason, idempotency_key, document, expires_in):
        """Set credits aside; see :meth:`hold` of `iap.account`."""
        if expires_in <= timedelta(0):
            raise ValueError("A hold needs some time to be captured in")
        if expires_in > LONGEST:
            raise ValueError("A hold must end on a date that can be read")
        wish = Wish(
            account_id=account.id,
            credits=credits,
            token=uuid.uuid4().hex,
            reason=reason,
            idempotency_key=idempotency_key,
            request_hash=fingerprint("hold", credits, document=document.key),
            document=document,
            expires_in=expires_in,
        )
        wishes = self.env["iap.credit.wish"]

        def operation(cr):
            if not self._has_own_cursor() or wishes._has_turn(cr, account.id):
                return self._open_alone(cr, account, wish)
            return wishes._wait(cr, account, wish)

        result = self._run(account, operation, begins=True)
        if isinstance(result, list):
            self.env["iap.credit.budget"]._refuse(result)
        return result

    @api.model
    def _open_alone(self, cr, account, wish: Wish):
        """Set credits aside for one wish.

        :param cr: the ledger's own cursor.
        :return: the hold, or the verdicts of the budgets if one does not allow it. They are
            not raised here: what was counted is kept.
        """
        statement = self._get_open_statement(
            account_id=wish.account_id,
            credits=wish.credits,
            token=wish.token,
            reason=wish.reason,
            idempotency_key=wish.idempotency_key,
            request_hash=wish.request_hash,
            document=wish.document,
            expires_in=wish.expires_in,
        )
        cr.execute(statement, log_exceptions=False)
        if row := cr.fetchone():
            return Hold(*row)
        if self._get_facts(cr, account, wish.idempotency_key)["entry_id"]:
            # Spent before: the same hold again is not judged again.
            return self._find_opened(cr, account, wish)
        budgets = self.env["iap.credit.budget"].with_env(self.env(cr=cr))
        if budgets._count_uncounted(cr, account, wish.document):
            cr.execute(statement, log_exceptions=False)
            if row := cr.fetchone():
                return Hold(*row)
        verdicts = budgets._judge(account, wish.credits, document=wish.document)
        if any(verdict.level == "exceeded" for verdict in verdicts):
            return verdicts
        return self._find_opened(cr, account, wish)

    @api.model
    def _get_open_statement(self, *, document, **values) -> SQL:
        """Write the one statement in which balance, lots, hold, entry and counters change.

        It is sent together with the lock that goes before it: at READ COMMITTED each of the two
        has a snapshot of its own, so what is read of the lots is what was committed before the
        lock was had. The row of the balance stays locked for this round trip and the commit, and
        no longer. Nothing changes, and no row is returned, if less is available or the key is
        known; or if a budget does not allow it, or asks for a counter that is not there yet.
        """
        budgets = self.env["iap.credit.budget"]
        spender = budgets._get_spender_of(document)
        # Else what was spent would be planned, and summed, as often as it is looked at below.
        return SQL(
            """
            SELECT FROM iap_credit_balance
             WHERE account_id = %(account_id)s FOR NO KEY UPDATE;
            WITH payer AS (%(payer)s), asked AS MATERIALIZED (%(asked)s), live AS (
                SELECT id, remaining,
                       SUM(remaining) OVER (ORDER BY %(lot_order)s)::bigint AS reached
                  FROM iap_credit_lot
                 WHERE account_id = %(account_id)s AND remaining > 0 AND %(is_live)s
            ), part AS (
                SELECT id, reached, LEAST(remaining, %(credits)s - reached + remaining) AS credits
                  FROM live WHERE reached - remaining < %(credits)s
            ), moved AS (
                UPDATE iap_credit_balance AS balance
                   SET available = balance.available - %(credits)s
                  FROM iap_account AS account, payer
                 WHERE balance.account_id = payer.account_id
                   AND balance.available >= %(credits)s
                   AND (SELECT SUM(credits) FROM part) = %(credits)s
                   AND account.id = balance.account_id
                   AND COALESCE(account.account_token, '') NOT LIKE '%%+disabled'
                   AND NOT EXISTS (
                           SELECT FROM iap_credit_entry AS entry
                            WHERE entry.account_id = %(account_id)s
                              AND entry.idempotency_key = %(idempotency_key)s)
                   AND NOT EXISTS (
                           SELECT FROM asked
                            WHERE applies
                              AND (spent IS NULL
                                   OR hard_limit > 0 AND spent + %(credits)s > hard_limit))
             RETURNING balance.account_id, balance.company_id, balance.available, payer.team_id
            ), drawn AS (
                UPDATE iap_credit_lot AS lot
                   SET remaining = lot.remaining - part.credits
                  FROM part, moved
                 WHERE lot.id = part.id
            ), hold AS (
                INSERT INTO iap_credit_hold (
                            token, account_id, company_id, credits, captured, state, date,
                            expires_at, user_id, reason, document_model, document_id,
                            document_name, campaign_id, team_id)
                     SELECT %(token)s, account_id, company_id, %(credits)s, 0, 'open', %(now)s,
                            %(now)s + %(expires_in)s, %(user_id)s, %(reason)s, %(model)s,
                            %(res_id)s, %(document_name)s, %(campaign_id)s, team_id
                       FROM moved
                  RETURNING *
            ), counted AS (
                UPDATE iap_credit_spending AS spending
                   SET credits = spending.credits + hold.credits
                  FROM hold CROSS JOIN %(counters)s
                 WHERE spending.id = counter.id
            ), entry AS (
                INSERT INTO iap_credit_entry (
                            account_id, company_id, date, kind, amount, available_delta,
                            held_delta, posted_balance, user_id, reason, document_model,
                            document_id, document_name, campaign_id, team_id, idempotency_key,
                            request_hash, hold_id)
                     SELECT hold.account_id, hold.company_id, hold.date, 'hold', hold.credits,
                            -hold.credits, hold.credits, moved.available, hold.user_id,
                            hold.reason, hold.document_model, hold.document_id,
                            hold.document_name, hold.campaign_id, hold.team_id,
                            %(idempotency_key)s, %(request_hash)s, hold.id
                       FROM hold, moved
                  RETURNING id
            ), allocation AS (
                INSERT INTO iap_credit_allocation (entry_id, lot_id, credits)
                     SELECT entry.id, part.id, -part.credits FROM entry, part ORDER BY reached
            )
            SELECT %(columns)s FROM hold
            """,
            now=NOW,
            user_id=self.env.uid,
            model=document.model,
            res_id=document.id,
            document_name=document.name,
            campaign_id=SQL("%s::int4", document.campaign_id),
            payer=budgets._select_payer(
                SQL("balance.account_id = %s", values["account_id"]),
                budgets._select_team(SQL("balance.company_id"), spender),
            ),
            asked=budgets._select_asked(spender),
            counters=COUNTERS_OF_HOLD,
            columns=HOLD_COLUMNS,
            lot_order=LOT_ORDER,
            is_live=IS_LIVE,
            **values,
        )

    @api.model
    def _find_opened(self, cr, account, wish: Wish) -> Hold:
        """Return the hold that the same key opened before, or say why none was opened now.

        One whose time is over is closed: what it kept is there for the next one.
        """
        facts = self._get_facts(cr, account, wish.idempotency_key)
        if not self._is_repeated(facts, wish.idempotency_key, wish.request_hash):
            self._refuse_spending(account, facts, wish.credits)
        cr.execute(
            SQL("SELECT %s FROM iap_credit_hold WHERE id = %s", HOLD_COLUMNS, facts["hold_id"])
        )
        hold = Hold(*cr.fetchone())
        if hold.state == "expired":
            self._close_overdue(cr, SQL("id = %s", facts["hold_id"]), limit=1)
        return hold
