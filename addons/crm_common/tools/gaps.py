"""Filling what is empty: of two descriptions never comes a third one that nobody gave."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Unit:
    """Values that only make sense together: they are taken together or not at all.

    :ivar within: what they lie in: it may be known before, if it was found as well
    :ivar assumed: the same, but where it was not found it is taken for granted
    """

    names: tuple[str, ...]
    within: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.names, *self.within, *self.assumed)


#: An address on records of Odoo. An empty one may be filled in a country that is known.
ADDRESS = Unit(("street", "street2", "city", "zip"), ("state_id",), ("country_id",))


def to_fill(
    known: Mapping[str, Any],
    found: Mapping[str, Any],
    units: Iterable[Unit] = (ADDRESS,),
    overwritten: Collection[str] = (),
) -> dict[str, Any]:
    """Return which of the values found are written to what is known.

    Values that are there stay. Of a unit that may be overwritten what was not found becomes False,
    as it belonged to the one before.

    :param known: values by name, of all the names in the units of those found; without empty ones
    :param found: values by name, without empty ones
    :param overwritten: names that take what was found; one of a unit stands for all of it
    """
    unit_of = {name: unit for unit in units for name in unit.all}
    chosen = dict.fromkeys(unit_of.get(name) or Unit((name,)) for name in found)
    values: dict[str, Any] = {}
    for unit in chosen:
        values |= _of_unit(unit, known, found, not {*unit.all}.isdisjoint(overwritten))
    return values


def _of_unit(
    unit: Unit, known: Mapping[str, Any], found: Mapping[str, Any], is_overwritten: bool
) -> dict[str, Any]:
    found = {name: known[name] for name in unit.assumed if name in known} | {
        name: found[name] for name in unit.all if name in found
    }
    is_known = any(name in known for name in unit.names)
    lies_in = (*unit.within, *unit.assumed)
    agrees = all(known[name] == found.get(name) for name in lies_in if name in known)
    if not is_known and agrees:
        return {name: value for name, value in found.items() if name not in known}
    # Of an address the country alone takes the place of no street.
    if not is_overwritten or (is_known and not any(name in found for name in unit.names)):
        return {}
    before = {name: known.get(name, False) for name in unit.all}
    return {
        name: found.get(name, False)
        for name, value in before.items()
        if found.get(name, False) != value
    }
