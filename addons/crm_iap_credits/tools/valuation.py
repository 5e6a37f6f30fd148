"""What credits are worth in money, by what was paid for them: plain data, without a database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .ledger import Line
from .lots import cut

#: Money by currency.
Money = dict[str, Decimal]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Basis:
    """What was paid for a lot.

    :ivar credits: of the lot
    :ivar cost: paid for all of them, without taxes
    :ivar currency: its code
    :ivar coin: the currency's smallest amount
    """

    credits: int
    cost: Decimal
    currency: str
    coin: Decimal

    def worth(self, left: int) -> Decimal:
        """Return what is deferred while so many credits of the lot are left.

        Rounded by what is left and not by what goes: the parts of a lot add up to all of it,
        whatever they are and in whichever order they go.
        """
        coins = self.cost * left / self.credits / self.coin
        return coins.to_integral_value(ROUND_HALF_UP) * self.coin


def changes_of(lines: Iterable[Line]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Tell how each line changes what the account has of its lots, held credits among them.

    A hold and its release change nothing. A capture takes from what its hold has drawn, in order.

    :param lines: of one account from its first one on; their lots in the order of consumption
    :return: id of each line, and the changes by lot
    """
    drawn: dict[int, list[tuple[int, int]]] = {}
    captured: dict[int, int] = {}
    for line in lines:
        if line.kind == "hold" and line.hold_id:
            drawn[line.hold_id] = [(lot_id, -credits) for lot_id, credits in line.lots.items()]
        elif line.kind == "capture" and line.hold_id:
            start = captured.get(line.hold_id, 0)
            captured[line.hold_id] = start + line.amount
            parts = cut(drawn.get(line.hold_id, []), start, start + line.amount)
            yield line.id, [(lot_id, -credits) for lot_id, credits in parts]
        elif line.kind != "release":
            yield line.id, list(line.lots.items())


@dataclass(slots=True)
class Valuation:
    """Follows what an account's credits are worth, line by line.

    :ivar basis: of the lots that were paid for, by id
    :ivar left: credits of each lot, held ones among them
    :ivar total: what they are worth
    """

    basis: Mapping[int, Basis]
    left: dict[int, int]
    total: Money

    @classmethod
    def start(cls, basis: Mapping[int, Basis]) -> "Valuation":
        """Begin with an empty account."""
        return cls(basis, {}, {one.currency: ZERO for one in basis.values()})

    def add(self, changes: Iterable[tuple[int, int]]) -> Money:
        """Go on by one line, and return by how much it changes the worth."""
        moved = dict.fromkeys(self.total, ZERO)
        for lot_id, credits in changes:
            before = self.left.get(lot_id, 0)
            self.left[lot_id] = before + credits
            if basis := self.basis.get(lot_id):
                moved[basis.currency] += basis.worth(before + credits) - basis.worth(before)
        for currency, amount in moved.items():
            self.total[currency] += amount
        return moved
