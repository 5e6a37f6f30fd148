import re

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.spreadsheets import plain_cell

#: What spreadsheets start a formula with, and what they show as nothing before it.
STARTS = "=+-@|%＝＋－＠｜％﹦﹢﹣﹫"
NUMBER = re.compile(r"^-[0-9]+([.,][0-9]+)*$")
UNSEEN = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\x00",
    "\x1f",
    "\xa0",
    "\u2003",
    "\u3000",
    "\u200b",
    "\ufeff",
)


class TestSpreadsheets(BaseCase):
    def assertPlain(self, text):
        """No piece of the cell is a formula, whatever the reader takes for a separator."""
        cell = plain_cell(text)
        self.assertEqual(cell.replace("'", ""), text.replace("'", ""))
        for piece in re.split("[;\t\r\n]", cell):
            seen = NUMBER.sub("", piece).strip("".join(UNSEEN))
            self.assertNotIn(seen[:1] or "x", STARTS, cell)

    def test_no_piece_is_run_where_the_file_is_read_with_another_separator(self):
        for separator in (";", "\t", "\n", "\r\n", "\r", "; ", ";;", ";\xa0"):
            for start in STARTS:
                for text in (
                    f"Acme{separator}{start}1+1",
                    f"a{separator}b{separator}{start}x{separator}c",
                ):
                    with self.subTest(text=text):
                        self.assertPlain(text)

    def test_array_formula_is_a_text(self):
        self.assertEqual(plain_cell("{=1+1}"), "'{=1+1}")

    def test_separators_and_numbers_inside_a_text_stay(self):
        for text in ("Acme; Brewery", "line\nline", "a;-5;b", "{a}", "a; 5-3"):
            self.assertIs(plain_cell(text), text)

    def test_no_text_is_run_as_a_formula(self):
        for unseen in UNSEEN:
            for start in STARTS:
                text = f"{unseen}{start}1+1"
                with self.subTest(text=text):
                    self.assertTrue(plain_cell(text).startswith("'"))
                    self.assertPlain(text)

    def test_what_a_spreadsheet_would_cut_off_before_a_text_is_kept_from_it(self):
        for text in ("\tx", "\rx", "\nx", "\x00x"):
            self.assertEqual(plain_cell(text), f"'{text}")

    def test_telephone_numbers_stay_as_they_were_written(self):
        for text in ("+39 02 1234567", "+390212345678", "\u200e+39-02-123", "-39 02 123"):
            self.assertEqual(plain_cell(text), f"'{text}")

    def test_numbers_stay_numbers(self):
        for cell in (-5, -5.25, 0, 7, True, None, "-5", "-5.25", "-5,25", "-1.234,50"):
            self.assertIs(plain_cell(cell), cell)

    def test_other_texts_stay_as_they_are(self):
        for text in (
            "",
            " ",
            "Acme",
            " Acme",
            "a=1",
            "5-3",
            "(+39) 02",
            "'=1",
            "anna@acme.it",
            "½",
            "−",
        ):
            self.assertIs(plain_cell(text), text)

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
    def test_any_text_is_the_same_behind_its_quote(self, text):
        self.assertPlain(text)
        self.assertEqual(plain_cell(plain_cell(text)), plain_cell(text))
