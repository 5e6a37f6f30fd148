"""A credit account as plain Python, written from the README and not from the ledger's code."""

from dataclasses import dataclass, field

MAXIMUM = 10**9


class Refusal(Exception):
    """The model refuses; its text is the name of the ledger's error."""


@dataclass
class ModelHold:
    credits: int
    captured: int = 0
    state: str = "open"
    overdue: bool = False

    @property
    def rest(self):
        return self.credits - self.captured


@dataclass
class ModelAccount:
    """Mirror of one account.

    :ivar dict holds: by the name that the test gave them.
    :ivar dict captures: by name, credits captured and not refunded.
    :ivar dict seen: by key, what was asked for and the name of the outcome.
    """

    available: int = 0
    holds: dict = field(default_factory=dict)
    captures: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)

    @property
    def held(self):
        return sum(hold.rest for hold in self.holds.values() if hold.state == "open")

    def do(self, operation, target, credits, key):
        """Perform an operation, or raise why not.

        :return: the name of its outcome: the key under which it was first done.
        """
        if operation == "release":
            return self._release(self.holds[target])
        if operation == "let_expire":
            return self._let_expire(self.holds[target])
        self._check_amount(operation, credits)
        request = (operation, target, credits)
        if key in self.seen:
            if self.seen[key] != request:
                raise Refusal("IdempotencyConflict")
            return key
        getattr(self, f"_{operation}")(target, credits, key)
        self.seen[key] = request
        return key

    def _check_amount(self, operation, credits):
        whole = isinstance(credits, int) and not isinstance(credits, bool)
        if not whole or credits == 0 or abs(credits) > MAXIMUM:
            raise Refusal("InvalidAmount")
        if credits < 0 and operation != "adjust":
            raise Refusal("InvalidAmount")

    def _grant(self, _target, credits, _key):
        self.available += credits

    def _purchase(self, _target, credits, _key):
        self.available += credits

    def _adjust(self, _target, credits, _key):
        if self.available + credits < 0:
            raise Refusal("InsufficientCredits")
        self.available += credits

    def _expire(self, _target, credits, _key):
        self._adjust(None, -credits, None)

    def _hold(self, _target, credits, key):
        self._adjust(None, -credits, None)
        self.holds[key] = ModelHold(credits)

    def _capture(self, target, credits, key):
        hold = self.holds[target]
        if hold.state == "expired" or (hold.state == "open" and hold.overdue):
            raise Refusal("HoldExpired")
        if hold.state == "released":
            raise Refusal("HoldClosed")
        if credits > hold.rest:
            raise Refusal("CaptureExceedsHold")
        hold.captured += credits
        if not hold.rest:
            hold.state = "captured"
        self.captures[key] = credits

    def _refund(self, target, credits, _key):
        if credits > self.captures[target]:
            raise Refusal("RefundExceedsCapture")
        self.captures[target] -= credits
        self.available += credits

    def _release(self, hold):
        if hold.state == "open":
            hold.state = "released"
            self.available += hold.rest
        return hold.rest

    def _let_expire(self, hold):
        hold.overdue = True

    def sweep(self):
        """Give back what is overdue."""
        for hold in self.holds.values():
            if hold.state == "open" and hold.overdue:
                hold.state = "expired"
                self.available += hold.rest
