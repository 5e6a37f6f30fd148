"""An open register's files as rows of the importer's targets."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest

from odoo.addons.crm_lead_mining.company.classifications import of_column
from odoo.addons.crm_lead_mining.company.status import STATUSES
from odoo.addons.crm_lead_mining.files.csv_table import CompaniesFile, Mark
from odoo.addons.crm_lead_mining.files.dialect import Dialect
from odoo.addons.crm_lead_mining.files.errors import FileError, RowError

from .expressions import Layout, columns_of, columns_of_file, file_of
from .json_rows import JsonRows
from .parquet_rows import ParquetRows
from .recipe import Column, Constant, Filter, Join, Reason, Recipe, SourceFile
from .several import Several
from .side import MEMORY, Side

#: Targets by which companies that have ended are known.
_NUMBERS = frozenset({"registry", "registry_id", "lei", "vat"})
SAMPLED_ROWS = 500  # that tell which edition of NACE codes follow

Path = str | os.PathLike[str]
#: What reads a table.
Records = CompaniesFile | JsonRows | ParquetRows | Several


class LayoutError(FileError):
    """The file is of a layout that the recipe does not know.

    :ivar missing: names of the columns that it should have
    """

    def __init__(self, missing: Sequence[str]):
        super().__init__("layout", ", ".join(missing))
        self.missing = tuple(missing)


def open_table(
    recipe: Recipe,
    paths: Mapping[str, Path],
    countries: Sequence[str] = (),
    *,
    memory: int = MEMORY,
) -> "RecipeTable":
    """Open the files of a register.

    :param paths: key of each `SourceFile` -> where it was downloaded to; only the first is needed,
        and those that a join says
    :param countries: whose companies alone are wanted, as ISO codes; none for all
    :param memory: MiB that each further file may take while it is joined
    :raise FileError: if one cannot be read or is missing, a `LayoutError` if it has not the columns
        it should
    """
    return RecipeTable(recipe, paths, countries, memory)


class RecipeTable:
    """The rows of a register with the surface of `CompaniesFile`, as the importer reads it.

    `header` holds targets of the importer, and "industry_version" which it reads beside them, so
    that no column has to be recognised; the cells are in the file's own spelling.

    :ivar left_out: how many rows were left out since it was opened or last `go_to`, by reason
    :ivar editions: of NACE that each column's codes follow, "" where the codes or rows tell
    """

    has_header = True

    def __init__(
        self,
        recipe: Recipe,
        paths: Mapping[str, Path],
        countries: Sequence[str] = (),
        memory: int = MEMORY,
    ):
        self.recipe = recipe
        self.header = recipe.header
        self.left_out: Counter[Reason] = Counter()
        self._joined: list[_Joined] = []
        self._records = _open(recipe, recipe.files[0].key, paths, countries)
        filters = (*recipe.filters, *_elsewhere(recipe, countries))
        try:
            header = list(self._records.header)
            own = Layout(header)
            _check(own, columns_of_file(recipe))
            for join in recipe.joins:
                if _file(recipe, join.key).inside in paths or join.key in paths:
                    self._joined.append(_Joined(recipe, join, own, paths, memory))
                    header += self._joined[-1].header
                elif join.needed:
                    raise FileError("file_missing", join.key)
            layout = Layout(header)
            own_filters = [one for one in filters if not any(map(file_of, columns_of(one)))]
            joined_filters = [one for one in filters if one not in own_filters]
            self._reason = layout.reason(own_filters)
            self._reason_joined = layout.reason(joined_filters)
            self._cells = layout.cells(recipe.parts)
            self._ended = _Ended(layout, recipe, own_filters, joined_filters)
            self.editions = self._editions()
        except BaseException:  # whatever stops it, an open file is not left behind
            self.close()
            raise

    def __enter__(self) -> "RecipeTable":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        for joined in self._joined:
            joined.close()
        self._records.close()

    @property
    def dialect(self) -> Dialect:
        return self._records.dialect

    @property
    def size(self) -> int:
        """Bytes of the file that has a row a company, as stored."""
        return self._records.size

    @property
    def position(self) -> int:
        """Bytes of the file that were read, of `size`."""
        return self._records.position

    def mark(self) -> Mark:
        """Return where the row after the last one begins."""
        return self._records.mark()

    def go_to(self, mark: Mark) -> bool:
        """Read on from a mark, and count anew what is left out.

        :return: whether it is this file's mark; otherwise nothing happens
        """
        if not self._records.go_to(mark):
            return False
        self.left_out.clear()
        return True

    def rows(self) -> Iterator[tuple[int, Sequence[str] | RowError]]:
        """Yield (line, cells in the order of `header`) of the rows that are not left out.

        Of companies that a filter knows to have ended the numbers and the status are told, so that
        nobody finds them elsewhere.

        :raise FileError: "truncated" or "damaged", after the rows that could be read
        """
        return self._rows()

    def _rows(self, *, are_found: bool = False) -> Iterator[tuple[int, Sequence[str] | RowError]]:
        """Yield `rows`.

        :param are_found: only of companies that can be found
        """
        reason_of, cells = self._reason, self._cells
        left_out, joined = self.left_out, self._joined
        for line, row in self._records.rows():
            if isinstance(row, RowError):
                yield line, row
                continue
            reason = reason_of(row)
            if joined and not reason:
                reason = self._reason_joined(self._with_joined(row))
            if not reason:
                yield line, cells(row)
            elif ended := self._ended.cells(row, reason, self._with_joined):
                if not are_found:
                    yield line, ended
            else:
                left_out[reason] += 1

    def _with_joined(self, row: list[str]) -> list[str]:
        for one in self._joined:
            row += one.cells(row)
        return row

    def preview(self, count: int = 5) -> list[Sequence[str]]:
        """Return the next rows that can be read, at most `count`."""
        found: list[Sequence[str]] = []
        for _line, cells in self._rows(are_found=True):
            if not isinstance(cells, RowError):
                found.append(cells)
            if len(found) >= count:
                break
        return found

    def _editions(self) -> list[str]:
        """Return the edition of NACE of each column: the recipe's, or what the first rows tell."""
        nace, country = self.recipe.nace, "".join(self.recipe.country_codes)
        if nace or "industry" not in self.header or "industry_version" in self.header:
            return [nace if target == "industry" else "" for target in self.header]
        start, blank = self.mark(), [""] * sum(len(joined.header) for joined in self._joined)
        rows = (row for _line, row in self._records.rows() if not isinstance(row, RowError))
        kept = (row for row in rows if not self._reason(row))
        # Without a look into further files, which may be large.
        sample = [self._cells(row + blank) for row in islice(kept, SAMPLED_ROWS)]
        self.go_to(start)
        columns = zip(*sample, strict=True)
        return [
            of_column(target, country, cells).revision if target == "industry" else ""
            for target, cells in zip_longest(self.header, columns, fillvalue=())
        ]


