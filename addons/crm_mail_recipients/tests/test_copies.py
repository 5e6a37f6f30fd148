import json
from email import message_from_string, policy
from email.message import EmailMessage
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .common import DealCase

CONTACT, SECOND, COMPANY = "contact1@bob.test", "contact2@bob.test", "company1@acme.test"
OUT = "outsider@rival.test"


class CopiesCase(DealCase):
    """A deal of Bob and Acme, and what leaves it."""

    def _composer(self, to=(), cc=(), bcc=(), **values):
        def choices(addresses):
            owners = {CONTACT: self.bob, SECOND: self.bob, COMPANY: self.acme}
            return [
                {"email": one, "partner_id": owners[one].id if one in owners else False}
                for one in addresses
            ]

        return (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model="crm.lead", default_res_ids=self.deal.ids)
            .create(
                {
                    "body": "x",
                    "subject": "s",
                    "recipient_choices": choices(to),
                    "recipient_cc_choices": choices(cc),
                    "recipient_bcc_choices": choices(bcc),
                    **values,
                }
            )
        )

    def _send(self, *args, **values):
        with self.mock_smtplib_connection():
            _mails, message = self._composer(*args, **values)._action_send_mail()
            self.env.flush_all()
        return message

    def _mails(self):
        """Return what was sent, as {envelope: (To, Cc, everything as text)}."""
        found = {}
        for mail in self.emails:
            read = message_from_string(mail["message"], policy=policy.default)
            parts = [part.get_content() for part in read.walk() if not part.is_multipart()]
            text = "\n".join([*(f"{name}: {value}" for name, value in read.items()), *parts])
            for address in mail["smtp_to_list"]:
                self.assertFalse(address in found, f"{address} was written to twice")
                found[address] = (read["To"] or "", read["Cc"] or "", text)
        return found


