"""Which of the e-mail addresses on a company's pages are nobody's in particular."""

import re
from collections.abc import Collection, Iterable

from ...company.industries import from_name
from ...company.names import looks_personal, normalise_name, word_set
from .addresses import towns_in
from .findings import Finding
from .page import WebPage
from .printed_names import name_with_form, resembles
from .values import ROLES, role_rank

#: Trades that are surnames as well, in the spelling of addresses.
_SURNAMES = word_set(
    "koch mueller muller schmidt schneider becker wagner fischer weber zimmermann schreiner metzger"
    " bauer maler kaufmann jaeger jager gaertner gartner schuster keller wirt kramer kraemer winzer"
    " taylor smith baker cook mason carpenter butcher miller fisher gardener farmer tailor brewer"
    " sartori sarti ferrari fabbri barbieri molinari pastori herrero zapatero molina guerrero"
    " boulanger boucher meunier charpentier marchand fournier berger bakker smit visser mulder"
    " kuiper kowalski mlynarz rybak kuchar"
)


class Mailboxes:
    """What tells a company's own mailboxes from those of persons: its towns and its name."""

    def __init__(self, found: Collection[Finding], pages: Iterable[WebPage], host: str):
        label = host.partition(".")[0]
        names = [finding.value for finding in found if finding.field == "name"]
        towns = [town for page in pages for town in towns_in(page.own_text)]
        towns += [finding.value["city"] for finding in found if finding.field == "address"]
        self._towns = frozenset(spelling for town in towns for spelling in _spellings(town))
        self._own = frozenset(re.split(r"[^a-z0-9]+", label)) - {""}
        words = [word for text in (*names, label.replace("-", " ")) for word in text.split()]
        self._trades = {
            spelling: word for word in words for spelling in _spellings(word) - _SURNAMES
        }
        # Only a company of law, not a person in business, surely has its name for a mailbox.
        is_company = any(name_with_form(name) and resembles(name, host) for name in names)
        self._label = re.sub(r"[^a-z0-9]", "", label) if is_company else ""

    def rank(self, email: str) -> int | None:
        """Return how useful an address is (0 is best), None for what may be a person's."""
        rank = role_rank(email, self._towns, self._own)
        local = re.sub(r"[^a-z0-9]", "", email.partition("@")[0])
        if rank is None and self._label and local == self._label and not looks_personal(email):
            return len(ROLES) + 1
        if rank is None and from_name(self._trades.get(local, "")):
            return len(ROLES) + 1  # "schreinerei@" of a joinery
        return rank


def _spellings(town: str) -> set[str]:
    """Return a town as addresses write it: "München" as "munchen" and "muenchen"."""
    german = town.casefold().translate({228: "ae", 246: "oe", 252: "ue", 223: "ss"})
    return {normalise_name(one).replace(" ", "") for one in (town, german)}
