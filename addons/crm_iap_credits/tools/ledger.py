"""Rules of the credit ledger that need no database."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .kinds import KINDS

# One movement's upper bound. Sums are kept in 64 bits and cannot overflow within it.
MAX_CREDITS = 10**9


@dataclass(frozen=True, slots=True)
class Hold:
    """Credits set aside for something that is being done.

    :ivar token: the hold's name for ``capture`` and ``release``.
    :ivar account_id: id of the ``iap.account``.
    :ivar credits: credits set aside in the beginning.
    :ivar captured: credits of them spent so far.
    :ivar state: ``open``, ``captured`` (all spent), ``released`` or ``expired``.
    :ivar expires_at: naive UTC; from then on nothing can be captured.
    """

    token: str
    account_id: int
    credits: int
    captured: int
    state: str
    expires_at: datetime

    @property
    def remaining(self) -> int:
        """Credits that can still be captured."""
        return self.credits - self.captured if self.state == "open" else 0


def is_amount(value: object, *, signed: bool = False) -> bool:
    """Tell whether ``value`` is a whole number of credits that one movement may carry.

    :param value: anything; only an ``int`` that is no ``bool`` qualifies.
    :param signed: whether a negative number is one too.
    """
    if type(value) is not int:
        return False
    return 0 < (abs(value) if signed else value) <= MAX_CREDITS


def deltas(kind: str, amount: int) -> tuple[int, int]:
    """Give the effect of an entry on the account.

    :param kind: a key of :data:`KINDS`.
    :param amount: credits of the entry.
    :return: change of available credits, change of held credits.
    """
    return KINDS[kind].available * amount, KINDS[kind].held * amount


def fingerprint(kind: str, amount: int, **payload: object) -> str:
    """Hash what a movement does, so that a key used again for something else is noticed.

    Texts for people are no part of it: the same movement tried again by a user of another
    language is the same movement.

    :param kind: a key of :data:`KINDS`.
    :param amount: credits of the movement.
    :param payload: JSON values that make it another movement when they differ.
    :return: 64 hexadecimal digits.
    """
    canonical = json.dumps([kind, amount, payload], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """The record that a movement is about, as it is at that moment.

    :ivar model: name of its model, None for a movement that is about no record.
    :ivar id: its id.
    :ivar name: what people call it; a person's name, perhaps.
    :ivar team_id: its `crm.team`, if any. Who spends may have to pay from another.
    :ivar campaign_id: its `utm.campaign`, if any.
    """

    model: str | None = None
    id: int | None = None
    name: str | None = None
    team_id: int | None = None
    campaign_id: int | None = None

    @property
    def key(self) -> tuple[str | None, int | None]:
        """What makes it another document: model and id."""
        return self.model, self.id


NO_DOCUMENT = Document()


@dataclass(frozen=True, slots=True)
class Wish:
    """A hold that somebody asks for.

    :ivar token: which it will have.
    :ivar reason: why, for people.
    :ivar request_hash: its fingerprint.
    :ivar expires_in: how long its credits may be captured.
    """

    account_id: int
    credits: int
    token: str
    reason: str
    idempotency_key: str
    request_hash: str
    document: Document
    expires_in: timedelta


@dataclass(frozen=True, slots=True)
class Cost:
    """What credits were bought for.

    :ivar untaxed: price of all of them without taxes, in major units
    :ivar tax: taxes on it
    :ivar currency_id: of the `res.currency`
    :ivar day: on which they were, whose exchange rate counts wherever they go; None for today
    """

    untaxed: float | Decimal
    tax: float | Decimal
    currency_id: int
    day: date | None = None


#: Source, credits, end (naive UTC) and cost of a lot.
NewLot = tuple[str, int, datetime | None, Cost | None]


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement that is made in the caller's transaction.

    :ivar kind: a key of :data:`KINDS`, none that is about a hold.
    :ivar amount: credits of the entry.
    :ivar reason: why, for people.
    :ivar document: what it is about.
    :ivar undoes_id: id of the entry that a refund or reversal undoes.
    :ivar expires_at: naive UTC; when granted credits end.
    :ivar moved_lots: source, credits, end and cost of each lot that a transfer brings.
    :ivar cost: what a purchase was paid with. As the text for people, it makes it no other one.
    """

    kind: str
    amount: int
    reason: str
    idempotency_key: str
    document: Document = NO_DOCUMENT
    undoes_id: int | None = None
    expires_at: datetime | None = None
    moved_lots: tuple[NewLot, ...] = ()
    cost: Cost | None = None

    @property
    def request_hash(self) -> str:
        """Fingerprint of what it does."""
        payload: dict[str, Any] = {"document": self.document.key, "undoes": self.undoes_id}
        if self.expires_at:
            payload["expires_at"] = self.expires_at.isoformat()
        return fingerprint(self.kind, self.amount, **payload)

    @property
    def new_lots(self) -> list[NewLot]:
        """The lots that the movement opens."""
        source = KINDS[self.kind].source
        if self.moved_lots or self.amount < 0 or not source:
            return list(self.moved_lots)
        return [(source, self.amount, self.expires_at, self.cost)]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the ledger keeps it.

    :ivar id: its place in the ledger.
    :ivar kind: a key of :data:`KINDS`.
    :ivar posted_balance: available credits after it, None for a capture.
    :ivar hold_id: the hold it is about, if any.
    :ivar lots: change of each lot's rest, by the lot's id.
    """

    id: int
    kind: str
    amount: int
    available_delta: int
    held_delta: int
    posted_balance: int | None
    hold_id: int | None
    lots: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Replay:
    """What a ledger amounts to.

    :ivar available: credits that are not held.
    :ivar held: credits by hold id.
    :ivar lots: rest by lot id; all rests together are what is available.
    :ivar misfit_id: id of the first line that does not fit those before it, if any.
    """

    available: int = 0
    held: dict[int, int] = field(default_factory=dict)
    lots: dict[int, int] = field(default_factory=dict)
    misfit_id: int | None = None

    def add(self, line: Line) -> bool:
        """Continue with a line, and tell whether it fits."""
        self.available += line.available_delta
        if line.hold_id:
            self.held[line.hold_id] = self.held.get(line.hold_id, 0) + line.held_delta
        for lot_id, change in line.lots.items():
            self.lots[lot_id] = self.lots.get(lot_id, 0) + change
        return (
            (line.available_delta, line.held_delta) == deltas(line.kind, line.amount)
            and sum(line.lots.values()) == line.available_delta
            and line.posted_balance in (None, self.available)
            and self.available >= 0
            and (not line.hold_id or self.held[line.hold_id] >= 0)
            and all(self.lots[lot_id] >= 0 for lot_id in line.lots)
        )


def replay(lines: Iterable[Line]) -> Replay:
    """Run a ledger from zero, up to the first line that does not fit those before it.

    :param lines: of one account, in order.
    """
    state = Replay()
    for line in lines:
        if not state.add(line):
            state.misfit_id = line.id
            break
    return state
