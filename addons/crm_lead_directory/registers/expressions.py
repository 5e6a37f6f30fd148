"""What a recipe says of cells and rows, as functions of a row."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, singledispatch
from operator import getitem, itemgetter
from typing import Any

from odoo.addons.crm_lead_mining.company.bands import coded_by
from odoo.addons.crm_lead_mining.company.status import STATUSES, read_status

from ..tools.memo import Memo
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
    Recipe,
    Size,
    Status,
    When,
)

#: A row as the file has it.
Row = list[str]
Cell = Callable[[Row], str]

MAX_KNOWN = 4096  # texts of a column of which it is known what is made of them


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
            yield from columns_of(*part.columns)
        elif isinstance(part, Size):
            yield Column(part.column)
        elif isinstance(part, FirstOf | Joined):
            yield from columns_of(*part.parts)
        elif isinstance(part, When):
            yield from columns_of(part.part, part.then)
        elif isinstance(part, Coded | Matched | Lines | Filter):
            yield from columns_of(part.part)


def columns_of_file(recipe: Recipe, key: str = "") -> list[Column]:
    """Return the columns that a recipe makes something of, as one of its files names them.

    :param key: of a file that is joined, "" for the one with a row a company
    """
    columns = columns_of(*recipe.parts, *recipe.filters, *(one.of for one in recipe.joins))
    found = {column.names: column for column in columns if file_of(column) == key}
    if not key:
        return list(found.values())
    own = [
        Column(*(name.rpartition(":")[2] for name in column.names), optional=column.optional)
        for column in found.values()
    ]
    of_join = [part for one in recipe.joins if one.key == key for part in (one.on, one.best)]
    return list({column.names: column for column in (*own, *columns_of(*of_join))}.values())


def file_of(column: Column) -> str:
    """Return the key of the file that a column is of, "" for the first one."""
    return column.names[0].rpartition(":")[0]


class Layout:
    """Where the columns of a recipe stand in a file.

    :param header: of the file
    :ivar width: number of its columns
    """

    def __init__(self, header: Sequence[str]):
        self.width = len(header)
        # Of two columns of one name the first is meant.
        self._places = {plain_name(header[place]): place for place in reversed(range(len(header)))}

    def missing(self, columns: Iterable[Column]) -> list[str]:
        """Return the names of those columns that the file should have and has not."""
        return [
            column.names[0]
            for column in columns
            if not column.optional and self.place(column) is None
        ]

    def place(self, column: Column) -> int | None:
        return next(filter(lambda place: place is not None, map(self._place, column.names)), None)

    def _place(self, name: str) -> int | None:
        return self._places.get(plain_name(name))

    def cell(self, part: Part) -> Cell:
        """Return what gives a part's text in a row."""
        return _cell(Column(part) if isinstance(part, str) else part, self)

    def cells(self, parts: Sequence[Part]) -> Callable[[Row], Sequence[str]]:
        """Return what gives the texts of parts in a row.

        All are picked at once, which costs as much as one, of the row and what was made of it.
        """
        places: list[int] = []
        known: list[tuple[Memo, int]] = []
        made: list[Cell] = []
        cells = [self.cell(part) for part in parts]
        of_columns = [cell for cell in cells if isinstance(cell, _OfColumn)]
        for cell, part in zip(cells, parts, strict=True):
            column = Column(part) if isinstance(part, str) else part
            place = self.place(column) if isinstance(column, Column) else None
            if place is None and isinstance(cell, _OfColumn):
                place = self.width + len(known)
                known.append((cell.known, cell.place))
            elif place is None:
                place = self.width + len(of_columns) + len(made)
                made.append(cell)
            places.append(place)
        pick, tables = _picked(places), [texts for texts, _place in known]
        of_known = _picked([place for _texts, place in known])
        if not made:
            return lambda row: pick([*row, *map(getitem, tables, of_known(row))])
        return lambda row: pick(
            [*row, *map(getitem, tables, of_known(row)), *[make(row) for make in made]]
        )

    def reason(self, filters: Sequence[Filter]) -> Callable[[Row], Reason | None]:
        """Return what tells why a row is left out, None for one that is not: the first filter."""
        grouped: list[list[Filter]] = []
        for one in filters:
            if not grouped or grouped[-1][0].part != one.part:
                grouped.append([])
            grouped[-1].append(one)
        of_parts = [(self.cell(group[0].part), _known(_reason_of(group))) for group in grouped]
        if len(of_parts) == 1:
            [(cell, reasons)] = of_parts
            return lambda row: reasons[cell(row)]

        def of(row: Row) -> Reason | None:
            for cell, reasons in of_parts:
                if reason := reasons[cell(row)]:
                    return reason
            return None

        return of


