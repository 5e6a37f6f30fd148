from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import MockSmtplibCase


@tagged("post_install", "-at_install")
class TestAccountMove(MockSmtplibCase, AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.recipient_policy = True
        cls.env.company.email = "office@house.test"
        Partner = cls.env["res.partner"]
        cls.corp = Partner.create({"name": "Corp", "is_company": True, "email": "info@corp.test"})
        cls.bob = Partner.create(
            {"name": "Bob", "parent_id": cls.corp.id, "email": "bob@corp.test"}
        )
        cls.outsider = Partner.create({"name": "Out", "email": "out@rival.test"})

    def setUp(self):
        super().setUp()
        self.emails = []
        self.invoice = self.init_invoice("out_invoice", partner=self.bob, amounts=[100], post=True)

    def _wizard(self, **values):
        wizard = self.env["account.move.send.wizard"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        return wizard.create({"sending_methods": ["email"], **values})

    def _send(self, wizard):
        with self.mock_smtplib_connection():
            wizard.action_send_and_print(allow_fallback_pdf=True)
        return {address for mail in self.emails for address in mail["smtp_to_list"]}

    def test_an_invoice_goes_to_its_contact(self):
        self.assertEqual(self._send(self._wizard()), {"bob@corp.test"})

    def test_an_invoice_goes_neither_to_the_contacts_company_nor_to_an_outsider(self):
        for partner in (self.corp, self.outsider):
            with self.assertRaises(UserError):
                self._send(self._wizard(mail_partner_ids=[(6, 0, partner.ids)]))
        self.assertFalse(self.emails)
        self.assertFalse(self.invoice.invoice_pdf_report_id)

    def test_an_invoice_goes_to_the_address_that_was_chosen(self):
        self.bob.recipient_address_ids = [(0, 0, {"email": "bills@corp.test"})]
        choice = {"email": "bills@corp.test", "partner_id": self.bob.id}
        self.assertEqual(self._send(self._wizard(recipient_choices=[choice])), {"bills@corp.test"})

    def test_an_invoice_is_proposed_to_the_address_it_was_last_sent_to(self):
        self.bob.recipient_address_ids = [(0, 0, {"email": "bills@corp.test"})]
        choice = {"email": "bills@corp.test", "partner_id": self.bob.id}
        self._send(self._wizard(recipient_choices=[choice]))
        self.assertEqual(
            [c["email"] for c in self._wizard().recipient_choices], ["bills@corp.test"]
        )

    def test_an_invoice_that_nobody_can_get_by_mail_is_not_sent_by_mail(self):
        self.bob.email = False
        with self.assertRaisesRegex(UserError, "have an e-mail address"):
            self._send(self._wizard())
        self.assertFalse(self.emails)

    def test_an_invoice_sent_to_a_colleague_reaches_no_customer(self):
        colleague = new_test_user(self.env, "mate", email="mate@house.test").partner_id
        self.env["mail.followers"]._insert_followers("account.move", self.invoice.ids, self.bob.ids)
        wizard = self._wizard(mail_partner_ids=[(6, 0, colleague.ids)])
        self.assertEqual(self._send(wizard), {"mate@house.test"})

    def test_an_invoice_is_not_sent_to_who_was_its_customer_when_the_wizard_was_opened(self):
        self.env.company.recipient_any_address = True
        wizard = self._wizard()
        self.assertEqual([c["email"] for c in wizard.recipient_choices], ["bob@corp.test"])
        self.bob.email = "new@corp.test"
        with self.assertRaisesRegex(UserError, "has changed"):
            self._send(wizard)
        self.assertFalse(self.emails)
        self.assertFalse(self.invoice.invoice_pdf_report_id)

    def _only_further(self):
        self.bob.write(
            {"email": False, "recipient_address_ids": [(0, 0, {"email": "bills@corp.test"})]}
        )

    def test_a_contact_with_further_addresses_only_is_offered_and_gets_the_invoice(self):
        self._only_further()
        wizard = self._wizard()
        self.assertEqual([c["email"] for c in wizard.recipient_choices], ["bills@corp.test"])
        self.assertNotIn("account_missing_email", wizard.alerts or {})
        self.assertEqual(self._send(wizard), {"bills@corp.test"})

    def test_invoices_sent_together_reach_a_contact_with_further_addresses_only(self):
        self._only_further()
        other = self.init_invoice("out_invoice", partner=self.bob, amounts=[50], post=True)
        invoices = self.invoice + other
        wizard = self.env["account.move.send.batch.wizard"].create({"move_ids": invoices.ids})
        self.assertNotIn("account_missing_email", wizard.alerts or {})
        with self.mock_smtplib_connection():
            wizard.action_send_and_print(force_synchronous=True, allow_fallback_pdf=True)
            self.env["mail.mail"].process_email_queue()
        self.assertEqual([mail["smtp_to_list"] for mail in self.emails], [["bills@corp.test"]] * 2)

    def _sent_together(self, invoices):
        self.emails.clear()
        wizard = self.env["account.move.send.batch.wizard"].create({"move_ids": invoices.ids})
        with self.mock_smtplib_connection():
            wizard.action_send_and_print(force_synchronous=True, allow_fallback_pdf=True)
            self.env["mail.mail"].process_email_queue()
        return sorted(address for mail in self.emails for address in mail["smtp_to_list"])

    def test_invoices_sent_together_go_where_each_was_last_sent_to(self):
        self.bob.recipient_address_ids = [(0, 0, {"email": "bills@corp.test"})]
        company = self.env["res.partner"].create({"name": "Acme", "email": "info@acme.test"})
        invoices = self.invoice
        for _ in range(2):
            invoices += self.init_invoice("out_invoice", partner=self.bob, amounts=[9], post=True)
        invoices.recipient_company_id = company
        for invoice, email, partner in zip(
            invoices, ("bills@corp.test", "info@acme.test"), (self.bob, company), strict=False
        ):
            with self.mock_smtplib_connection():
                invoice.message_post(
                    body="x",
                    subtype_xmlid="mail.mt_comment",
                    recipient_choices=[{"email": email, "partner_id": partner.id}],
                )
        self.assertEqual(
            self._sent_together(invoices), ["bills@corp.test", "bob@corp.test", "info@acme.test"]
        )

    def test_invoices_sent_together_go_to_nobody_else_who_has_that_address(self):
        self._only_further()
        self.env["res.partner"].create({"name": "Twin", "email": "bills@corp.test"})
        other = self.init_invoice("out_invoice", partner=self.bob, amounts=[50], post=True)
        self.assertEqual(self._sent_together(self.invoice + other), ["bills@corp.test"] * 2)
        told = self.invoice.message_ids.notification_ids.res_partner_id
        self.assertEqual(told, self.bob)

    def test_a_contact_without_any_address_is_still_told(self):
        self.bob.email = False
        wizard = self._wizard(mail_partner_ids=[(6, 0, self.bob.ids)])
        self.assertIn("account_missing_email", wizard.alerts)

    def test_with_the_policy_off_a_contact_without_main_address_is_told_as_in_stock(self):
        self._only_further()
        self.env.company.recipient_policy = False
        wizard = self._wizard(mail_partner_ids=[(6, 0, self.bob.ids)])
        self.assertIn("account_missing_email", wizard.alerts)
