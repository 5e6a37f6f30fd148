import smtplib
from email import message_from_string, policy
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_copies import COMPANY, CONTACT, SECOND, CopiesCase

_BOUNCE = """\
From: MAILER-DAEMON@rival.test
To: office@house.test
Subject: Undelivered Mail
Message-ID: <dsn@rival.test>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

No such user here: {email}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; rival.test

Final-Recipient: rfc822; {email}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

From: office@house.test
Message-ID: {message_id}

--b--
"""
_MAILS = "odoo.addons.mail.models.mail_mail"


class ToldCase(CopiesCase):
    def _notification(self, message, who):
        return message.sudo().notification_ids.filtered(
            lambda one: who in (one.res_partner_id.id, one.mail_email_address)
        )

    def _queue(self, to=(), cc=(), bcc=()):
        """Return the mail of a message that waits in the queue."""
        choices = self._composer(to, cc, bcc)._recipient_all_choices()
        message = (
            self.deal.with_user(self.salesman)
            .with_context(mail_notify_force_send=False)
            .message_post(
                body="y",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=choices,
            )
        )
        return message, self.env["mail.mail"].search([("mail_message_id", "=", message.id)])

    def _run(self, mails, refused=()):
        """Send mails; the mail server refuses those to `refused`."""

        def send(servers, message, smtp_from, smtp_to_list):
            if hit := {*refused}.intersection(smtp_to_list):
                raise smtplib.SMTPRecipientsRefused({hit.pop(): (550, b"no such user")})
            found.extend(smtp_to_list)

        found = []
        connection = type("Connection", (), {"quit": lambda _self: None, "from_filter": False})
        connection.smtp_from, connection.send_message = "office@house.test", send
        servers = self.registry["ir.mail_server"]
        with (
            self.mock_smtplib_connection(),
            patch.object(servers, "_connect__", lambda *_args, **_kwargs: connection()),
            mute_logger(_MAILS),
        ):
            mails.send()
            self.env.flush_all()
        return found


@tagged("post_install", "-at_install")
class TestBccIsFoundByNoSearch(ToldCase):
    """Whoever may read a message cannot ask of it who is in Bcc."""

    def setUp(self):
        super().setUp()
        self.message = self._send([CONTACT], [], [COMPANY])

    def test_no_message_is_found_by_whom_it_went_to_in_bcc(self):
        messages = self.env["mail.message"].with_user(self.colleague)
        self.deal.user_id = self.colleague
        mine = [("id", "=", self.message.id)]
        self.assertTrue(messages.search(mine))
        for refs in (self.acme.ids, [False, *self.acme.ids]):
            for path in ("notification_ids.res_partner_id", "message_ids.notification_ids"):
                with self.subTest(path=path, refs=refs):
                    if path.startswith("message_ids"):
                        found = self.deal.with_user(self.colleague).search(
                            [("id", "=", self.deal.id), (f"{path}.res_partner_id", "in", refs)]
                        )
                    else:
                        found = messages.search([*mine, (path, "in", refs)])
                    self.assertFalse(found)
        for condition, is_found in (
            (("in", self.acme.ids), False), (("not in", self.acme.ids), True),
            (("in", self.bob.ids), True), (("ilike", "acme"), False), (("ilike", "bob"), True),
        ):  # fmt: skip
            with self.subTest(condition):
                found = messages.search([*mine, ("notified_partner_ids", *condition)])
                self.assertEqual(bool(found), is_found)
        deals = self.deal.with_user(self.colleague)
        path = "message_ids.notified_partner_ids"
        this = [("id", "=", self.deal.id)]
        self.assertFalse(deals.search([*this, (path, "in", self.acme.ids)]))
        self.assertTrue(deals.search([*this, (path, "in", self.bob.ids)]))
        told = messages.search([*mine, ("notification_ids.res_partner_id", "=", self.bob.id)])
        self.assertEqual(told, self.message)

    def test_a_colleague_reads_of_no_notification_in_bcc(self):
        self.deal.user_id = self.colleague
        message = self.message.with_user(self.colleague)
        notified = self.message.notified_partner_ids
        self.assertIn(self.acme, notified)
        [values] = message.read(["notified_partner_ids"])
        self.assertEqual(values["notified_partner_ids"], (notified - self.acme).ids)
        self.assertEqual(message.notified_partner_ids, notified - self.acme)
        self.assertEqual(message.mapped("notified_partner_ids"), notified - self.acme)
        self.assertEqual(self.message.notified_partner_ids, notified)
        with self.assertRaises(AccessError):
            self._notification(self.message, self.acme.id).with_user(self.colleague).sudo(
                False
            ).read()

    def test_an_administrator_reads_who_was_notified_of_a_mail_in_the_queue(self):
        message, mail = self._queue([CONTACT], [], [COMPANY])
        admin = new_test_user(self.env, "boss", groups="base.group_system", email="b@house.test")
        for has_policy in (True, False):
            self._policy(has_policy)
            for user in (self.env.user, admin):
                notified = mail.with_user(user).notified_partner_ids
                with self.subTest(user.login, has_policy=has_policy):
                    self.assertIn(self.bob, notified)
                    self.assertEqual(notified, message.with_user(user).notified_partner_ids)

    def test_who_has_it_in_the_inbox_and_who_wrote_it_find_it(self):
        for user, groups in (("inbox", "base.group_user"), ("door", "base.group_portal")):
            user = new_test_user(self.env, user, groups=groups, email=f"{user}@house.test")
            self.env["mail.notification"].create(
                {
                    "mail_message_id": self.message.id,
                    "res_partner_id": user.partner_id.id,
                    "notification_type": "inbox",
                }
            )
            messages = self.env["mail.message"].with_user(user)
            with self.subTest(user.login):
                self.assertEqual(messages.search([("needaction", "=", True)]), self.message)

    def test_its_author_is_told_of_the_failure(self):
        self._notification(self.message, self.acme.id).notification_status = "exception"
        self.env.flush_all()
        messages = self.env["mail.message"].with_user(self.salesman)
        self.assertIn(self.message, messages.search([("has_error", "=", True)]))
        self.deal.user_id = self.colleague
        messages = messages.with_user(self.colleague)
        self.assertNotIn(self.message, messages.search([("has_error", "=", True)]))

    def test_who_was_merged_into_another_is_not_told(self):
        self.deal.user_id = self.colleague
        other = self.env["res.partner"].create({"name": "Acme Group", "email": "group@acme.test"})
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.acme + other).ids, other, extra_checks=False)
        told = self.message.with_user(self.colleague).sudo().notification_ids
        self.assertIn(other, told.res_partner_id)
        self.assertNotIn(other, told._filtered_for_web_client().res_partner_id)


