"""Errors of the credit ledger.

Each one carries the data needed to react to it, and reads as one sentence for a person: they are
``UserError``, so an error that nobody catches is shown as a message and never as a traceback.
"""

from odoo.exceptions import UserError


class CreditError(UserError):
    """Base of all errors of the credit ledger: nothing was moved.

    :param message: one translated sentence.
    """


class InsufficientCredits(CreditError):
    """The account has less credits available than asked for.

    :param message: one translated sentence.
    :param balance: credits available when the movement was refused.
    :param price: credits asked for.
    :param service_name: technical name of the service, such as ``reveal``.
    :param buy_url: where credits can be bought, relative to this database's address.
    """

    def __init__(self, message: str, *, balance: int, price: int, service_name: str, buy_url: str):
        super().__init__(message)
        self.balance = balance
        self.price = price
        self.service_name = service_name
        self.buy_url = buy_url


class BudgetExceeded(CreditError):
    """A budget does not allow so much, whatever the account has.

    :param message: one translated sentence.
    :param limit: credits that the budget allows in its period.
    :param spent: credits of them that are spent or set aside.
    :param wanted: credits asked for.
    :param scope: whose budget it is: ``company``, ``team`` or ``user``.
    """

    def __init__(self, message: str, *, limit: int, spent: int, wanted: int, scope: str):
        super().__init__(message)
        self.limit = limit
        self.spent = spent
        self.wanted = wanted
        self.scope = scope


class InvalidAmount(CreditError):
    """The amount is not a whole number of credits within bounds; ``amount`` is what was given."""

    def __init__(self, message, *, amount):
        super().__init__(message)
        self.amount = amount


class IdempotencyConflict(CreditError):
    """The idempotency key was already used on this account for another movement."""

    def __init__(self, message, *, idempotency_key):
        super().__init__(message)
        self.idempotency_key = idempotency_key


class HoldError(CreditError):
    """Base of the errors about one hold; ``hold`` is its :class:`Hold`, or None if unknown."""

    def __init__(self, message, *, hold=None):
        super().__init__(message)
        self.hold = hold


class HoldNotFound(HoldError):
    """No such hold on this account, or none that this transaction can see."""


class HoldExpired(HoldError):
    """The hold's time is over: what was not captured has been or is being given back."""


class HoldClosed(HoldError):
    """The hold was released: what was not captured has been given back."""


class CaptureExceedsHold(HoldError):
    """More was to be captured than the hold still keeps."""


class RefundExceedsCapture(CreditError):
    """More was to be refunded than was captured and not refunded yet (``refundable`` credits)."""

    def __init__(self, message, *, refundable):
        super().__init__(message)
        self.refundable = refundable


class ReversalExceedsUnused(CreditError):
    """More of a purchase was to be taken back than is unused (``unused`` credits)."""

    def __init__(self, message, *, unused):
        super().__init__(message)
        self.unused = unused


class InvalidExpiry(CreditError):
    """The credits would end before they are given; ``expires_at`` is what was asked for."""

    def __init__(self, message, *, expires_at):
        super().__init__(message)
        self.expires_at = expires_at


class TransferRefused(CreditError):
    """Credits cannot move between these two accounts, whatever their balances."""


class NotKeptLocally(CreditError):
    """The account is kept by a remote IAP server, its credits cannot be moved here."""


class AccountDisabled(CreditError):
    """The account's token is disabled, as on a copy of a database."""


class LedgerBusy(CreditError):
    """The account stayed locked by others for too long; trying again later is safe."""
