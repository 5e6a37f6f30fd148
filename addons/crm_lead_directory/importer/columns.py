"""The columns that can be imported, and how those of foreign files are recognised."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from odoo.addons.crm_lead_mining.company import classifications
from odoo.addons.crm_lead_mining.company.names import is_function

from .headers import ATTRIBUTES, Reading, common_prefixes, normalise_header, read_header
from .kinds import SURE, Column, ReadCountry
from .persons import contact_targets, is_mobile, is_persons, person_mapping

#: Target -> its label.
TARGETS = {attribute.target: attribute.label for attribute in ATTRIBUTES}
#: Targets whose columns are parts of one text.
JOINED = frozenset({"street"})
#: Targets that may be filled from several columns.
SEVERAL = JOINED | {"phone", "status"} | {one.target for one in ATTRIBUTES if one.kind == "list"}
#: Those of them that have the first value that there is, not all of them.
FIRST_OF = frozenset({"phone"}) | {one for one in SEVERAL if one.startswith("contact_")}

#: Which part of a column's names of companies ends with a legal form, at least.
_LEGAL_FORMS = 0.3
#: A part of a street, which only means something beside one.
_PART = "street_part"
_NAMES_OF_CONTACTS = frozenset({"contact_name", "contact_first_name", "contact_last_name"})
_WITHOUT_CONTACT = {"contact_email": "email", "contact_phone": "phone"}
_NETWORKS = frozenset({"linkedin", "facebook", "twitter"})
_ADDRESS = frozenset({"street", "street2", "city", "zip", "state", "country"})


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is taken for.

    :ivar target: "" for a column that is left out
    :ivar by: what told it: "both" its name and its values, "name", "values", "remembered", or ""
    """

    target: str = ""
    by: str = ""


@dataclass(slots=True)
class _Candidate:
    target: str
    rank: int
    shown: bool
    secondary: bool = False

    @property
    def by(self) -> str:
        if self.rank > 3:
            return "remembered"
        return "values" if self.rank < 2 else "both" if self.shown else "name"


def together(target: str) -> Callable[[str, str], str]:
    """Return what makes one value of those of two columns of a target."""
    if target in FIRST_OF:
        return lambda one, other: one or other
    between = " " if target in JOINED else "; "
    return lambda one, other: between.join(filter(None, (one, other)))


def tells_persons(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bool:
    """Whether the whole header says that each row is a person, and the rows do not deny it."""
    return _of_persons(header, _columns(header, rows, str)) is not None


def _columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], read_country: ReadCountry
) -> list[Column]:
    values = list(zip(*rows, strict=False)) or [()] * len(header)
    return [Column(values[place], read_country) for place in range(len(header))]


def _of_persons(header: Sequence[str], columns: Sequence[Column]) -> list[str] | None:
    """Return what each column is if each row is a person, None if the header or values deny it."""
    empty = {place for place, one in enumerate(columns) if one.cells and not one.values}
    companies = {n for n, one in enumerate(columns) if one.legal_forms() >= _LEGAL_FORMS}
    targets = person_mapping(header, frozenset(empty | companies))
    if targets and companies and "name" not in targets:
        # Companies' names under a person's header: customers whose mailboxes are functions', or
        # persons beside a company whose header is not known.
        if any(one.shows("email") and one.share("function", is_function) >= 0.5 for one in columns):
            return None
        targets[max(companies, key=lambda place: columns[place].legal_forms())] = "name"
    return targets


def guess_mapping(header: Sequence[str]) -> list[str]:
    """Return for each column the target that the header means, or "", without a look at values."""
    return [guess.target for guess in recognise(header)]


