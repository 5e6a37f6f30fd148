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
        template = self._template(email_to="contact2@bob.test", use_default_to=False)
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

    def test_an_address_that_could_not_be_reached_is_hidden_with_its_party(self):
        template = self._template(email_to="contact2@bob.test", use_default_to=False)
        with (
            self.mock_smtplib_connection(),
            patch.object(
                self.registry["ir.mail_server"],
                "send_email",
                side_effect=OSError("no mailbox contact2@bob.test"),
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mail_id = template.with_user(self.salesman).send_mail(
                self.deal.id, force_send=True, email_values={"auto_delete": False}
            )
        mail = self.env["mail.mail"].browse(mail_id)
        self.assertEqual(mail.state, "exception")
        message = mail.mail_message_id
        self.assertEqual(self._fates(message), {"contact2@bob.test": "failed"})
        self.assertIn("no mailbox", self._told(message)["left_out"][0]["reason"])
        # What Odoo has no words of a server for it has a kind for.
        mail.write({"failure_reason": False, "failure_type": "mail_smtp"})
        kinds = dict(mail._fields["failure_type"]._description_selection(self.env))
        self.assertEqual(self._told(message)["left_out"][0]["reason"], kinds["mail_smtp"])
        self._hide(self.bob)
        told = self._told(message)
        self.assertTrue(told["left_out"][0]["hidden"])
        self.assertNotIn("bob.test", str(told))

    def test_what_the_mail_server_answered_is_not_told_beside_a_hidden_party(self):
        message = self._post()
        notifications = message.sudo().notification_ids
        notifications.filtered(lambda one: one.res_partner_id == self.acme).write(
            {
                "notification_status": "bounce",
                "failure_type": "unknown",
                "failure_reason": "refused with contact1@bob.test",
            }
        )
        self._hide(self.bob)
        told = self._told(message)
        self.assertEqual({one["fate"] for one in told["to"]}, {"sent", "bounced"})
        self.assertNotIn("bob", str(told))

    def test_the_cards_own_address_is_told_also_where_a_hidden_contact_has_it(self):
        lead = self._lead(email_from="contact1@bob.test", partner_id=self.acme.id)
        with self.mock_smtplib_connection():
            message = self._as(lead).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": "contact1@bob.test"}],
            )
        lead.partner_id = self.bob
        self._hide(self.bob)
        self.assertEqual(self._fates(message), {"contact1@bob.test": "sent"})

    def _merge(self, contacts, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((contacts + into).ids, into)

    def test_a_contact_that_was_merged_is_told_once_at_the_address_that_was_written_to(self):
        robert = self.env["res.partner"].create({"name": "Robert", "email": "robert@x.test"})
        message = self._post("contact2@bob.test")
        self._bounce(message, "contact2@bob.test")
        self._merge(self.bob, robert)
        told = self._told(message)
        found = [(one["name"], one["email"], one["fate"]) for one in told["to"]]
        self.assertEqual(found, [("Robert", "contact2@bob.test", "bounced")])
        self.assertFalse(told["followers"] + told["left_out"])

    def test_what_was_written_to_a_contact_that_is_merged_into_a_hidden_one_is_hidden(self):
        robert = self.env["res.partner"].create({"name": "Robert", "email": "robert@x.test"})
        message = self._post("contact2@bob.test")
        self._merge(self.bob, robert)
        self._hide(robert)
        self.assertNotRegex(str(self._told(message)), "(?i)bob|robert")
        message.sudo().notification_ids.unlink()
        self.assertNotRegex(str(self._told(message)), "(?i)bob|robert")

    def test_of_two_addresses_of_one_contact_the_one_that_bounced_is_told_so(self):
        message = self._post("contact1@bob.test", "contact2@bob.test")
        self._bounce(message, "contact2@bob.test")
        self.assertEqual(
            self._fates(message), {"contact1@bob.test": "sent", "contact2@bob.test": "bounced"}
        )

    def test_the_reason_is_told_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(
            ["mail", "crm_mail_recipients"], ["it_IT"], overwrite=True
        )
        message = self._post("contact1@bob.test")
        message.sudo().notification_ids.write(
            {"notification_status": "bounce", "failure_type": "mail_bounce"}
        )
        italian = self._told(message.with_context(lang="it_IT"))["to"][0]["detail"]
        self.assertTrue(italian)
        self.assertNotEqual(italian, self._told(message)["to"][0]["detail"])

    def test_in_a_company_without_the_policy_messages_are_as_in_stock(self):
        message = self._post()
        other = self.env["res.company"].create({"name": "Other"})
        self.salesman.company_ids += other
        deal = self._lead(
            type="opportunity", partner_id=self.bob.id, company_id=other.id, team_id=False
        )
        with self.mock_smtplib_connection():
            stock = deal.with_user(self.salesman).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.bob.ids,
            )
        self.assertTrue(self._told(message))
        self.assertFalse(self._told(stock))

    def test_customers_are_told_nothing(self):
        message = self._post()
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        store = Store().add(message.with_user(portal).sudo()).get_result()
        self.assertFalse(store["mail.message"][0].get("recipientEnvelope"))

    def test_thirty_messages_take_no_more_queries_than_three(self):
        def queries(user, count):
            messages = self.env["mail.message"].browse()
            for _number in range(count):
                messages += self._post()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Store().add(messages.with_user(user)).get_result()
            return self.env.cr.sql_log_count - before

        for has_policy in (True, False):
            self._policy(has_policy)
            # Who wrote them, and somebody to whom none of them went.
            for user in (self.salesman, self.colleague):
                with self.subTest(user.login, has_policy=has_policy):
                    queries(user, 1)
                    self.assertEqual(queries(user, 3), queries(user, 30))
