"""A credit account as plain Python, written from the README and not from the ledger's code.

Every credit is one item of a list that names the lot it belongs to: a hold is the list of its
credits in the order in which they were drawn, a capture the first of those that were left.
"""

from dataclasses import dataclass, field

MAXIMUM = 10**9


class Refusal(Exception):
    """The model refuses; its text is the name of the ledger's error."""


@dataclass(eq=False)
class ModelLot:
    """Credits given together; `end` is a day, of which those before 0 are over."""

    bought: bool
    rest: int
    end: int | None = None

    @property
    def is_over(self):
        return self.end is not None and self.end < 0


@dataclass
class ModelHold:
    """A hold; `drawn` is what it still keeps, one lot for each credit."""

    drawn: list
    state: str = "open"
    overdue: bool = False


@dataclass
class ModelAccount:
    """Mirror of one account.

    :ivar lots: in the order in which they were given.
    :ivar purchases: the lots that were bought, by name of the purchase.
    :ivar holds: by the name that the test gave them.
    :ivar captures: by name, the lots of the credits captured and not refunded.
    :ivar seen: by key, what was asked for.
    :ivar other: where transfers go.
    """

    lots: list = field(default_factory=list)
    purchases: dict = field(default_factory=dict)
    holds: dict = field(default_factory=dict)
    captures: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    other: "ModelAccount | None" = None

    @property
    def usable(self):
        return sum(lot.rest for lot in self.lots if not lot.is_over)

    @property
    def held(self):
        return sum(len(hold.drawn) for hold in self.holds.values() if hold.state == "open")

    def do(self, operation, target, credits, key):
        """Perform an operation, or raise why not.

        :return: the name of its outcome: the key under which it was first done.
        """
        if operation == "release":
            return self._release(self.holds[target])
        if operation in ("let_hold_expire", "let_lot_end"):
            return getattr(self, f"_{operation}")(target)
        self._check_amount(operation, credits)
        request = (operation, target, credits)
        if self._is_known(key, request):
            return key
        getattr(self, f"_{operation}")(target, credits, key)
        self.seen[key] = request
        return key

    def _is_known(self, key, request):
        if self.seen.get(key, request) != request:
            raise Refusal("IdempotencyConflict")
        return key in self.seen

    def _check_amount(self, operation, credits):
        whole = isinstance(credits, int) and not isinstance(credits, bool)
        if not whole or credits == 0 or abs(credits) > MAXIMUM:
            raise Refusal("InvalidAmount")
        if credits < 0 and operation != "adjust":
            raise Refusal("InvalidAmount")

    def _draw(self, credits):
        """Take credits one by one from what is to be used first."""
        if self.usable < credits:
            raise Refusal("InsufficientCredits")
        drawn = []
        for _ in range(credits):
            lot = min(
                (lot for lot in self.lots if lot.rest and not lot.is_over),
                key=lambda lot: (lot.bought, MAXIMUM if lot.end is None else lot.end),
            )
            lot.rest -= 1
            drawn.append(lot)
        return drawn

    def _give(self, credits, *, bought=False, end=None):
        lot = ModelLot(bought, credits, end)
        self.lots.append(lot)
        return lot

    def _grant(self, end, credits, _key):
        self._give(credits, end=end)

    def _purchase(self, _target, credits, key):
        self.purchases[key] = self._give(credits, bought=True)

    def _adjust(self, _target, credits, _key):
        if credits > 0:
            self._give(credits)
        else:
            self._draw(-credits)

    def _reverse(self, target, credits, _key):
        if credits > self.purchases[target].rest:
            raise Refusal("ReversalExceedsUnused")
        self.purchases[target].rest -= credits

    def _transfer(self, _target, credits, key):
        if self.usable < credits:
            raise Refusal("InsufficientCredits")
        if self.other._is_known(key, ("receive", None, credits)):
            raise AssertionError("A transfer is known to both accounts or to none")
        drawn = self._draw(credits)
        for lot in dict.fromkeys(drawn):
            self.other._give(drawn.count(lot), bought=lot.bought, end=lot.end)
        self.other.seen[key] = ("receive", None, credits)

    def _hold(self, _target, credits, key):
        self.holds[key] = ModelHold(self._draw(credits))

    def _capture(self, target, credits, key):
        hold = self.holds[target]
        if hold.state == "expired" or (hold.state == "open" and hold.overdue):
            raise Refusal("HoldExpired")
        if hold.state == "released":
            raise Refusal("HoldClosed")
        if credits > len(hold.drawn):
            raise Refusal("CaptureExceedsHold")
        self.captures[key], hold.drawn = hold.drawn[:credits], hold.drawn[credits:]
        if not hold.drawn:
            hold.state = "captured"

    def _refund(self, target, credits, _key):
        captured = self.captures[target]
        if credits > len(captured):
            raise Refusal("RefundExceedsCapture")
        for _ in range(credits):
            captured.pop().rest += 1

    def _release(self, hold):
        if hold.state == "open":
            self._close(hold, "released")
        return len(hold.drawn)

    def _close(self, hold, state):
        hold.state = state
        for lot in hold.drawn:
            lot.rest += 1

    def _let_hold_expire(self, target):
        self.holds[target].overdue = True

    def _let_lot_end(self, target):
        self.lots[target].end -= 1000

    def sweep(self):
        """Give back what was held too long, and take away what is over."""
        for hold in self.holds.values():
            if hold.state == "open" and hold.overdue:
                self._close(hold, "expired")
        for lot in self.lots:
            if lot.is_over:
                lot.rest = 0
