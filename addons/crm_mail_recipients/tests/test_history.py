from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from .common import RecipientCase

_BOUNCE = """From: MAILER-DAEMON@other.test
To: bounce@in.house.test
Subject: Undelivered
Message-Id: <bounce@other.test>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mailbox {email} is full.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; other.test

Final-Recipient: rfc822; {email}
Action: failed
Status: 5.2.2
--b
Content-Type: message/rfc822

From: salesman@house.test
To: {email}
Message-Id: {message_id}
Subject: x

x
--b--
"""


@tagged("post_install", "-at_install")
class TestHistory(RecipientCase):
    """On each message of a card stands what became of it at each address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "in.house.test", "catchall_alias": "catchall", "bounce_alias": "bounce"}
        )

    def setUp(self):
        super().setUp()
        self.deal = self._lead(
            type="opportunity", partner_id=self.bob.id, recipient_company_id=self.acme.id
        )

    def _post(self, *emails, **values):
        emails = emails or ("contact1@bob.test", "company2@acme.test")
        with self.mock_smtplib_connection():
            return self._as(self.deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": email} for email in emails],
                **values,
            )

    def _told(self, message, user=None):
        """Return what the chatter gets with the message."""
        self.env.invalidate_all()
        store = Store().add(message.with_user(user or self.salesman)).get_result()
        return store["mail.message"][0].get("recipientEnvelope")

    def _fates(self, message, user=None):
        told = self._told(message, user)
        return {one["email"]: one["fate"] for lines in told.values() for one in lines}

    def _bounce(self, message, email):
        text = _BOUNCE.format(email=email, message_id=message.sudo().message_id)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, text)

    def test_each_address_a_message_went_to_is_told_as_sent_with_the_time(self):
        message = self._post()
        self.assertEqual(
            self._fates(message), {"contact1@bob.test": "sent", "company2@acme.test": "sent"}
        )
        self.assertTrue(all(one["date"] for one in self._told(message)["to"]))

    def test_what_waits_in_the_queue_is_told_as_waiting_and_then_as_sent(self):
        message = self._post("contact1@bob.test", force_send=False)
        self.assertEqual(self._fates(message), {"contact1@bob.test": "waiting"})
        with self.mock_smtplib_connection():
            self.env["mail.mail"].process_email_queue()
        self.assertEqual(self._fates(message), {"contact1@bob.test": "sent"})

    def test_it_is_told_after_the_mails_and_notifications_are_gone(self):
        message = self._post()
        self.env["mail.mail"].search([("mail_message_id", "=", message.id)]).unlink()
        message.sudo().notification_ids.unlink()
        self.assertEqual(
            self._fates(message), {"contact1@bob.test": "sent", "company2@acme.test": "sent"}
        )

    def test_a_bounce_is_told_at_its_address_with_the_answer(self):
        message = self._post()
        self._bounce(message, "contact1@bob.test")
        self.assertEqual(
            self._fates(message), {"contact1@bob.test": "bounced", "company2@acme.test": "sent"}
        )
        [bob] = [one for one in self._told(message)["to"] if one["email"] == "contact1@bob.test"]
        self.assertIn("is full", bob["detail"])

    def test_a_bounce_of_a_further_address_is_told_at_that_one(self):
        message = self._post()
        self._bounce(message, "company2@acme.test")
        self.assertEqual(
            self._fates(message), {"contact1@bob.test": "sent", "company2@acme.test": "bounced"}
        )

    def test_what_the_mail_server_refuses_is_told_as_failed_with_the_reason(self):
        with (
            self.mock_smtplib_connection(),
            patch.object(
                self.registry["ir.mail_server"], "send_email", side_effect=OSError("no route")
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            message = self._as(self.deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": "contact1@bob.test"}],
            )
        [bob] = self._told(message)["left_out"]
        self.assertEqual((bob["name"], bob["fate"]), ("Bob", "failed"))
        self.assertIn("no route", bob["reason"])

    def test_colleagues_who_may_see_the_parties_are_told_as_well(self):
        message = self._post()
        self.deal.user_id = self.colleague
        self.assertEqual(
            self._fates(message, self.colleague),
            {"contact1@bob.test": "sent", "company2@acme.test": "sent"},
        )

    def test_of_a_hidden_party_neither_address_nor_answer_is_told(self):
        message = self._post()
        self._bounce(message, "contact1@bob.test")
        self._bounce(message, "company2@acme.test")
        self._hide(self.bob)
        told = self._told(message)
        self.assertNotRegex(str(told), "(?i)bob|is full")
        self.assertIn("company2@acme.test", str(told))

    def test_an_address_that_was_written_to_as_such_is_hidden_with_its_party(self):
        template = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Offer",
                "body_html": "<p>Offer</p>",
                "email_to": "contact2@bob.test",
                "use_default_to": False,
            }
        )
        with self.mock_smtplib_connection():
            template.with_user(self.salesman).send_mail(
                self.deal.id, force_send=True, email_values={"auto_delete": False}
            )
        self.assertReached("contact2@bob.test")
        message = self.env["mail.recipient.log"].search(
            [("email_key", "=", "contact2@bob.test")], limit=1
        )
        message = self.env["mail.message"].browse(message.message_id)
        self.assertEqual(self._fates(message), {"contact2@bob.test": "sent"})
        self._hide(self.bob)
        self.assertNotIn("contact2@bob.test", str(self._told(message)))

    def test_customers_are_told_nothing(self):
        message = self._post()
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        store = Store().add(message.with_user(portal).sudo()).get_result()
        self.assertFalse(store["mail.message"][0].get("recipientEnvelope"))

    def test_thirty_messages_take_no_more_queries_than_three(self):
        def queries(count):
            messages = self.env["mail.message"].browse()
            for _number in range(count):
                messages += self._post()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Store().add(messages.with_user(self.salesman)).get_result()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(3), queries(30))
