from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import AccountDisabled, RefundExceedsCapture
from ..tools.fields import BigInteger
from ..tools.ledger import deltas, fingerprint
from .iap_credit_ledger import NOW


class IapCreditEntry(models.Model):
    """One line of the ledger: never changed, never deleted, always adding up to the balance."""

    _name = "iap.credit.entry"
    _inherit = ["iap.credit.ledger", "iap.credit.document"]
    _description = "Credit Entry"
    _rec_name = "reason"
    _order = "id desc"
    _log_access = False

    account_id = fields.Many2one("iap.account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    service_id = fields.Many2one(related="account_id.service_id")
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        selection=[
            ("grant", "Grant"),
            ("purchase", "Purchase"),
            ("hold", "Hold"),
            ("capture", "Capture"),
            ("release", "Release"),
            ("refund", "Refund"),
            ("expiry", "Expiry"),
            ("adjustment", "Adjustment"),
        ],
        required=True,
        readonly=True,
    )
    amount = BigInteger(
        string="Credits",
        required=True,
        readonly=True,
        aggregator=None,
        help="Credits moved. Only an adjustment can be negative.",
    )
    available_delta = BigInteger(string="Change of Available", required=True, readonly=True)
    held_delta = BigInteger(string="Change of Held", required=True, readonly=True)
    posted_balance = BigInteger(
        readonly=True,
        aggregator=None,
        help="Available credits after this entry. A capture spends held credits without locking "
        "the balance, and has none.",
    )
    balance_after = BigInteger(compute="_compute_balance_after", aggregator=None)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    reason = fields.Char(required=True, readonly=True)
    idempotency_key = fields.Char(readonly=True)
    request_hash = fields.Char(readonly=True)
    hold_id = fields.Many2one(
        "iap.credit.hold", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    undoes_id = fields.Many2one(
        "iap.credit.entry",
        string="Refund Of",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    _unique_key = models.Constraint(
        "UNIQUE(account_id, idempotency_key)", "A key moves an account's credits once."
    )
    _by_account = models.Index("(account_id, id)")
    _check_deltas = models.Constraint(
        """CHECK(CASE kind
            WHEN 'hold' THEN amount > 0 AND available_delta = -amount AND held_delta = amount
            WHEN 'capture' THEN amount > 0 AND available_delta = 0 AND held_delta = -amount
            WHEN 'release' THEN amount > 0 AND available_delta = amount AND held_delta = -amount
            WHEN 'expiry' THEN amount > 0 AND available_delta = -amount AND held_delta = 0
            WHEN 'adjustment' THEN amount <> 0 AND available_delta = amount AND held_delta = 0
            ELSE amount > 0 AND available_delta = amount AND held_delta = 0 END)""",
        "The entry's effect does not match its kind.",
    )
    _check_hold = models.Constraint(
        "CHECK((hold_id IS NOT NULL) = (kind IN ('hold', 'capture', 'release')))",
        "Holding, capturing and releasing are about a hold, and nothing else is.",
    )
    _check_undoes = models.Constraint(
        "CHECK((undoes_id IS NOT NULL) = (kind = 'refund'))",
        "A refund undoes a capture, and nothing else does.",
    )
    _check_posted_balance = models.Constraint(
        "CHECK(CASE kind WHEN 'capture' THEN posted_balance IS NULL ELSE posted_balance >= 0 END)",
        "Every entry but a capture states the balance after it.",
    )

    def init(self):
        """Let the database itself refuse what would change history.

        The trigger guards columns, not rows: merging partners or users rewrites foreign keys.
        """
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION iap_credit_entry_append_only() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'The credit ledger is append-only'
                        USING ERRCODE = 'restrict_violation';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS iap_credit_entry_append_only ON iap_credit_entry;
                CREATE TRIGGER iap_credit_entry_append_only
                    BEFORE DELETE OR UPDATE OF id, account_id, date, kind, amount,
                        available_delta, held_delta, posted_balance, idempotency_key,
                        request_hash, hold_id, undoes_id
                    ON iap_credit_entry FOR EACH ROW
                    EXECUTE FUNCTION iap_credit_entry_append_only();
                DROP TRIGGER IF EXISTS iap_credit_entry_no_truncate ON iap_credit_entry;
                CREATE TRIGGER iap_credit_entry_no_truncate
                    BEFORE TRUNCATE ON iap_credit_entry FOR EACH STATEMENT
                    EXECUTE FUNCTION iap_credit_entry_append_only();
                """
            )
        )

    # === COMPUTE METHODS === #

    def _compute_balance_after(self):
        """Show a capture the balance of the entry before it, which it did not change."""
        balances = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT entry.id, previous.posted_balance
                      FROM iap_credit_entry AS entry
                CROSS JOIN LATERAL (
                           SELECT posted_balance FROM iap_credit_entry
                            WHERE account_id = entry.account_id
                              AND id <= entry.id
                              AND posted_balance IS NOT NULL
                         ORDER BY id DESC LIMIT 1) AS previous
                     WHERE entry.id = ANY(%s)
                    """,
                    list(self.ids),
                )
            )
        )
        for entry in self:
            entry.balance_after = balances.get(entry.id, 0)

    # === POSTING === #

    @api.model
    def _post(self, account, kind, amount, *, reason, idempotency_key, document, undoes_id=None):
        """Append an entry and move the balance by it, in the caller's transaction.

        The row of the balance is locked first: at REPEATABLE READ this raises a serialization
        error when it has moved since the transaction began, which makes Odoo run the whole
        transaction again; at READ COMMITTED the next statement sees all that was committed.

        :param account: the `iap.account` record.
        :param str kind: one that does not touch a hold.
        :param int amount: credits.
        :param tuple document: model and id, or two times None.
        :param int undoes_id: the capture's entry that a refund undoes.
        :return: the entry; the same one for the same key.
        :rtype: record of `iap.credit.entry`
        """
        request_hash = fingerprint(kind, amount, document=document, undoes=undoes_id)
        self.env.execute_query(
            SQL(
                "SELECT id FROM iap_credit_balance WHERE account_id = %s FOR NO KEY UPDATE",
                account.id,
            )
        )
        self._lock_here(account.id)
        facts = self._get_facts(self.env.cr, account, idempotency_key)
        if self._is_repeated(facts, idempotency_key, request_hash):
            return self.browse(facts["entry_id"])
        self._check_posting(account, kind, amount, facts, undoes_id)
        return self._append(
            account, kind, amount, reason, idempotency_key, request_hash, document, undoes_id
        )

    @api.model
    def _check_posting(self, account, kind, amount, facts, undoes_id):
        """Refuse what would overdraw the account, or refund more than was spent.

        :raise CreditError: one of `InsufficientCredits`, `AccountDisabled` and
            `RefundExceedsCapture`.
        """
        available_delta, _held_delta = deltas(kind, amount)
        if kind == "purchase" and facts["disabled"]:
            raise AccountDisabled(
                self.env._("A disabled account, as on a copy of a database, buys no credits.")
            )
        if facts["available"] + available_delta < 0:
            self._refuse_spending(account, {**facts, "disabled": False}, -available_delta)
        if kind == "refund":
            refundable = self._get_refundable(account, undoes_id)
            if amount > refundable:
                raise RefundExceedsCapture(
                    self.env._(
                        "%(credits)s credits cannot be given back: %(refundable)s of those spent "
                        "were not yet.",
                        credits=amount,
                        refundable=refundable,
                    ),
                    refundable=refundable,
                )

    @api.model
    def _get_refundable(self, account, entry_id):
        """Count what was captured by an entry and not refunded.

        :return: credits, 0 if the entry is no capture of the account.
        :rtype: int
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT capture.amount - COALESCE(SUM(refund.amount), 0)
                  FROM iap_credit_entry AS capture
             LEFT JOIN iap_credit_entry AS refund ON refund.undoes_id = capture.id
                 WHERE capture.id = %s
                   AND capture.account_id = %s
                   AND capture.kind = 'capture'
              GROUP BY capture.id
                """,
                entry_id,
                account.id,
            )
        )
        return int(rows[0][0]) if rows else 0

    @api.model
    def _append(
        self, account, kind, amount, reason, idempotency_key, request_hash, document, undoes_id
    ):
        """Move the balance, locked by the caller, and append the entry in the same statement."""
        available_delta, held_delta = deltas(kind, amount)
        model, res_id = document
        [(entry_id,)] = self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    UPDATE iap_credit_balance
                       SET available = available + %(available_delta)s
                     WHERE account_id = %(account_id)s
                 RETURNING account_id, company_id, available
                )
                INSERT INTO iap_credit_entry (
                            account_id, company_id, date, kind, amount, available_delta,
                            held_delta, posted_balance, user_id, reason, document_model,
                            document_id, idempotency_key, request_hash, undoes_id)
                     SELECT account_id, company_id, %(now)s, %(kind)s, %(amount)s,
                            %(available_delta)s, %(held_delta)s, available, %(user_id)s,
                            %(reason)s, %(model)s, %(res_id)s, %(idempotency_key)s,
                            %(request_hash)s, %(undoes_id)s
                       FROM moved
                  RETURNING id
                """,
                account_id=account.id,
                kind=kind,
                amount=amount,
                available_delta=available_delta,
                held_delta=held_delta,
                now=NOW,
                user_id=self.env.uid,
                reason=reason,
                model=model,
                res_id=res_id,
                idempotency_key=idempotency_key,
                request_hash=request_hash,
                undoes_id=undoes_id,
            )
        )
        account._invalidate_credits()
        return self.browse(entry_id)
