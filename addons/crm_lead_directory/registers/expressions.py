"""What a recipe says of cells and rows, as functions of a row."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import singledispatch
from operator import itemgetter
from typing import Any

from odoo.addons.crm_lead_mining.company.bands import coded_by
from odoo.addons.crm_lead_mining.company.status import read_status, worst

from .recipe import (
    Coded,
    Column,
    Constant,
    Filter,
    FirstOf,
    Joined,
    Lines,
    Matched,
    Part,
    Reason,
    Size,
    Status,
    When,
)

#: A row as the file has it.
Row = Sequence[str]
Cell = Callable[[Row], str]


def plain_name(name: str) -> str:
    """Return a column's name as names are compared."""
    return name.strip().casefold()


def columns_of(*parts: Any) -> Iterator[Column]:
    """Yield the columns that parts or filters are made of."""
    for part in parts:
        if isinstance(part, str):
            yield Column(part)
        elif isinstance(part, Column):
            yield part
        elif isinstance(part, Status):
            yield from map(Column, part.columns)
        elif isinstance(part, Size):
            yield Column(part.column)
        elif isinstance(part, FirstOf | Joined):
            yield from columns_of(*part.parts)
        elif isinstance(part, When):
            yield from columns_of(part.part, part.then)
        elif is_dataclass(part) and "part" in {one.name for one in fields(part)}:
            yield from columns_of(part.part)


class Layout:
    """Where the columns of a recipe stand in a file.

    :param header: of the file
    """

    def __init__(self, header: Sequence[str]):
        # Of two columns of one name the first is meant.
        self._places = {plain_name(header[place]): place for place in reversed(range(len(header)))}

    def missing(self, *parts: Any) -> list[str]:
        """Return the names of the columns that parts need and the file has not."""
        return list(
            dict.fromkeys(
                column.names[0]
                for column in columns_of(*parts)
                if not column.optional and self.place(column) is None
            )
        )

    def place(self, column: Column) -> int | None:
        return next(filter(lambda place: place is not None, map(self._place, column.names)), None)

    def _place(self, name: str) -> int | None:
        return self._places.get(plain_name(name))

    def cell(self, part: Part) -> Cell:
        """Return what gives a part's text in a row."""
        return _cell(Column(part) if isinstance(part, str) else part, self)

    def reason(self, filters: Sequence[Filter]) -> Callable[[Row], Reason | None]:
        """Return what tells why a row is left out, None for one that is not."""
        conditions = [(self._condition(one), one.reason) for one in filters]
        if not conditions:
            return lambda row: None

        def of(row: Row) -> Reason | None:
            for holds, reason in conditions:
                if holds(row):
                    return reason
            return None

        return of

    def _condition(self, one: Filter) -> Callable[[Row], bool]:
        cell = self.cell(one.part)
        if one.beginning:
            return lambda row: cell(row).startswith(one.beginning)
        if one.unless:
            spared = frozenset(one.unless)
            return lambda row: cell(row) not in spared
        among = frozenset(one.among)
        return lambda row: cell(row) in among


def _empty(_row: Row) -> str:
    return ""


@singledispatch
def _cell(part: Any, layout: Layout) -> Cell:
    raise TypeError(type(part).__name__)


@_cell.register
def _column(part: Column, layout: Layout) -> Cell:
    place = layout.place(part)
    return _empty if place is None else itemgetter(place)


@_cell.register
def _constant(part: Constant, layout: Layout) -> Cell:
    return lambda row: part.text


@_cell.register
def _first_of(part: FirstOf, layout: Layout) -> Cell:
    cells = [layout.cell(one) for one in part.parts]

    def of(row: Row) -> str:
        for cell in cells:
            if text := cell(row):
                return text
        return ""

    return of


@_cell.register
def _joined(part: Joined, layout: Layout) -> Cell:
    cells = [layout.cell(one) for one in part.parts]
    between = part.between
    return lambda row: between.join([text for cell in cells if (text := cell(row))])


@_cell.register
def _coded(part: Coded, layout: Layout) -> Cell:
    return _mapped(layout.cell(part.part), part.table, part.other)


def _mapped(cell: Cell, table: Mapping[str, str], other: str | None) -> Cell:
    if other is not None:
        return lambda row: table.get(cell(row), other)

    def of(row: Row) -> str:
        text = cell(row)
        return table.get(text, text)

    return of


@_cell.register
def _matched(part: Matched, layout: Layout) -> Cell:
    cell, match = layout.cell(part.part), re.compile(part.pattern).match

    def of(row: Row) -> str:
        found = match(cell(row))
        return (found[1] or "") if found else ""

    return of


@_cell.register
def _lines(part: Lines, layout: Layout) -> Cell:
    cell = layout.cell(part.part)
    split = re.compile("|".join(map(re.escape, part.separators)))
    suspect = re.compile("|".join(map(re.escape, (*part.separators, *part.without))), re.IGNORECASE)

    def of(row: Row) -> str:
        text = cell(row)
        if not suspect.search(text):  # as most are
            return text
        lines = map(str.strip, split.split(text))
        return part.between.join(
            line for line in lines if line and not line.casefold().startswith(part.without)
        )

    return of


@_cell.register
def _when(part: When, layout: Layout) -> Cell:
    cell, then, values = layout.cell(part.part), layout.cell(part.then), frozenset(part.values)
    return lambda row: then(row) if cell(row) in values else ""


@_cell.register
def _status(part: Status, layout: Layout) -> Cell:
    cells = [(layout.cell(name), name) for name in part.columns]

    def of(row: Row) -> str:
        found = [
            (read_status(text, name), text) for cell, name in cells if (text := cell(row).strip())
        ]
        known = worst(status for status, _text in found if status)
        return known or next((text for status, text in found if status is None), "")

    return of


@_cell.register
def _size(part: Size, layout: Layout) -> Cell:
    return _mapped(layout.cell(part.column), coded_by(part.column), None)
