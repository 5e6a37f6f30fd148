from datetime import datetime, timedelta

from odoo import api, models

from ..exceptions import InvalidAmount
from ..tools.kinds import KINDS
from ..tools.ledger import MAX_CREDITS, NO_DOCUMENT, Document, Hold, Posting, is_amount
from ..tools.shown import shown

DEFAULT_HOLD_TIME = timedelta(days=1)
MAX_KEY_LENGTH = 255


class IapAccount(models.Model):
    """The movements of credits that other addons may ask for."""

    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

    @api.private
    def hold(
        self,
        credits: int,
        *,
        reason: str,
        idempotency_key: str,
        document=None,
        expires_in: timedelta | None = None,
    ) -> Hold:
        """Set credits aside for something that is about to be done.

        The hold is made in a transaction of its own and stands when this method returns,
        whatever becomes of the caller's transaction: what is done for it may cost money elsewhere.

        :param credits: at least 1.
        :param reason: why, for people.
        :param idempotency_key: of the caller's choice, at most 255 characters. The same key
            with the same credits and document gives the same hold again, in its present state.
        :param document: the record that the credits are for, if any.
        :param expires_in: how long they may be captured, by default a day.
        :raise InsufficientCredits: if less is available.
        :raise BudgetExceeded: if a budget allows less.
        :raise InvalidAmount: if `credits` is not a whole number within bounds.
        :raise IdempotencyConflict: if the key was used for another movement.
        :raise NotKeptLocally: if the account has no ledger here.
        :raise AccountDisabled: if the database is a copy.
        :raise LedgerBusy: if the account stays locked.
        """
        self.ensure_one()
        self._check_movement(credits, idempotency_key)
        return self.env["iap.credit.hold"]._open(
            self,
            credits,
            reason=reason,
            idempotency_key=idempotency_key,
            document=self._name_document(document),
            expires_in=DEFAULT_HOLD_TIME if expires_in is None else expires_in,
        )

    @api.private
    def capture(
        self, token: str, credits: int, *, reason: str, idempotency_key: str, document=None
    ):
        """Spend credits of an open hold, in the caller's transaction.

        What is delivered and what is paid for it are committed together, or not at all. Only the
        hold's row is locked, so that others go on spending from the account meanwhile. The
        caller's transaction must have begun after :meth:`hold` returned (commit in between), as
        an older one cannot see the hold.

        :param token: the hold's.
        :param credits: at least 1; a hold may be captured in parts, up to its credits.
        :param reason: why, for people.
        :param idempotency_key: the same key with the same credits and document gives the same
            entry again.
        :param document: the record that was paid for, if any.
        :return: the `iap.credit.entry`.
        :raise HoldNotFound: if the account has no such hold, or it is newer than the transaction.
        :raise HoldExpired: if its time is over.
        :raise HoldClosed: if it was released.
        :raise CaptureExceedsHold: if it keeps less.
        :raise InvalidAmount: if `credits` is not a whole number within bounds.
        :raise IdempotencyConflict: if the key was used for another movement.
        :raise NotKeptLocally: if the account has no ledger here.
        """
        self.ensure_one()
        self._check_movement(credits, idempotency_key)
        return self.env["iap.credit.hold"]._capture(
            self,
            token,
            credits,
            reason=reason,
            idempotency_key=idempotency_key,
            document=self._name_document(document),
        )

    @api.private
    def release(self, token: str, *, reason: str) -> int:
        """Close a hold and give back what was not captured.

        Made in a transaction of its own, and committed on return; or, when the caller's
        transaction has captured from the hold, as soon as that is committed.

        :param token: the hold's. One that is closed already stays as it is.
        :param reason: why, for people.
        :return: credits given back.
        :raise HoldNotFound: if the account has no such hold.
        :raise LedgerBusy: if the account stays locked.
        """
        self.ensure_one()
        holds = self.env["iap.credit.hold"]
        if holds._is_locked_here(token) or holds._is_locked_here(self.id):
            return holds._release_after_commit(self, token, reason=reason)
        return holds._release(self, token, reason=reason)

    @api.private
    def grant(
        self,
        credits: int,
        *,
        reason: str,
        idempotency_key: str,
        document=None,
        expires_at: datetime | None = None,
    ):
        """Give credits for free, in the caller's transaction.

        :param credits: at least 1.
        :param reason: why, for people.
        :param idempotency_key: the same key with the same credits, document and end gives the
            same entry again.
        :param document: the record that caused it, if any.
        :param expires_at: naive UTC, from when on they can no longer be held; None for
            credits without end. Cut to whole seconds, which is what Odoo's fields compare.
        :return: the `iap.credit.entry`.
        :raise InvalidExpiry: if that is over.
        :raise InvalidAmount: if `credits` is not a whole number within bounds.
        :raise IdempotencyConflict: if the key was used for another movement.
        :raise NotKeptLocally: if the account has no ledger here.
        """
        expires_at = expires_at.replace(microsecond=0) if expires_at else None
        return self._post(
            "grant", credits, reason, idempotency_key, document, expires_at=expires_at
        )

    @api.private
    def purchase(self, credits, *, reason, idempotency_key, document=None, cost=None):
        """Add bought credits, in the transaction that records their payment.

        They are used after the granted ones, and have no end. Parameters and errors are those of
        :meth:`grant`, without its end.

        :param cost: what was paid for them, a :class:`Cost`; a statement in money needs it.
        :raise AccountDisabled: if the database is a copy.
        """
        return self._post("purchase", credits, reason, idempotency_key, document, cost=cost)

    @api.private
    def get_unused(self, purchase_entry) -> int:
        """Count the credits of a purchase that :meth:`reverse_purchase` can take back now.

        :param purchase_entry: the `iap.credit.entry` that :meth:`purchase` returned.
        :return: credits of it that are neither held, spent, transferred nor taken back; 0 if the
            entry is no purchase of the account.
        """
        self.ensure_one()
        _lot_id, unused = self.env["iap.credit.lot"]._get_given_by(self, purchase_entry.id)
        return unused

    @api.private
    def reverse_purchase(self, purchase_entry, credits, *, reason, idempotency_key, document=None):
        """Take back unused credits of a purchase, in the transaction that records why.

        Parameters and errors are those of :meth:`grant`.

        :param purchase_entry: the `iap.credit.entry` that :meth:`purchase` returned.
        :raise ReversalExceedsUnused: if less of this very purchase is unused.
        """
        return self._post(
            "reversal", credits, reason, idempotency_key, document, undoes_id=purchase_entry.id
        )

    @api.private
    def refund(self, capture, credits, *, reason, idempotency_key, document=None):
        """Give back spent credits, in the transaction that records why.

        They go back to the lots they came from, and end when those do. Parameters and errors are
        those of :meth:`grant`.

        :param capture: the `iap.credit.entry` that :meth:`capture` returned.
        :raise RefundExceedsCapture: if less was captured by it, or too much refunded already.
        """
        return self._post(
            "refund", credits, reason, idempotency_key, document, undoes_id=capture.id
        )

    @api.private
    def adjust(self, credits, *, reason, idempotency_key, document=None):
        """Correct the balance, in the caller's transaction.

        Parameters and errors are those of :meth:`grant`, except that `credits` is signed.

        :raise InsufficientCredits: if more is taken than is available.
        """
        return self._post("adjustment", credits, reason, idempotency_key, document)

    @api.private
    def transfer(self, destination, credits: int, *, reason: str, idempotency_key: str):
        """Move credits to another company's account of the same service, in one transaction.

        What would be used first is moved first; it stays granted or bought and ends when it would
        have ended. Whether the user may is for the caller to decide.

        :param destination: the `iap.account` that gets them.
        :param credits: at least 1.
        :param reason: why, for people.
        :param idempotency_key: of both entries. The same key with the same credits and
            accounts gives the same entry again.
        :return: the entry of this account.
        :raise TransferRefused: if it is the same account, or one of another service.
        :raise InsufficientCredits: if less is available.
        :raise InvalidAmount: if `credits` is not a whole number within bounds.
        :raise IdempotencyConflict: if the key was used for another movement of either account.
        :raise NotKeptLocally: if one of the accounts has no ledger here.
        :raise AccountDisabled: if the database is a copy.
        """
        self.ensure_one()
        destination.ensure_one()
        self._check_movement(credits, idempotency_key)
        return self.env["iap.credit.entry"]._transfer(
            self, destination, credits, reason=reason, idempotency_key=idempotency_key
        )

    def _post(self, kind, credits, reason, idempotency_key, document, **values):
        self.ensure_one()
        self._check_movement(credits, idempotency_key, signed=KINDS[kind].is_signed)
        posting = Posting(
            kind, credits, reason, idempotency_key, self._name_document(document), **values
        )
        return self.env["iap.credit.entry"]._post(self, posting)

    @api.model
    def _check_movement(self, credits, idempotency_key, *, signed=False):
        """Refuse what no movement of credits can be asked for with.

        :raise InvalidAmount: if the credits are not a whole number within bounds.
        :raise ValueError: if there is no usable key, which is a mistake of the calling code.
        """
        if not is_amount(credits, signed=signed):
            raise InvalidAmount(
                self.env._(
                    "%(amount)s is not a valid number of credits: enter a whole number from 1 to "
                    "%(maximum)s.",
                    amount=str(credits)[:40],
                    maximum=shown(self.env, MAX_CREDITS),
                ),
                amount=credits,
            )
        if not idempotency_key or len(idempotency_key) > MAX_KEY_LENGTH:
            raise ValueError(f"An idempotency key has 1 to {MAX_KEY_LENGTH} characters")

    @api.model
    def _name_document(self, document) -> Document:
        """Tell of a record what the ledger keeps of it, as the caller's transaction sees it.

        :param document: a record or None.
        """
        if not document:
            return NO_DOCUMENT
        document.ensure_one()
        document_sudo = document.sudo()  # who spends for a record need not be allowed to read it
        return Document(
            document._name,
            document.id,
            document_sudo.display_name or None,
            self._get_fact(document_sudo, "team_id", "crm.team"),
            self._get_fact(document_sudo, "campaign_id", "utm.campaign"),
        )

    @api.model
    def _get_fact(self, document, name, comodel):
        """Read the id of a record that a document belongs to, None if it has no such field."""
        field = document._fields.get(name)
        return field and field.comodel_name == comodel and document[name].id or None
