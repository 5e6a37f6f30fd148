from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle, islice, product

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_iap_server.tests.test_iap_server_bill import BillCase


@tagged("post_install", "-at_install")
class TestInvoiceOfABill(BillCase, AccountTestInvoicingCommon):
    def invoice(self, bill):
        bill.action_create_invoice()
        return bill.invoice_id

    def test_one_invoice_has_a_line_for_each_database_and_service(self):
        self.spend(self.first, 3)
        self.spend(self.second, 2)
        bill = self.bill(price=0.5)
        invoice = self.invoice(bill)
        self.assertEqual(self.invoice(bill), invoice)
        self.assertEqual((invoice.move_type, invoice.state), ("out_invoice", "draft"))
        self.assertEqual(invoice.partner_id, self.customer)
        lines = {line.name.partition(":")[0]: line for line in invoice.invoice_line_ids}
        self.assertEqual(lines.keys(), {"Alfa Rome", "Alfa Milan"})
        self.assertEqual(lines["Alfa Rome"].quantity, 3)
        self.assertAlmostEqual(invoice.amount_untaxed, 2.5)

    def test_what_was_bought_is_not_invoiced_again(self):
        self.fund(self.first, 3, cost=3.0)
        self.spend(self.first, 10)
        bill = self.bill(price=1)
        self.assertEqual((bill.credits, bill.billed_credits), (10, bill.amount))
        self.assertEqual(self.invoice(bill).amount_untaxed, bill.billed_credits)

    def test_nothing_or_no_price_makes_no_invoice(self):
        with self.assertRaises(UserError):
            self.bill(price=1).action_create_invoice()
        self.env["iap.server.bill"].search([]).unlink()
        self.spend(self.first, 3)
        with self.assertRaises(UserError):
            self.bill(price=0).action_create_invoice()

    def test_an_invoiced_month_keeps_its_price_until_the_invoice_is_cancelled(self):
        self.spend(self.first, 3)
        bill = self.bill(price=1)
        invoice = self.invoice(bill)
        with self.assertRaises(UserError):
            bill.price = 2
        invoice.button_cancel()
        bill.price = 2
        self.assertNotEqual(self.invoice(bill), invoice)
        bill.invoice_id.action_post()
        with self.assertRaises(UserError):
            bill.unlink()


@tagged("post_install", "-at_install")
class TestPriceOfACredit(BillCase, AccountTestInvoicingCommon):
    """A credit may cost less than the smallest coin: what is billed is right to the coin."""

    #: Credits of each database.
    SPENT = (1, 1000, 777)
    PRICES = (0.125, 0.0033, 0.5, 0.004999, 0.1, 12.345678)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls.first.copy({"name": "Alfa Turin", "uuid": "third-0001"})
        cls.databases = (cls.first, cls.second, cls.third)
        for client in cls.databases:
            client.account_id.grant(2000, reason="Large", idempotency_key="large")
        cls.env.company.account_sale_tax_id = False

    def tax(self, amount, included=False, **values):
        return self.env["account.tax"].create(
            {
                "name": f"{amount} {included} {next(self.numbers)}",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": "tax_included" if included else "tax_excluded",
                "company_id": self.env.company.id,
                **values,
            }
        )

    def group(self, *taxes):
        children = [Command.link(tax.id) for tax in taxes]
        for tax in taxes:
            tax.type_tax_use = "none"
        return self.tax(0, amount_type="group", children_tax_ids=children)

    def spent_bill(self):
        for client, credits in zip(self.databases, self.SPENT, strict=True):
            self.spend(client, credits)
        return self.bill()

    def exact(self, price, digits, each):
        """Return what credits cost, reckoned with decimals: of each database, or of all at once."""
        coin = Decimal(1).scaleb(-digits)
        parts = self.SPENT if each else [sum(self.SPENT)]
        return float(sum((Decimal(str(price)) * n).quantize(coin, ROUND_HALF_UP) for n in parts))

    def assertInvoiced(self, bill, prices=PRICES, digits=2, each=False, within=0):
        """Check bill and invoice.

        :param within: coins by which taxes that prices include may change what is without them
        """
        for price in prices:
            with self.subTest(price=price):
                bill.invoice_id.button_cancel()
                bill.price = price
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(bill.price, price)
                bill.action_create_invoice()
                invoice, exact = bill.invoice_id, self.exact(price, digits, each)
                self.assertAlmostEqual(bill.amount, exact, 6)
                coin = 10**-digits
                self.assertAlmostEqual(invoice.amount_untaxed, exact, delta=coin * (within + 1e-6))
                for line in invoice.invoice_line_ids:
                    self.assertAlmostEqual(
                        line.price_subtotal, line.quantity * price, delta=coin * (within + 0.5001)
                    )

    def test_a_thousand_credits_at_an_eighth_of_a_euro(self):
        bill = self.spent_bill()
        bill.price = 0.125
        bill.action_create_invoice()
        line = bill.invoice_id.invoice_line_ids.filtered(lambda line: line.quantity == 1000)
        self.assertEqual((line.price_unit, line.price_subtotal), (0.125, 125))
        bill.invoice_id.action_post()
        self.assertEqual((bill.invoice_id.amount_total, bill.amount), (222.25, 222.25))

    def test_every_price_is_billed_to_the_cent_with_every_kind_of_tax(self):
        bill, prices = self.spent_bill(), cycle(self.PRICES)
        for (taxes, within), method in product(
            (
                (self.env["account.tax"], 0),
                (self.tax(21), 0),
                (self.group(self.tax(10), self.tax(5)), 0),
                (self.tax(22, included=True), 1),
                (self.group(self.tax(9, included=True), self.tax(9, included=True)), 2),
                (self.group(self.tax(10, included=True), self.tax(5)), 1),
                (self.tax(20, included=True, amount_type="division"), 1),
            ),
            ("round_globally", "round_per_line"),
        ):
            each = method == "round_per_line"
            self.env.company.tax_calculation_rounding_method = method
            self.env.company.account_sale_tax_id = taxes
            with self.subTest(taxes=taxes.mapped("name"), method=method):
                self.assertInvoiced(
                    bill,
                    [*islice(prices, 4)],
                    each=each,
                    within=within * len(self.SPENT) if each else within,
                )

    def test_a_currency_without_decimals(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env.company.currency_id = yen
        bill = self.spent_bill()
        for taxes, within in ((self.tax(10), 0), (self.tax(10, included=True), 1)):
            self.env.company.account_sale_tax_id = taxes
            with self.subTest(taxes.name):
                self.assertInvoiced(bill, digits=0, within=within)

    def test_few_digits_of_product_prices_hide_nothing_of_the_total(self):
        self.env.ref("product.decimal_price").digits = 0
        self.assertInvoiced(self.spent_bill())