class _Ended:
    """Tells of companies that a filter knows to have ended."""

    def __init__(
        self,
        layout: Layout,
        recipe: Recipe,
        own_filters: Sequence[Filter],
        joined_filters: Sequence[Filter],
    ):
        self._width = layout.width
        self._status = recipe.header.index("status") if "status" in recipe.header else -1
        of_own, of_joined = (
            [one for one in filters if one.reason not in STATUSES]
            for filters in (own_filters, joined_filters)
        )
        self._is_other, self._is_other_joined = layout.reason(of_own), layout.reason(of_joined)
        self._needs_joined = bool(of_joined)
        self._numbers = layout.cells(
            [
                part if target in _NUMBERS else Constant("")
                for target, part in zip(recipe.header, recipe.parts, strict=True)
            ]
        )

    def cells(
        self, row: list[str], reason: Reason, joined: Callable[[list[str]], list[str]]
    ) -> Sequence[str] | None:
        """Return the numbers and the status, if that is the reason to leave a row out.

        None of who is a person or no company, too.
        """
        if reason not in STATUSES or self._status < 0 or self._is_other(row):
            return None
        if len(row) < self._width:
            # What is not asked for costs no look into further files.
            row = joined(row) if self._needs_joined else row + [""] * (self._width - len(row))
        if self._is_other_joined(row):
            return None
        cells = list(self._numbers(row))
        cells[self._status] = reason
        return cells


