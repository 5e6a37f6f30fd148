from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.spreadsheets import plain_cell

#: What spreadsheets start a formula with, and what they show as nothing before it.
STARTS = "=+-@|%＝＋－＠｜％﹦﹢﹣﹫"
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
    def test_no_text_is_run_as_a_formula(self):
        for unseen in UNSEEN:
            for start in STARTS:
                text = f"{unseen}{start}1+1"
                with self.subTest(text=text):
                    self.assertEqual(plain_cell(text), f"'{text}")

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
        self.assertIn(plain_cell(text), (text, f"'{text}"))
        self.assertEqual(plain_cell(plain_cell(text)), plain_cell(text))
