import csv
import io
import zipfile
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.types import Company, Contact, Provenance
from ...tools.results_table import ResultRow, cells, most_contacts, to_csv, to_xlsx

SOURCE = Provenance("gleif", "Register", "2026-11", "OGL", "https://x.example", date(2026, 1, 2))


def row(name="Acme", company=None):
    return ResultRow(name, "Delivered", "", 1, "Acme lead", company)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@tagged("post_install", "-at_install")
class TestResultsTable(BaseCase):
    def test_every_row_is_as_wide_as_the_widest(self):
        people = (Contact("Ann", "CEO", email="ann@x.example"), Contact("Bob"))
        rows = [row(company=Company("A", contacts=people)), row(company=Company("B")), row()]
        table = [cells(one, most_contacts(rows)) for one in rows]
        self.assertEqual(len({len(line) for line in table}), 1)
        self.assertIn("ann@x.example", table[0])

    def test_nothing_is_told_of_a_company_that_was_not_paid(self):
        filled = [cell for cell in cells(row(), 0) if cell != ""]
        self.assertEqual(filled, ["Acme", "Delivered", 1, "Acme lead"])

    def test_employees_are_a_number_or_their_band(self):
        self.assertIn(250, cells(row(company=Company("A", employees=250)), 0))
        band = Company("A", employees_min=51, employees_max=200)
        self.assertIn("51-200", cells(row(company=band), 0))

    def test_provenance_is_told(self):
        told = cells(row(company=Company("A", provenance=SOURCE)), 0)
        self.assertEqual(told[-2:], ["https://x.example", "2026-01-02"])

    def test_formulas_are_texts_in_csv(self):
        for text in (
            "=1+1",
            "+32 2 290",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "  =1",
            "＝1",
            "\xa0=1",
            "|x",
        ):
            with self.subTest(text=text):
                plain = f"'{text}".replace("\t=", "\t'=")
                self.assertEqual(read_csv(to_csv(["h"], [[text]]))[1], [plain])
        self.assertEqual(read_csv(to_csv(["h"], [["Acme", 3, ""]]))[1], ["Acme", "3", ""])

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
    def test_no_text_starts_a_formula_in_csv(self, text):
        (_header, line) = csv.reader(
            io.StringIO(to_csv(["h"], [[text]]).decode("utf-8-sig"), newline="")
        )
        self.assertNotIn(line[0].lstrip()[:1], set("=+@"))

    def test_formulas_and_links_are_texts_in_xlsx(self):
        content = to_xlsx(
            "LMR001: [x]", ["h"], [["=1+1"], ["https://evil.example"], [7], ["y" * 40_000]]
        )
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            names = archive.namelist()
        self.assertNotIn("<f>", sheet)
        self.assertNotIn("hyperlink", sheet)
        self.assertNotIn("xl/worksheets/_rels/sheet1.xml.rels", names)