class _Joined:
    """A further file of the register, read when the first of its rows is asked for."""

    def __init__(
        self, recipe: Recipe, join: Join, own: Layout, paths: Mapping[str, Path], memory: int
    ):
        self._memory = memory
        self._records = _open(recipe, join.key, paths)
        try:
            columns = columns_of_file(recipe, join.key)
            layout = Layout(self._records.header)
            _check(layout, columns)
            names = [name for column in columns for name in column.names]
            self.header = [f"{join.key}:{name}" for name in names]
            self._number = own.cell(join.of)
            self._cells = layout.cells([join.on, join.best, *names])
        except BaseException:  # whatever stops it, an open file is not left behind
            self._records.close()
            raise
        self._side: Side | None = None

    def close(self) -> None:
        self._records.close()
        if self._side:
            self._side.close()

    def cells(self, row: list[str]) -> list[str]:
        """Return what the file tells of a row's company."""
        if self._side is None:
            self._side = Side(self._rows(), len(self.header), self._memory)
        return self._side.cells(self._number(row))

    def _rows(self) -> Iterator[tuple[str, str, Sequence[str]]]:
        for _line, row in self._records.rows():
            if not isinstance(row, RowError):
                number, best, *cells = self._cells(row)
                yield number, best, cells


def _elsewhere(recipe: Recipe, countries: Sequence[str]) -> tuple[Filter, ...]:
    """Return what leaves out the companies of other countries than the wanted ones."""
    country = recipe.columns.get("country")
    if not countries or country is None or isinstance(country, tuple):
        return ()
    return (Filter(reason="elsewhere", part=country, unless=tuple(countries)),)


def _open(
    recipe: Recipe, key: str, paths: Mapping[str, Path], countries: Sequence[str] = ()
) -> Records:
    more = [one.key for one in recipe.files if one.more_of == key and one.key in paths]
    if more:
        return Several([_open_one(recipe, one, paths) for one in (key, *more)])
    file = _file(recipe, key)
    if file.container == "parquet":
        return ParquetRows(paths[key], _names(recipe, file), countries, _country(recipe))
    return _open_one(recipe, key, paths)


def _open_one(recipe: Recipe, key: str, paths: Mapping[str, Path]) -> CompaniesFile | JsonRows:
    file = _file(recipe, key)
    path = paths[file.inside or key]
    if file.container == "json":
        return JsonRows(path, _names(recipe, file), file.member)
    return CompaniesFile(
        path, file.encoding, file.delimiter, member=file.member, header=file.header
    )


def _names(recipe: Recipe, file: SourceFile) -> list[str]:
    """Return the columns that may be made something of, as any edition of the file calls them."""
    columns = columns_of_file(recipe, "" if file is recipe.files[0] else file.key)
    return [name for column in columns for name in column.names]


def _country(recipe: Recipe) -> str:
    """Return the column that has each company's country, "" if that takes more than one."""
    country = recipe.columns.get("country")
    return country if isinstance(country, str) else ""


def _file(recipe: Recipe, key: str) -> SourceFile:
    return next(one for one in recipe.files if one.key == key)


def _check(layout: Layout, columns: Iterable[Column]) -> None:
    if missing := layout.missing(columns):
        raise LayoutError(missing)
