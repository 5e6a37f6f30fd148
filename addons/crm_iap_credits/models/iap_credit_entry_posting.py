from datetime import datetime
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..exceptions import (
    AccountDisabled,
    InvalidExpiry,
    RefundExceedsCapture,
    ReversalExceedsUnused,
    TransferRefused,
)
from ..tools.ledger import Cost, Posting, deltas
from ..tools.lots import cut, draw
from ..tools.shown import shown
from .iap_credit_ledger import NOW
from .iap_credit_spending import COUNTERS_OF_HOLD


class IapCreditEntry(models.Model):
    """How an entry comes about in the caller's transaction, with its balance and lots."""

    # One theme a file.
    _inherit = "iap.credit.entry"  # pylint: disable=consider-merging-classes-inherited

    # === POSTING === #

    @api.model
    def _post(self, account, posting: Posting):
        """Append an entry and move the balance by it, in the caller's transaction.

        :param account: the `iap.account` record.
        :param posting: what to move.
        :return: the entry; the same one for the same key.
        :raise CreditError: see the methods of `iap.account`.
        """
        self._lock_balances(account)
        facts = self._get_facts(self.env.cr, account, posting.idempotency_key)
        if self._is_repeated(facts, posting.idempotency_key, posting.request_hash):
            return self.browse(facts["entry_id"])
        self._check_posting(account, posting, facts)
        return self._append(account, posting, self._allocate(account, posting, facts["now"]))

    @api.model
    def _lock_balances(self, accounts):
        """Lock the rows of the balances, always in the same order.

        At REPEATABLE READ this raises a serialization error when one has moved since the
        transaction began, which makes Odoo run the whole transaction again; at READ COMMITTED
        the next statement sees all that was committed. Either way what is read of the lots, which
        move with the balance only, is exact from then on.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM iap_credit_balance
                 WHERE account_id = ANY(%s) ORDER BY account_id FOR NO KEY UPDATE
                """,
                accounts.ids,
            ),
            log_exceptions=False,  # others were faster: all is tried again
        )
        for account_id in accounts.ids:
            self._lock_here(account_id)

    @api.model
    def _check_posting(self, account, posting, facts):
        """Refuse what would overdraw the account, or undo more than there is to undo.

        :raise CreditError: one of `InsufficientCredits`, `AccountDisabled`, `InvalidExpiry`,
            `RefundExceedsCapture` and `ReversalExceedsUnused`.
        """
        if posting.kind in ("purchase", "transfer") and facts["disabled"]:
            raise AccountDisabled(
                self.env._(
                    "A disabled account, as on a copy of a database, cannot buy or transfer "
                    "credits."
                )
            )
        if posting.expires_at and posting.expires_at <= facts["now"]:
            raise InvalidExpiry(
                self.env._("Credits cannot expire before they are granted."),
                expires_at=posting.expires_at,
            )
        if posting.kind == "refund":
            self._check_refund(account, posting)
        elif posting.kind == "reversal":
            self._check_reversal(account, posting)
        else:
            available_delta, _held_delta = deltas(posting.kind, posting.amount)
            if facts["available"] + available_delta < 0:
                self._refuse_spending(account, {**facts, "disabled": False}, -available_delta)

    @api.model
    def _check_refund(self, account, posting):
        refundable = self._get_refundable(account, posting.undoes_id)
        if posting.amount > refundable:
            raise RefundExceedsCapture(
                self.env._(
                    "%(credits)s credits cannot be refunded: only %(refundable)s of those spent "
                    "have not been refunded yet.",
                    credits=shown(self.env, posting.amount),
                    refundable=shown(self.env, refundable),
                ),
                refundable=refundable,
            )

    @api.model
    def _check_reversal(self, account, posting):
        _lot_id, unused = self.env["iap.credit.lot"]._get_given_by(account, posting.undoes_id)
        if posting.amount > unused:
            raise ReversalExceedsUnused(
                self.env._(
                    "%(credits)s credits cannot be taken back: only %(unused)s of those bought are "
                    "unused.",
                    credits=shown(self.env, posting.amount),
                    unused=shown(self.env, unused),
                ),
                unused=unused,
            )

    @api.model
    def _get_refundable(self, account, entry_id) -> int:
        """Count what was captured by an entry and not refunded.

        :return: credits, 0 if the entry is no capture of the account.
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

    # === LOTS === #

    @api.model
    def _allocate(self, account, posting, now: datetime) -> list[tuple[int, int]]:
        """Choose the lots that an entry takes from or gives back to.

        :param now: naive UTC.
        :return: lot id and change of its rest, in order; nothing if the entry opens lots instead.
        """
        if posting.new_lots:
            return []
        if posting.kind == "refund":
            return self._get_refunded_parts(posting)
        lots = self.env["iap.credit.lot"]
        if posting.kind == "reversal":
            lot_id, _unused = lots._get_given_by(account, posting.undoes_id)
            return [(lot_id, -posting.amount)]
        parts = draw(lots._read_lots(account), -posting.amount, now)
        return [(lot_id, -credits) for lot_id, credits in parts]

    @api.model
    def _get_refunded_parts(self, posting) -> list[tuple[int, int]]:
        """Find where the credits of a refund came from.

        A capture spends what its hold drew in order, after the captures before it. Of several
        refunds, the first undoes the end of the capture.
        """
        # Sudo: giving back through the ledger's methods does not need rights on its tables.
        capture = self.sudo().browse(posting.undoes_id)
        refundable = self._get_refundable(capture.account_id, capture.id)
        stop = self._sum_captures_before(capture) + refundable
        return cut(self._get_drawn_parts(capture.hold_id), stop - posting.amount, stop)

    @api.model
    def _sum_captures_before(self, capture):
        [(credits,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(amount), 0)::bigint FROM iap_credit_entry
                 WHERE hold_id = %s AND kind = 'capture' AND id < %s
                """,
                capture.hold_id.id,
                capture.id,
            )
        )
        return credits

    @api.model
    def _get_drawn_parts(self, hold):
        """Read which lots a hold drew, and how much of each, in order."""
        return self.env.execute_query(
            SQL(
                """
                SELECT allocation.lot_id, -allocation.credits
                  FROM iap_credit_allocation AS allocation
                  JOIN iap_credit_entry AS entry ON entry.id = allocation.entry_id
                 WHERE entry.hold_id = %s AND entry.kind = 'hold'
              ORDER BY allocation.id
                """,
                hold.id,
            )
        )

    @api.model
    def _append(self, account, posting: Posting, parts: list):
        """Move the balance, locked by the caller, its lots and the ledger in one statement.

        :param posting: what to move.
        :param parts: lot id and change of its rest, in order.
        :return: the entry.
        """
        available_delta, held_delta = deltas(posting.kind, posting.amount)
        document = posting.document
        lot_ids, changes = zip(*parts, strict=True) if parts else ((), ())
        new_lots = posting.new_lots
        [(entry_id,)] = self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    UPDATE iap_credit_balance
                       SET available = available + %(available_delta)s
                     WHERE account_id = %(account_id)s
                 RETURNING account_id, company_id, available
                ), entry AS (
                    INSERT INTO iap_credit_entry (
                                account_id, company_id, date, kind, amount, available_delta,
                                held_delta, posted_balance, user_id, reason, document_model,
                                document_id, document_name, campaign_id, team_id, idempotency_key,
                                request_hash, undoes_id)
                         SELECT moved.account_id, moved.company_id, %(now)s, %(kind)s, %(amount)s,
                                %(available_delta)s, %(held_delta)s, moved.available, %(user_id)s,
                                %(reason)s, %(model)s, %(res_id)s, %(document_name)s,
                                undone.campaign_id, undone.team_id, %(idempotency_key)s,
                                %(request_hash)s, %(undoes_id)s
                           FROM moved
                      LEFT JOIN iap_credit_entry AS undone ON undone.id = %(undoes_id)s
                      RETURNING id, account_id, company_id
                ), part AS (
                    SELECT * FROM UNNEST(%(lot_ids)s::int[], %(changes)s::bigint[])
                             WITH ORDINALITY AS part(lot_id, credits, position)
                ), changed AS (
                    UPDATE iap_credit_lot AS lot
                       SET remaining = lot.remaining + part.credits
                      FROM part
                     WHERE lot.id = part.lot_id
                ), opened AS (
                    INSERT INTO iap_credit_lot (
                                account_id, company_id, entry_id, source, credits, remaining,
                                expires_at, untaxed_cost, tax_cost, currency_id, paid_on)
                         SELECT entry.account_id, entry.company_id, entry.id, new.source,
                                new.credits, new.credits, new.expires_at, new.untaxed, new.tax,
                                new.currency_id,
                                CASE WHEN new.currency_id IS NOT NULL
                                     THEN COALESCE(new.paid_on, (%(now)s)::date) END
                           FROM entry, UNNEST(
                                %(sources)s::varchar[], %(credits)s::bigint[],
                                %(expiries)s::timestamp[], %(untaxed)s::numeric[],
                                %(taxes)s::numeric[], %(currencies)s::int[], %(days)s::date[]
                                ) WITH ORDINALITY AS new(source, credits, expires_at, untaxed, tax,
                                                         currency_id, paid_on, position)
                       ORDER BY new.position
                      RETURNING id, credits
                ), allocation AS (
                    INSERT INTO iap_credit_allocation (entry_id, lot_id, credits)
                         SELECT entry.id, changes.lot_id, changes.credits
                           FROM entry, (
                                SELECT lot_id, credits, position FROM part
                                 UNION ALL
                                SELECT id, credits, id FROM opened) AS changes
                       ORDER BY changes.position
                ), uncounted AS (
                    UPDATE iap_credit_spending AS spending
                       SET credits = spending.credits - %(amount)s
                      FROM iap_credit_entry AS undone
                      JOIN iap_credit_hold AS hold ON hold.id = undone.hold_id
                CROSS JOIN %(counters)s
                     WHERE undone.id = %(undoes_id)s
                       AND spending.id = counter.id
                )
                SELECT id FROM entry
                """,
                account_id=account.id,
                counters=COUNTERS_OF_HOLD,
                kind=posting.kind,
                amount=posting.amount,
                available_delta=available_delta,
                held_delta=held_delta,
                now=NOW,
                user_id=self.env.uid,
                reason=posting.reason,
                model=document.model,
                res_id=document.id,
                document_name=document.name,
                idempotency_key=posting.idempotency_key,
                request_hash=posting.request_hash,
                undoes_id=posting.undoes_id,
                lot_ids=list(lot_ids),
                changes=list(changes),
                sources=[lot[0] for lot in new_lots],
                credits=[lot[1] for lot in new_lots],
                expiries=[lot[2] for lot in new_lots],
                untaxed=[cost and cost.untaxed for *_lot, cost in new_lots],
                taxes=[cost and cost.tax for *_lot, cost in new_lots],
                currencies=[cost and cost.currency_id for *_lot, cost in new_lots],
                days=[cost and cost.day for *_lot, cost in new_lots],
            )
        )
        account._invalidate_credits()
        return self.browse(entry_id)

    # === TRANSFER === #

    @api.model
    def _transfer(self, source, destination, credits, *, reason, idempotency_key):
        """Move credits with their lots to another account; see :meth:`transfer` of `iap.account`.

        The credits keep their end and whether they were granted or bought.

        :return: the entry of the account that gives.
        """
        self._check_transfer(source, destination)
        values = {"reason": reason, "idempotency_key": idempotency_key}
        # Both or none, even for a caller that catches the refusal of the second.
        with self.env.cr.savepoint(flush=False):
            self._lock_balances(source | destination)
            document = source._name_document(destination)
            sent = self._post(source, Posting("transfer", -credits, document=document, **values))
            document = source._name_document(source)
            lots = self._get_sent_lots(sent)
            self._post(
                destination,
                Posting("transfer", credits, document=document, moved_lots=lots, **values),
            )
        return sent

    @api.model
    def _check_transfer(self, source, destination):
        """Refuse two accounts between which no credits can move.

        :raise TransferRefused: if they are one, or of two services.
        """
        if source == destination:
            raise TransferRefused(self.env._("Credits can only be transferred to another account."))
        # Sudo: whether the user may see the accounts is for the caller to decide.
        if source.sudo().service_id != destination.sudo().service_id:
            raise TransferRefused(
                self.env._("Credits can only be transferred between accounts of the same service.")
            )

    @api.model
    def _get_sent_lots(self, entry):
        """Read what an entry took from lots, in order, each with its share of the cost."""
        rows = self.env.execute_query(
            SQL(
                """
                    SELECT lot.source, -allocation.credits, lot.expires_at,
                           (lot.untaxed_cost * -allocation.credits / lot.credits)::text,
                           (lot.tax_cost * -allocation.credits / lot.credits)::text,
                           lot.currency_id, lot.paid_on
                      FROM iap_credit_allocation AS allocation
                      JOIN iap_credit_lot AS lot ON lot.id = allocation.lot_id
                     WHERE allocation.entry_id = %s
                  ORDER BY allocation.id
                    """,
                entry.id,
            )
        )
        return tuple(
            (*lot, Cost(Decimal(untaxed), Decimal(tax), currency_id, day) if currency_id else None)
            for *lot, untaxed, tax, currency_id, day in rows
        )
