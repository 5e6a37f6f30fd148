from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.crm_mail_recipients.tests.common import RecipientCase


@tagged("post_install", "-at_install")
class TestLinkedCompany(RecipientCase):
    """The company linked beside the contact goes along from opportunity to credit note."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        if "opportunity_id" not in cls.env["sale.order"]._fields:
            cls.skipTest(cls, "opportunities have no quotations here")
        cls.product = cls.env["product.product"].create(
            {"name": "Desk", "list_price": 100, "invoice_policy": "order", "taxes_id": False}
        )

    def setUp(self):
        super().setUp()
        self.deal = self._lead(
            type="opportunity", partner_id=self.bob.id, recipient_company_id=self.acme.id
        )

    def _order(self, **values):
        line = Command.create({"product_id": self.product.id, "product_uom_qty": 1})
        return self.env["sale.order"].create(
            {
                "partner_id": self.bob.id,
                "recipient_company_id": self.acme.id,
                "order_line": [line],
                **values,
            }
        )

    def _invoice(self, orders, **values):
        orders.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=orders.ids
        )
        wizard.create({"advance_payment_method": "delivered", **values}).create_invoices()
        return orders.invoice_ids

    def test_a_quotation_made_from_an_opportunity_has_its_linked_company(self):
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_manager")
        action = self._as(self.deal).action_new_quotation()
        orders = self._as(self.env["sale.order"]).with_context(**action["context"])
        form = Form(orders)
        self.assertEqual(form.recipient_company_id, self.acme)
        self.assertEqual(form.save().recipient_company_id, self.acme)
        self.assertEqual(orders.create({}).recipient_company_id, self.acme)

    def test_what_is_chosen_on_the_quotation_counts(self):
        action = self.deal.action_new_quotation()
        orders = self.env["sale.order"].with_context(**action["context"])
        order = orders.create({"recipient_company_id": self.corp.id})
        self.assertEqual(order.recipient_company_id, self.corp)
        order.recipient_company_id = False
        order.note = "x"
        self.assertFalse(order.recipient_company_id)
        self.deal.recipient_company_id = self.corp
        self.assertFalse(order.recipient_company_id)

    def test_a_company_of_another_company_of_ours_is_not_taken_along(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.acme.company_id = other
        order = self._order(opportunity_id=self.deal.id, recipient_company_id=False)
        self.assertFalse(order.recipient_company_id)
        orders = self.env["sale.order"].with_context(default_opportunity_id=self.deal.id)
        self.assertFalse(orders.create({"partner_id": self.bob.id}).recipient_company_id)

    def test_a_branch_takes_the_company_of_its_parent_along(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        self.acme.company_id = self.env.company
        self.deal.write({"company_id": branch.id, "team_id": False, "user_id": False})
        orders = self.env["sale.order"].with_company(branch)
        order = orders.create(
            {"partner_id": self.bob.id, "company_id": branch.id, "opportunity_id": self.deal.id}
        )
        self.assertEqual(order.recipient_company_id, self.acme)

    def test_a_copied_quotation_has_it(self):
        self.assertEqual(self._order().copy().recipient_company_id, self.acme)

    def test_an_invoice_its_copy_and_its_credit_note_have_it(self):
        invoice = self._invoice(self._order())
        self.assertEqual(invoice.recipient_company_id, self.acme)
        self.assertEqual(invoice.copy().recipient_company_id, self.acme)
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).reverse_moves()
        refund = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(refund.move_type, "out_refund")
        self.assertEqual(refund.recipient_company_id, self.acme)

    def test_a_down_payment_has_it(self):
        invoice = self._invoice(self._order(), advance_payment_method="percentage", amount=30)
        self.assertEqual(invoice.recipient_company_id, self.acme)

    def test_quotations_for_two_linked_companies_become_two_invoices(self):
        orders = self._order() + self._order(recipient_company_id=self.corp.id) + self._order()
        invoices = self._invoice(orders)
        self.assertEqual(
            sorted(invoices.mapped(lambda move: move.recipient_company_id.name)), ["Acme", "Corp"]
        )
        self.assertEqual(len(invoices), 2)
