import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from odoo.tests import BaseCase

from ..importer.columns import TARGETS
from ..importer.convert import Converter
from ..importer.named import prefix_of
from ..importer.places import Places
from ..importer.problems import Problem
from ..registers.recipes import RECIPES
from ..registers.table import open_table

DATA = Path(__file__).with_name("data") / "registers"


@dataclass
class Loaded:
    """What the importer makes of a register's files.

    :ivar companies: registration number, else name -> its stored values, those that there are
    :ivar ended: identity -> status
    :ivar left_out: reason -> rows
    """

    companies: dict[str, dict[str, str]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


class RecipeCase(BaseCase):
    """A register, loaded as the importer does, without a database."""

    code = ""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.recipe = RECIPES[self.code] if self.code else None

    def _write(self, content, name="register.csv"):
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def _table(self, path, *others):
        """Open the recipe's files, given in its order; contents are written first."""
        files = [
            one if isinstance(one, Path) else self._write(one, f"register{number}.csv")
            for number, one in enumerate((path, *others))
        ]
        keys = [file.key for file in self.recipe.files]
        table = open_table(self.recipe, dict(zip(keys, files, strict=False)))
        self.addCleanup(table.close)
        return table

    def _load(self, *files):
        return self._load_table(self._table(*files))

    def _load_table(self, table):
        country = self.recipe.country_codes[0] if len(self.recipe.country_codes) == 1 else ""
        converter = Converter(
            [name if name in TARGETS else "" for name in table.header],
            Places({}, {}),
            registry=self.recipe.registry,
            country_code=country,
            header=self.recipe.names,
            editions=table.editions,
            named=prefix_of(1) if self.recipe.is_named else "",
        )
        converted = converter.convert(table.rows())
        found = Loaded(
            ended={one.identity: one.status for one in converted.ended},
            problems=converted.problems,
            left_out=table.left_out,
        )
        for _identity, line in converted.companies:
            values = zip(converter.columns, line.split("\t"), strict=True)
            company = {column: value for column, value in values if value}
            found.companies[company.get("registry_id") or company["name"]] = company
        return found

    def _text(self, header, *rows, delimiter=",", quoting=csv.QUOTE_ALL, end="\n"):
        """Write rows, given by their columns, beneath a header that is written as it is."""
        text = io.StringIO()
        names = next(csv.reader([header], delimiter=delimiter))
        places = {name.strip().lstrip("\ufeff"): place for place, name in enumerate(names)}
        writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
        for row in rows:
            cells = [""] * len(names)
            for name, value in row.items():
                cells[places[name]] = value
            writer.writerow(cells)
        return header.rstrip("\r\n") + end + text.getvalue()

    def _header(self, name):
        with open(DATA / name, encoding="utf-8", newline="") as file:
            return file.readline().rstrip("\r\n")

    def _real(self, name, delimiter=","):
        """Return the real rows of a file, read by csv alone."""
        with open(DATA / name, encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=delimiter)
            header = [one.strip() for one in next(rows)]
            return [dict(zip(header, row, strict=True)) for row in rows]