@tagged("post_install", "-at_install")
class TestCopies(CopiesCase):
    """Cc is shown to all, Bcc to nobody else; both are judged like To."""

    def test_to_and_cc_stand_in_the_headers_of_each_copy(self):
        self._send([CONTACT], [COMPANY])
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        for to, cc, _text in mails.values():
            self.assertIn(CONTACT, to)
            self.assertNotIn(COMPANY, to)
            self.assertEqual(cc, f"Acme <{COMPANY}>")

    def test_bcc_stands_in_no_header_and_in_no_copy_of_another(self):
        message = self._send([CONTACT], [], [COMPANY])
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        self.assertNotIn(COMPANY, mails[CONTACT][2])
        self.assertNotIn("Acme", mails[CONTACT][2])
        self.assertIn(CONTACT, mails[COMPANY][0])
        for _to, _cc, text in mails.values():
            self.assertNotIn("\nBcc", text)
            self.assertNotIn("X-Msg-To-Add", text)
        self.assertEqual(message.partner_ids, self.bob)

    def test_what_was_begun_in_the_chatter_is_opened_in_its_lines(self):
        company = {"email": COMPANY, "partner_id": self.acme.id, "header": "bcc"}
        context = {
            "default_model": "crm.lead",
            "default_res_ids": self.deal.ids,
            "default_recipient_choices": [],
            "default_recipient_cc_choices": [],
            "default_recipient_bcc_choices": [company],
        }
        composers = self._as(self.env["mail.compose.message"]).with_context(**context)
        form = Form(composers, "mail.email_compose_message_wizard_form")
        self.assertFalse(form.recipient_choices)
        self.assertEqual([one["email"] for one in form.recipient_envelope["bcc"]], [COMPANY])
        self.assertFalse(form.recipient_envelope["to"])

    def test_bcc_alone_shows_nobody(self):
        self._send([], [], [CONTACT, COMPANY])
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        for address, (to, cc, text) in mails.items():
            other = (mails.keys() - {address}).pop()
            self.assertFalse(cc)
            self.assertEqual(to, "undisclosed-recipients:;")
            self.assertNotIn(other, text)

    def test_the_second_address_of_one_contact_in_bcc_is_not_shown_to_the_first(self):
        for line in ("to", "cc"):
            with self.subTest(line):
                self.emails.clear()
                lines = {"to": [COMPANY], "bcc": [SECOND]}
                lines[line] = [*lines.get(line, ()), CONTACT]
                self._send(**lines)
                mails = self._mails()
                self.assertEqual({*mails}, {CONTACT, SECOND, COMPANY})
                for address in (CONTACT, COMPANY):
                    self.assertNotIn(SECOND, mails[address][2])

    def test_who_follows_and_is_in_bcc_is_shown_to_nobody(self):
        self.env["mail.followers"]._insert_followers("crm.lead", self.deal.ids, self.acme.ids)
        self._send([CONTACT], [], [COMPANY])
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        self.assertNotIn(COMPANY, mails[CONTACT][2])

    def test_addresses_of_nobody_in_bcc_are_not_in_the_copy_of_each_other(self):
        self._policy(any_address=True)
        self._send(["one@new.test"], ["two@new.test"], ["three@new.test", "four@new.test"])
        mails = self._mails()
        self.assertEqual({*mails}, {f"{one}@new.test" for one in ("one", "two", "three", "four")})
        for address, (_to, _cc, text) in mails.items():
            for other in {"three@new.test", "four@new.test"} - {address}:
                self.assertNotIn(other, text)
            self.assertIn("one@new.test", text)
            self.assertIn("two@new.test", text)
        said = "".join(self.deal.message_ids.mapped(lambda m: m.body or ""))
        self.assertIn("one@new.test", said)
        self.assertNotIn("three@new.test", said)

    def test_a_colleague_in_bcc_is_not_named_on_the_card_or_in_a_copy(self):
        self._policy(any_address=True)
        self._send([CONTACT], [], [], recipient_bcc_choices=[
            {"email": self.colleague.email, "partner_id": self.colleague.partner_id.id}
        ])  # fmt: skip
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, self.colleague.email})
        self.assertNotIn(self.colleague.email, mails[CONTACT][2])

    def test_who_is_named_openly_as_well_gets_it_once_and_openly(self):
        self._send([CONTACT], [CONTACT, COMPANY], [COMPANY, CONTACT])
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        self.assertIn(COMPANY, mails[CONTACT][1])

    def test_cc_and_bcc_are_judged_like_to(self):
        for line in ("cc", "bcc"):
            with self.subTest(line), self.assertRaisesRegex(UserError, "not registered"):
                self._send([CONTACT], **{line: [OUT]})
        self._hide(self.acme)
        for line in ("cc", "bcc"):
            with self.subTest(line), self.assertRaises(UserError):
                self._send([CONTACT], **{line: [COMPANY]})
        self.assertNothingLeft()

    def test_what_is_shown_before_is_what_is_shown_after(self):
        composer = self._composer([CONTACT], [SECOND], [COMPANY])
        before = composer.recipient_envelope
        with self.mock_smtplib_connection():
            _mails, message = composer._action_send_mail()
            self.env.flush_all()
        after = message.with_user(self.salesman)._recipient_envelopes()[message.id]
        after = self.env["mail.thread"].with_user(self.salesman)._recipient_shown(after)
        for line, address in (("to", CONTACT), ("cc", SECOND), ("bcc", COMPANY)):
            self.assertEqual([one["email"] for one in before[line]], [address])
            self.assertEqual([one["email"] for one in after[line]], [address])
        headers = self.env["mail.recipient.log"].search([("message_id", "=", message.id)])
        self.assertEqual(
            dict(headers.mapped(lambda row: (row.email_key, row.header))),
            {CONTACT: "to", SECOND: "cc", COMPANY: "bcc"},
        )

    def test_the_template_puts_its_cc_into_cc(self):
        template = self._template(email_to=CONTACT, email_cc=COMPANY)
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model="crm.lead", default_res_ids=self.deal.ids)
            .create({"template_id": template.id})
        )
        self.assertEqual([c["email"] for c in composer.recipient_choices], [CONTACT])
        self.assertEqual([c["email"] for c in composer.recipient_cc_choices], [COMPANY])
        with self.mock_smtplib_connection():
            composer.action_send_mail()
            self.env.flush_all()
        self.assertIn(COMPANY, self._mails()[CONTACT][1])

    def test_where_odoo_has_a_field_for_cc_it_is_used(self):
        composer = self._composer([CONTACT], partner_ids=[(6, 0, self.acme.ids)])
        # Stands for the field that Odoo does not have yet.
        with patch.object(type(composer), "_recipient_stock_cc", lambda _self: "partner_ids"):
            self.assertFalse(composer.recipient_has_cc)
            [_to, copied] = composer._recipient_all_choices()
        self.assertEqual((copied["partner_id"], copied["header"]), (self.acme.id, "cc"))

    def test_a_rule_with_a_template_puts_its_cc_into_cc(self):
        template = self._template(email_to=CONTACT, email_cc=COMPANY)
        with self.mock_smtplib_connection():
            self._as(self.deal).message_post_with_source(
                template, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.env.flush_all()
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        self.assertIn(COMPANY, mails[CONTACT][1])
        self.assertNotIn(COMPANY, mails[CONTACT][0])

    def test_a_bounce_of_cc_is_told_on_its_line(self):
        message = self._send([CONTACT], [COMPANY])
        notification = message.sudo().notification_ids.filtered(
            lambda one: one.res_partner_id == self.acme
        )
        self.env["mail.thread"]._routing_handle_bounce(
            EmailMessage(),
            {
                "bounced_email": COMPANY,
                "bounced_partner": self.acme,
                "bounced_msg_ids": [message.message_id],
                "bounced_message": message,
                "email_from": "",
                "to": "",
                "message_id": "",
                "body": "no such mailbox",
            },
        )
        self.assertEqual(notification.notification_status, "bounce")
        user = message.with_user(self.salesman)
        envelopes = user._recipient_envelopes()
        shown = user.env["mail.thread"]._recipient_shown_each(envelopes)
        user._recipient_tell_fates(envelopes, shown)
        [line] = shown[message.id]["cc"]
        self.assertEqual((line["email"], line["fate"]), (COMPANY, "bounced"))

    def test_nobody_in_bcc_is_sent_openly_after_the_policy_was_switched_off(self):
        composer = self._composer([CONTACT], [], [COMPANY])
        values = {"recipient_choices": composer._recipient_all_choices()}
        self.deal.with_context(mail_notify_force_send=False).with_user(self.salesman).message_post(
            body="x", message_type="comment", subtype_xmlid="mail.mt_comment", **values
        )
        mails = self.env["mail.mail"].search([("state", "=", "outgoing")])
        self._policy(on=False)
        with self.mock_smtplib_connection():
            mails.send()
        mails = self._mails()
        # As in stock, Bob gets it at all his addresses.
        self.assertEqual({*mails}, {CONTACT, SECOND, COMPANY})
        self.assertNotIn(COMPANY, mails[CONTACT][2])
        with self.assertRaisesRegex(UserError, "Bcc"):
            self._as(self.deal).message_post(body="x", **values)


@tagged("post_install", "-at_install")
class TestBccIsSecret(CopiesCase):
    """Who may read a message, and is not to know who is in Bcc, finds it out nowhere."""

    def setUp(self):
        super().setUp()
        self.message = self._send([CONTACT], [], [COMPANY])

    def test_customers_read_of_no_other_recipient(self):
        self.acme.parent_id = self.corp
        portal = new_test_user(self.env, "bobs", groups="base.group_portal")
        portal.partner_id.email = "portal@bob.test"
        self.deal.message_subscribe(portal.partner_id.ids)
        self.env["ir.rule"].search([("model_id.model", "=", "crm.lead")]).active = False
        message = self.message.with_user(portal).sudo(False)
        with self.assertRaises(AccessError):
            message.search([("recipient_copies", "!=", False)])
        for name in ("notified_partner_ids", "recipient_copies"):
            with self.subTest(name), self.assertRaises(AccessError):
                message.read([name])
        self.env.invalidate_all()
        self.assertFalse(message.notification_ids)
        for who, is_found in ((self.acme, False), (self.bob, False)):
            for name in ("notification_ids.res_partner_id", "notified_partner_ids"):
                with self.subTest(name, who=who.name):
                    self.assertEqual(message in message.search([(name, "=", who.id)]), is_found)

    def test_a_customer_takes_back_what_he_wrote(self):
        portal = new_test_user(self.env, "bobs", groups="base.group_portal", email="p@bob.test")
        self.env["ir.rule"].search([("model_id.model", "=", "crm.lead")]).active = False
        self.env["ir.model.access"].create(
            {
                "name": "Customers edit opportunities",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        self.deal.message_subscribe(self.salesman.partner_id.ids)
        with self.mock_smtplib_connection():
            message = self.deal.with_user(portal).message_post(
                body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.env.invalidate_all()
        message.unlink()
        self.assertFalse(message.exists())

    def test_a_colleague_who_may_not_view_the_party_is_not_told_who_it_is(self):
        self._hide(self.acme)
        message = self.message.with_user(self.colleague)
        self.deal.user_id = self.colleague
        shown = json.dumps(Store().add(message).get_result(), default=str)
        self.assertNotIn(COMPANY, shown)
        self.assertNotIn("Acme", shown)
        rows = self.env["mail.notification"].with_user(self.colleague)
        self.assertFalse(rows.search([("res_partner_id", "=", self.acme.id)]))
        hers = self.env["mail.notification"].with_user(self.salesman)
        self.assertTrue(hers.search([("res_partner_id", "=", self.acme.id)]))

    def test_no_answer_is_proposed_to_who_was_in_bcc(self):
        for suggested in (
            self.deal.with_user(self.salesman)._message_get_suggested_recipients(
                reply_message=self.message
            ),
            self.deal.with_user(self.salesman)._message_get_suggested_recipients(
                reply_discussion=True
            ),
        ):
            self.assertNotIn(COMPANY, [one["email"] for one in suggested])

    def test_a_copy_of_the_message_takes_nobody_along(self):
        copy = self.message.sudo().copy()
        self.assertFalse(copy.recipient_copies)
        self.assertNotIn(self.acme, copy.partner_ids)

    def test_no_client_writes_or_reads_it(self):
        message = self.message.with_user(self.salesman)
        with self.assertRaises(AccessError):
            message.read(["recipient_copies"])
        with self.assertRaises(AccessError):
            message.write({"recipient_copies": {"bcc": {"0": [OUT]}}})
        with self.mock_smtplib_connection():
            self._as(self.deal).message_post(
                body="x",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": CONTACT, "partner_id": self.bob.id}],
                recipient_copies={"bcc": {"0": [OUT]}},
            )
        self.assertNotIn(OUT, self._mails())

    def test_what_was_merged_into_an_open_recipient_stays_secret(self):
        self.deal.with_user(self.salesman).with_context(mail_notify_force_send=False).message_post(
            body="y",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            recipient_choices=self._composer([CONTACT], [], [COMPANY])._recipient_all_choices(),
        )
        self.emails.clear()
        queued = self.env["mail.mail"].search([("state", "=", "outgoing")])
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.bob + self.acme).ids, self.bob, extra_checks=False)
        with self.mock_smtplib_connection():
            queued.send()
        mails = self._mails()
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        self.assertNotIn(COMPANY, mails[CONTACT][2])