@tagged("post_install", "-at_install")
class TestWhatIsToldOfACopy(ToldCase):
    """Each recipient is told of the own copy, and the others are not."""

    def test_an_administrator_who_sends_it_by_hand_leaves_nobody_as_failed(self):
        message, mail = self._queue([CONTACT], [], [COMPANY])
        admin = new_test_user(self.env, "boss", groups="base.group_system", email="b@house.test")
        reached = self._run(mail.with_user(admin))
        self.assertEqual({*reached}, {CONTACT, COMPANY})
        for who in (self.bob.id, self.acme.id):
            self.assertEqual(self._notification(message, who).notification_status, "sent")

    def test_the_answer_to_a_copy_in_bcc_is_told_of_that_one_alone(self):
        message, mail = self._queue([CONTACT], [], [COMPANY])
        mail.recipient_ids = [(6, 0, (self.acme + self.bob).ids)]
        self._run(mail, refused=[COMPANY])
        secret, told = (self._notification(message, who) for who in (self.acme.id, self.bob.id))
        self.assertIn(COMPANY, secret.failure_reason)
        # Stock stops at the first copy that is refused, which is that of Acme.
        self.assertEqual(told.notification_status, "exception")
        self.assertFalse(told.failure_reason)

    def test_the_refused_copy_of_a_second_address_is_no_success(self):
        message, mail = self._queue([CONTACT], [], [SECOND])
        reached = self._run(mail, refused=[SECOND])
        log = self.env["mail.recipient.log"].search([("message_id", "=", message.id)])
        self.assertEqual({*log.mapped("email_key")}, {*reached})
        self.assertNotIn(SECOND, reached)
        self.assertEqual(self._notification(message, self.bob.id).notification_status, "exception")
        envelopes = message.with_user(self.salesman)._recipient_envelopes()
        shown = self.env["mail.thread"].with_user(self.salesman)._recipient_shown_each(envelopes)
        self.assertEqual([one["email"] for one in shown[message.id]["left_out"]], [SECOND])
        self.assertFalse(self._notification(message, self.bob.id).failure_reason)

    def test_an_address_that_got_its_copy_is_not_shown_as_failed(self):
        self._policy(any_address=True)
        self.salesman.group_ids |= self.env.ref("crm.group_use_lead")
        message, mail = self._queue([CONTACT], ["one@new.test"], ["two@new.test", "three@new.test"])
        reached = self._run(mail, refused=["three@new.test"])
        for address in ("one@new.test", "two@new.test"):
            with self.subTest(address):
                self.assertIn(address, reached)
                status = self._notification(message, address).notification_status
                self.assertEqual(status, "sent")
        failed = self._notification(message, "three@new.test")
        self.assertEqual(failed.notification_status, "exception")
        log = self.env["mail.recipient.log"].search([("message_id", "=", message.id)])
        self.assertEqual({*log.mapped("email_key")}, {*reached})

    def test_what_is_stopped_is_told_to_each_in_the_own_words(self):
        self.salesman.group_ids |= self.env.ref("crm.group_use_lead")
        for registered in ("", "one@new.test"):
            self._policy(any_address=True)
            message, mails = self._queue(["one@new.test"], [], ["two@new.test", "three@new.test"])
            self._policy()
            self.deal.recipient_address_ids = [(5,)]
            if registered:
                self.deal.recipient_address_ids = [(0, 0, {"email": registered})]
            self._run(mails)
            for address in ("two@new.test", "three@new.test"):
                with self.subTest(address=address, registered=registered):
                    told = self._notification(message, address)
                    self.assertEqual(told.notification_status, "exception")
                    self.assertIn(address, told.failure_reason)

    def test_a_bounce_of_a_copy_in_bcc_is_not_told_of_the_only_contact(self):
        self._policy(any_address=True)
        self.salesman.group_ids |= self.env.ref("crm.group_use_lead")
        for email, whose, other in (
            ("two@new.test", "two@new.test", self.bob.id),
            (SECOND, self.bob.id, "two@new.test"),
            ("forwarded@elsewhere.test", self.bob.id, "two@new.test"),
        ):
            message = self._send([CONTACT], [], ["two@new.test"])
            text = _BOUNCE.format(email=email, message_id=message.message_id)
            with self.subTest(email), mute_logger("odoo.addons.mail.models.mail_thread"):
                bounce = message_from_string(text, policy=policy.SMTP)
                parsed = self.env["mail.thread"].message_parse(bounce)
                self.env["mail.thread"]._routing_handle_bounce(bounce, parsed)
                told = self._notification(message, whose)
                self.assertEqual(told.notification_status, "bounce")
                self.assertEqual(self._notification(message, other).notification_status, "sent")
