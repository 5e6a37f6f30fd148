"""What credits are worth: a statement in money, read back by another program."""

import base64
import io
import re
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged

from ..tools.ledger import Cost
from ..tools.valuation import Basis, Valuation
from .common import CreditCase

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CENT = Decimal("0.01")
REPORT = "crm_iap_credits.report_iap_credit_statement"
# Odoo keeps a sign and its number together by what nobody sees.
INVISIBLE = re.compile("[\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}]")


class TestWorth(BaseCase):
    @patient
    @given(
        st.integers(1, 1000),
        st.decimals(0, 10**6, places=2),
        st.lists(st.integers(1, 1000), max_size=20),
    )
    def test_parts_of_a_lot_add_up_to_what_was_paid_whatever_they_are(self, credits, cost, parts):
        valuation = Valuation.start({1: Basis(credits, cost, "EUR", CENT)})
        moved = [valuation.add([(1, credits)])["EUR"]]
        left = credits
        for part in parts:
            part = min(part, left)
            left -= part
            moved.append(valuation.add([(1, -part)])["EUR"])
        self.assertEqual(sum(moved), valuation.total["EUR"])
        exact = Fraction(cost) * left / credits
        self.assertLessEqual(abs(Fraction(valuation.total["EUR"]) - exact), Fraction(1, 200))
        moved.append(valuation.add([(1, -left)])["EUR"])
        self.assertEqual(sum(moved), 0)

    def test_coins_are_those_of_the_currency_and_granted_credits_are_worth_nothing(self):
        valuation = Valuation.start({1: Basis(3, Decimal(1000), "JPY", Decimal(1))})
        valuation.add([(1, 3), (2, 50)])
        self.assertEqual(valuation.add([(1, -1), (2, -9)]), {"JPY": Decimal(-333)})


