from email.message import EmailMessage

from odoo.tests import HttpCase, tagged

from .test_copies import COMPANY, CONTACT, CopiesCase

SECOND_OF_ACME = "company2@acme.test"


@tagged("post_install", "-at_install")
class TestMarks(CopiesCase, HttpCase):
    """What is to be known of an address is told before one writes to it."""

    def _bounce(self, email, partner, message):
        self.env["mail.thread"]._routing_handle_bounce(
            EmailMessage(),
            {
                "bounced_email": email,
                "bounced_partner": partner,
                "bounced_msg_ids": [message.message_id],
                "bounced_message": message,
                "email_from": "",
                "to": "",
                "message_id": "",
                "body": "no such mailbox",
            },
        )

    def _offered(self, user=None):
        candidates = self._as(self.deal, user)._recipient_picker()["candidates"]
        return {candidate["email"]: candidate for candidate in candidates}

    def test_an_address_that_bounced_is_marked_until_it_answers(self):
        message = self._send([COMPANY])
        for email in (COMPANY, SECOND_OF_ACME):
            with self.subTest(email):
                self.assertFalse(self._offered()[email]["bounced"])
                self._bounce(email, self.acme, message)
                self.assertTrue(self._offered()[email]["bounced"])
                answer = {"email_from": f"Acme <{email}>"}
                self.env["mail.thread"]._routing_reset_bounce(EmailMessage(), answer)
                self.assertFalse(self._offered()[email]["bounced"])

    def test_the_mark_stays_with_the_address_and_not_with_its_line(self):
        self._bounce(SECOND_OF_ACME, self.acme, self._send([COMPANY]))
        line = self.acme.recipient_address_ids
        self.assertTrue(line.has_bounced)
        line.email = "new@acme.test"
        self.assertFalse(line.has_bounced)

    def test_when_an_address_was_last_written_to_is_told(self):
        self._send([COMPANY])
        found = self._offered()
        self.assertTrue(found[COMPANY]["last_written"])
        self.assertFalse(found[CONTACT]["last_written"])
        self.assertEqual([found[one]["role"] for one in (CONTACT, COMPANY)], ["contact", "company"])

    def test_the_line_before_sending_says_what_the_picker_says(self):
        self.env["mail.blacklist"].create({"email": CONTACT})
        self._bounce(COMPANY, self.acme, self._send([COMPANY]))
        envelope = self._composer([CONTACT], [COMPANY]).recipient_envelope
        marks = [(one["blacklisted"], one["bounced"]) for one in envelope["to"] + envelope["cc"]]
        self.assertEqual(marks, [(True, False), (False, True)])

    def test_an_address_is_put_on_whom_the_user_may_edit_and_offered_at_once(self):
        self._hide(self.bob)
        owners = self._as(self.deal)._recipient_picker()["owners"]
        self.assertEqual([owner["name"] for owner in owners], ["Acme"])
        self.salesman.password = "salesman"
        self.authenticate("salesman", "salesman")
        asked = {"thread_model": "crm.lead", "thread_id": self.deal.id, "email": "anna@acme.test"}
        asked |= {"owner_model": "res.partner", "owner_id": self.acme.id}
        picker = self.make_jsonrpc_request("/crm_mail_recipients/accept", asked)
        self.assertIn("anna@acme.test", [one["email"] for one in picker["candidates"]])

    def test_who_may_edit_no_contact_is_offered_nobody_to_register_on(self):
        self.salesman.group_ids -= self.env.ref("base.group_partner_manager")
        self.env["ir.rule"].create(
            {
                "name": "contacts are not edited",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[(0, '=', 1)]",
                "perm_read": False,
            }
        )
        self.assertEqual(self._as(self.deal)._recipient_picker()["owners"], [])
