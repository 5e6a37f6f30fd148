"""What the checks hand to each other inside one process.

Objects of these classes travel in the context under the names below. A context key alone exempts
from nothing: a client can send any key, but never an instance of a class of this module.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from .copies import Copies
from .policy import E_HIDDEN, E_INVALID, E_NO_ADDRESS, Decision, judge

_T = TypeVar("_T")

PLANNED, GATE, ORIGIN, AUTOMATION = (
    "recipient_planned",
    "recipient_gate",
    "recipient_origin",
    "recipient_automation",
)

# Kinds of messages that no person is waiting to see accepted: recipients are left out, not refused.
AUTOMATED_TYPES = frozenset({"email", "auto_comment", "out_of_office"})


@dataclass(frozen=True)
class Scope:
    """A message that was checked: the record it is posted on and whom the user may reach.

    `left_out` collects who is left out, where the message is only thought of: nothing is logged.
    """

    model: str
    res_id: int
    decision: Decision
    mode: str
    left_out: list["Refusal"] | None = None


#: The messages being posted, by the cursor that they are posted through, the innermost last. In
#: the context they would make one environment more, and the ORM looks through all that a
#: transaction has for each record that it makes.
_open: WeakKeyDictionary[Any, list[Scope]] = WeakKeyDictionary()


@contextmanager
def entered(env: Any, scope: Scope) -> Iterator[None]:
    """Have `scope` be that of the message that is being posted through `env`."""
    scopes = _open.setdefault(env.cr, [])
    scopes.append(scope)
    try:
        yield
    finally:
        scopes.pop()


@contextmanager
def held_environments(env: Any) -> Iterator[tuple[Any, ...]]:
    """Hold what access rules are judged in; what nobody holds is made anew at every check.

    A message is checked about ten times, and an environment begins with nothing remembered.
    """
    context = {**env.context, "active_test": False}
    environments = (env(su=True), env(su=True, context=context), env(context=context))
    yield environments


@dataclass
class Planned:
    """Choices of a message that is about to be posted, which nobody who may read it may see."""

    model: str
    res_id: int
    choices: list[dict]

    @contextmanager
    def posting(self, env: Any) -> Iterator[None]:
        env.cr.cache[PLANNED] = self
        try:
            yield
        finally:
            env.cr.cache.pop(PLANNED, None)

    @classmethod
    def take(cls, card: Any) -> list[dict]:
        """Return those of the first message on `card`."""
        planned = card.env.cr.cache.get(PLANNED)
        if not planned or (planned.model, [planned.res_id]) != (card._name, card.ids):
            return []
        del card.env.cr.cache[PLANNED]
        return planned.choices


@dataclass(frozen=True)
class Refusal:
    """`text` is what the user typed, empty where the recipient was named by a party."""

    reason: str
    text: str = ""
    partner_id: int | None = None


@dataclass(frozen=True)
class Letter:
    """One mail before it is judged: the records it belongs to, as (model, id), and whom it names.

    `copies` tells which of a partner's addresses were chosen, and who stands in which line.
    """

    documents: tuple[tuple[str, int], ...]
    partner_ids: tuple[int, ...] = ()
    copies: Copies = field(default_factory=Copies)
    to: str = ""
    cc: str = ""


@dataclass
class Verdict:
    """What of one mail may leave: keys by partner, and keys in To and Cc.

    `decisions` are those of the cards it belongs to, each with its mode: all have to agree.
    `document` is what the log says of the card, which may be gone once the mail was sent.
    `copies` tells in which line of the message somebody stands; `cc` are those of the mail itself.
    """

    decisions: tuple[tuple[Decision, str], ...] = ()
    document: dict = field(default_factory=dict)
    copies: Copies = field(default_factory=Copies)
    employees: dict[int, tuple[str, ...]] = field(default_factory=dict)
    partners: dict[int, tuple[str, ...]] = field(default_factory=dict)
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.partners or self.employees or self.to or self.cc)

    @property
    def left_out(self) -> tuple[Refusal, ...]:
        """Who does not get the mail; where it names nobody at all, why nobody could be named."""
        if self.refused or not self.is_empty:
            return self.refused
        return (Refusal(next((d.error for d, _mode in self.decisions if d.error), E_NO_ADDRESS)),)

    @property
    def written_to(self) -> tuple[str, ...]:
        """All keys the mail goes to, those of To first."""
        people = (*self.partners.values(), *self.employees.values())
        return tuple(dict.fromkeys([*self.to, *(k for keys in people for k in keys), *self.cc]))

    def reason(self, key: str | None, hidden: bool = False) -> str:
        """Return why `key` may not be mailed, '' when it may."""
        reasons = (judge(d, mode, key, hidden_ref=hidden) for d, mode in self.decisions)
        return next(filter(None, reasons), "")

    def judge_party(self, keys: Sequence[str], hidden: bool = False) -> tuple[tuple[str, ...], str]:
        """Return which of the keys of one party may be mailed, and why none of them may."""
        allowed = tuple(key for key in keys if not self.reason(key, hidden))
        if allowed:
            return allowed, ""
        reason = self.reason(keys[0] if keys else None, hidden)
        return (), reason_of_party(reason, hidden)

    def may_show(self, key: str) -> bool:
        return not self.reason(key)


def reason_of_party(reason: str, hidden: bool) -> str:
    """Return why a party may not be mailed: what is wrong with a text is not what is wrong here."""
    if reason != E_INVALID:
        return reason
    return E_HIDDEN if hidden else E_NO_ADDRESS


@dataclass
class Deliveries:
    """What the mail server said of each copy of one mail: the keys that it took, and its answer by
    the key of those that it did not."""

    sent: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def are_known(self) -> bool:
        """Whether anything is: another addon may send in another way."""
        return bool(self.sent or self.failed)

    def has_sent(self, key: str) -> bool:
        """Tell whether the copy of `key` has left; where nothing is known, it has."""
        return key in self.sent or not self.are_known

    def has_failed_any(self, verdict: Verdict | None, ref: int) -> bool:
        """Tell whether the partner `ref` has not got it at one of the addresses in `verdict`."""
        groups = (verdict.partners, verdict.employees) if verdict else ()
        return any(key in self.failed for keys in groups for key in keys.get(ref, ()))


@dataclass(eq=False)
class Gate:
    """The verdicts of the mails that are being sent, by id, and how the one goes that is being
    sent."""

    verdicts: dict[int, Verdict]
    deliveries: Deliveries = field(default_factory=Deliveries)

    def take_deliveries(self) -> Deliveries:
        """Return those of the mail that was sent last, and begin the next one."""
        taken, self.deliveries = self.deliveries, Deliveries()
        return taken


@dataclass(eq=False)
class Origin:
    """The records a template is being sent from, in the order of the mails."""

    model: str
    res_ids: list[int]

    def take(self, count: int) -> list[int]:
        taken, self.res_ids = self.res_ids[:count], self.res_ids[count:]
        return taken


class Automation:
    """Marks server code that acts on a rule and not on a click: it filters and never raises."""


# One for all, as a context of its own for each would make an environment for each.
AUTOMATED_CONTEXT = {AUTOMATION: Automation()}


def current_scope(env: Any) -> Scope | None:
    """Return the scope of the message that is being posted through `env`, or None."""
    scopes = _open.get(env.cr)
    return scopes[-1] if scopes else None


def from_context(env: Any, key: str, cls: type[_T]) -> _T | None:
    value = env.context.get(key)
    return value if isinstance(value, cls) else None
