from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DealCase


@tagged("post_install", "-at_install")
class TestLeaks(DealCase):
    """What is hidden is told nowhere, and what is told is true."""

    def _post(self, *choices, card=None):
        with self.mock_smtplib_connection():
            return self._as(card or self.deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[
                    {"email": email, "partner_id": partner.id if partner else False}
                    for email, partner in choices
                ],
            )

    def test_whom_addresses_were_chosen_of_is_read_by_no_client(self):
        message = self._post(("contact1@bob.test", self.bob))
        self._hide(self.bob)
        message = self._as(message)
        with self.assertRaises(AccessError):
            message.read(["recipient_map"])
        with self.assertRaises(AccessError):
            message.search([("recipient_map", "!=", False)])
        with self.assertRaises(AccessError):
            message.write({"recipient_map": {str(self.bob.id): ["outsider@rival.test"]}})
        self.assertNotIn("recipient_map", message.read()[0])

    def test_what_a_mail_server_answered_of_a_hidden_contact_is_read_by_no_client(self):
        message = self._post(("contact1@bob.test", self.bob))
        told = message.sudo().notification_ids
        answer = "550 contact1@bob.test: no mailbox"
        told.write(
            {
                "notification_status": "bounce",
                "failure_type": "unknown",
                "failure_reason": answer,
            }
        )
        self._hide(self.bob)
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = self._as(told)
        self.assertNotIn("failure_reason", theirs.fields_get())
        domain = [("failure_reason", "ilike", "contact1@bob")]
        for refused in (
            lambda: theirs.read(["failure_reason"]),
            lambda: theirs.search(domain),
            lambda: theirs.formatted_read_group([], ["failure_reason"]),
            lambda: self._as(message).search([("notification_ids.failure_reason", "ilike", "550")]),
        ):
            with self.assertRaises(AccessError):
                refused()
        self._policy(False)
        self.env["ir.rule"].search([("name", "=", "hidden")]).unlink()
        self.assertEqual(theirs.read(["failure_reason"])[0]["failure_reason"], answer)

    def test_the_search_by_recipient_finds_no_card_by_an_address_that_is_hidden(self):
        self._post(("contact1@bob.test", self.bob), ("company1@acme.test", self.acme))
        leads = self._as(self.env["crm.lead"])

        def found(value, operator="ilike"):
            return self.deal in leads.search([("recipient_search", operator, value)])

        self.assertTrue(found("contact1@bob") and found("company1@acme"))
        self._hide(self.bob)
        for value in ("contact1@bob.test", "c%bob.test", "contact_@bob%"):
            self.assertFalse(found(value), value)
        self.assertFalse(found("contact1@bob.test", "="))
        self.assertFalse(found(["contact1@bob.test"], "in"))
        self.assertTrue(found("company1@acme.test"))

    def test_the_search_by_recipient_takes_what_is_typed_as_it_is(self):
        self._post(("contact1@bob.test", self.bob))
        leads = self._as(self.env["crm.lead"])
        self.assertTrue(leads.search([("recipient_search", "ilike", "BOB.test")]))
        for pattern in ("%", "c%1@bob.test", "contact_@bob.test"):
            self.assertFalse(leads.search([("recipient_search", "ilike", pattern)]), pattern)

    def test_nobody_is_said_to_have_no_address_where_one_may_not_look(self):
        self.acme.write({"email": False, "recipient_address_ids": [(5,)]})
        self._hide(self.bob)
        with self.assertRaisesRegex(UserError, "not accessible to you"):
            self._post(("contact1@bob.test", None))
        self.assertIn("not accessible", self._as(self.deal)._recipient_picker()["error"])

    def test_an_address_of_our_own_becomes_no_lead(self):
        self._policy(any_address=True)
        domain = self.env["mail.alias.domain"].create(
            {"name": "house.test", "catchall_alias": "catchall", "bounce_alias": "bounce"}
        )
        self.env["mail.alias"].create(
            {
                "alias_name": "offers.desk",
                "alias_domain_id": domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        before = self.env["crm.lead"].search_count([])
        for address in ("catchall@house.test", "offers.desk@house.test", "Bounce@HOUSE.test"):
            self._post((address, None))
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        self.assertFalse(self.env["res.partner"].search([("email", "ilike", "catchall@house")]))

    def test_an_address_with_an_encoded_line_break_is_none(self):
        self._policy(any_address=True)
        for text in ("%0aevil@rival.test", "a%0D%0Abcc@rival.test", "x%00@rival.test"):
            with self.assertRaisesRegex(UserError, "not a single, plain"), self.cr.savepoint():
                self._post((text, None))
        self.assertNothingLeft()
