"""The kinds of the ledger's entries: what each of them does is said here and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Sign = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an entry of a kind does with its amount.

    :ivar label: for people, in English.
    :ivar available: sign of its effect on available credits.
    :ivar held: sign of its effect on held credits.
    :ivar is_signed: whether the amount may be negative, and the effect the opposite.
    :ivar source: of the lot that it opens when it adds credits; without one, it gives back to old
        lots or brings lots along.
    :ivar undoes: the kind of the entry that each entry of this kind undoes.
    """

    label: str
    available: Sign
    held: Sign = 0
    is_signed: bool = False
    source: Literal["granted", "bought"] | None = None
    undoes: str | None = None

    @property
    def is_about_hold(self) -> bool:
        return self.held != 0

    @property
    def is_movement(self) -> bool:
        """Whether what the account has changes, and not only what of it is available."""
        return self.available + self.held != 0


# In the order in which people read them, and a statement sums them up.
KINDS = {
    "grant": Kind("Grant", 1, source="granted"),
    "purchase": Kind("Purchase", 1, source="bought"),
    "transfer": Kind("Transfer", 1, is_signed=True),
    "hold": Kind("Hold", -1, 1),
    "capture": Kind("Capture", 0, -1),
    "release": Kind("Release", 1, -1),
    "refund": Kind("Refund", 1, undoes="capture"),
    "expiry": Kind("Expiry", -1),
    "adjustment": Kind("Adjustment", 1, is_signed=True, source="granted"),
    "reversal": Kind("Reversal", -1, undoes="purchase"),
}
SOURCES = {"granted": "Granted", "bought": "Bought"}
MOVEMENTS = tuple(name for name, kind in KINDS.items() if kind.is_movement)


# === CONDITIONS OF THE DATABASE === #


def effect_condition() -> str:
    """Say in SQL that an entry does what its kind does; a kind that is none does nothing."""
    cases = " ".join(
        f"WHEN '{name}' THEN amount {'<>' if kind.is_signed else '>'} 0"
        f" AND available_delta = {kind.available} * amount"
        f" AND held_delta = {kind.held} * amount"
        for name, kind in KINDS.items()
    )
    return f"CASE kind {cases} ELSE FALSE END"


def hold_condition() -> str:
    """Say in SQL which entries are about a hold."""
    return _present("hold_id", {name for name, kind in KINDS.items() if kind.is_about_hold})


def undoing_condition() -> str:
    """Say in SQL which entries undo another one."""
    return _present("undoes_id", {name for name, kind in KINDS.items() if kind.undoes})


def balance_condition() -> str:
    """Say in SQL which entries state the balance after them: those that change it."""
    names = {name for name, kind in KINDS.items() if kind.available}
    return f"{_present('posted_balance', names)} AND posted_balance >= 0"


def _present(column: str, kinds: Iterable[str]) -> str:
    return f"({column} IS NOT NULL) = ({one_of('kind', kinds)})"


def one_of(column: str, names: Iterable[str]) -> str:
    """Say in SQL that a column has one of these values."""
    values = ", ".join(f"'{name}'" for name in sorted(names))
    return f"{column} IN ({values})"
