"""Rows of one file that name the same company, or that only seem to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from odoo.addons.crm_lead_mining.company import fields
from odoo.addons.crm_lead_mining.company.alike import is_record
from odoo.addons.crm_lead_mining.company.names import company_name_key
from odoo.addons.crm_lead_mining.tools.suppression import person_words

from .converted import CONTACT_COLUMNS, Converted
from .named import differ, identity_of_line, rename, tell_apart

#: A host that so many different names claim is nobody's own.
MANY_NAMES = 3
#: So many of them may be spellings of the host's owner.
_MOST_OWNERS = 3
#: Values that fit only together -> what they lie in: they are taken from one row where that is the
#: same, or not at all.
UNITS = {(*unit.names, *unit.within): unit.assumed for unit in fields.UNITS} | {
    one.columns: () for one in fields.COMPANY if len(one.columns) > 1
}
_CONTACT_COMPANY, _CONTACT_IDENTITY, _CONTACT_NAME = (
    CONTACT_COLUMNS.index(column) for column in ("company_identity", "identity", "name")
)


class Groups:
    """Joins the rows of one company, and keeps apart what has only an identity in common.

    What it has seen of hosts holds for the batches that follow.

    :param columns: those of the companies' values
    :param nobodys: hosts that are known to be nobody's -> keys of the names that may have them
    :param named: as `Converter` takes it
    """

    def __init__(
        self,
        columns: Sequence[str],
        nobodys: Mapping[str, frozenset[str]] | None = None,
        named: str = "",
    ):
        self._columns = columns
        self._named = named
        self._name = columns.index("name")
        self._own_site = [
            columns.index(column) for column in ("domain", "website") if column in columns
        ]
        self._units = units(columns)
        self._nobodys = dict(nobodys or {})

    def settle(self, converted: Converted) -> None:
        """Give the rows of each company its values and drop those that are another company's.

        All rows of a company have the values of the first that has any. A row with another name
        than the first row of its identity is dropped.
        """
        dropped = self._leave_shared_hosts(converted)
        if self._named:
            tell_apart(self._columns, converted)
        dropped |= self._join(converted, dropped)
        converted.drop(dropped)
        _keep_persons_apart(converted)

    # === HOSTS === #

    def _leave_shared_hosts(self, converted: Converted) -> set[int]:
        """Take hosts that nobody owns from the rows that name them.

        :return: places of rows that nothing else identifies
        """
        self._learn(converted)
        dropped: set[int] = set()
        if not self._nobodys:
            return dropped
        for place, host in enumerate(converted.hosts):
            owners = self._nobodys.get(host)
            if owners is None:
                continue
            identity, line = converted.companies[place]
            cells = line.split("\t")
            name = cells[self._name]
            if company_name_key(name) in owners:
                continue
            if identity.startswith("domain:"):
                identity = self._named and identity_of_line(self._named, self._columns, cells)
            if not identity:
                dropped.add(place)
                converted.note(place, "shared_host", f"{name}: {host}")
                continue
            for position in self._own_site:
                cells[position] = ""
            rename(converted, place, identity, "\t".join(cells))
            converted.note(place, "shared_website", f"{name}: {host}")
        return dropped

    def _learn(self, converted: Converted) -> None:
        """Find the hosts that many names claim."""
        counts = Counter(converted.hosts)
        if len(counts) == len(converted.hosts):
            return
        repeated = {host for host, count in counts.items() if host and count > 1}
        if not repeated:
            return
        names: dict[str, set[str]] = defaultdict(set)
        pages: dict[str, set[str]] = defaultdict(set)
        for place, host in enumerate(converted.hosts):
            if host in repeated:
                cells = converted.companies[place][1].split("\t")
                names[host].add(company_name_key(cells[self._name]))
                pages[host].add(_page(cells[self._own_site[-1]]))
        for host, keys in names.items():
            if len(keys) >= MANY_NAMES or (len(keys) > 1 and _are_pages(pages[host], keys)):
                owners = _owners(host, keys)
                if len(keys) > len(owners):
                    self._nobodys[host] = owners

    # === IDENTITIES === #

    def _join(self, converted: Converted, dropped: set[int]) -> set[int]:
        """Give the rows of each identity one line; return the places of those with other names."""
        companies = converted.companies
        if len(dict(companies)) == len(companies):
            return set()
        groups: dict[str, list[int]] = defaultdict(list)
        for place, (identity, _line) in enumerate(companies):
            if place not in dropped:
                groups[identity].append(place)
        strangers: set[int] = set()
        for identity, places in groups.items():
            if len(places) == 1:
                continue
            rows = [companies[place][1].split("\t") for place in places]
            first = rows[0][self._name]
            key = company_name_key(first)
            same = []
            for place, row in zip(places, rows, strict=True):
                name = row[self._name]
                if name == first or company_name_key(name) == key:
                    same.append((place, row))
                    continue
                strangers.add(place)
                converted.note(
                    place, "other_name", other_name(name, first, converted.lines[places[0]])
                )
            if is_record(identity):
                self._note_alike(converted, same, places[0])
            line = "\t".join(self._joined([row for _place, row in same]))
            for place, _row in same:
                companies[place] = identity, line
        return strangers

    def _note_alike(self, converted: Converted, same: Sequence[tuple], first: int) -> None:
        """List the rows that may be another company of the name and place than the first one."""
        for place, row in same[1:]:
            if differ([same[0][1], row]):
                name = row[self._name][:150]
                converted.note(place, "alike", f"{name} ({converted.lines[first]})")

    def _joined(self, rows: list[list[str]]) -> list[str]:
        """Return the first values that there are, of what belongs together from one row."""
        joined = rows[0]
        for unit, lies_in in self._units:
            for row in rows:
                fits = all(row[position] == joined[position] for position in lies_in)
                if fits and any(row[position] for position in unit):
                    for position in unit:
                        joined[position] = row[position]
                    break
        return joined


def units(columns: Sequence[str]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return the positions of columns that are taken together, each once, and what they lie in."""

    def positions(names: Iterable[str]) -> tuple[int, ...]:
        return tuple(columns.index(name) for name in names if name in columns)

    together = {column: unit for unit in UNITS for column in unit}
    chosen = dict.fromkeys(together.get(column, (column,)) for column in columns)
    return [(positions(unit), positions(UNITS.get(unit, ()))) for unit in chosen]


