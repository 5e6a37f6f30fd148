import sys
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.files.errors import FileError

from ..registers.boxes import Box, boxes_of
from ..registers.parquet_rows import ParquetRows
from ..registers.table import LayoutError, open_table
from .overture import place
from .parquet import OLD, PLACE, parquet
from .recipe_case import RecipeCase

GROUP = 2048  # rows, the least that DuckDB writes
PART = "part-{:05}-1f0e4b1c-2a3d-4c5b-8e6f-0123456789ab-c000.zstd.parquet"


@tagged("post_install", "-at_install")
class TestRecipesOverture(RecipeCase):
    """The places are made up, after the description of the schema."""

    code = "overture_places"

    def _file(self, *places, columns=PLACE):
        return parquet(places or [place()], columns, GROUP)

    def _folder(self, *parts, names=PART):
        folder = self.folder / "places"
        folder.mkdir()
        for number, content in enumerate(parts):
            if content:
                (folder / names.format(number)).write_bytes(content)
        return folder

    def _of_countries(self, path, *countries):
        table = open_table(self.recipe, {"places": path}, countries)
        self.addCleanup(table.close)
        return table

    def _cause(self, path):
        with self.assertRaises(FileError) as caught:
            open_table(self.recipe, {"places": path}).close()
        return caught.exception

    def test_every_value_of_a_place_is_the_file_s(self):
        found = self._load(self._file())
        self.assertFalse(found.problems)
        self.assertEqual(
            found.companies,
            {
                "Officina 1 Srl": {
                    "identity": "domain:officina1.example",
                    "name": "Officina 1 Srl",
                    "domain": "officina1.example",
                    "website": "https://www.officina1.example/it",
                    "phone": "+390255500001",
                    "street": "Via Verdi 1",
                    "zip": "20121",
                    "city": "Milano",
                    "state_code": "MI",
                    "country_code": "IT",
                    "industry": "45",
                    "industries": "45",
                }
            },
        )

    def test_a_place_without_a_website_is_known_by_its_name_and_place(self):
        found = self._load(self._file(place(websites=None), place(2, websites=[], phones=None)))
        self.assertFalse(found.problems)
        self.assertEqual([*found.companies], ["Officina 1 Srl", "Officina 2 Srl"])
        for company in found.companies.values():
            self.assertTrue(company["identity"].startswith("record:1:IT:"))

    def test_who_is_no_company_or_not_there_is_left_out_with_its_reason(self):
        reasons = {
            "closed": [
                {"operating_status": "permanently_closed"},
                {"operating_status": "temporarily_closed"},
            ],
            "unsure": [{"confidence": 0.59}, {"confidence": 0.2}],
            "no_company": [
                {"taxonomy": {"primary": one, "hierarchy": [group, one], "alternates": []}}
                for group, one in (
                    ("geographic_entities", "beach"),
                    ("cultural_and_historic", "castle"),
                    ("community_and_government", "police_station"),
                )
            ],
            "licence": [{"sources": [{"property": "", "license": "ODbL-1.0"}]}],
            "sole_trader": [
                {"names": {"primary": name}} for name in ("Dott. Mario Rossi", "Avv. Anna Bianchi")
            ],
        }
        kept = [place(), place(2, operating_status=None), place(3, confidence=0.6)]
        kept += [place(4, names={"primary": "Drogheria Srl"}), place(5, sources=None)]
        left = [place(9, **one) for changes in reasons.values() for one in changes]
        found = self._load(self._file(*kept, *left))
        self.assertEqual(len(found.companies), len(kept))
        self.assertEqual(found.left_out, {why: len(changes) for why, changes in reasons.items()})
        # A place that has closed does not end the company.
        self.assertFalse(found.ended)

    def test_no_address_of_a_person_and_no_profile_is_loaded(self):
        found = str(self._load(self._file()))
        self.assertNotIn("rossi", found)
        self.assertNotIn("facebook", found)

    def test_an_industry_is_read_as_the_category_that_it_is(self):
        # As a word alone this one means who bakes bread.
        bakery = {"primary": "bakery", "hierarchy": ["food_and_drink", "bakery"], "alternates": []}
        found = self._load(self._file(place(taxonomy=bakery), place(2, taxonomy=None)))
        self.assertEqual(found.companies["Officina 1 Srl"]["industry"], "47")
        self.assertEqual(found.companies["Officina 2 Srl"]["industry"], "45")

    def test_an_edition_of_the_old_layout_is_read_too(self):
        categories = {"primary": "bakery", "alternate": ["restaurant"]}
        row = {key: value for key, value in place().items() if key in OLD}
        found = self._load(self._file(row | {"categories": categories}, columns=OLD))
        self.assertFalse(found.problems)
        self.assertEqual(found.companies["Officina 1 Srl"]["industry"], "47")

    def test_a_file_of_another_layout_stops_with_what_is_missing(self):
        for gone in ("confidence", "websites", "addresses", "names"):
            columns = {name: kind for name, kind in PLACE.items() if name != gone}
            row = {key: value for key, value in place().items() if key != gone}
            with self.subTest(gone), self.assertRaises(LayoutError) as caught:
                self._load(self._file(row, columns=columns))
            self.assertTrue(any(one.startswith(gone) for one in caught.exception.missing))
        flat = PLACE | {"names": "VARCHAR"}
        with self.assertRaises(LayoutError) as caught:
            self._load(self._file(place(names="Officina"), columns=flat))
        self.assertEqual(caught.exception.missing, ("names.primary",))

    def test_countries_that_were_not_chosen_are_left_out(self):
        path = self._write(self._file(place(), place(2, country="CH"), place(3, addresses=None)))
        names = {
            codes: [*self._load_table(self._of_countries(path, *codes)).companies]
            for codes in (("IT",), ("CH",), ("CH", "IT"), ("DE",))
        }
        one, two = "Officina 1 Srl", "Officina 2 Srl"
        self.assertEqual(
            names, {("IT",): [one], ("CH",): [two], ("CH", "IT"): [one, two], ("DE",): []}
        )

    def test_what_lies_far_from_the_chosen_countries_is_not_read(self):
        sydney = [place(GROUP + number, at=(151.2, -33.9)) for number in range(GROUP)]
        milan = [place(number) for number in range(GROUP)]
        path = self._write(self._file(*milan, *sydney, *milan))
        for countries, groups in ((("IT",), 2), (("AU",), 1), ((), 3), (("GI",), 3)):
            rows = ParquetRows(path, ["id"], countries)
            self.addCleanup(rows.close)
            self.assertEqual(len(list(rows.rows())), groups * GROUP, countries)

    def test_countries_lie_in_their_boxes(self):
        for country, longitude, latitude in (
            ("IT", 12.6, 35.5), ("IT", 9.19, 45.46), ("FR", 55.5, -21.1), ("US", -157.9, 21.3),
            ("NO", 25.7, 71.1), ("NZ", 174.8, -41.3), ("FJ", 178.4, -18.1), ("RU", 177.5, 64.7),
        ):  # fmt: skip
            point = Box(longitude, latitude, longitude, latitude)
            self.assertTrue(any(one.meets(point) for one in boxes_of((country,))), country)
        self.assertFalse(any(one.meets(Box(0, 0, 1, 1)) for one in boxes_of(("IT", "DE"))))
        self.assertEqual(boxes_of(("IT", "XX")), ())

    def test_a_folder_is_one_table(self):
        folder = self._folder(self._file(place()), self._file(place(2), place(3)))
        table = self._of_countries(folder)
        self.assertEqual([line for line, _cells in table.rows()], [1, 2, 3])
        self.assertEqual(table.position, table.size)

    def test_a_folder_without_one_of_its_files_is_refused_with_its_name(self):
        one = self._file()
        for number, parts in enumerate(((None, one, one), (one, None, None, one))):
            folder = self._folder(*parts)
            cause = self._cause(folder)
            self.assertEqual(cause.code, "parts_missing")
            self.assertEqual(cause.detail, ("part-00000", "part-00001, part-00002")[number])
            folder.rename(self.folder / f"done{number}")
        self.assertEqual(self._cause(self._folder()).code, "empty")

    def test_a_folder_of_two_editions_is_refused(self):
        folder = self._folder(self._file(), self._file())
        other = PART.replace("1f0e4b1c", "ffffffff").format(2)
        (folder / other).write_bytes(self._file())
        self.assertEqual(self._cause(folder).code, "parts_mixed")
        (folder / other).rename(folder / "milano.parquet")
        self.assertEqual(self._cause(folder).code, "parts_mixed")

    def test_a_damaged_file_is_refused_before_its_rows_are_read(self):
        whole = self._file(*(place(number) for number in range(50)))
        for content, cause in (
            (whole[:-20], "truncated"),
            (whole[:6], "truncated"),
            (b"name,city\nA,B\n", "not_parquet"),
            (whole[:-200] + b"x" * 190 + whole[-10:], "damaged"),
            (b"PAR1" + b"\0" * 40 + b"PAR1", "damaged"),
        ):
            path = self._write(content)
            with self.subTest(cause, size=len(content)):
                self.assertEqual(self._cause(path).code, cause)
        folder = self._folder(whole, whole[:-20])
        cause = self._cause(folder)
        self.assertEqual((cause.code, cause.detail), ("truncated", PART.format(1)))

    def test_reading_goes_on_at_a_mark(self):
        first = [place(number) for number in range(3 * GROUP)]
        second = [place(number, country="CH") for number in range(10)] + [place(7777)]
        folder = self._folder(self._file(*first), self._file(*second))
        whole = list(self._of_countries(folder, "IT").rows())
        self.assertEqual(len(whole), 3 * GROUP + 1)
        for count in (0, 1, GROUP, 3 * GROUP - 1, 3 * GROUP, len(whole)):
            table = self._of_countries(folder, "IT")
            rows = table.rows()
            for _number in range(count):
                next(rows)
            again = self._of_countries(folder, "IT")
            self.assertTrue(again.go_to(table.mark()))
            self.assertEqual(list(again.rows()), whole[count:])
            mark = table.mark()
            table.close()
            again.close()
        (folder / PART.format(2)).write_bytes(self._file())
        self.assertFalse(self._of_countries(folder).go_to(mark))

    def test_a_server_without_the_reader_says_so(self):
        path = self._write(self._file())
        with patch.dict(sys.modules, duckdb=None):
            cause = self._cause(path)
        self.assertEqual((cause.code, cause.detail), ("reader_missing", "duckdb"))

    def test_the_reader_fetches_nothing(self):
        rows = ParquetRows(self._write(self._file()), ["id"])
        self.addCleanup(rows.close)
        settings = dict(
            rows._connection.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%extensions'"
            ).fetchall()
        )
        self.assertEqual(set(settings.values()), {"false"})