def recognise(
    header: Sequence[str],
    rows: Sequence[Sequence[str]] = (),
    read_country: ReadCountry = lambda text: text,
    remembered: Mapping[str, str] = MappingProxyType({}),
) -> list[Guess]:
    """Return what each column is, by its name and by what stands in it.

    The whole header tells whether "Email" is a company's or a person's. Values that cannot be what
    a name says deny it. Of several columns with one meaning the one that fits best is taken, the
    first of equals.

    :param rows: the first ones
    :param read_country: see `kinds.ReadCountry`
    :param remembered: normalised header -> what an administrator has said that it is, "" for none
    """
    columns = _columns(header, rows, read_country)
    targets = _of_persons(header, columns)
    if targets is not None:
        found = [_of_person(*pair) for pair in zip(targets, columns, strict=True)]
        _add_networks(header, found, columns)
    else:
        found = _of_companies(header, columns)
    said = [remembered.get(normalise_header(name)) for name in header]
    for place, target in enumerate(said):
        if target is not None and not (target and columns[place].denies(target, strict=True)):
            found[place] = target and _Candidate(target, 4, False) or None
    _leave_out_whole_addresses(found, columns)
    _choose(found, columns)
    _join_streets(found)
    return [
        Guess(one.target, one.by) if one else Guess(by="remembered" if target == "" else "")
        for one, target in zip(found, said, strict=True)
    ]


def recognise_values(rows: Sequence[Sequence[str]], read_country: ReadCountry) -> list[Guess]:
    """Return what each column is of a file without names of columns."""
    columns = [Column(values, read_country) for values in zip(*rows, strict=False)]
    found: list[_Candidate | None] = []
    for column in columns:
        target = column.alone() or ("country" if column.are_countries(2) else "")
        found.append(_Candidate(target, 0, True) if target else None)
    words = [
        place for place, column in enumerate(columns) if not found[place] and column.has_words()
    ]
    if words:
        name = max(words, key=lambda place: (columns[place].legal_forms(), -place))
        found[name] = _Candidate("name", 0, False)
    _choose(found, columns)
    return [Guess(one.target, "values") if one else Guess() for one in found]


def _of_person(target: str, column: Column) -> _Candidate | None:
    """Return what a column of a file with one row a person is."""
    if target and not column.denies(target, strict=False):
        return _Candidate(target, 3, column.shows(target))
    return None


def _add_networks(
    header: Sequence[str], found: list[_Candidate | None], columns: Sequence[Column]
) -> None:
    """Add pages whose header does not tell whose they are, and that bear the companies' names."""
    names = next((place for place, one in enumerate(found) if one and one.target == "name"), None)
    if names is None:
        return
    for place, name in enumerate(header):
        column = columns[place]
        target = next(filter(_NETWORKS.__contains__, read_header(name).targets), column.alone())
        is_open = not found[place] and target in _NETWORKS and not is_persons(name)
        if is_open and column.shows(target) and column.is_named_after(columns[names]):
            found[place] = _Candidate(target, 1, True)


def _of_companies(header: Sequence[str], columns: Sequence[Column]) -> list[_Candidate | None]:
    """Return what each column of a file with one row a company is, several for one target yet."""
    prefixes = common_prefixes(header)
    readings = [read_header(name, prefixes) for name in header]
    addresses = Counter(
        one.rest for one in readings if one.rest and not _ADDRESS.isdisjoint(one.targets)
    )
    found: list[_Candidate | None] = [
        # "Plant street", "Plant city" and "Plant ZIP" are an address, whatever a plant is.
        _of_company(replace(one, rank=2) if addresses[one.rest] > 2 else one, contact, column)
        for one, contact, column in zip(readings, contact_targets(header), columns, strict=True)
    ]
    for place, name in enumerate(header):
        if not found[place] and not readings[place].alien and _holds_codes(name, columns[place]):
            found[place] = _Candidate("industry", 1, False)
    _settle_contacts(header, found, columns)
    targets = {one.target for one in found if one}
    free = [place for place, one in enumerate(found) if not (one or readings[place].alien)]
    countries = [place for place in free if columns[place].are_countries(4)]
    if countries and not targets & {"country", "location"}:
        found[countries[0]] = _Candidate("country", 0, True)
    if "name" not in targets:
        # "Nome attività" is no activity if companies stand there.
        free += [place for place, one in enumerate(found) if one and one.target == "industry"]
    if "name" not in targets and (name := _of_legal_forms(free, columns)) is not None:
        found[name] = _Candidate("name", 0, True)
    return found


