import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytz

from odoo.tests import BaseCase, tagged

from ..tools.kinds import MOVEMENTS
from ..tools.statement import Movement, Statement, period_bounds, write_workbook

NOON = datetime(2026, 3, 5, 12, 30)


@tagged("post_install", "-at_install")
class TestStatementRules(BaseCase):
    def _make(self, opening, *changes, held=0):
        movements = (Movement(NOON, kind, "Why", "", "Ann", credits) for kind, credits in changes)
        return Statement(opening, tuple(movements), held)

    def test_days_are_those_of_the_zone_up_to_the_ends_of_the_calendar(self):
        rome, apia = pytz.timezone("Europe/Rome"), pytz.timezone("Pacific/Kiritimati")
        self.assertEqual(
            period_bounds(date(2026, 3, 1), date(2026, 3, 31), rome),
            (datetime(2026, 2, 28, 23), datetime(2026, 3, 31, 22)),
        )
        for zone in (rome, apia, pytz.utc, pytz.timezone("America/Los_Angeles")):
            since, until = period_bounds(date.min, date.max, zone)
            self.assertEqual((since.year, until.year), (1, 9999))

    def test_the_balances_run_from_the_opening_to_the_closing(self):
        statement = self._make(100, ("capture", -30), ("refund", 5), ("expiry", -25), held=10)
        self.assertEqual(statement.balances, [70, 75, 50])
        self.assertEqual((statement.closing, statement.available), (50, 40))

    def test_a_period_without_movements_closes_as_it_opened(self):
        statement = self._make(100)
        self.assertEqual((statement.balances, statement.closing), ([], 100))
        self.assertEqual(statement.totals, {})

    def test_the_totals_add_up_to_the_change(self):
        changes = [(kind, 3 * place - 7) for place, kind in enumerate(MOVEMENTS * 2)]
        statement = self._make(100, *changes)
        self.assertEqual(100 + sum(statement.totals.values()), statement.closing)
        self.assertEqual(tuple(statement.totals), MOVEMENTS)

    def test_movements_that_cancel_each_other_are_still_summed_up(self):
        self.assertEqual(
            self._make(0, ("adjustment", 5), ("adjustment", -5)).totals, {"adjustment": 0}
        )

    def test_money_is_shown_with_all_its_decimals(self):
        amounts = [Decimal("1.5"), Decimal("0.125"), Decimal("-1E+3"), Decimal("333.0")]
        content = write_workbook("Title", [], [("Sum", 1, *amounts)], ["Date"], [])
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        [cells] = [row[2:] for row in sheet.rows if row[0].value == "Sum"]
        self.assertEqual(
            [cell.number_format for cell in cells],
            ["#,##0.00", "#,##0.000", "#,##0.00", "#,##0.00"],
        )
        self.assertEqual([cell.value for cell in cells], [1.5, 0.125, -1000, 333])

    def test_a_reason_is_never_calculated_nor_followed(self):
        rows = [
            (NOON, "Grant", text, "", "Ann", 10**9, 10**12)
            for text in ("=1+1", "{=1+1}", "http://x.y")
        ]
        content = write_workbook("Title", [("Account", "A")], [("Sum", 1)], ["Date"], rows)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        for cells, expected in zip(list(sheet.rows)[-3:], rows, strict=True):
            self.assertEqual(tuple(cell.value or "" for cell in cells), expected)
            self.assertEqual(cells[2].data_type, "s")
            self.assertIsNone(cells[2].hyperlink)
