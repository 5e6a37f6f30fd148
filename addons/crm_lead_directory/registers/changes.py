"""Rows of companies of which a file tells only what has changed, completed by what is known."""

import csv
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from odoo.addons.crm_lead_mining.company.classifications import told_by
from odoo.addons.crm_lead_mining.company.status import STATUSES
from odoo.addons.crm_lead_mining.files.errors import FileError, RowError

from .edition import Changes, Members, opened
from .expressions import Layout, columns_of, file_of
from .recipe import Column, Part, Recipe
from .side import MEMORY, Side
from .table import LayoutError, RecipeTable

#: Which column of a company has what a target of the importer tells, if not one of its name.
_COLUMNS = {"country": "country_code", "industry": "industry_codes"}
#: (numbers) -> (number, cells of `RecipeTable.header`) of companies that are known by them.
Known = Callable[[Collection[str]], Iterable[tuple[str, Sequence[str]]]]


@dataclass(slots=True)
class _Numbers:
    """Whose rows a file deletes, and of whom it adds some."""

    deleted: set[str] = field(default_factory=set)
    inserted: set[str] = field(default_factory=set)


class ChangesTable(RecipeTable):
    """The rows of companies that have changed, with the surface of a whole file's table.

    Whose rows are deleted from one member has what rows are added there in their place, and what
    all other members tell as it is known.

    :param changes: how its files are laid out
    :param path: a zip of changes
    :param known: asked once, before the first row
    :raise FileError: as `open_table`, and "changes_missing" if a member is not there
    """

    def __init__(
        self,
        recipe: Recipe,
        changes: Changes,
        path: str | os.PathLike[str],
        known: Known,
        countries: Sequence[str] = (),
        memory: int = MEMORY,
    ):
        self._numbers_of: dict[str, _Numbers] = {}
        self._kept = ExitStack()
        first, *others = recipe.files
        self._place, self._status = map(recipe.header.index, ("registry_id", "status"))
        number = recipe.parts[self._place]
        self._members = {one.key: one.member for one in others} | {"": first.member}
        with ExitStack() as stack:
            rows = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "rows.csv"
            self._read(recipe, changes, path, rows)
            own = self._numbers_of[first.member]
            touched = {
                one
                for numbers in self._numbers_of.values()
                for one in numbers.deleted | numbers.inserted
            }
            # Of whom the file with a row a company tells nothing.
            self._partial = touched - own.deleted - own.inserted
            _append(rows, number, sorted(self._partial))
            self._side = Side(
                ((one, "", cells) for one, cells in known(touched)),
                len(recipe.header),
                memory,
            )
            stack.callback(self._side.close)
            # Each is a file of its own, and what is added to one stands where the whole was.
            files = (
                replace(first, member=""),
                *(replace(one, inside="", member=changes.names(one.member)[1]) for one in others),
            )
            paths = {first.key: rows, **{one.key: path for one in others}}
            super().__init__(replace(recipe, files=files), paths, countries, memory)
            self._kept = stack.pop_all()
        self._number = Layout(self._records.header).cell(number)
        self._units: dict[frozenset[str], list[int]] = {}
        for place, part in enumerate(recipe.parts):
            if keys := frozenset(map(file_of, columns_of(part))):
                self._units.setdefault(keys, []).append(place)
        self._reason_of_row = self._reason
        # Whoever is known is no person; of others nothing is told.
        self._reason = lambda row: (
            None if self._number(row) in self._partial else self._reason_of_row(row)
        )

    def close(self) -> None:
        self._kept.close()
        return super().close()

    def gone(self) -> set[str]:
        """Return the numbers of those that the register has no more, or not as companies.

        To be asked before any row was read.
        """
        own = self._numbers_of[self._members[""]]
        gone = own.deleted - own.inserted
        for _line, row in self._records.rows():
            if not isinstance(row, RowError) and self._number(row) not in self._partial:
                reason = self._reason_of_row(row)
                if reason and reason not in STATUSES:
                    gone.add(self._number(row))
        return gone

    def _read(
        self, recipe: Recipe, changes: Changes, path: str | os.PathLike[str], rows: Path
    ) -> None:
        """Note the numbers of all members, and write the added rows of the first."""
        with opened(path) as members:
            members.check()
            for file in recipe.files:
                if file.member not in self._numbers_of:
                    names = changes.names(file.member)
                    self._numbers_of[file.member] = _numbers(members, *names, file.encoding)
            with members.open(changes.names(recipe.files[0].member)[1]) as stream:
                try:
                    with rows.open("wb") as copy:
                        shutil.copyfileobj(stream, copy)
                except OSError as error:
                    raise FileError("disk_full", str(error)) from error

    def _rows(self, *, are_found: bool = False) -> Iterator[tuple[int, Sequence[str] | RowError]]:
        for line, cells in super()._rows(are_found=are_found):
            if isinstance(cells, RowError):
                yield line, cells
            elif completed := self._completed(cells):
                yield line, completed

    def _completed(self, cells: Sequence[str]) -> Sequence[str] | None:
        """Return the cells of a row with what is known, None of who is not."""
        number = cells[self._place]
        known = self._side.cells(number)
        if not any(known):
            return None if number in self._partial else cells
        if number in self._partial and known[self._status]:
            return None  # of who has ended nothing is written
        completed = list(cells)
        for keys, places in self._units.items():
            if not any(self._is_told(number, key, cells, places) for key in keys):
                for place in places:
                    completed[place] = known[place]
        completed[self._place] = number
        return completed

    def _is_told(self, number: str, key: str, cells: Sequence[str], places: list[int]) -> bool:
        """Whether the file tells what a unit of cells is, that it is empty included."""
        numbers = self._numbers_of[self._members[key]]
        if number in numbers.deleted:
            return True
        # Where no rows were deleted, those that there were stay beside the new ones.
        return number in numbers.inserted and (not key or any(cells[place] for place in places))


def stored_columns(recipe: Recipe) -> list[str]:
    """Return the columns of a company that have what a recipe tells of it."""
    targets = (one for one in recipe.header if one != "industry_version")
    return [_COLUMNS.get(target, target) for target in targets]


def stored_cells(recipe: Recipe, values: Mapping[str, object]) -> list[str]:
    """Return a company as a row of its register, from what is stored of it.

    :param values: of `stored_columns`
    """
    told = {target: str(values.get(_COLUMNS.get(target, target)) or "") for target in recipe.header}
    # Of what the company does the register's first code is told.
    revision, code = told_by(told.get("industry", "").partition("; ")[0])
    told |= {"industry": code, "industry_version": revision}
    if told.get("status") == "merged":  # into which nothing is written anyway
        told["status"] = ""
    return [told[target] for target in recipe.header]


def _numbers(members: Members, deleted: str, inserted: str, encoding: str) -> _Numbers:
    """Return the numbers of two members; they are in the first column of what is deleted."""
    numbers = _Numbers()
    rows = members.rows(deleted, encoding)
    name = next(rows, [""])[0]
    numbers.deleted.update(row[0] for row in rows if row and row[0])
    rows = members.rows(inserted, encoding)
    place = Layout(next(rows, [])).place(Column(name))
    if place is None:
        raise LayoutError([name])
    numbers.inserted.update(row[place] for row in rows if len(row) > place and row[place])
    return numbers


def _append(path: Path, number: Part, numbers: Iterable[str]) -> None:
    """Add rows of numbers alone, in the layout of the file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    places = {Layout(header).place(column) for column in columns_of(number)}
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write("\n")
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for one in numbers:
            writer.writerow([one if place in places else "" for place in range(len(header))])
