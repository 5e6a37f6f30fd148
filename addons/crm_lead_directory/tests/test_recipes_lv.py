import csv

from odoo.tests import tagged

from ..registers.table import LayoutError
from .recipe_case import DATA, RecipeCase

FILE = "lv_ur_register.csv"
TAXES = (
    "Registracijas_kods,Nosaukums,Taksacijas_gads,Uznemejdarbibas_forma,Pamatdarbibas_NACE_kods,"
    "Juridiska_adrese_ATVK_kods,Juridiska_adrese_ATVK_nosaukums,"
    "Samaksato_VID_administreto_nodoklu_kopsumma_tukst_EUR,Taja_skaita_IIN,Taja_skaita_VSAOI,"
    "Videjais_nodarbinato_personu_skaits_cilv"
)
COMPANY = {
    "regcode": "40003052786",
    "name": 'SIA "Psihologs; Tava kabata"',
    "regtype": "K",
    "type": "SIA",
    "type_text": "Sabiedrība ar ierobežotu atbildību",
}


@tagged("post_install", "-at_install")
class TestRecipesLv(RecipeCase):
    """The header and one row, an association's, are real; the rest follows the description."""

    code = "lv_ur"

    def _register(self, *rows):
        real = self._real(FILE, ";")[0] | COMPANY
        return self._text(
            self._header(FILE), *(real | row for row in rows), delimiter=";",
            quoting=csv.QUOTE_MINIMAL,
        )  # fmt: skip

    def _taxes(self, *rows):
        return self._text(TAXES, *rows, quoting=csv.QUOTE_MINIMAL)

    def test_the_real_row_is_an_association_and_left_out(self):
        found = self._load(DATA / FILE)
        self.assertEqual(found.left_out, {"no_company": 1})
        self.assertFalse(found.companies or found.problems)

    def test_every_value_of_a_row_is_the_row_s(self):
        found = self._load(self._register({}))
        self.assertFalse(found.problems)
        self.assertEqual(
            found.companies["40003052786"],
            {
                "identity": "reg:LV-RE:40003052786",
                "name": 'SIA "Psihologs; Tava kabata"',
                "registry": "LV-RE",
                "registry_id": "40003052786",
                "legal_form": "Sabiedrība ar ierobežotu atbildību",
                "street": "Latgales iela 180 - 5",
                "city": "Rīga",
                "zip": "1019",
                "state_code": "RIX",
                "country_code": "LV",
                "founded": "2015",
            },
        )

    def test_addresses_in_the_country_are_read(self):
        addresses = {
            "Rīga, Latgales iela 180 - 5": ("Rīga", "Latgales iela 180 - 5", "RIX"),
            "Dundagas nov., Kolkas pag., Kolka, Krastnieki": ("Kolka", "Krastnieki", "027"),
            "Ogres nov., Ogre, Brīvības iela 1": ("Ogre", "Brīvības iela 1", "067"),
            "Ventspils": ("Ventspils", "", "VEN"),
        }
        for address, expected in addresses.items():
            with self.subTest(address):
                company = self._load(self._register({"address": address})).companies["40003052786"]
                found = (company["city"], company.get("street", ""), company["state_code"])
                self.assertEqual(found, expected)

    def test_who_has_ceased_is_no_company(self):
        ends = ({"terminated": "2014-04-10"}, {"closed": "L"}, {"closed": "R"})
        for end in ends:
            with self.subTest(end):
                found = self._load(self._register(end))
                self.assertEqual(found.ended, {"reg:LV-RE:40003052786": "ceased"})
                self.assertFalse(found.companies)

    def test_persons_and_branches_are_left_out_and_counted(self):
        reasons = {
            "IK": "sole_trader", "IND": "sole_trader", "ZEM": "sole_trader", "ZVJ": "sole_trader",
            "PS": "partnership", "KS": "partnership", "FIL": "branch",
        }  # fmt: skip
        for kind, reason in reasons.items():
            with self.subTest(kind):
                found = self._load(self._register({"type": kind, "name": "IK JĀNIS BĒRZIŅŠ"}))
                self.assertEqual(found.left_out, {reason: 1})
                self.assertNotIn("BĒRZIŅŠ", str(found))

    def test_a_tax_file_without_a_needed_column_stops_with_its_name(self):
        taxes = self._text(TAXES.replace("Taksacijas_gads,", ""))
        with self.assertRaises(LayoutError) as caught:
            self._table(self._register({}), taxes)
        self.assertEqual(caught.exception.missing, ("Taksacijas_gads",))

    def test_the_newest_tax_year_tells_employees_and_industry_in_its_edition(self):
        numbers = ["40003052786", "40003000642", "40003032949"]
        years = [
            ("40003052786", "2024", "4671", "12"),
            ("40003052786", "2022", "6201", "3"),
            ("40003000642", "2022", "6201", "3"),
            ("40003000642", "2023", "4671", "7"),
            ("40003032949", "2024", "?", "0"),
        ]
        taxes = self._taxes(
            *(
                {
                    "Registracijas_kods": number,
                    "Taksacijas_gads": year,
                    "Pamatdarbibas_NACE_kods": code,
                    "Videjais_nodarbinato_personu_skaits_cilv": employees,
                }
                for number, year, code, employees in years
            )
        )
        found = self._load(self._register(*({"regcode": one} for one in numbers)), taxes)
        self.assertEqual(
            [
                (one.get("industry"), one.get("employees"))
                for one in map(found.companies.get, numbers)
            ],
            [("45", "12"), ("46", "7"), (None, "0")],
        )
        self.assertFalse(found.problems)
