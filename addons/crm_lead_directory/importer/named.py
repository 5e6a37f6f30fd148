"""Rows that nothing but a name and a place identifies, where the administrator wants them."""

from collections.abc import Mapping, Sequence

from odoo.addons.crm_lead_mining.company.alike import RECORD, Place, is_record
from odoo.addons.crm_lead_mining.company.names import normalise_name

from .converted import CONTACT_COLUMNS, Converted

#: What a row's place and its street are read from.
_COLUMNS = ("name", "country_code", "zip", "city")
_COMPANY = CONTACT_COLUMNS.index("company_identity")
#: Parts of an identity: the street that tells two of one name and place apart comes after them.
_PARTS = 5


def prefix_of(dataset_id: int) -> str:
    """Return what the identities of a dataset's nameless rows begin with: they are its alone."""
    return f"{RECORD}{dataset_id}:"


def named_identity(prefix: str, name: str, country_code: str, zip_code: str, city: str) -> str:
    """Return "record:7:IT:alfa:z20121", "" where too little is known."""
    key = Place.of(name, country_code, zip_code, city).key
    return key and prefix + key


def named_identities(prefix: str, columns: Mapping[str, Sequence[str]], keys: list[str]) -> None:
    """Give rows without a key that of their name and place, in place.

    :param prefix: "" if such rows are not wanted
    """
    if prefix and "" in keys:
        rows = zip(keys, *(columns[name] for name in _COLUMNS), strict=True)
        for place, (key, *cells) in enumerate(rows):
            if not key:
                keys[place] = named_identity(prefix, *cells)


def identity_of_line(prefix: str, columns: Sequence[str], cells: Sequence[str]) -> str:
    """Return the same of a line's cells."""
    row = dict(zip(columns, cells, strict=True))
    return named_identity(prefix, *(row.get(name, "") for name in _COLUMNS))


def rename(converted: Converted, place: int, identity: str, line: str) -> None:
    """Give the row at a place another identity, and its contact too.

    :param line: its cells, the first of which is the identity
    """
    converted.companies[place] = identity, identity + line[line.index("\t") :]
    if contact := converted.contacts[place]:
        cells = list(contact)
        cells[_COMPANY] = identity
        converted.contacts[place] = tuple(cells)


def tell_apart(
    columns: Sequence[str],
    converted: Converted,
    written: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Keep two companies of one name and place two where the file gives them two streets.

    The first one has the plain identity, so that the same file gives the same identities again.

    :param written: identity -> cells, of those that earlier batches of the file have written; a
        row that may be another one is listed
    """
    written = written or {}
    name = columns.index("name")
    position = columns.index("street") if "street" in columns else name
    first = {base: _plain(cells[position]) for base, cells in written.items()}
    for place, (identity, line) in enumerate(converted.companies):
        if not is_record(identity):
            continue
        base, cells = base_of(identity), line.split("\t")
        street = cells[position] if position != name else ""
        known = first[base] = first.get(base) or _plain(street)
        new = apart_of(base, street) if _plain(street) != known else base
        if new != identity:
            rename(converted, place, new, line)
        if new in written and differ([written[new], cells]):
            converted.note(place, "alike", cells[name][:150])


def count_named(converted: Converted) -> int:
    """Return of how many rows nothing but a name and a place is known."""
    return sum(is_record(identity) for identity, _line in converted.companies)


def base_of(identity: str) -> str:
    """Return an identity without the street that tells it from another one."""
    return ":".join(identity.split(":")[:_PARTS])


def apart_of(identity: str, street: str) -> str:
    """Return the identity of another company of the same name and place, in that street."""
    plain = _plain(street) if is_record(identity) else ""
    return f"{identity}:{plain}" if plain else identity


def differ(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows of one name and place tell two things of it: they may be two companies."""
    return any(len(set(filter(None, cells))) > 1 for cells in zip(*rows, strict=True))


def _plain(street: str) -> str:
    return normalise_name(street).replace(" ", "")
