from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_iap_credits.tests.buying_common import BuyingCase


class InvoiceCase(BuyingCase, AccountTestInvoicingCommon):
    """Base of the tests that invoice credits, with a default sales tax of 21 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = cls.users["billing"]
        # That of the company with a chart of accounts, which was made after the base's account.
        company = cls.env.company
        cls.account = cls.env["iap.account"]._get_local("reveal")
        cls._fund(0)
        cls.billing.group_ids += cls.env.ref("account.group_account_invoice")
        cls.tax = cls.env["account.tax"].create(
            {"name": "21 %", "amount": 21, "type_tax_use": "sale", "company_id": company.id}
        )
        company.account_sale_tax_id = cls.tax

    def invoice(self, order, user=None):
        order.with_user(user or self.billing).action_create_invoice()
        return order.invoice_id


@tagged("post_install", "-at_install")
class TestInvoiceOfCredits(InvoiceCase):
    def test_invoice_says_what_was_bought_by_whom_and_is_made_once(self):
        order = self._buy()
        invoice = self.invoice(order)
        self.assertEqual(self.invoice(order), invoice)
        self.assertEqual(invoice.partner_id, order.partner_id)
        self.assertEqual((invoice.state, invoice.move_type), ("draft", "out_invoice"))
        self.assertEqual(invoice.currency_id, order.currency_id)
        self.assertEqual(invoice.invoice_origin, order.name)
        self.assertEqual(invoice.transaction_ids, order.transaction_id)
        self.assertIn("500 credits", invoice.invoice_line_ids.name)

    def test_total_is_what_was_paid_to_the_cent(self):
        for include in ("tax_excluded", "tax_included"):
            self.tax.price_include_override = include
            for price in (79, 19, 0.01, 0.05, 10.04, 249.99, 12345.67):
                with self.subTest(include=include, price=price):
                    pack = self._pack(price=price)
                    order = self._order(pack=pack)
                    self._confirm(self._payment(order))
                    invoice = self.invoice(order)
                    self.assertAlmostEqual(invoice.amount_total, price, places=2)
                    invoice.action_post()
                    self.assertAlmostEqual(invoice.amount_residual, price, places=2)

    def test_company_without_tax_invoices_the_price(self):
        self.env.company.account_sale_tax_id = False
        invoice = self.invoice(self._buy())
        self.assertEqual((invoice.amount_total, invoice.amount_tax), (79, 0))

    def test_cancelled_invoice_can_be_made_anew(self):
        order = self._buy()
        first = self.invoice(order)
        first.button_cancel()
        self.assertNotEqual(self.invoice(order), first)

    def test_draft_invoice_of_a_refunded_order_is_cancelled_and_cannot_be_posted(self):
        order = self._buy()
        invoice = self.invoice(order)
        self._refund(order.transaction_id, 20)
        self.assertEqual(invoice.state, "draft")
        self._refund(order.transaction_id, 59)
        self.assertEqual(invoice.state, "cancel")
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "nothing is owed"):
            invoice.action_post()
        self.assertFalse(invoice.posted_before)

    def test_posted_invoice_of_a_refunded_order_can_be_mended_and_posted_again(self):
        order = self._buy()
        invoice = self.invoice(order)
        invoice.action_post()
        number = invoice.name
        self._refund(order.transaction_id)
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.name), ("posted", number))

    def test_invoice_after_a_refund_that_failed_in_the_end_is_made_anew(self):
        order = self._buy()
        first = self.invoice(order)
        refund = self._refund(order.transaction_id)
        refund._set_error("Card expired", extra_allowed_states=("done",))
        refund._post_process()
        second = self.invoice(order)
        self.assertNotEqual(second, first)
        second.action_post()
        self.assertEqual(second.state, "posted")

    def test_unpaid_and_refunded_orders_are_not_invoiced(self):
        refunded = self._buy()
        self._refund(refunded.transaction_id)
        for order in (self._order(), refunded):
            with self.assertRaises(UserError):
                self.invoice(order)
            self.assertFalse(order.invoice_id)

    def test_only_who_may_do_both_makes_invoices(self):
        order = self._buy()
        accountant = self.users["seller"]
        accountant.group_ids += self.env.ref("account.group_account_invoice")
        self.billing.group_ids = [Command.unlink(self.env.ref("account.group_account_invoice").id)]
        for user in (accountant, self.billing, self.users["portal"]):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.invoice(order, user)
        self.assertFalse(order.invoice_id)


@tagged("post_install", "-at_install")
class TestAutomaticInvoice(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.invoices_credits = True
        cls.acme = cls.env["res.partner"].create({"name": "Acme", "is_company": True})
        cls.billing.partner_id.parent_id = cls.acme

    def notes(self, order):
        return self.env["account.move"].search([("reversed_entry_id", "=", order.invoice_id.id)])

    def test_paid_order_is_invoiced_to_the_company_and_not_to_the_employee(self):
        order = self._buy(user=self.billing)
        invoice = order.invoice_id
        self.assertEqual((invoice.state, invoice.partner_id), ("posted", self.acme))
        self.assertEqual((invoice.amount_total, invoice.currency_id), (79, order.currency_id))

    def test_each_refund_gets_a_credit_note_and_no_number_is_missing(self):
        order = self._buy(user=self.billing)
        number = order.invoice_id.name
        self._refund(order.transaction_id, 20)
        self._refund(order.transaction_id, 59)
        notes = self.notes(order)
        self.assertEqual(sorted(notes.mapped("amount_total")), [20, 59])
        self.assertEqual(set(notes.mapped("state")), {"posted"})
        self.assertEqual((order.invoice_id.name, order.invoice_id.state), (number, "posted"))
        self.assertAlmostEqual(sum(notes.mapped("amount_tax")), order.invoice_id.amount_tax, 1)

    def test_credit_note_gives_back_the_taxes_of_the_invoice_and_not_those_of_today(self):
        order = self._buy(user=self.billing)
        self.env.company.account_sale_tax_id = self.tax.copy({"name": "10 %", "amount": 10})
        self._refund(order.transaction_id, 79)
        note = self.notes(order)
        self.assertEqual(note.invoice_line_ids.tax_ids, order.invoice_id.invoice_line_ids.tax_ids)
        self.assertEqual(note.amount_tax, order.invoice_id.amount_tax)

    def test_refund_that_fails_later_and_is_made_again_has_one_credit_note(self):
        order = self._buy(user=self.billing)
        refund = self._refund(order.transaction_id, 79)
        refund._set_error("Card expired", extra_allowed_states=("done",))
        refund._post_process()
        self.assertEqual((order.state, order.refunded_amount), ("paid", 0))
        self._refund(order.transaction_id, 79)
        self.assertEqual(order.state, "refunded")
        self.assertEqual(sum(self.notes(order).mapped("amount_total")), 79)

    def test_cost_of_the_lot_is_what_the_invoice_says_without_taxes(self):
        for include in ("tax_excluded", "tax_included"):
            self.tax.price_include_override = include
            with self.subTest(include):
                order = self._buy(user=self.billing)
                lot = self.env["iap.credit.lot"].search([("entry_id", "=", order.entry_id.id)])
                self.assertAlmostEqual(lot.untaxed_cost, order.invoice_id.amount_untaxed, 2)
                self.assertAlmostEqual(lot.tax_cost, order.invoice_id.amount_tax, 2)

    def test_refund_dialog_and_statement_name_the_invoice(self):
        order = self._buy(user=self.billing)
        dialog = (
            self.env["iap.credit.refund"].with_user(self.billing).create({"order_id": order.id})
        )
        self.assertIn(order.invoice_id.name, dialog.document)
        statement = (
            self.env["iap.credit.statement"]
            .with_user(self.billing)
            .create({"account_id": self.account.id})
        )
        self.assertIn(order.invoice_id.name, statement._get_costs()[-1][3])

    @mute_logger("odoo.addons.crm_iap_credits_account.models.iap_credit_order_booking")
    def test_who_paid_has_the_credits_where_no_invoice_can_be_made(self):
        Order = type(self.env["iap.credit.order"])
        with patch.object(Order, "_create_invoice", side_effect=UserError("No")):
            order = self._buy(user=self.billing)
        self.assertOrder(order, "paid", 500)
        self.assertFalse(order.invoice_id)
        self.assertAlerted(order, "Make it by hand")

    def test_where_it_is_not_wanted_nothing_is_made(self):
        self.env.company.invoices_credits = False
        self.assertFalse(self._buy().invoice_id)
