"""How often a provider may be asked: its published rates, obeyed by all processes together."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many questions in any period of so many seconds.

    Half of them may come at once, the other half evenly over the period: so the sum is never
    exceeded, wherever the provider lets its period begin. A tenth is left for questions that are
    late on their way.
    """

    questions: int
    seconds: float

    @property
    def burst(self) -> int:
        """Return how many questions may come at once."""
        return max(1, self._planned // 2)

    @property
    def interval(self) -> float:
        """Return the seconds between two questions when more than the burst are waiting."""
        return self.seconds / max(1, self._planned - self.burst)

    @property
    def tolerance(self) -> float:
        """Return by how many seconds a question may come before its even time."""
        return (self.burst - 1) * self.interval

    @property
    def _planned(self) -> int:
        return max(1, self.questions * 9 // 10)


class Pace(Protocol):
    """The turns of one provider, shared by whoever asks it."""

    shared: bool

    def take(self, patience: float) -> float:
        """Return in how many seconds the next turn is, and reserve it if that is soon enough.

        :param patience: seconds; nothing is reserved if the turn is later
        """

    def pause(self, seconds: float) -> None:
        """Give nobody a turn for so long: the provider has asked for it."""


class Unpaced:
    """Turns without a wait, for tests and for providers inside this database."""

    shared = False

    def take(self, patience: float) -> float:
        return 0.0

    def pause(self, seconds: float) -> None:
        """Nothing to remember."""


UNPACED = Unpaced()
