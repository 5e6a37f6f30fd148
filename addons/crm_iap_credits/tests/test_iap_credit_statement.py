import base64
import io
import re
from datetime import date, datetime, timedelta

import openpyxl
from lxml import html
from pypdf import PdfReader

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from ..tools.settings import Settings
from .common import CreditCase

MARCH = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
REPORT = "crm_iap_credits.report_iap_credit_statement"
AMOUNT = r"(-?[\d,]+)"
# Odoo keeps a sign and its number together by what nobody sees.
INVISIBLE = re.compile("[\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}]")


class StatementCase(CreditCase):
    """A month of activity on an account that had credits before and moved some after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "Europe/Rome"
        company = cls.env["res.company"].create({"name": "Statements"})
        cls.env.user.company_ids += company
        Settings.store(cls.env, {"trial_credits": 100})
        cls.account = cls.env["iap.account"]._get_local("reveal", company)
        cls._move(datetime(2026, 2, 10))
        cls._play_march()
        cls.account.grant(7, reason="Later", idempotency_key="later")
        cls._move(datetime(2026, 4, 10))

    @classmethod
    def _play_march(cls):
        """Buy, spend, refund, let expire, take back; hold until the end of the month."""
        values = {"reason": "Test"}
        end = datetime.now() + timedelta(days=30)
        promotion = cls.account.grant(
            40, reason="Promotion", idempotency_key="p", expires_at=end.replace(microsecond=0)
        )
        cls._move(datetime(2026, 3, 1, 9))
        purchase = cls.account.purchase(1000, reason="Pack L", idempotency_key="pack")
        cls._move(datetime(2026, 3, 2, 9))
        hold = cls._hold(30)
        capture = cls._capture(hold, 25, reason="25 leads")
        cls.account.release(hold.token, reason="Not found")
        cls._move(datetime(2026, 3, 3, 9))
        cls.account.refund(capture, 4, reason="Bad data", idempotency_key="r")
        cls._move(datetime(2026, 3, 4, 9))
        cls._let_lot_expire(promotion)
        cls.env["iap.credit.lot"]._expire_due()
        cls._move(datetime(2026, 3, 5, 9))
        cls.account.reverse_purchase(purchase, 200, idempotency_key="back", **values)
        cls._move(datetime(2026, 3, 6, 9))
        cls._hold(50)
        # Still March in UTC, but not at midnight in Rome.
        cls._move(datetime(2026, 3, 31, 21, 59))

    @classmethod
    def _move(cls, moment):
        """Date the new entries in the past, which the database lets its owner do only."""
        cls.env.cr.execute(
            SQL(
                """
                ALTER TABLE iap_credit_entry DISABLE TRIGGER USER;
                UPDATE iap_credit_entry SET date = %s
                 WHERE account_id = %s AND date > %s;
                ALTER TABLE iap_credit_entry ENABLE TRIGGER USER
                """,
                moment,
                cls.account.id,
                datetime(2026, 5, 1),
            )
        )
        cls.env.invalidate_all()

    def _make(self, user=None, **values):
        wizards = self.env["iap.credit.statement"].with_user(user or self.env.user)
        return wizards.create({"account_id": self.account.id, **MARCH, **values})


@tagged("post_install", "-at_install")
class TestStatement(StatementCase):
    LINES = [
        ("grant", "Promotion", 40, 140),
        ("purchase", "Pack L", 1000, 1140),
        ("capture", "25 leads", -25, 1115),
        ("refund", "Bad data", 4, 1119),
        ("expiry", "Not used in time", -19, 1100),
        ("reversal", "Test", -200, 900),
    ]

    def test_the_month_leads_from_the_opening_to_the_closing_balance(self):
        statement = self._make()._get_statement()
        self.assertEqual(statement.opening, 100)
        self.assertEqual(
            [
                (line.kind, line.reason, line.credits, balance)
                for line, balance in zip(statement.movements, statement.balances, strict=True)
            ],
            self.LINES,
        )
        self.assertEqual((statement.closing, statement.held, statement.available), (900, 50, 850))

    def test_the_dialog_shows_the_balances(self):
        wizard = self._make()
        self.assertEqual((wizard.opening, wizard.closing, wizard.held), (100, 900, 50))
        self.assertEqual(wizard.movement_count, 6)

    def test_each_period_opens_as_the_one_before_closed(self):
        february = self._make(date_from="2026-02-01", date_to="2026-02-28")
        april = self._make(date_from="2026-04-01", date_to="2026-04-30")
        self.assertEqual((february.opening, february.closing), (0, 100))
        self.assertEqual((april.opening, april.closing), (900, 907))

    def test_all_of_it_adds_up_to_the_account(self):
        statement = self._make(date_from="2026-01-01", date_to=date.today())._get_statement()
        self.assertEqual(statement.opening, 0)
        self.assertEqual(statement.available, self.account.credits_available)
        self.assertEqual(statement.held, self.account.credits_held)

    def test_days_begin_at_midnight_of_the_reader(self):
        self.account.grant(1, reason="April Fool", idempotency_key="april")
        self._move(datetime(2026, 3, 31, 22, 1))
        self.assertEqual(self._make().closing, 900)
        self.assertEqual(self._make(date_from="2026-04-01", date_to="2026-04-01").closing, 901)
        utc = self._make().with_context(tz="UTC")._get_statement()
        self.assertEqual(utc.closing, 901)
        self.assertEqual(utc.movements[-1].date, datetime(2026, 3, 31, 22, 1))

    def test_the_period_is_this_month_until_today(self):
        wizard = self.env["iap.credit.statement"].create({"account_id": self.account.id})
        self.assertEqual(wizard.date_from.day, 1)
        self.assertLessEqual(wizard.date_from, wizard.date_to)

    def test_a_period_may_reach_to_the_ends_of_the_calendar(self):
        statement = self._make(date_from="0001-01-01", date_to="9999-12-31")
        self.assertEqual(
            (statement.opening, statement.closing - statement.held),
            (0, self.account.credits_available),
        )
        self.assertTrue(base64.b64decode(statement.xlsx))

    def test_a_date_that_is_being_typed_is_no_error(self):
        statement = self.env["iap.credit.statement"].new({"account_id": self.account.id})
        statement.date_to = False
        self.assertGreaterEqual(statement.movement_count, 0)

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "must end after it begins"):
            self._make(date_to="2026-02-28")

    def test_the_number_of_statements_does_not_grow_with_the_movements(self):
        wizard = self._make(date_to="2026-04-30")
        wizard._get_statement()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            wizard._get_statement()
        for number in range(20):
            self.account.grant(1, reason="Test", idempotency_key=f"many {number}")
        self._move(datetime(2026, 3, 20))
        with self.assertQueryCount(12):
            self.assertEqual(len(wizard._get_statement().movements), 27)

    def test_the_workbook_read_by_another_program_adds_up(self):
        wizard = self._make()
        content = base64.b64decode(wizard.xlsx)
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
        summary = {row[0]: row[1] for row in rows if isinstance(row[1], int)}
        table = [row for row in rows if isinstance(row[0], datetime)]
        self.assertEqual(
            [row[2] for row in table], [reason for _kind, reason, *_rest in self.LINES]
        )
        balance = summary["Opening balance"]
        for row in table:
            balance += row[5]
            self.assertEqual(row[6], balance)
        self.assertEqual(balance, summary["Closing balance"])
        self.assertEqual(balance, summary["of which held"] + summary["of which available"])
        self.assertEqual((summary["Refund"], summary["Expiry"]), (4, -19))
        self.assertEqual(table[0][0], datetime(2026, 3, 1, 10), "in the time of Rome")

    def test_the_page_that_becomes_the_pdf_adds_up(self):
        wizard = self._make()
        content, _type = self.env["ir.actions.report"]._render_qweb_html(REPORT, wizard.ids)
        page = html.fromstring(content)
        opening, *rest = self._read_amounts(page, "summary")
        self.assertEqual(opening + sum(rest[:-3]), rest[-3])
        self.assertEqual(rest[-3], rest[-2] + rest[-1])
        amounts = self._read_amounts(page, "movements")
        for change, balance in zip(amounts[::2], amounts[1::2], strict=True):
            opening += change
            self.assertEqual(balance, opening)
        self.assertEqual(opening, 900)
        self.assertIn("Statements", page.text_content())

    def _read_amounts(self, page, table):
        cells = page.xpath(f"//table[@name='{table}']//td[contains(@class, 'text-end')]")
        return [_read_amount(cell.text_content()) for cell in cells]

    def test_an_empty_period_says_so(self):
        wizard = self._make(date_from="2026-01-01", date_to="2026-01-31")
        content, _type = self.env["ir.actions.report"]._render_qweb_html(REPORT, wizard.ids)
        self.assertIn("No credits were moved in this period.", content.decode())

    def test_a_billing_administrator_of_the_company_reads_it_and_nobody_else(self):
        company = self.account.company_ids
        groups = "base.group_user,crm_iap_credits.group_billing_administrator"
        own = new_test_user(
            self.env, "billing-own", groups, company_id=company.id, company_ids=company.ids
        )
        self.assertEqual(self._make(own).closing, 900)
        stranger = new_test_user(self.env, "billing-stranger", groups)
        with self.assertRaises(AccessError):
            self._make(stranger).closing  # noqa: B018 - reading is what is refused
        salesman = new_test_user(self.env, "sales", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self._make(salesman)

    def test_a_company_that_is_switched_off_is_read_as_well(self):
        other = self.env.user.company_ids - self.account.company_ids
        wizard = self._make().with_context(allowed_company_ids=other[:1].ids)
        self.assertEqual(wizard._get_statement().closing, 900)


@tagged("post_install", "-at_install")
class TestStatementFiles(StatementCase, HttpCase):
    def test_the_pdf_read_by_another_program_adds_up(self):
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        self.assertIn(reports.get_wkhtmltopdf_state(), ("ok", "upgrade"))
        self._use_a_font_of_the_host()
        content, kind = reports._render_qweb_pdf(REPORT, self._make().ids)
        self.assertEqual(kind, "pdf")
        pages = PdfReader(io.BytesIO(content)).pages
        text = " ".join(" ".join(_visible(page.extract_text()) for page in pages).split())
        balance = self._find_amount(text, "Opening balance")
        self.assertEqual(balance, 100)
        rows = re.findall(rf"2026-03-\d\d \d\d:\d\d .*? {AMOUNT} {AMOUNT}(?!\S)", text)
        self.assertEqual(len(rows), 6)
        for change, after in rows:
            balance += _read_amount(change)
            self.assertEqual(_read_amount(after), balance)
        self.assertEqual(balance, self._find_amount(text, "Closing balance"))
        self.assertEqual(self._find_amount(text, "Refund"), 4)
        self.assertEqual(self._find_amount(text, "Expiry"), -19)

    def _use_a_font_of_the_host(self):
        """Avoid web fonts, which some builds of wkhtmltopdf draw as outlines and not as text."""
        self.env["ir.ui.view"].create(
            {
                "name": "Font of the host",
                "type": "qweb",
                "inherit_id": self.env.ref(f"{REPORT}_document").id,
                "arch": """
                    <xpath expr="//h2" position="before">
                        <style>* {font-family: sans-serif !important}</style>
                    </xpath>
                """,
            }
        )

    def _find_amount(self, text, label):
        """Read the amount that first stands behind a label."""
        return _read_amount(re.search(f"{label} {AMOUNT}", text)[1])

    def test_the_workbook_is_downloaded_by_administrators_of_the_company_only(self):
        company = self.account.company_ids
        groups = "base.group_user,crm_iap_credits.group_billing_administrator"
        values = {"company_id": company.id, "company_ids": company.ids}
        maker = new_test_user(self.env, "billing-own", groups, **values)
        new_test_user(self.env, "billing-stranger", groups)
        address = self._make(maker).action_export()["url"]
        self.authenticate("billing-own", "billing-own")
        answer = self.url_open(address)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("credits-reveal-2026-03-01-2026-03-31.xlsx", str(answer.headers))
        openpyxl.load_workbook(io.BytesIO(answer.content))
        self.authenticate("billing-stranger", "billing-stranger")
        self.assertNotEqual(self.url_open(address).status_code, 200)


def _visible(text):
    return INVISIBLE.sub("", text)


def _read_amount(text):
    return int(_visible(text).replace(",", "").strip())