def _picked(places: Sequence[int]) -> Callable[[Row], Sequence[str]]:
    """Return what gives the cells at places, however many they are."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: [row[place] for place in places]


def _reason_of(filters: Sequence[Filter]) -> Callable[[str], Reason | None]:
    def of(text: str) -> Reason | None:
        for one in filters:
            if (
                text in one.among
                or (one.unless and text not in one.unless)
                or text.startswith(one.beginning)
                or (one.below is not None and _number(text, one.below) < one.below)
            ):
                return one.reason
        return None

    return of


def _number(text: str, other: float) -> float:
    try:
        return float(text)
    except ValueError:
        return other


def _known(function: Callable[[str], Any]) -> Memo:
    return Memo(function, MAX_KNOWN)


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
    table, other = part.table, part.other
    return _through(
        part.part, layout, lambda text: table.get(text, text if other is None else other)
    )


@_cell.register
def _matched(part: Matched, layout: Layout) -> Cell:
    match = re.compile(part.pattern).match

    def of(text: str) -> str:
        found = match(text)
        return (found[1] or "") if found else ""

    return _through(part.part, layout, of)


@_cell.register
def _lines(part: Lines, layout: Layout) -> Cell:
    cell = layout.cell(part.part)
    split = re.compile("|".join(map(re.escape, part.separators))).split
    suspect = re.compile("|".join(map(re.escape, (*part.separators, *part.without))), re.I).search

    def of(row: Row) -> str:
        text = cell(row)
        if not suspect(text):  # as most are
            return text
        lines = (line for line in map(str.strip, split(text)) if line)
        return part.between.join(
            line for line in lines if not line.casefold().startswith(part.without)
        )

    return of


@_cell.register
def _when(part: When, layout: Layout) -> Cell:
    cell, then, values = layout.cell(part.part), layout.cell(part.then), frozenset(part.values)
    return lambda row: then(row) if cell(row) in values else ""


@_cell.register
def _status(part: Status, layout: Layout) -> Cell:
    cells = [
        _through(column, layout, partial(_read_status, name=column.names[0].rpartition(":")[2]))
        for column in columns_of(part)
    ]

    def of(row: Row) -> str:
        found = [text for cell in cells if (text := cell(row))]
        known = (status for status in STATUSES if status in found)
        return next(known, "; ".join(found))

    return of


def _read_status(text: str, name: str) -> str:
    """Return the status beneath a column's name, as it is written where nobody understands it."""
    status = read_status(text.strip(), name)
    return text.strip() if status is None else status


@_cell.register
def _size(part: Size, layout: Layout) -> Cell:
    codes = coded_by(part.column)
    return _through(part.column, layout, lambda text: codes.get(text, text))


class _OfColumn:
    """What a function makes of a column's texts; many are looked up faster than called."""

    def __init__(self, place: int, function: Callable[[str], str]):
        self.place, self.known = place, _known(function)

    def __call__(self, row: Row) -> str:
        return self.known[row[self.place]]


def _through(part: Part, layout: Layout, function: Callable[[str], str]) -> Cell:
    column = Column(part) if isinstance(part, str) else part
    if isinstance(column, Column) and (place := layout.place(column)) is not None:
        return _OfColumn(place, function)
    cell, known = layout.cell(part), _known(function)
    return lambda row: known[cell(row)]
