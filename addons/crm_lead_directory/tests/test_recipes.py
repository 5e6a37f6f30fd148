import ast
import gzip
import inspect
import io
import json
import tracemalloc
import zipfile
from importlib import import_module
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.files import source
from odoo.addons.crm_lead_mining.files.errors import FileError, RowError

from ..importer.columns import SEVERAL, TARGETS
from ..registers import json_rows, recipe, recipes
from ..registers import side as side_file
from ..registers.expressions import columns_of, columns_of_file
from ..registers.json_rows import JsonRows, cell_of
from ..registers.recipes import RECIPES
from ..registers.side import Side
from ..registers.table import LayoutError, open_table
from .parquet import parquet
from .recipe_case import DATA, RecipeCase

#: What a recipe's file may hold.
_LITERALS = (
    ast.Call, ast.Constant, ast.Dict, ast.Load, ast.Name, ast.Store, ast.Tuple, ast.keyword,
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecipes(RecipeCase):
    def _first(self, one):
        """Write an empty file of a recipe's layout; return its first file's header."""
        return [name for column in columns_of_file(one) for name in column.names[:1]]

    def test_a_recipe_is_data_and_nothing_else(self):
        allowed = {name for name, one in vars(recipe).items() if not name.startswith("__")}
        for code in RECIPES:
            module = import_module(f"{recipes.__name__}.{code}")
            known = set(allowed)
            docstring, *body = ast.parse(inspect.getsource(module)).body
            self.assertIsInstance(docstring.value.value, str)
            self.assertIn("https://", docstring.value.value, f"{code}: the source of its facts")
            for statement in body:
                if isinstance(statement, ast.ImportFrom):
                    self.assertEqual((statement.level, statement.module), (2, "recipe"))
                    continue
                self.assertIsInstance(statement, ast.Assign)
                known |= {target.id for target in statement.targets}
                for node in ast.walk(statement.value):
                    self.assertIsInstance(node, _LITERALS, f"{code}: {ast.dump(node)[:80]}")
                    if isinstance(node, ast.Name):
                        self.assertIn(node.id, known)
            self.assertEqual(module.RECIPE.code, code)

    def test_every_recipe_asks_nothing_of_who_imports_it(self):
        for code, one in RECIPES.items():
            with self.subTest(code):
                targets = set(one.header)
                self.assertLessEqual(targets, {*TARGETS, "industry_version"})
                if one.is_named:  # places, which no register numbers
                    self.assertTrue({"name", "website", "zip", "city"} <= targets)
                else:
                    self.assertTrue({"name", "registry_id", "status"} <= targets)
                    self.assertTrue(one.registry or "registry" in targets)
                self.assertTrue(len(one.country_codes) == 1 or "country" in targets)
                for target, parts in one.columns.items():
                    self.assertTrue(target in SEVERAL or not isinstance(parts, tuple))
                self.assertFalse({target for target in targets if target.startswith("contact")})

    def test_every_recipe_says_whose_it_is_and_comes_from_there_alone(self):
        for code, one in RECIPES.items():
            with self.subTest(code):
                for text in (one.title, one.publisher, one.licence, one.attribution):
                    self.assertTrue(text)
                self.assertGreater(min(one.companies, one.download_bytes, one.database_bytes), 0)
                for url in (one.page, one.licence_url):
                    self.assertEqual(urlsplit(url).scheme, "https")
                for file in one.files:
                    for url in filter(None, (file.url, file.catalogue)):
                        self.assertEqual(urlsplit(url).scheme, "https")
                        self.assertIn(urlsplit(url).hostname, file.hosts)
                    self.assertEqual("{month}" in file.url, bool(file.month))
                    self.assertEqual(bool(file.catalogue), bool(file.resource))
                first, *others = (file.key for file in one.files if not file.more_of)
                of_groups = [one.relations.key] if one.relations else []
                self.assertEqual([*(join.key for join in one.joins), *of_groups], others)
                self.assertLessEqual({file.more_of for file in one.files}, {"", first, *others})

    def test_no_recipe_makes_anything_of_what_is_private(self):
        for code, one in RECIPES.items():
            used = {
                name for column in columns_of(*one.parts, *one.filters) for name in column.names
            }
            self.assertTrue(used.isdisjoint(one.never_loaded), code)
            for name in used:
                self.assertNotRegex(name.casefold(), r"careof|\.co$", code)

    def test_a_layout_is_known_by_its_names_whatever_their_places(self):
        self.recipe = RECIPES["no_brreg"]
        rows = self._real("no_brreg_2024.csv")
        names = list(rows[0])
        plain = self._load(DATA / "no_brreg_2024.csv")
        for changed in (
            names[::-1],
            [*names[:20], "nyKolonne", *names[20:]],
            ["harRegistrertAntallAnsatte" if one == "x" else f" {one.upper()} " for one in names],
        ):
            key = {one.strip().casefold(): one for one in changed}
            text = self._text(
                ",".join(changed),
                *(
                    {key[name.casefold()].strip(): value for name, value in row.items()}
                    for row in rows
                ),
            )
            found = self._load(text)
            self.assertEqual(found.companies, plain.companies)
            self.assertEqual(found.ended, plain.ended)

    def test_a_file_without_a_needed_column_stops_with_its_name(self):
        for code, one in RECIPES.items():
            self.recipe = one
            if one.files[0].header:  # names none
                continue
            names = self._first(one)
            needed = [column for column in columns_of_file(one) if not column.optional]
            for column in needed:
                gone = column.names[0]
                rest = [name for name in names if name not in column.names]
                if one.files[0].container == "json":
                    key = gone.partition("[")[0].partition(".")[0]
                    keys = {name.partition("[")[0].partition(".")[0] for name in rest} - {key}
                    content = json.dumps([dict.fromkeys(keys, "x")])
                elif one.files[0].container == "parquet":
                    content = parquet([dict.fromkeys(rest, "x")])
                else:
                    content = f"{one.files[0].delimiter.join(rest)}\n"
                with self.subTest(code, column=gone), self.assertRaises(LayoutError) as caught:
                    self._table(content)
                self.assertIn(gone, caught.exception.missing)
                self.assertIn(gone, caught.exception.detail)

    def test_what_is_no_register_is_refused_with_its_cause(self):
        page = "<!DOCTYPE html>\n<html><head><title>503, sorry</title></head></html>\n"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", "x" * 10_000)
        several = io.BytesIO()
        with zipfile.ZipFile(several, "w") as archive:
            archive.writestr("a.csv", "a,b\n")
            archive.writestr("b.csv", "a,b\n")
        for code, one in RECIPES.items():
            self.recipe = one
            for content, cause in (
                ("", "empty"),
                (" \n\n", "empty"),
                (page, "web_page"),
                (b"\xef\xbb\xbf" + page.encode(), "web_page"),
                (gzip.compress(page.encode()), "web_page"),
                (packed.getvalue()[:-30], "truncated"),
                (several.getvalue(), "members"),
                (b"\x1f\x8b" + b"rubbish" * 10, "damaged"),
            ):
                with self.subTest(code, cause=cause), self.assertRaises(FileError) as caught:
                    self._table(content)
                self.assertEqual(caught.exception.code, cause)

    def test_a_bomb_is_stopped_at_its_limit(self):
        self.patch(source, "MAX_EXPANSION", 10)
        self.recipe = RECIPES["gb_companies_house"]
        header = self._header("gb_companies_house.csv")
        bomb = gzip.compress((header + "\n" + "," * 54 + "\n" * 3_000_000).encode())
        with self.assertRaises(FileError) as caught:
            list(self._table(bomb).rows())
        self.assertEqual(caught.exception.code, "too_large")
        self.recipe = RECIPES["fi_prh"]
        with self.assertRaises(FileError) as caught:
            list(self._table(gzip.compress(b'[{"a": "' + b" " * 30_000_000)).rows())
        self.assertEqual(caught.exception.code, "too_large")

    def test_a_truncated_file_gives_its_rows_and_then_the_cause(self):
        self.recipe = RECIPES["gb_companies_house"]
        real = self._real("gb_companies_house.csv")[0]
        rows = (real | {"CompanyName": f"A {n * 7919 % 99991} LIMITED"} for n in range(20_000))
        packed = gzip.compress(self._text(self._header("gb_companies_house.csv"), *rows).encode())
        read = []
        with self.assertRaises(FileError) as caught:
            read.extend(self._every(self._table(packed[: len(packed) // 2]), read))
        self.assertEqual(caught.exception.code, "truncated")
        self.assertGreater(len(read), 5_000)

    def _every(self, table, read):
        for row in table.rows():
            read.append(row)
        return ()

    def test_one_broken_row_is_no_end(self):
        self.recipe = RECIPES["gb_companies_house"]
        real = self._real("gb_companies_house.csv")[0]
        rows = [real | {"CompanyNumber": f"{number:08d}"} for number in range(1, 4)]
        lines = self._text(self._header("gb_companies_house.csv"), *rows).splitlines()
        lines.insert(2, '"BROKEN "QUOTE" LIMITED","00000009')
        kinds = [
            cells.code if isinstance(cells, RowError) else cells[1]
            for _line, cells in self._table("\n".join(lines) + "\n").rows()
        ]
        self.assertEqual(kinds[0], "00000001")
        self.assertEqual(kinds[-1], "00000003")
        self.assertIn("cells", kinds)

    def test_reading_goes_on_at_a_mark_and_counts_anew(self):
        for code, content in (
            ("gb_companies_house", self._british(40)),
            ("fi_prh", json.dumps([self._finnish(number) for number in range(40)])),
        ):
            self.recipe = RECIPES[code]
            whole = list(self._table(content).rows())
            for count in (0, 1, 7, 20, len(whole)):
                with self.subTest(code, count=count):
                    table = self._table(content)
                    rows = table.rows()
                    for _number in range(count):
                        next(rows)
                    before, mark = table.left_out.total(), table.mark()
                    again = self._table(content)
                    self.assertTrue(again.go_to(mark))
                    self.assertEqual(list(again.rows()), whole[count:])
                    left_out = self.recipe.code == "gb_companies_house" and 20
                    self.assertEqual(before + again.left_out.total(), left_out or 0)

    def _british(self, count):
        real = self._real("gb_companies_house.csv")[0]
        kinds = ("Limited Partnership", real["CompanyCategory"])
        return self._text(
            self._header("gb_companies_house.csv"),
            *(
                real | {"CompanyNumber": f"{number:08d}", "CompanyCategory": kinds[number % 2]}
                for number in range(count)
            ),
        )

    def _finnish(self, number):
        keys = (
            "names businessId companySituations tradeRegisterStatus companyForms website"
            " addresses mainBusinessLine registrationDate"
        )
        return dict.fromkeys(keys.split()) | {
            "names": [{"name": f"Yritys {number} Oy", "type": "1"}],
            "businessId": {"value": str(number)},
        }

    def test_memory_does_not_grow_with_the_file(self):
        self.patch(json_rows, "CHUNK", 1 << 16)
        peaks = []
        for count in (2_000, 20_000):
            self.recipe = RECIPES["fi_prh"]
            path = self._write(json.dumps([self._finnish(number) for number in range(count)]))
            peaks.append(self._peak(path))
        self.assertLess(peaks[1], 1.5 * peaks[0] + (1 << 20))
        peaks = []
        for count in (2_000, 20_000):
            self.recipe = RECIPES["gb_companies_house"]
            peaks.append(self._peak(self._write(self._british(count))))
        self.assertLess(peaks[1], 1.5 * peaks[0] + (1 << 20))

    def _peak(self, path):
        tracemalloc.start()
        try:
            with open_table(self.recipe, {self.recipe.files[0].key: path}) as table:
                for _row in table.rows():
                    pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@tagged("post_install", "-at_install")
class TestJsonRows(RecipeCase):
    def _rows(self, content, *columns):
        rows = JsonRows(self._write(content, "register.json"), columns)
        self.addCleanup(rows.close)
        return rows

    def test_a_path_finds_what_it_names(self):
        value = {
            "id": 7, "flag": True, "none": None, "one": {"two": {"three": "x"}},
            "list": [{"type": 1, "end": "2001", "v": "old"}, {"type": 1, "v": "new"}, {"v": "b"}],
        }  # fmt: skip
        for path, expected in {
            "id": "7", "flag": "true", "none": "", "absent": "", "one": "", "one.two.three": "x",
            "one.two.three.four": "", "list.v": "old", "list[type=1].v": "old",
            "list[type=1][end=].v": "new", "list[type=].v": "b", "list[type=9].v": "", "list": "",
            "id.x": "",
        }.items():  # fmt: skip
            self.assertEqual(cell_of(path)(value), expected, path)

    def test_objects_are_read_whatever_stands_between_them_and_wherever_a_chunk_ends(self):
        objects = [{"a": f'é "{number}" ]}}, \\', "b": {"c": [number]}} for number in range(50)]
        texts = (
            json.dumps(objects),
            json.dumps(objects, indent=4, ensure_ascii=False),
            "\ufeff" + json.dumps(objects, ensure_ascii=False),
            "\n".join(map(json.dumps, objects)),
        )
        for chunk in (7, 64, 1 << 20):
            with patch.object(json_rows, "CHUNK", chunk):
                for text in texts:
                    found = list(self._rows(text, "a").rows())
                    self.assertEqual(
                        found, [(n, [one["a"]]) for n, one in enumerate(objects, start=1)]
                    )

    def test_what_is_no_array_of_objects_is_refused_with_its_cause(self):
        for content, cause in (
            ('[{"a": 1}, {"a": ', "truncated"),
            ('[{"a": 1}', "truncated"),
            ('[{"a": 1}, 2]', "damaged"),
            ('[{"a": 1} {]', "truncated"),
            ('{"a": 1}{"a"', "truncated"),
            ("name,city\n", "damaged"),
            ("[]", "empty"),
        ):
            with self.subTest(content), self.assertRaises(FileError) as caught:
                list(self._rows(content, "a").rows())
            self.assertEqual(caught.exception.code, cause)

    def test_an_object_too_large_is_refused(self):
        self.patch(json_rows, "MAX_OBJECT", 1 << 12)
        self.patch(json_rows, "CHUNK", 1 << 10)
        with self.assertRaises(FileError) as caught:
            self._rows('[{"a": "' + "x" * 100_000 + '"}]', "a")
        self.assertEqual(caught.exception.code, "damaged")

    def test_a_letter_that_is_none_is_replaced(self):
        [(_number, [cell])] = self._rows('[{"a": "x\\ud800é"}]', "a").rows()
        self.assertEqual(cell.encode(), "x?é".encode())


@tagged("post_install", "-at_install")
class TestSide(RecipeCase):
    def test_the_newest_row_of_a_number_is_told_and_the_first_of_equals(self):
        rows = [("1", "2023", ["b"]), ("1", "2024", ["c"]), ("1", "2022", ["a"]), ("", "9", ["x"]),
                ("2", "", ["first"]), ("2", "", ["second"])]  # fmt: skip
        side = Side(rows, 1)
        self.addCleanup(side.close)
        self.assertEqual(
            [side.cells(one) for one in ("1", "2", "3", "")], [["c"], ["first"], [""], [""]]
        )

    def test_a_full_disk_is_told_as_one(self):
        self.patch(side_file, "_SETTINGS", ("max_page_count = 8",))
        with self.assertRaises(FileError) as caught:
            Side(((str(number), "", ["x" * 1000]) for number in range(1000)), 1)
        self.assertEqual(caught.exception.code, "disk_full")
