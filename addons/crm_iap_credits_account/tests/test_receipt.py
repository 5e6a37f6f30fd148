from odoo.tests import tagged

from .test_iap_credit_order import InvoiceCase


@tagged("post_install", "-at_install")
class TestReceipt(InvoiceCase):
    """Who pays sees what of it is taxes, and where the company is decides which."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.home, cls.abroad = (
            partners.create({"name": name, "is_company": True, "country_id": country.id})
            for name, country in (
                ("Home", cls.env.company.account_fiscal_country_id),
                ("Abroad", cls.env.ref("base.fr")),
            )
        )
        position = cls.env["account.fiscal.position"].create(
            {"name": "France", "auto_apply": True, "country_id": cls.abroad.country_id.id}
        )
        cls.french = cls.tax.copy(
            {
                "name": "TVA 20 %",
                "invoice_label": "TVA 20 %",
                "amount": 20,
                "fiscal_position_ids": [(4, position.id)],
                "original_tax_ids": [(4, cls.tax.id)],
            }
        )

    def receipt(self, order):
        mails = self.env["mail.mail"].search(
            [("model", "=", order._name), ("res_id", "=", order.id)]
        )
        return mails.body_html.replace("\N{NO-BREAK SPACE}", " ")

    def test_receipt_shows_the_taxes_of_the_price(self):
        order = self._order(invoiced=self.home)
        self._confirm(self._payment(order))
        body = self.receipt(order)
        for text in ("65.29", "13.71", "79.00", "21 %", "Home"):
            self.assertIn(text, body)

    def test_the_country_of_the_company_decides_the_taxes_of_receipt_lot_and_invoice(self):
        order = self._order(invoiced=self.abroad)
        self.assertEqual(order._get_price_parts().taxes, "TVA 20 %")
        self._confirm(self._payment(order))
        self.assertIn("TVA 20 %", self.receipt(order))
        self.assertIn("13.17", self.receipt(order))
        invoice = self.invoice(order)
        self.assertEqual(invoice.partner_id, self.abroad)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.french)
        self.assertAlmostEqual(invoice.amount_tax, 13.17)
        self.assertAlmostEqual(order._get_price_parts().tax, 13.17)

    def test_taxes_that_are_paid_stay_on_the_receipt_when_those_of_today_change(self):
        order = self._order(invoiced=self.home)
        self._confirm(self._payment(order))
        self.tax.amount = 10
        self.assertAlmostEqual(order._get_price_parts().tax, 13.71)

    def test_without_taxes_none_are_shown(self):
        self.env.company.account_sale_tax_id = False
        order = self._order(invoiced=self.home)
        self.assertIsNone(order._get_price_parts())