class MoneyCase(CreditCase):
    """A month with packs of three prices, a refund, a reversal, an expiry and a transfer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm_iap_credits.trial_credits", "0")
        companies = cls.env["res.company"].create([{"name": "Money"}, {"name": "Sister"}])
        cls.env.user.company_ids += companies
        cls.account, cls.sister = (
            cls.env["iap.account"]._get_local("reveal", company) for company in companies
        )
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls._play()

    @classmethod
    def _buy(cls, credits, untaxed, tax):
        return cls.account.purchase(
            credits,
            reason=f"Pack of {credits}",
            idempotency_key=cls._key(),
            cost=Cost(untaxed, tax, cls.euro.id),
        )

    @classmethod
    def _play(cls):
        cls._buy(100, 79.0, 17.38)
        cls._buy(250, 149.99, 33.0)
        small = cls._buy(30, 10.0, 2.2)
        hold = cls._hold(120)
        capture = cls._capture(hold, 110)  # all of the first pack, and 10 of the second
        cls.account.release(hold.token, reason="Rest")
        cls.account.refund(capture, 4, reason="Bad data", idempotency_key=cls._key())
        cls.account.reverse_purchase(small, 7, reason="Refund", idempotency_key=cls._key())
        cls.account.transfer(cls.sister, 20, reason="Sister", idempotency_key=cls._key())
        end = datetime.now() + timedelta(days=9)
        gift = cls.account.grant(40, reason="Gift", idempotency_key=cls._key(), expires_at=end)
        cls._let_lot_expire(gift)
        cls.env["iap.credit.lot"]._expire_due()
        cls._hold(9)  # is set aside, and worth something still

    def statement(self, account=None, **values):
        return self.env["iap.credit.statement"].create(
            {
                "account_id": (account or self.account).id,
                "date_from": "2026-01-01",
                "date_to": "2099-12-31",
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestStatementInMoney(MoneyCase):
    def workbook(self, account=None, **values):
        statement = self.statement(account, **values)
        return openpyxl.load_workbook(io.BytesIO(base64.b64decode(statement.xlsx)))

    def cells(self, sheet):
        return [
            [cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)
        ]

    def test_the_month_read_by_another_program_adds_up_in_money(self):
        rows = self.cells(self.workbook().worksheets[0])
        sums = {row[0]: row[1:] for row in rows if row and len(row) == 3}
        self.assertEqual(
            {label: (credits, round(worth, 2)) for label, (credits, worth) in sums.items()},
            {
                "Opening balance": (0, 0),
                "Grant": (40, 0),
                "Purchase": (380, 238.99),
                "Transfer": (-20, -12.0),
                "Capture": (-110, -85.0),
                "Refund": (4, 2.4),
                "Expiry": (-40, 0),
                "Reversal": (-7, -2.33),
                "Closing balance": (247, 142.06),
            },
        )
        table = [row for row in rows if len(row) >= 7 and isinstance(row[0], datetime)]
        self.assertEqual(round(sum(row[-1] for row in table), 2), 142.06)
        self.assertEqual(rows[-len(table) - 1][-1], "Worth in EUR")

    def test_sum_says_which_of_several_currencies_each_column_is_in(self):
        usd = self.env.ref("base.USD")
        self.account.purchase(
            10, reason="Pack", idempotency_key=self._key(), cost=Cost(7, 0, usd.id)
        )
        rows = self.cells(self.workbook().worksheets[0])
        self.assertIn(["Credits", "Worth in EUR", "Worth in USD"], [row[-3:] for row in rows])
        self.assertIn(["Closing balance", 257, 142.06, 7], rows)

    def test_what_is_left_is_deferred_in_the_next_statement_and_in_the_sisters(self):
        rows = self.cells(self.workbook(date_from="2099-01-01").worksheets[0])
        self.assertIn(["Opening balance", 247, 142.06], rows)
        self.assertIn(["Closing balance", 247, 142.06], rows)
        rows = self.cells(self.workbook(self.sister).worksheets[0])
        self.assertIn(["Transfer", 20, 12.0], rows)

    def test_cost_of_each_pack_has_its_taxes(self):
        costs = self.cells(self.workbook().worksheets[1])
        self.assertEqual(costs[0][-3:], ["Untaxed", "Taxes", "Total"])
        self.assertEqual(
            [row[-4:] for row in costs[1:]],
            [[100, 79, 17.38, 96.38], [250, 149.99, 33, 182.99], [30, 10, 2.2, 12.2]],
        )

    def test_credits_that_were_never_paid_for_have_a_statement_without_money(self):
        company = self.env["res.company"].create({"name": "Free"})
        self.env.user.company_ids += company
        account = self.env["iap.account"]._get_local("reveal", company)
        account.grant(5, reason="Gift", idempotency_key=self._key())
        workbook = self.workbook(account)
        self.assertEqual(len(workbook.worksheets), 1)
        self.assertIn(["Closing balance", 5], self.cells(workbook.worksheets[0]))

    def test_nobody_of_another_company_reads_what_was_paid(self):
        stranger = new_test_user(
            self.env, "stranger_money", "crm_iap_credits.group_billing_administrator"
        )
        statement = self.env["iap.credit.statement"].sudo().create(
            {"account_id": self.account.id, "date_from": "2026-01-01", "date_to": "2099-12-31"}
        )  # fmt: skip
        with self.assertRaises(AccessError):
            statement.with_user(stranger).sudo(False)._get_statement()


@tagged("post_install", "-at_install")
class TestPrintedStatementInMoney(MoneyCase, HttpCase):
    """The same month, on paper: what is read there adds up by itself."""

    #: A number as Odoo writes it in a language, and how to read it.
    LANGUAGES = {
        "en_US": (r"(-?[\d,]*\d(?:\.\d\d)?)", lambda text: text.replace(",", "")),
        "it_IT": (
            r"(-?[\d.]*\d(?:,\d\d)?)",
            lambda text: text.replace(".", "").replace(",", "."),
        ),
    }
    WORDS = {
        "en_US": ("Opening balance", "Closing balance", "Cost of Credits", "Worth in EUR",
                  "Untaxed", "Taxes", "Total"),
        "it_IT": ("Saldo iniziale", "Saldo finale", "Costo dei crediti", "Valore in EUR",
                  "Imponibile", "Imposte", "Totale"),
    }  # fmt: skip

    def printed(self, lang):
        """Print the statement in a language and read it with a program that knows no Odoo."""
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True, lang=lang)
        self.env["ir.ui.view"].create(
            {
                "name": "Font of the host",  # some builds of wkhtmltopdf draw web fonts as outlines
                "type": "qweb",
                "inherit_id": self.env.ref(f"{REPORT}_document").id,
                "arch": """
                    <xpath expr="//h2" position="before">
                        <style>* {font-family: sans-serif !important}</style>
                    </xpath>
                """,
            }
        )
        statement = self.statement().with_context(lang=lang)
        content, kind = reports._render_qweb_pdf(REPORT, statement.ids)
        self.assertEqual(kind, "pdf")
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        return " ".join(INVISIBLE.sub("", text).split())

    def test_the_printed_month_adds_up_in_money_in_english_and_in_italian(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
        for lang, (amount, plain) in self.LANGUAGES.items():
            with self.subTest(lang):
                text = self.printed(lang)
                opening, closing, costs, *columns = self.WORDS[lang]
                for word in columns:
                    self.assertIn(word, text)
                summary, rest = text.split(closing, 1)
                lines = re.findall(rf"{amount} {amount} EUR", summary.split(opening, 1)[1])
                self.assertEqual(len(lines), 8)
                credits, worth = (
                    sum(Decimal(plain(line[column])) for line in lines) for column in (0, 1)
                )
                end = re.match(rf" {amount} {amount} EUR", rest).groups()
                self.assertEqual([credits, worth], [Decimal(plain(one)) for one in end])
                self.assertEqual([credits, worth], [247, Decimal("142.06")])
                bought = re.findall(
                    rf"EUR {amount} {amount} {amount} {amount}", text.split(costs, 1)[1]
                )
                self.assertEqual(
                    [[Decimal(plain(one)) for one in row] for row in bought],
                    [
                        [100, Decimal("79"), Decimal("17.38"), Decimal("96.38")],
                        [250, Decimal("149.99"), Decimal("33"), Decimal("182.99")],
                        [30, Decimal("10"), Decimal("2.2"), Decimal("12.2")],
                    ],
                )
