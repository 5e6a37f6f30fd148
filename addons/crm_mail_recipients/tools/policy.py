"""Who may be written to from a card: one function over plain data.

The picker, the check at composing and the gate at sending all ask `decide` and `judge`, so that
what is shown and what is enforced cannot differ. Source: the Bitrix24 help page "Select e-mail
recipients in the CRM"; the readings of its ambiguous sentences are in the addon's README.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .address import Address

# Modes: only addresses registered on the card or its links, or any address.
REGISTERED, ANY = "registered", "any"
# Cards: a lead has addresses of its own that count; on a deal (quote, invoice, other document)
# only those linked count; a contact and a company are parties themselves.
LEAD, DEAL, CONTACT, COMPANY = "lead", "deal", "contact", "company"
# Roles of an address, in the order of the list.
OWN, EMPLOYEE = "own", "employee"

# Reasons for a refusal.
E_EDIT, E_NO_LINK, E_NO_ADDRESS, E_HIDDEN = "edit", "no_link", "no_address", "hidden"
E_NOT_ALLOWED, E_INVALID, E_EMPTY = "not_allowed", "invalid", "empty"
# The record is no more; the policy itself failed; the card has changed since the choice.
E_GONE, E_FAILED, E_CHANGED = "gone", "failed", "changed"
# A customer who follows, where others were named.
E_NOT_CHOSEN = "not_chosen"

_LINKED_KINDS = {
    LEAD: (CONTACT, COMPANY),
    DEAL: (CONTACT, COMPANY),
    CONTACT: (COMPANY,),
    COMPANY: (CONTACT,),
}


@dataclass(frozen=True)
class Party:
    """A contact or company around a card.

    `linked` is False for one that is only reachable through another party (the company a linked
    contact belongs to): such a party is never mailed. `readable` is the acting user's view right.
    """

    kind: str
    ref: int
    name: str = ""
    addresses: tuple[Address, ...] = ()
    linked: bool = True
    readable: bool = True


@dataclass(frozen=True)
class Card:
    """A record as the policy sees it; `own_ref` is the party's ref where the card is a party."""

    kind: str
    own: tuple[Address, ...] = ()
    parties: tuple[Party, ...] = ()
    can_edit: bool = True
    own_ref: int | None = None
    own_name: str = ""


@dataclass(frozen=True)
class Candidate:
    address: Address
    role: str
    ref: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Decision:
    """`selected` is the key of the one preselected candidate, `error` why nobody can be mailed.

    `default` is the key of the candidate that a program writes to where it names nobody. On the
    card of a contact or company that is nobody else: only a person sees who is preselected.
    `hidden` lists the kinds of the linked parties that the user may not view, nothing else of them;
    `keys_by_ref` has the keys of those that the user may view, by ref, in the order of each.
    """

    candidates: tuple[Candidate, ...] = ()
    selected: str | None = None
    error: str = ""
    hidden: tuple[str, ...] = ()
    default: str | None = None
    by_key: dict[str, Candidate] = field(default_factory=dict, compare=False, repr=False)
    keys_by_ref: dict[int, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)


def decide(card: Card, mode: str = REGISTERED, last_used: Iterable[str] = ()) -> Decision:
    """Return whom `card` offers as recipients.

    :param mode: REGISTERED or ANY
    :param last_used: keys mailed from this card before, newest first: they only reorder
    """
    if not card.can_edit:
        return Decision(error=E_EDIT)
    parties = [p for p in card.parties if p.linked and p.kind in _LINKED_KINDS[card.kind]]
    hidden = tuple(p.kind for p in parties if not p.readable)
    shown = [p for p in parties if p.readable]
    by_key = _candidates(card, shown)
    keys_by_ref = {p.ref: tuple(a.key for a in p.addresses) for p in shown}
    if card.own_ref:
        keys_by_ref[card.own_ref] = tuple(a.key for a in card.own)
    rank = {key: place for place, key in enumerate(last_used)}
    candidates = sorted(by_key.values(), key=lambda c: rank.get(c.address.key, len(rank)))
    error = "" if candidates or mode == ANY else _why_empty(card, parties, hidden)
    selected = _preselect(candidates)
    is_party = card.kind in (CONTACT, COMPANY)
    default = None if is_party and selected and by_key[selected].role != OWN else selected
    return Decision(tuple(candidates), selected, error, hidden, default, by_key, keys_by_ref)


def _candidates(card: Card, parties: Iterable[Party]) -> dict[str, Candidate]:
    """Candidates by key: own, contacts, companies; an address met twice keeps its first role."""
    found: dict[str, Candidate] = {}
    if card.kind != DEAL:
        for address in card.own:
            found[address.key] = Candidate(address, OWN, card.own_ref, card.own_name)
    for kind in (CONTACT, COMPANY):
        for party in parties:
            if party.kind != kind:
                continue
            for address in party.addresses:
                known = found.get(address.key)
                if not known:
                    found[address.key] = Candidate(address, kind, party.ref, party.name)
                elif known.ref is None:
                    # The lead's own address is its contact's as well: the mail belongs to both.
                    found[address.key] = Candidate(known.address, known.role, party.ref, party.name)
    return found


def _preselect(candidates: Sequence[Candidate]) -> str | None:
    own = [c for c in candidates if c.role == OWN]
    return next((c.address.key for c in own or candidates), None)


def _why_empty(card: Card, parties: Sequence[Party], hidden: tuple[str, ...]) -> str:
    if hidden:
        # Whether the hidden one has an address is not told.
        return E_HIDDEN
    if not parties and card.kind in (LEAD, DEAL):
        return E_NO_LINK
    return E_NO_ADDRESS


def judge(decision: Decision, mode: str, key: str | None, *, hidden_ref: bool = False) -> str:
    """Return why the address `key` may not be mailed, or '' when it may.

    :param decision: of the card for the acting user
    :param key: canonical key, None when the text is not one plain address
    :param hidden_ref: the recipient was named by a party that the user may not view
    """
    if decision.error in (E_EDIT, E_FAILED):
        return decision.error
    if not key:
        return E_INVALID
    if key in decision.by_key:
        return ""
    if hidden_ref:
        return E_HIDDEN
    if mode == ANY:
        return ""
    return decision.error or E_NOT_ALLOWED


def judge_preselected(
    decision: Decision,
    mode: str,
    key: str | None,
    ref: int | None = None,
    *,
    hidden_ref: bool = False,
) -> str:
    """Return why the address `key` that was preselected, and not chosen, may not be mailed.

    It was taken from the card: where the card does not offer it any more, the mail would reach who
    was on it before, also where any address may be written to.

    :param ref: the party it was offered for, None for the card itself and for one that is gone
    """
    reason = judge(decision, mode, key, hidden_ref=hidden_ref)
    if reason in (E_EDIT, E_FAILED, E_HIDDEN):
        return reason
    candidate = decision.by_key.get(key) if key else None
    if not candidate or (ref and candidate.ref and candidate.ref != ref):
        return E_CHANGED
    return reason
