"""Rules of the credit ledger that need no database."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

# One movement's upper bound. Sums are kept in 64 bits and cannot overflow within it.
MAX_CREDITS = 10**9

# kind: (sign of the effect on available credits, sign of the effect on held credits).
# An adjustment's amount is itself signed.
EFFECTS = {
    "grant": (1, 0),
    "purchase": (1, 0),
    "hold": (-1, 1),
    "capture": (0, -1),
    "release": (1, -1),
    "refund": (1, 0),
    "expiry": (-1, 0),
    "adjustment": (1, 0),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """Credits set aside for something that is being done.

    :ivar str token: the hold's name for ``capture`` and ``release``.
    :ivar int account_id: id of the ``iap.account``.
    :ivar int credits: credits set aside in the beginning.
    :ivar int captured: credits of them spent so far.
    :ivar str state: ``open``, ``captured`` (all spent), ``released`` or ``expired``.
    :ivar datetime expires_at: naive UTC; from then on nothing can be captured.
    """

    token: str
    account_id: int
    credits: int
    captured: int
    state: str
    expires_at: datetime

    @property
    def remaining(self):
        """Credits that can still be captured (int)."""
        return self.credits - self.captured if self.state == "open" else 0


def is_amount(value, *, signed=False):
    """Tell whether ``value`` is a whole number of credits that one movement may carry.

    :param value: anything; only an ``int`` that is no ``bool`` qualifies.
    :param bool signed: whether a negative number is one too.
    :rtype: bool
    """
    if type(value) is not int:
        return False
    return 0 < (abs(value) if signed else value) <= MAX_CREDITS


def deltas(kind, amount):
    """Give the effect of an entry on the account.

    :param str kind: a key of :data:`EFFECTS`.
    :param int amount: credits of the entry.
    :return: change of available credits, change of held credits.
    :rtype: tuple[int, int]
    """
    available_sign, held_sign = EFFECTS[kind]
    return available_sign * amount, held_sign * amount


def fingerprint(kind, amount, **payload):
    """Hash what a movement does, so that a key used again for something else is noticed.

    Texts for people are no part of it: the same movement tried again by a user of another
    language is the same movement.

    :param str kind: a key of :data:`EFFECTS`.
    :param int amount: credits of the movement.
    :param payload: JSON values that make it another movement when they differ.
    :return: 64 hexadecimal digits.
    :rtype: str
    """
    canonical = json.dumps([kind, amount, payload], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the ledger keeps it.

    :ivar int id: its place in the ledger.
    :ivar str kind: a key of :data:`EFFECTS`.
    :ivar int posted_balance: available credits after it, None for a capture.
    :ivar int hold_id: the hold it is about, if any.
    """

    id: int
    kind: str
    amount: int
    available_delta: int
    held_delta: int
    posted_balance: int | None
    hold_id: int | None


def replay(lines):
    """Run a ledger from zero, up to the first line that does not fit those before it.

    :param lines: the :class:`Line` objects of one account, in order.
    :return: available credits, held credits by hold id, and the id of the line that does not fit,
        None if all do.
    :rtype: tuple[int, dict[int, int], int | None]
    """
    available = 0
    held = {}
    for line in lines:
        available += line.available_delta
        if line.hold_id:
            held[line.hold_id] = held.get(line.hold_id, 0) + line.held_delta
        fits = (
            (line.available_delta, line.held_delta) == deltas(line.kind, line.amount)
            and line.posted_balance in (None, available)
            and available >= 0
            and held.get(line.hold_id, 0) >= 0
        )
        if not fits:
            return available, held, line.id
    return available, held, None
