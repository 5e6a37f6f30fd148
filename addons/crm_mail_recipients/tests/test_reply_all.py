from odoo.tests import Form, tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestReplyAll(RecipientCase):
    """Reply All offers all who were on the mail and may be written to, and never ourselves."""

    def setUp(self):
        super().setUp()
        self.deal = self._lead(type="opportunity", partner_id=self.bob.id)
        domain = self.env["mail.alias.domain"].create(
            {"name": "house.test", "catchall_alias": "catchall", "bounce_alias": "bounce"}
        )
        self.env.company.alias_domain_id = domain
        self.env["fetchmail.server"].create({"name": "In", "user": "Sales@House.test"})
        ours = "catchall@house.test, bounce@house.test, office@house.test, sales@house.test"
        self.message = self.deal.message_post(
            body="Question",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.outsider.id,
            email_from="Out Sider <outsider@rival.test>",
            incoming_email_to=f"{ours}, Salesman <salesman@house.test>, contact1@bob.test",
            incoming_email_cc="new@stranger.test, colleague@house.test",
        )

    def _form(self, user=None, **context):
        composers = self.env["mail.compose.message"].with_user(user or self.salesman)
        # What the client proposes are those who are contacts.
        found = self._as(self.deal)._message_get_suggested_recipients(reply_message=self.message)
        return composers.with_context(
            default_model="crm.lead",
            default_res_ids=self.deal.ids,
            default_composition_mode="comment",
            default_composition_comment_option="reply_all",
            default_partner_ids=[one["partner_id"] for one in found if one["partner_id"]],
            default_subtype_xmlid="mail.mt_comment",
            **{"recipient_reply_to": self.message.id, **context},
        )

    def _offered(self, **context):
        form = Form(self._form(**context))
        choices = [*(form.recipient_choices or []), *(form.recipient_cc_choices or [])]
        return sorted(choice["email"] for choice in choices)

    def test_with_any_address_all_who_were_on_the_mail_are_offered(self):
        self._policy(any_address=True)
        self.assertEqual(
            self._offered(), ["contact1@bob.test", "new@stranger.test", "outsider@rival.test"]
        )

    def test_they_get_the_reply(self):
        self._policy(any_address=True)
        form = Form(self._form())
        form.body, form.subject = "x", "x"
        with self.mock_smtplib_connection():
            form.save().action_send_mail()
        self.assertReached(
            "contact1@bob.test", "new@stranger.test", "outsider@rival.test", "colleague@house.test"
        )

    def test_who_was_in_cc_is_in_cc_again(self):
        self._policy(any_address=True)
        self.message = self._as(self.deal).message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            recipient_choices=[
                {"email": "contact1@bob.test", "partner_id": self.bob.id},
                {"email": "company1@acme.test", "partner_id": self.acme.id, "header": "cc"},
                {"email": "outsider@rival.test", "header": "bcc"},
            ],
        )
        form = Form(self._form())
        self.assertEqual([one["email"] for one in form.recipient_choices], ["contact1@bob.test"])
        self.assertEqual(
            [one["email"] for one in form.recipient_cc_choices], ["company1@acme.test"]
        )
        self.assertFalse(form.recipient_bcc_choices)

    def test_who_was_in_cc_of_an_incoming_mail_is_in_cc_again(self):
        for any_address, to, cc in (
            (True, ["contact1@bob.test", "outsider@rival.test"], ["new@stranger.test"]),
            (False, ["contact1@bob.test"], []),
        ):
            self._policy(any_address=any_address)
            form = Form(self._form())
            with self.subTest(any_address=any_address):
                self.assertEqual(sorted(c["email"] for c in form.recipient_choices), to)
                self.assertEqual([c["email"] for c in form.recipient_cc_choices or []], cc)

    def test_a_contact_in_cc_of_an_incoming_mail_is_there_once_at_the_address_that_was_used(self):
        self._policy(any_address=True)
        self.message.write(
            {
                "incoming_email_to": "office@house.test",
                "incoming_email_cc": "Bob <contact2@bob.test>, outsider@rival.test",
                "partner_ids": [(4, self.bob.id)],
            }
        )
        form = Form(self._form())
        # Who wrote it and has put the own address into Cc as well is answered openly.
        self.assertEqual([c["email"] for c in form.recipient_choices], ["outsider@rival.test"])
        self.assertEqual([c["email"] for c in form.recipient_cc_choices], ["contact2@bob.test"])

    def test_registered_addresses_alone_are_offered_where_no_others_may_be_written_to(self):
        self._policy()
        self.assertEqual(self._offered(), ["contact1@bob.test"])

    def test_colleagues_who_were_on_the_mail_are_offered_as_colleagues_and_the_user_is_not(self):
        self._policy(any_address=True)
        self.assertEqual(Form(self._form()).partner_ids[:], self.colleague.partner_id)

    def test_a_message_of_another_card_offers_nobody_of_it(self):
        self._policy(any_address=True)
        other = self._lead(type="opportunity", partner_id=self.acme.id)
        message = other.message_post(
            body="x", message_type="email", email_from="else@where.test", author_id=False
        )
        for ref in (message.id, 2**31 - 1, 10**12, -1, True, "x", [message.id], None):
            with self.subTest(ref):
                self.assertNotIn("else@where.test", self._offered(recipient_reply_to=ref))

    def test_whom_the_user_may_not_view_is_not_offered(self):
        self._policy(any_address=True)
        self._hide(self.bob)
        self.assertNotIn("contact1@bob.test", self._offered())

    def test_with_the_policy_off_the_composer_is_stocks(self):
        self._policy(False)
        form = Form(self._form())
        self.assertFalse(form.recipient_choices)
        self.assertIn(self.outsider, form.partner_ids[:])