def _settle_contacts(
    header: Sequence[str], found: list[_Candidate | None], columns: Sequence[Column]
) -> None:
    """Make what is said of a contact whom no column names the company's, in place."""
    for one, column in zip(found, columns, strict=True):
        if one and one.target == "contact_name" and column.legal_forms() >= _LEGAL_FORMS:
            one.target = "name"
    if any(one and one.target in _NAMES_OF_CONTACTS for one in found):
        return
    # Whose they are is not told: "Contact Email" is where the company is reached.
    for place, (one, name) in enumerate(zip(found, header, strict=True)):
        if one and one.target in _WITHOUT_CONTACT:
            one.target = _WITHOUT_CONTACT[one.target]
            found[place] = None if is_mobile(name) else one
    names = {one.target for one in found if one}
    for one in found if "name" not in names else ():
        if one and one.target == "contact_title":
            one.target = "name"  # a "title" of nobody


def _holds_codes(name: str, column: Column) -> bool:
    """Whether a header names a classification of industries, and codes stand below it."""
    known = classifications.named(name)
    is_of_codes = known is not None and known.kind not in ("names", "unknown")
    return is_of_codes and not classifications.tells_edition(name) and column.are_codes()


def _of_legal_forms(places: Sequence[int], columns: Sequence[Column]) -> int | None:
    """Return the column whose values most often end like a company's name, if one does."""
    best = max(places, key=lambda place: columns[place].legal_forms(), default=None)
    is_name = (
        best is not None
        and columns[best].has_words()
        and columns[best].legal_forms() >= _LEGAL_FORMS
    )
    return best if is_name else None


def _of_company(reading: Reading, contact: str, column: Column) -> _Candidate | None:
    targets, rank = reading.targets, reading.rank
    if contact and rank < 3:  # "Nome referente" is more than "referente"
        targets, rank = (contact,), 2
    strict = rank < 3 or reading.vague or targets[:1] == ("industry",)
    possible = [target for target in targets if not column.denies(target, strict=strict)]
    if possible:
        # What only certain values can be, and these are not, is the unlikeliest.
        vague = (target for target in possible if target not in SURE and column.values)
        target = next(filter(column.shows, possible), next(vague, possible[0]))
        shown = column.shows(target)
        if rank > 1 or (shown and target != "founded"):  # other dates look the same
            return _Candidate(target, rank, shown, reading.secondary)
    if not reading.alien and (target := column.alone()):
        return _Candidate(target, 0, True)
    return None


def _choose(found: list[_Candidate | None], columns: Sequence[Column]) -> None:
    """Leave each target to the column that fits best, unless several may fill it, in place."""
    main = {one.target for one in found if one and not one.secondary}
    second = {one.target for one in found if one and one.secondary} & _ADDRESS
    for place, one in enumerate(found):
        if one is None:
            continue
        # A second address is another one if it has a part that the main one has.
        is_second_address = one.secondary and one.target in second and main & second
        if is_second_address or (one.target == "location" and "city" in main):
            found[place] = None
    best: dict[str, int] = {}

    def merit(place: int) -> tuple[bool, bool, int, bool]:
        one = found[place]
        return one.rank > 0, bool(columns[place].values), one.rank, one.shown

    for place, one in enumerate(found):
        if one is None:
            continue
        known = best.setdefault(one.target, place)
        if known == place:
            continue
        if (
            one.target == _PART
            or one.target in SEVERAL - JOINED
            and (one.rank and found[known].rank)
        ):
            continue
        loser = known if merit(place) > merit(known) else place
        best[one.target] = place if loser == known else known
        found[loser] = None


def _leave_out_whole_addresses(found: list[_Candidate | None], columns: Sequence[Column]) -> None:
    """Leave out of several streets those in which the city stands that has a column, in place."""
    places: dict[str, list[int]] = {"street": [], "city": []}
    for place, one in enumerate(found):
        if one and one.rank < 4 and one.target in places:
            places[one.target].append(place)
    cities = [columns[place] for place in places["city"]]
    whole = [place for place in places["street"] if any(map(columns[place].has_within, cities))]
    for place in whole if len(whole) < len(places["street"]) else ():
        found[place] = None


def _join_streets(found: list[_Candidate | None]) -> None:
    """Make the parts of a street that stand beside it, or each other, the street's, in place."""
    joined = {place for place, one in enumerate(found) if one and one.target == "street"}
    parts = [place for place, one in enumerate(found) if one and one.target == _PART]
    for place in (*parts, *reversed(parts)):
        if {place - 2, place - 1, place + 1} & joined:
            joined.add(place)
    for place in parts:
        found[place] = _Candidate("street", found[place].rank, False) if place in joined else None
