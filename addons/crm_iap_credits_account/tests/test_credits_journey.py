from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from .test_iap_credit_order import InvoiceCase


@tagged("post_install", "-at_install")
class TestCreditsJourney(KeptBrowser, InvoiceCase, HttpCase):
    """In a browser: a company is asked for and checked, pays, is invoiced and refunded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls.env.ref("payment.payment_provider_demo").sudo()
        if demo.code != "demo":
            raise SkipTest("payment_demo is not installed")
        cls.provider.state = "disabled"
        demo.write({"state": "test", "is_published": True, "company_id": cls.env.company.id})
        cls.env.ref("payment_demo.payment_method_demo").active = True
        cls.env.company.invoices_credits = True
        cls.pack.write({"price": 80})
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
        # Nothing is known of the company that this one works for.
        cls.billing.partner_id.parent_id = cls.env["res.partner"].create(
            {"name": "?", "is_company": True}
        )
        cls.billing.write(
            {
                "company_ids": [Command.set(cls.env.company.ids)],
                "company_id": cls.env.company.id,
            }
        )

    def walk(self, lang):
        self.billing.lang = lang
        self.start_tour(
            f"/iap/credits/{self.account.id}", "credits_bought_by_a_company",
            login=self.billing.login, timeout=120,
        )  # fmt: skip
        self.env.invalidate_all()
        order = self.env["iap.credit.order"].search([("account_id", "=", self.account.id)], limit=1)
        invoice = order.invoice_id
        buyer = order.invoiced_partner_id
        self.assertEqual((order.state, buyer.vat), ("paid", "IT12345670017"))
        self.assertEqual(buyer.country_id, self.env.ref("base.it"))
        self.assertEqual((invoice.state, invoice.partner_id), ("posted", buyer))
        self.assertEqual(invoice.amount_total, 80)
        action = "/odoo/action-crm_iap_credits.iap_credit_order_action"
        self.start_tour(
            f"{action}/{order.id}", "credits_refunded", login=self.billing.login, timeout=120
        )
        self.env.invalidate_all()
        notes = self.env["account.move"].search([("reversed_entry_id", "=", invoice.id)])
        self.assertEqual((notes.state, notes.amount_total), ("posted", 40))
        self.assertEqual(notes.partner_id, buyer)
        self.assertEqual((order.refunded_amount, order.reversed_credits), (40, 250))

    def test_in_english(self):
        self.walk("en_US")

    def test_in_italian(self):
        self.walk("it_IT")
