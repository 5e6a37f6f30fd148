from odoo.exceptions import UserError
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
