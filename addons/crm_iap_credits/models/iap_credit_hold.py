import uuid
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import (
    CaptureExceedsHold,
    HoldClosed,
    HoldExpired,
    HoldNotFound,
)
from ..tools.fields import BigInteger
from ..tools.kinds import one_of
from ..tools.ledger import Hold, fingerprint
from .iap_credit_ledger import NOW
from .iap_credit_lot import IS_LIVE, LOT_ORDER

STATES = {
    "open": "Open",
    "captured": "Captured",
    "released": "Released",
    "expired": "Expired",
}
HOLD_COLUMNS = SQL("token, account_id, credits, captured, state, expires_at")


class IapCreditHold(models.Model):
    """Credits set aside before the outside world is asked, spent or given back afterwards."""

    _name = "iap.credit.hold"
    _inherit = ["iap.credit.ledger", "iap.credit.document"]
    _description = "Credit Hold"
    _rec_name = "reason"
    _order = "id desc"
    _log_access = False

    token = fields.Char(required=True, readonly=True, groups="base.group_system")
    account_id = fields.Many2one("iap.account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    credits = BigInteger(required=True, readonly=True)
    captured = BigInteger(required=True, readonly=True)
    state = fields.Selection(
        selection=list(STATES.items()),
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(string="Expires On", required=True, readonly=True)
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    reason = fields.Char(required=True, readonly=True)
    entry_ids = fields.One2many("iap.credit.entry", "hold_id", string="Entries")

    _unique_token = models.Constraint("UNIQUE(token)", "The token of a hold must be unique.")
    _check_amounts = models.Constraint(
        "CHECK(credits > 0 AND captured BETWEEN 0 AND credits)",
        "A hold cannot capture more credits than it holds.",
    )
    _check_captured = models.Constraint(
        "CHECK((state = 'captured') = (captured = credits))",
        "A hold is captured when all of it has been spent.",
    )
    _check_state = models.Constraint(
        f"CHECK({one_of('state', STATES)})", "A hold must be open, captured, released or expired."
    )
    _by_account_date = models.Index("(account_id, date)")
    _open_by_account = models.Index("(account_id) WHERE state = 'open'")
    _open_by_expiry = models.Index("(expires_at) WHERE state = 'open'")

    def init(self):
        # The token is a key and no fact: a copy of the database gets another one.
        self._guard("company_id", "credits")

    # === OPEN === #

    @api.model
    def _open(self, account, credits, *, reason, idempotency_key, document, expires_in):
        """Set credits aside; see :meth:`hold` of `iap.account`."""
        if expires_in <= timedelta(0):
            raise ValueError("A hold needs some time to be captured in")
        request_hash = fingerprint("hold", credits, document=document.key)
        get_statement = partial(
            self._get_open_statement,
            account_id=account.id,
            credits=credits,
            token=uuid.uuid4().hex,
            reason=reason,
            idempotency_key=idempotency_key,
            request_hash=request_hash,
            document=document,
            expires_in=expires_in,
        )

        def operation(cr):
            cr.execute(get_statement(), log_exceptions=False)
            row = cr.fetchone()
            if not row and self._check_budgets(cr, account, credits, idempotency_key, document):
                cr.execute(get_statement(is_within_budgets=True), log_exceptions=False)
                row = cr.fetchone()
            if row:
                return Hold(*row)
            return self._find_opened(cr, account, credits, idempotency_key, request_hash)

        return self._run(account, operation)

    @api.model
    def _check_budgets(self, cr, account, credits, idempotency_key, document) -> bool:
        """Ask the budgets, which stay locked until the hold is committed.

        :param cr: the ledger's own cursor, at READ COMMITTED.
        :return: whether the hold may be tried again without asking whether there are budgets.
        :raise BudgetExceeded: if a budget does not allow it.
        """
        if self._get_facts(cr, account, idempotency_key)["entry_id"]:
            return False  # spent before: the same hold again is not judged again
        budgets = self.env["iap.credit.budget"].with_env(self.env(cr=cr))
        budgets._check(account, credits, document=document, lock=True)
        return True

    @api.model
    def _get_open_statement(self, *, document, is_within_budgets=False, **values) -> SQL:
        """Write the one statement in which balance, lots, hold and entry change.

        It is sent together with the lock that goes before it: at READ COMMITTED each of the two
        has a snapshot of its own, so what is read of the lots is what was committed before the
        lock was had. The row of the balance stays locked for this round trip and the commit, and
        no longer. Nothing changes, and no row is returned, if less is available or the key is
        known; or if the account has budgets that nobody has asked.
        """
        return SQL(
            """
            SELECT FROM iap_credit_balance
             WHERE account_id = %(account_id)s FOR NO KEY UPDATE;
            WITH live AS (
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
                  FROM iap_account AS account
                 WHERE balance.account_id = %(account_id)s
                   AND balance.available >= %(credits)s
                   AND (SELECT SUM(credits) FROM part) = %(credits)s
                   AND account.id = balance.account_id
                   AND account.account_token NOT LIKE '%%+disabled'
                   AND NOT EXISTS (
                           SELECT FROM iap_credit_entry AS entry
                            WHERE entry.account_id = %(account_id)s
                              AND entry.idempotency_key = %(idempotency_key)s)
                   AND (%(is_within_budgets)s OR NOT EXISTS (
                           SELECT FROM iap_credit_budget AS budget
                            WHERE budget.company_id = balance.company_id
                              AND budget.service_id = balance.service_id
                              AND balance.holder IS NULL
                              AND budget.active))
             RETURNING balance.account_id, balance.company_id, balance.available
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
                            %(res_id)s, %(document_name)s, %(campaign_id)s, %(team_id)s
                       FROM moved
                  RETURNING *
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
            team_id=self.env["iap.credit.budget"]._select_team(
                SQL("moved.company_id"), document.team_id
            ),
            columns=HOLD_COLUMNS,
            lot_order=LOT_ORDER,
            is_live=IS_LIVE,
            is_within_budgets=is_within_budgets,
            **values,
        )

    @api.model
    def _find_opened(self, cr, account, credits, idempotency_key, request_hash):
        """Return the hold that the same key opened before, or say why none was opened now."""
        facts = self._get_facts(cr, account, idempotency_key)
        if not self._is_repeated(facts, idempotency_key, request_hash):
            self._refuse_spending(account, facts, credits)
        cr.execute(
            SQL("SELECT %s FROM iap_credit_hold WHERE id = %s", HOLD_COLUMNS, facts["hold_id"])
        )
        return Hold(*cr.fetchone())

    # === CAPTURE === #

    @api.model
    def _capture(self, account, token, credits, *, reason, idempotency_key, document):
        """Spend credits of a hold; see :meth:`capture` of `iap.account`."""
        request_hash = fingerprint("capture", credits, token=token, document=document.key)
        rows = self.env.execute_query(
            SQL(
                """
                WITH captured AS (
                    UPDATE iap_credit_hold AS hold
                       SET captured = hold.captured + %(credits)s,
                           state = CASE WHEN hold.captured + %(credits)s = hold.credits
                                        THEN 'captured' ELSE 'open' END,
                           closed_at = CASE WHEN hold.captured + %(credits)s = hold.credits
                                            THEN %(now)s END
                     WHERE hold.token = %(token)s
                       AND hold.account_id = %(account_id)s
                       AND hold.state = 'open'
                       AND hold.expires_at > %(now)s
                       AND hold.captured + %(credits)s <= hold.credits
                       AND NOT EXISTS (
                               SELECT FROM iap_credit_entry AS entry
                                WHERE entry.account_id = %(account_id)s
                                  AND entry.idempotency_key = %(idempotency_key)s)
                 RETURNING hold.id, hold.account_id, hold.company_id, hold.campaign_id,
                           hold.team_id
                )
                INSERT INTO iap_credit_entry (
                            account_id, company_id, date, kind, amount, available_delta,
                            held_delta, user_id, reason, document_model, document_id,
                            document_name, campaign_id, team_id, idempotency_key, request_hash,
                            hold_id)
                     SELECT account_id, company_id, %(now)s, 'capture', %(credits)s, 0,
                            -%(credits)s, %(user_id)s, %(reason)s, %(model)s, %(res_id)s,
                            %(document_name)s, campaign_id, team_id, %(idempotency_key)s,
                            %(request_hash)s, id
                       FROM captured
                  RETURNING id
                """,
                token=token,
                account_id=account.id,
                credits=credits,
                now=NOW,
                user_id=self.env.uid,
                reason=reason,
                model=document.model,
                res_id=document.id,
                document_name=document.name,
                idempotency_key=idempotency_key,
                request_hash=request_hash,
            )
        )
        if rows:
            self._lock_here(token)
            account._invalidate_credits()
            entry_id = rows[0][0]
        else:
            facts = self._get_facts(self.env.cr, account, idempotency_key)
            if not self._is_repeated(facts, idempotency_key, request_hash):
                self._refuse_capture(account, token, credits)
            entry_id = facts["entry_id"]
        return self.env["iap.credit.entry"].browse(entry_id)

    @api.model
    def _refuse_capture(self, account, token, credits):
        """Say why the hold cannot be captured."""
        hold, is_over = self._find(self.env.cr, account, token)
        if is_over:
            raise HoldExpired(self.env._("These held credits have expired."), hold=hold)
        if hold.state == "released":
            raise HoldClosed(
                self.env._("These held credits have already been released."), hold=hold
            )
        raise CaptureExceedsHold(
            self.env._(
                "%(credits)s credits cannot be spent: only %(remaining)s of those held are left.",
                credits=credits,
                remaining=hold.remaining,
            ),
            hold=hold,
        )

    @api.model
    def _find(self, cr, account, token) -> tuple[Hold, bool]:
        """Read a hold of the account.

        :return: the hold, and whether its time is over.
        :raise HoldNotFound: if the transaction sees none.
        """
        cr.execute(
            SQL(
                """
                SELECT %(columns)s,
                       state = 'expired' OR (state = 'open' AND expires_at <= %(now)s)
                  FROM iap_credit_hold
                 WHERE token = %(token)s AND account_id = %(account_id)s
                """,
                columns=HOLD_COLUMNS,
                now=NOW,
                token=token,
                account_id=account.id,
            )
        )
        row = cr.fetchone()
        if not row:
            raise HoldNotFound(
                self.env._(
                    "This account holds no credits under that token, or does so only since this "
                    "transaction began."
                )
            )
        return Hold(*row[:-1]), row[-1]
