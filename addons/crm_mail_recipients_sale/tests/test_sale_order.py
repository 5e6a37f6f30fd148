from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_mail_recipients.tests.common import RecipientCase


@tagged("post_install", "-at_install")
class TestSaleOrder(RecipientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def _quote(self, partner):
        return self.env["sale.order"].create(
            {"partner_id": partner.id, "user_id": self.salesman.id}
        )

    def _send(self, quote, **values):
        action = quote.with_user(self.salesman).action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        wizard = composer.with_context(**action["context"]).create(values)
        with self.mock_smtplib_connection():
            wizard.action_send_mail()
        return wizard

    def test_a_quote_goes_to_the_company_it_is_for(self):
        quote = self._quote(self.acme)
        self._send(quote)
        self.assertReached("company1@acme.test")
        self.assertEqual(quote.state, "sent")

    def test_a_quote_goes_to_the_address_that_was_chosen(self):
        quote = self._quote(self.acme)
        choice = {"email": "company2@acme.test", "partner_id": self.acme.id}
        self._send(quote, recipient_choices=[choice])
        self.assertReached("company2@acme.test")

    def test_the_dialog_begins_with_the_address_that_the_quote_was_last_sent_to(self):
        quote = self._quote(self.acme)
        choice = {"email": "company2@acme.test", "partner_id": self.acme.id}
        self._send(quote, recipient_choices=[choice])
        wizard = self._send(quote)
        self.assertEqual([c["email"] for c in wizard.recipient_choices], ["company2@acme.test"])
        self.assertReached("company2@acme.test")

    def test_a_quote_to_a_contact_does_not_reach_the_company_it_belongs_to(self):
        quote = self._quote(self.bob)
        with self.assertRaises(UserError):
            self._send(quote, recipient_choices=[{"email": self.corp.email}])
        self.assertNothingLeft()

    def test_a_refused_quote_stays_a_draft_even_if_the_refusal_is_swallowed(self):
        quote = self._quote(self.acme).with_user(self.salesman)
        with self.assertRaises(UserError):
            quote.with_context(mark_so_as_sent=True).message_post(
                body="x", message_type="comment", partner_ids=self.outsider.ids
            )
        self.assertEqual(quote.state, "draft")

    def test_a_confirmation_never_fails_for_its_mail(self):
        self.acme.email = False
        self.acme.recipient_address_ids.unlink()
        quote = self._quote(self.acme)
        with self.mock_smtplib_connection():
            quote.with_user(self.salesman).with_context(send_email=True).action_confirm()
        self.assertEqual(quote.state, "sale")
        self.assertNothingLeft()

    def test_a_company_linked_beside_the_contact_can_be_chosen(self):
        quote = self._quote(self.bob)
        quote.recipient_company_id = self.acme
        decision = quote.with_user(self.salesman)._recipient_decisions(self.salesman)[quote.id]
        self.assertEqual(
            [c.address.key for c in decision.candidates],
            ["contact1@bob.test", "contact2@bob.test", "company1@acme.test", "company2@acme.test"],
        )

    def _follow(self, quote, partner):
        self.env["mail.followers"]._insert_followers("sale.order", quote.ids, partner.ids)

    def test_a_quote_sent_to_a_colleague_reaches_no_customer(self):
        quote = self._quote(self.acme)
        self._follow(quote, self.acme)
        self._send(quote, partner_ids=self.colleague.partner_id.ids)
        self.assertReached("colleague@house.test")

    def test_a_quote_shared_with_one_customer_reaches_no_other_one(self):
        quote = self._quote(self.bob)
        quote.recipient_company_id = self.acme
        self._follow(quote, self.acme)
        share = self.env["portal.share"].with_user(self.salesman)
        share = share.with_context(active_model="sale.order", active_id=quote.id)
        with self.mock_smtplib_connection():
            share.create({"partner_ids": [(6, 0, self.bob.ids)]}).action_send_mail()
        self.assertReached("contact1@bob.test")

    def test_a_quote_is_not_sent_to_who_was_its_customer_when_the_composer_was_opened(self):
        self._policy(any_address=True)
        quote = self._quote(self.acme)
        action = quote.with_user(self.salesman).action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        wizard = composer.with_context(**action["context"]).create({})
        self.assertEqual([c["email"] for c in wizard.recipient_choices], ["company1@acme.test"])
        quote.partner_id = self.bob
        with self.mock_smtplib_connection(), self.assertRaisesRegex(UserError, "has changed"):
            wizard.action_send_mail()
        self.assertNothingLeft()
        self.assertEqual(quote.state, "draft")
