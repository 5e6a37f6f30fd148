"""In which line of a message somebody stands: To, Cc, or Bcc, which no other recipient sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

TO, CC, BCC = "to", "cc", "bcc"
#: The fields in which composers and planned messages have the choices of each line.
CHOICES = {
    TO: "recipient_choices",
    CC: "recipient_cc_choices",
    BCC: "recipient_bcc_choices",
}

#: Under what the Bcc addresses stand that are nobody's.
_NOBODYS = "0"


@dataclass(frozen=True)
class Copies:
    """Who gets one message in copy; whoever is not in here stands in To.

    `cc` are keys; `bcc` has keys by the text of a partner's id, those of nobody under '0'. `chosen`
    has the keys that were chosen of a partner openly, in To or Cc.
    """

    cc: tuple[str, ...] = ()
    bcc: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Any, chosen: Any = None) -> "Copies":
        """Return what a message keeps: see `mail.message.recipient_copies` and `recipient_map`."""
        stored = stored or {}
        return cls(tuple(stored.get(CC, ())), stored.get(BCC, {}), chosen or {})

    @property
    def stored(self) -> dict | None:
        """What a message keeps of it, None where nobody gets it in copy."""
        found = {CC: list(self.cc), BCC: {ref: list(keys) for ref, keys in self.bcc.items()}}
        found = {name: value for name, value in found.items() if value}
        return found or None

    @property
    def bcc_refs(self) -> tuple[int, ...]:
        """The partners that get it in Bcc at one address at least."""
        return tuple(int(ref) for ref in self.bcc if ref != _NOBODYS)

    @property
    def bcc_emails(self) -> tuple[str, ...]:
        """The keys in Bcc that are of no partner."""
        return tuple(self.bcc.get(_NOBODYS, ()))

    @property
    def all_chosen(self) -> dict[str, list[str]]:
        """The keys chosen of each partner, in whichever line."""
        found = {ref: list(keys) for ref, keys in self.chosen.items()}
        for ref, keys in self.bcc.items():
            if ref != _NOBODYS:
                known = found.setdefault(ref, [])
                known += [key for key in keys if key not in known]
        return found

    def header(self, key: str, ref: int | None = None) -> str:
        """Return the line in which the address `key` stands.

        In doubt, where somebody in Bcc has another address now, it is Bcc.
        """
        if str(ref or _NOBODYS) in self.bcc:
            own = self.chosen.get(str(ref), ()) if ref else ()
            if key in self.bcc[str(ref or _NOBODYS)] or (ref and key not in own):
                return BCC
        return CC if key in self.cc else TO


def split(choices: Iterable[Mapping]) -> dict[str, list[Mapping]]:
    """Return `choices` by the line they are for, see `choices.well_formed`."""
    found: dict[str, list[Mapping]] = {TO: [], CC: [], BCC: []}
    for choice in choices:
        found[choice.get("header") or TO].append(choice)
    return found
