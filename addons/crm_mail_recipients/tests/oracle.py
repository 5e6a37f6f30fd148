"""An independent statement of the rules, written from the help page and not from the policy's code.

It enumerates the combinations and says, for each, whom the page lets the user write to. Addresses
are strings; who is who is in the prefix (own1, contact1, company1, employer1).
"""

import itertools
from dataclasses import dataclass

OWN = ("own1@card.test", "own2@card.test")
CONTACT = ("contact1@bob.test", "contact2@bob.test")
COMPANY = ("company1@acme.test", "company2@acme.test")
EMPLOYER = ("employer1@corp.test",)


@dataclass(frozen=True)
class Situation:
    """card, number of own addresses; contact and company: None when not linked, else how many
    addresses; employed: the linked contact belongs to a company that is not linked itself."""

    card: str
    own: int
    contact: int | None
    company: int | None
    employed: bool

    def __str__(self):
        return (
            f"{self.card}-own{self.own}-contact{self.contact}-company{self.company}"
            f"{'-employed' if self.employed else ''}"
        )


def situations():
    """The 164 combinations: 84 leads, 56 deals, 12 contacts, 12 companies."""
    links = [
        (contact, employed, company)
        for (contact, employed), company in itertools.product(
            [(None, False), *itertools.product((0, 1, 2), (False, True))], (None, 0, 1, 2)
        )
    ]
    for own, (contact, employed, company) in itertools.product((0, 1, 2), links):
        yield Situation("lead", own, contact, company, employed)
    for own, (contact, employed, company) in itertools.product((0, 1), links):
        yield Situation("deal", own, contact, company, employed)
    for own, other in itertools.product((0, 1, 2), (None, 0, 1, 2)):
        yield Situation("contact", own, None, other, False)
        yield Situation("company", own, other, None, False)


def expected(situation):
    """(addresses that may be chosen, the preselected one or None, error code or '')."""
    allowed = set(CONTACT[: situation.contact or 0]) | set(COMPANY[: situation.company or 0])
    preselected = None
    if situation.card == "deal":
        # "it is necessary to link a contact or a company": what is typed on the deal is no source.
        order = CONTACT + COMPANY
    else:
        allowed |= set(OWN[: situation.own])
        order = OWN + CONTACT + COMPANY
    if allowed:
        preselected = next(address for address in order if address in allowed)
    return allowed, preselected, _error(situation, allowed)


def _error(situation, allowed):
    if allowed:
        return ""
    nobody_linked = situation.contact is None and situation.company is None
    if situation.card in ("lead", "deal") and nobody_linked:
        return "no_link"
    return "no_address"
