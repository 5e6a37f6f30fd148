"""Which credits are used first: rules over plain data, without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Lot:
    """Credits that were given together and end together.

    :ivar id: rises with the time at which they were given.
    :ivar source: ``granted`` or ``bought``.
    :ivar remaining: credits of it that are neither held, spent nor taken back.
    :ivar expires_at: naive UTC; from then on none of it is held. None: never.
    """

    id: int
    source: str
    remaining: int
    expires_at: datetime | None = None

    @property
    def rank(self) -> tuple[bool, bool, datetime, int]:
        """Sort key of consumption: granted first, then what ends first, then the older lot."""
        return (
            self.source != "granted",
            self.expires_at is None,
            self.expires_at or datetime.min,
            self.id,
        )

    def is_live(self, now: datetime) -> bool:
        """Tell whether the lot can be used at a time, a naive UTC ``datetime``."""
        return self.expires_at is None or self.expires_at > now


def in_order(lots: Iterable[Lot], now: datetime) -> list[Lot]:
    """Give the lots that can be used at a time, in the order in which they are."""
    usable = (lot for lot in lots if lot.remaining and lot.is_live(now))
    return sorted(usable, key=lambda lot: lot.rank)


def draw(lots: Iterable[Lot], credits: int, now: datetime) -> list[tuple[int, int]]:
    """Choose the lots that pay a number of credits.

    :param lots: an account's, in any order.
    :param credits: at least 1.
    :param now: naive UTC.
    :return: lot id and credits from it, in the order of consumption; together less than asked
        for if there is less.
    """
    parts = []
    for lot in in_order(lots, now):
        part = min(lot.remaining, credits)
        if not part:
            break
        parts.append((lot.id, part))
        credits -= part
    return parts


def cut(parts: Iterable[tuple[int, int]], start: int, stop: int) -> list[tuple[int, int]]:
    """Take the credits from one position to another out of those that were drawn.

    A hold's credits are spent in the order in which they were drawn: those captured lie before
    those released, and each capture has its place.

    :param parts: lot id and credits from it, in order.
    :param start: position of the first credit, from 0.
    :param stop: position after the last credit.
    :return: lot id and credits from it, in order.
    """
    pieces = []
    position = 0
    for lot_id, credits in parts:
        piece = min(stop, position + credits) - max(start, position)
        if piece > 0:
            pieces.append((lot_id, piece))
        position += credits
    return pieces