def other_name(name: str, first: str, line: int | None = None) -> str:
    """Return what tells users which two names meet, and in which line the first one stands."""
    name, first = name[:90], first[:90]
    return f"{name} ≠ {first} ({line})" if line else f"{name} ≠ {first}"


def _page(url: str) -> str:
    """Return the path of a page below a site's own one, or ""."""
    _scheme, slashes, rest = url.partition("://")
    path = (rest if slashes else url).partition("/")[2].partition("#")[0].partition("?")[0]
    path = path.strip("/")
    return path if len(path) > 2 and not path.startswith(("index.", "home", "default.")) else ""


def _are_pages(pages: Iterable[str], keys: set[str]) -> bool:
    """Whether each name has a page of its own on the site."""
    return "" not in pages and len(set(pages)) >= len(keys)


def _owners(host: str, keys: set[str]) -> frozenset[str]:
    """Return those of the names that the host itself bears, unless they are many."""
    label = max(host.split(".")[:-1], key=len).replace("-", "")
    owners = {key for key in keys if key == label or (len(label) > 3 and label in key)}
    return frozenset(owners if len(owners) <= _MOST_OWNERS else ())


# === CONTACTS === #


def _keep_persons_apart(converted: Converted) -> None:
    """Make the rows of one person one contact, and two persons with one address two."""
    contacts = converted.contacts
    if not any(contacts):
        return
    known: dict[tuple[str, str], int] = {}
    for place, contact in enumerate(contacts):
        if contact is None:
            continue
        # In settled rows alone it is known which company the contact belongs to.
        key = contact[_CONTACT_COMPANY], contact[_CONTACT_IDENTITY]
        first = known.setdefault(key, place)
        if first == place:
            continue
        if person_words(contact[_CONTACT_NAME]) != person_words(contacts[first][_CONTACT_NAME]):
            apart = f"name:{contact[_CONTACT_NAME].casefold()}"
            contact = (key[0], apart, *contact[_CONTACT_IDENTITY + 1 :])
            first = known.setdefault((key[0], apart), place)
            contacts[place] = contact
            if first == place:
                continue
        contacts[first] = tuple(
            one or other for one, other in zip(contacts[first], contact, strict=True)
        )
        contacts[place] = None
