import csv
import io
import zipfile

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.files.errors import FileError

from ..registers.table import open_table
from .recipe_case import DATA, RecipeCase

HEAD = ("33683111", "0001", "07")


@tagged("post_install", "-at_install")
class TestRecipesBr(RecipeCase):
    """The branches are real; head offices are made of one, and the other files of what it needs."""

    code = "br_cnpj"

    def setUp(self):
        super().setUp()
        text = (DATA / "br_cnpj_estabelecimentos.csv").read_text("utf-8")
        self.branches = list(csv.reader(text.splitlines(), delimiter=";"))

    def _pack(self, rows):
        """Pack rows as Receita Federal does: latin-1, all quoted, without a header."""
        text = io.StringIO()
        csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("K3241.K03200Y0.D61114.DATA", text.getvalue().encode("latin-1"))
        return packed.getvalue()

    def _paths(self, **files):
        files = {"companies": [self._company()], "simples": [["0"] * 7]} | files
        return {key: self._write(self._pack(rows), f"{key}.zip") for key, rows in files.items()}

    def _head(self, *number, **changes):
        """Return a real branch, made a head office."""
        row = list(self.branches[2])
        row[:5] = [*(number or HEAD), "1", "NOME FANTASIA"]
        row[5] = "02"
        names = self.recipe.files[0].header
        for name, value in changes.items():
            row[names.index(name)] = value
        return row

    def _company(self, number=HEAD[0], name="SERVIÇO DE EXEMPLO LTDA", nature="2062"):
        return [number, name, nature, "49", "1000,00", "05", ""]

    def _load_paths(self, paths):
        table = open_table(self.recipe, paths)
        self.addCleanup(table.close)
        return self._load_table(table)

    def test_every_value_of_a_row_is_the_rows(self):
        found = self._load_paths(
            self._paths(
                establishments=[self._head(ddd1="92", telefone1="33334444", email="a@b.example")],
                companies=[self._company()],
                towns=[["0255", "MANAUS"], ["9701", "BRASILIA"]],
            )
        )
        self.assertFalse(found.problems)
        self.assertEqual(
            found.companies,
            {
                "33683111000107": {
                    "identity": "reg:BR-CNPJ:33683111000107",
                    "name": "SERVIÇO DE EXEMPLO LTDA",
                    "registry": "BR-CNPJ",
                    "registry_id": "33683111000107",
                    "street": "AVENIDA VIA LACTEA 825",
                    "street2": "ALEIXO",
                    "zip": "69060085",
                    "city": "MANAUS",
                    "state_code": "AM",
                    "country_code": "BR",
                    "phone": "92 33334444",
                    "industry": "56",
                    "industries": "56,47",
                    "industry_codes": "CNAE 2.3 5620101; CNAE 2.3 4721102; CNAE 2.3 4721104;"
                    " CNAE 2.3 5620102; CNAE 2.3 5620104",
                    "founded": "2023",
                }
            },
        )

    def test_real_branches_are_left_out_and_counted(self):
        found = self._load_paths(self._paths(establishments=self.branches))
        self.assertEqual(found.left_out, {"branch": 43})

    def test_persons_and_who_is_not_active_are_left_out_and_counted(self):
        numbers = [f"3368311{digit}" for digit in range(6)]
        heads = [self._head(number, "0001", "07") for number in numbers]
        for one in (0, 4):
            heads[one] = self._head(numbers[one], "0001", "07", situacao_cadastral="08")
        found = self._load_paths(
            self._paths(
                establishments=heads,
                companies=[
                    self._company(numbers[0], "MARIA DE EXEMPLO 12345678909", "2135"),
                    self._company(numbers[1]),  # an individual entrepreneur
                    self._company(numbers[2], "JOAO CANDIDATO", "4090"),
                    self._company(numbers[3], "PEDRO EXEMPLO", "4014"),
                ],
                simples=[
                    [numbers[1], "S", "20200101", "", "S", "20200101", ""],
                    [numbers[5], "S", "20200101", "", "N", "", ""],
                ],
            )
        )
        # Of a person who has ceased nothing is kept.
        self.assertEqual(found.left_out, {"sole_trader": 3, "ceased": 1})
        self.assertEqual(list(found.ended.values()), ["ceased"])
        self.assertFalse(found.companies)
        self.assertNotIn("12345678909", str(found))

    def test_a_number_with_letters_is_one(self):
        found = self._load_paths(
            self._paths(
                establishments=[self._head("12ABC345", "01DE", "35")],
                companies=[self._company("12ABC345")],
            )
        )
        self.assertEqual(list(found.companies), ["12ABC34501DE35"])

    def test_the_parts_of_a_table_are_one_table(self):
        numbers = ("33683111", "47218217")
        parts = [[self._head(number, "0001", "07")] for number in numbers]
        companies = [[self._company(number)] for number in reversed(numbers)]
        paths = self._paths(
            establishments=parts[0], establishments1=parts[1],
            companies=companies[0], companies1=companies[1],
        )  # fmt: skip
        with open_table(self.recipe, paths) as table:
            whole = list(table.rows())
            self.assertEqual(len(whole), 2)
            self.assertGreater(table.position, table.size // 2)
        for count in (0, 1, 2):
            with open_table(self.recipe, paths) as table, open_table(self.recipe, paths) as again:
                rows = table.rows()
                for _row in range(count):
                    next(rows)
                self.assertTrue(again.go_to(table.mark()))
                self.assertEqual(list(again.rows()), whole[count:])

    def test_nothing_is_loaded_without_the_files_that_tell_who_is_a_person(self):
        paths = self._paths(establishments=[self._head()])
        for key in ("companies", "simples"):
            given = {name: path for name, path in paths.items() if name != key}
            with self.assertRaises(FileError) as caught:
                open_table(self.recipe, given)
            self.assertEqual(
                (caught.exception.code, caught.exception.detail), ("file_missing", key)
            )

    def test_a_file_with_other_columns_is_refused(self):
        paths = self._paths(establishments=[self._head()[:-1]])
        with self.assertRaises(FileError) as caught:
            open_table(self.recipe, paths)
        self.assertEqual(caught.exception.code, "layout")
        self.assertEqual(caught.exception.detail, "data_situacao_especial")
