"""What a bookkeeper finds: who owes what, on which day, with which taxes, in which language."""

from datetime import datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_iap_credit_order import InvoiceCase

BOOKING = "odoo.addons.crm_iap_credits_account.models"


@tagged("post_install", "-at_install")
class TestOpenItems(InvoiceCase):
    """Payments are booked, as they are where there is a chart of accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.company_id = cls.env.company
        cls._create_dummy_payment_method_for_provider(
            cls.provider, cls.company_data["default_journal_bank"]
        )
        line = cls.provider.journal_id.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        )
        line.payment_account_id = cls.inbound_payment_method_line.payment_account_id
        transactions = type(cls.env["payment.transaction"])
        cls.startClassPatcher(
            patch.object(
                transactions,
                "_create_payment",
                lambda tx, **values: super(transactions, tx)._create_payment(**values),
            )
        )
        cls.env.company.invoices_credits = True
        cls.acme = cls.env["res.partner"].create({"name": "Acme", "is_company": True})

    def buy(self):
        order = self._order(invoiced=self.acme)
        self._confirm(self._payment(order))
        return order

    def open_items(self):
        """Return what is not matched yet of what partners owe and are owed."""
        lines = self.env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("partner_id", "in", (self.acme | self.billing.partner_id).ids),
            ]
        )
        return {
            (line.partner_id.name, line.amount_residual_currency)
            for line in lines
            if line.amount_residual_currency
        }

    def test_payment_and_refund_are_booked_to_who_is_invoiced_and_nothing_stays_open(self):
        order = self.buy()
        self.assertEqual(order.transaction_id.payment_id.partner_id, self.acme)
        self.assertEqual(self.open_items(), set())
        for amount in (20, 59):
            refund = self._refund(order.transaction_id, amount)
            self.assertEqual(refund.payment_id.partner_id, self.acme)
            self.assertEqual(self.open_items(), set())
        self.assertEqual(order.invoice_id.amount_residual, 0)

    def test_invoice_that_is_made_by_hand_is_paid_by_what_was_paid(self):
        self.env.company.invoices_credits = False
        order = self.buy()
        invoice = self.invoice(order)
        invoice.action_post()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.open_items(), set())

    def test_invoice_that_is_made_after_a_refund_asks_for_what_was_kept(self):
        self.env.company.invoices_credits = False
        order = self.buy()
        self._refund(order.transaction_id, 20)
        invoice = self.invoice(order)
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 59)
        self.assertEqual(self.open_items(), set())
        self.env.company.invoices_credits = True
        refund = self._refund(order.transaction_id, 59)
        self.assertEqual(self.notes(order), [59])
        self.assertEqual(self.open_items(), set())
        refund._set_error("Card expired", extra_allowed_states=("done",))
        refund._post_process()
        self.assertEqual(order.state, "paid")
        self._refund(order.transaction_id, 59)
        self.assertEqual(self.notes(order), [59])
        self.assertEqual(self.open_items(), set())

    def draft(self, *refunds):
        """Return an order whose invoice is still a draft, of which so much was refunded since."""
        self.env.company.invoices_credits = False
        order = self.buy()
        self.invoice(order)
        self.env.company.invoices_credits = True
        for amount in refunds:
            self._refund(order.transaction_id, amount)
        return order

    def test_draft_that_is_posted_after_refunds_gets_a_credit_note_of_them(self):
        order = self.draft(20, 9)
        self.assertEqual(self.notes(order), [])
        order.invoice_id.with_user(self.billing).action_post()
        [note] = order.invoice_id.reversal_move_ids
        self.assertEqual((note.state, note.move_type), ("posted", "out_refund"))
        self.assertEqual((note.amount_total, note.partner_id), (29, self.acme))
        self.assertEqual(note.invoice_line_ids.tax_ids, self.tax)
        self.assertAlmostEqual(note.amount_tax, 5.03)
        self.assertEqual(order.invoice_id.amount_total, 79)
        self.assertEqual(self.open_items(), set())

    def test_draft_that_is_posted_between_refunds_gets_each_of_them_credited_once(self):
        order = self.draft(20)
        order.invoice_id.action_post()
        self._refund(order.transaction_id, 30)
        self.assertEqual(sorted(self.notes(order)), [20, 30])
        self._refund(order.transaction_id, 29)
        self.assertEqual(sorted(self.notes(order)), [20, 29, 30])
        self.assertEqual(order.state, "refunded")
        self.assertEqual(self.open_items(), set())

    def test_numbers_have_no_gap_when_a_draft_is_posted_after_a_refund(self):
        order = self.draft(20)
        order.invoice_id.action_post()
        self._refund(order.transaction_id, 30)
        first, second = order.invoice_id.reversal_move_ids.sorted("id")
        self.assertEqual(first.sequence_prefix, second.sequence_prefix)
        self.assertEqual(second.sequence_number, first.sequence_number + 1)

    def test_invoice_that_is_mended_gets_what_was_refunded_meanwhile_credited_once(self):
        order = self.buy()
        number = order.invoice_id.name
        self._refund(order.transaction_id, 20)
        order.invoice_id.button_draft()
        self._refund(order.transaction_id, 59)
        self.assertEqual(order.state, "refunded")
        for _time in range(2):
            order.invoice_id.action_post()
            self.assertEqual(sorted(self.notes(order)), [20, 59])
            self.assertEqual(order.invoice_id.name, number)
            self.assertEqual(self.open_items(), set())
            order.invoice_id.button_draft()

    def test_draft_that_was_mended_for_a_refund_gets_no_credit_note(self):
        order = self.draft(20)
        line = order.invoice_id.invoice_line_ids
        line.price_unit *= 59 / 79
        self.assertEqual(order.invoice_id.amount_total, 59)
        order.invoice_id.action_post()
        self.assertEqual(self.notes(order), [])
        self.assertEqual(self.open_items(), set())

    def test_draft_without_refunds_gets_no_credit_note_whatever_is_added_to_it(self):
        orders = self.draft() | self.draft()
        orders[1].invoice_id.invoice_line_ids.copy().price_unit = 10
        refund = self._refund(orders[0].transaction_id, 20)
        refund._set_error("Card expired", extra_allowed_states=("done",))
        refund._post_process()
        orders.invoice_id.action_post()
        self.assertEqual(orders.invoice_id.reversal_move_ids, self.env["account.move"])

    def test_part_of_a_batch_that_was_refunded_is_credited(self):
        orders = self.draft(20) | self.draft()
        orders.invoice_id.action_post()
        self.assertEqual([self.notes(order) for order in orders], [[20], []])

    def test_invoice_of_a_later_day_is_credited_when_that_day_has_come(self):
        order = self.draft(20)
        later = fields.Date.today() + timedelta(days=3)
        order.invoice_id.write({"invoice_date": later, "auto_post": "at_date"})
        order.invoice_id._post(soft=True)
        self.assertEqual((order.invoice_id.state, self.notes(order)), ("draft", []))
        with freeze_time(datetime.combine(later, time(12))):
            order.invoice_id._post(soft=True)
        self.assertEqual((order.invoice_id.state, self.notes(order)), ("posted", [20]))

    def test_by_hand_remains_by_hand(self):
        order = self.draft(20)
        self.env.company.invoices_credits = False
        order.invoice_id.action_post()
        self.assertEqual(self.notes(order), [])

    @mute_logger(f"{BOOKING}.iap_credit_order_booking")
    def test_draft_is_posted_and_told_where_the_credit_note_cannot_be_made(self):
        order = self.draft(20)
        orders = type(order)
        with patch.object(orders, "_post_credit_note", side_effect=UserError("No journal")):
            order.invoice_id.with_user(self.billing).action_post()
        self.assertEqual(order.invoice_id.state, "posted")
        self.assertAlerted(order, "No journal")

    def notes(self, order):
        return order.invoice_id.reversal_move_ids.mapped("amount_total")


@tagged("post_install", "-at_install")
class TestInvoiceSaysWhatWas(InvoiceCase):
    def test_invoice_has_the_taxes_of_the_day_of_payment(self):
        order = self._buy()
        ten = self.tax.copy({"name": "10 %", "amount": 10, "invoice_label": "10 %"})
        self.env.company.account_sale_tax_id = ten
        self.assertEqual(order._get_price_parts().taxes, "21 %")
        invoice = self.invoice(order)
        self.assertAlmostEqual(invoice.amount_tax, 13.71)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.tax)

    def test_what_was_paid_without_taxes_is_invoiced_without_them(self):
        self.env.company.account_sale_tax_id = False
        order = self._buy()
        self.env.company.account_sale_tax_id = self.tax
        self.assertEqual(self.invoice(order).amount_tax, 0)

    def test_branch_sells_with_the_taxes_of_its_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        branch.account_sale_tax_id = False
        self.assertEqual(branch._get_credit_taxes(self.env["res.partner"]), self.tax)

    def test_day_of_the_invoice_is_that_of_where_the_company_is(self):
        self.env.company.partner_id.tz = "Pacific/Auckland"
        self.env.company.invoices_credits = True
        with freeze_time(datetime(2026, 6, 30, 20, 0)):
            order = self._buy()
            self._refund(order.transaction_id, 20)
        documents = order.invoice_id | order.invoice_id.reversal_move_ids
        self.assertEqual(len(documents), 2)
        self.assertEqual({str(one.invoice_date) for one in documents}, {"2026-07-01"})

    def test_line_of_the_invoice_is_in_its_readers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["crm_iap_credits_account"], ["it_IT"])
        buyer = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "lang": "it_IT"}
        )
        order = self._order(pack=self._pack(credits=12000), invoiced=buyer)
        self._confirm(self._payment(order))
        self.assertIn("12.000 crediti", self.invoice(order).invoice_line_ids.name)

    @mute_logger(f"{BOOKING}.iap_credit_order")
    def test_who_paid_has_the_credits_even_where_taxes_cannot_be_reckoned(self):
        order = self._order()
        taxes = type(self.env["account.tax"])
        with patch.object(taxes, "compute_all", side_effect=UserError("No formula")):
            self._confirm(self._payment(order))
        self.assertOrder(order, "paid", 500)
        self.assertAlerted(order, "No formula")
