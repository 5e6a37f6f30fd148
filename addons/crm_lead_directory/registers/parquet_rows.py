"""Files of Parquet as rows of texts, read by DuckDB, of which nothing has to be in memory."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from odoo.addons.crm_lead_mining.files.csv_table import Mark
from odoo.addons.crm_lead_mining.files.dialect import Dialect, is_web_page
from odoo.addons.crm_lead_mining.files.errors import FileError, RowError
from odoo.addons.crm_lead_mining.files.source import Source, file_errors

from .boxes import Box, boxes_of

#: What DuckDB may use; it fetches nothing.
SETTINGS = {
    "threads": 1,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
FETCHED_ROWS = 2_000

_MAGIC = b"PAR1"
_SHORTEST = 12  # bytes: the magic at both ends, and the length of the footer
#: How writers name the files of a table: "part-00003-1f2e…-c000.zstd.parquet".
_PART = re.compile(r"part-(\d+)(?:-([0-9a-f-]{36}))?\D?.*\.parquet", re.I)
#: The columns of a box, as GeoParquet has them beside the geometry.
_EDGES = ("xmin", "ymin", "xmax", "ymax")


def has_reader() -> bool:
    """Tell whether DuckDB is installed, which nothing else here needs."""
    try:
        _reader()
    except FileError:
        return False
    return True


class _File(NamedTuple):
    """One file of the table.

    :ivar bytes: as stored
    :ivar rows: how many it has
    :ivar ranges: first and last numbers of rows that may be wanted
    :ivar columns: paths that it has -> how SQL calls them
    """

    path: str
    bytes: int
    rows: int
    ranges: tuple[tuple[int, int], ...]
    columns: dict[str, str]


class ParquetRows:
    """An open table of Parquet, a file or a folder of them, with the surface of `CompaniesFile`.

    Groups of rows that lie outside the wanted countries are not read at all.

    :param path: where the file or the folder is
    :param columns: paths of the cells, as `recipe.Column` describes them; lists stand for their
        first elements
    :param countries: ISO codes of the wanted ones, none for all
    :param country: path of the country's column
    :ivar header: those of the columns that all files have
    :raise FileError: if the table cannot be read as a whole, or one of its files is missing
    """

    dialect = Dialect("utf-8", "")

    def __init__(
        self,
        path: str | os.PathLike[str],
        columns: Sequence[str],
        countries: Sequence[str] = (),
        country: str = "",
    ):
        duckdb = _reader()
        paths = _paths(Path(path))
        for one in paths:
            _check(one)
        self._countries, self._country = tuple(countries), country
        self._connection = duckdb.connect(":memory:", config=dict(SETTINGS))
        try:
            with _errors(duckdb):
                self._files = [self._look_at(one, columns) for one in paths]
        except BaseException:  # whatever stops it, nothing is left open
            self.close()
            raise
        self.header = [one for one in columns if all(one in file.columns for file in self._files)]
        self.size = sum(file.bytes for file in self._files)
        self._place, self._next = 0, 0

    def close(self) -> None:
        self._connection.close()

    @property
    def position(self) -> int:
        """Bytes of the files that were read, of `size`, about."""
        before = sum(file.bytes for file in self._files[: self._place])
        if self._place == len(self._files):
            return before
        file = self._files[self._place]
        return before + file.bytes * self._next // max(1, file.rows)

    def mark(self) -> Mark:
        """Return where the next row begins."""
        return Mark(self.size, self._place, self._number(self._next), self._next)

    def go_to(self, mark: Mark) -> bool:
        """Read on from a mark of these files.

        :return: whether it is theirs; otherwise nothing happens
        """
        if mark.size != self.size:
            return False
        self._place, self._next = mark.cookie, mark.skipped
        return True

    def rows(self) -> Iterator[tuple[int, list[str] | RowError]]:
        """Yield (number of the row in all files, cells).

        :raise FileError: "damaged", after the rows that could be read
        """
        while self._place < len(self._files):
            file = self._files[self._place]
            for first, last in file.ranges:
                yield from self._range(file, max(first, self._next), last)
            self._place, self._next = self._place + 1, 0

    def _range(self, file: _File, first: int, last: int) -> Iterator[tuple[int, list[str]]]:
        if first > last:
            return
        cells = ", ".join(f"coalesce({file.columns[one]}, '')" for one in self.header)
        wanted, parameters = "", [file.path, first, last]
        if self._countries and self._country in file.columns:
            wanted = f"AND list_contains(?, {file.columns[self._country]})"
            parameters.append(list(self._countries))
        with _errors(_reader()):
            found = self._connection.execute(
                f"SELECT file_row_number, {cells} FROM read_parquet(?)"
                f" WHERE file_row_number BETWEEN ? AND ? {wanted}",
                parameters,
            )
        while True:
            with _errors(_reader()):
                rows = found.fetchmany(FETCHED_ROWS)
            if not rows:
                return
            for number, *row in rows:
                self._next = number + 1
                yield self._number(self._next), row

    def _number(self, place: int) -> int:
        """Return the number in all files of the row before a place in the current one."""
        return sum(file.rows for file in self._files[: self._place]) + place

    def _look_at(self, path: Path, columns: Sequence[str]) -> _File:
        table = self._connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)])
        types = {name.casefold(): kind for name, kind, *_rest in table.description}
        known = {one: _sql(one, types) for one in columns}
        groups = self._groups(path)
        boxes, ranges, begin = boxes_of(self._countries), list[tuple[int, int]](), 0
        for rows, box in groups:
            if not boxes or not box or any(box.meets(one) for one in boxes):
                last = begin + rows - 1
                if ranges and ranges[-1][1] == begin - 1:
                    ranges[-1] = ranges[-1][0], last
                else:
                    ranges.append((begin, last))
            begin += rows
        found = {name: sql for name, sql in known.items() if sql}
        return _File(str(path), path.stat().st_size, begin, tuple(ranges), found)

    def _groups(self, path: Path) -> list[tuple[int, Box | None]]:
        """Return (number of rows, box, if it is told) of each group of rows of a file."""
        rows = self._connection.execute(
            """
            SELECT any_value(row_group_num_rows),
                   min(stats_min_value) FILTER (path_in_schema = 'bbox, xmin'),
                   min(stats_min_value) FILTER (path_in_schema = 'bbox, ymin'),
                   min(stats_max_value) FILTER (path_in_schema = 'bbox, xmax'),
                   min(stats_max_value) FILTER (path_in_schema = 'bbox, ymax')
              FROM parquet_metadata(?)
          GROUP BY row_group_id
          ORDER BY row_group_id
            """,
            [str(path)],
        ).fetchall()
        return [
            (count, None if None in edges else Box(*map(float, edges))) for count, *edges in rows
        ]


def _sql(path: str, types: dict[str, Any]) -> str:
    """Return how SQL calls what is at a path, as a text; "" if the file has no such column."""
    first, *steps = path.split(".")
    kind = types.get(first.casefold())
    if kind is None:
        return ""
    sql = _quoted(first)
    for step in [*steps, ""]:
        if kind.id == "list":
            sql, kind = f"{sql}[1]", kind.children[0][1]
        if not step:
            break
        fields = dict(kind.children) if kind.id == "struct" else {}
        if step not in fields:
            return ""
        sql, kind = f"struct_extract({sql}, '{step}')", fields[step]
    return f"CAST({sql} AS VARCHAR)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _paths(path: Path) -> list[Path]:
    """Return the files of a table, in their order.

    :raise FileError: "empty" of a folder without one, "parts_missing" where numbers are left out,
        "parts_mixed" where they are of two editions
    """
    if not path.is_dir():
        return [path]
    paths = sorted(one for one in path.iterdir() if one.suffix.lower() == ".parquet")
    if not paths:
        raise FileError("empty")
    matches = [_PART.fullmatch(one.name) for one in paths]
    numbered = [match for match in matches if match]
    if not numbered:
        return paths
    if len(numbered) < len(paths) or len({match[2] for match in numbered}) > 1:
        raise FileError("parts_mixed", path.name)
    numbers = {int(match[1]): match[1] for match in numbered}
    if len(numbers) < len(numbered):
        raise FileError("parts_mixed", path.name)
    width = len(next(iter(numbers.values())))
    missing = [one for one in range(max(numbers)) if one not in numbers]
    if missing:
        names = ", ".join(f"part-{one:0{width}}" for one in missing[:5])
        raise FileError("parts_missing", names + (" …" if len(missing) > 5 else ""))
    return paths


def _check(path: Path) -> None:
    """Refuse what is no file of Parquet, or the beginning of one.

    :raise FileError: with its cause
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) == _MAGIC:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - len(_MAGIC)))
            if end < _SHORTEST or file.read() != _MAGIC:
                raise FileError("truncated", path.name)
            return
    with Source(path, as_is=True) as source, file_errors():
        begin = source.begin().read(1024)
    if not begin.strip():
        raise FileError("empty")
    raise FileError("web_page" if is_web_page(begin) else "not_parquet", path.name)


def _reader() -> ModuleType:
    try:
        import duckdb
    except ImportError as error:
        raise FileError("reader_missing", "duckdb") from error
    return duckdb


@contextmanager
def _errors(duckdb: ModuleType) -> Iterator[None]:
    """Say what is wrong with a file in our own words."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise FileError("too_large", str(error)[:200]) from error
    except duckdb.Error as error:
        raise FileError("damaged", str(error)[:200]) from error
