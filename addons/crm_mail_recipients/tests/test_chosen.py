import json

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestChosen(RecipientCase):
    """Who was chosen gets a message, and no customer who was not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.lead = self._lead(
            email_from="own1@card.test",
            partner_id=self.bob.id,
            recipient_company_id=self.acme.id,
        )
        # Linked customers who follow the card, and would be written to if nobody were chosen.
        self.env["mail.followers"]._insert_followers(
            "crm.lead", self.lead.ids, (self.bob | self.acme).ids
        )
        self.mate = self.colleague.partner_id

    def _composer(self, user=None, **context):
        return (
            self.env["mail.compose.message"]
            .with_user(user or self.salesman)
            .with_context(default_model="crm.lead", default_res_ids=self.lead.ids, **context)
        )

    def _send(self, wizard):
        with self.mock_smtplib_connection():
            wizard.action_send_mail()

    def _note(self, author=None, **values):
        return (
            self._as(self.lead, author or self.colleague)
            .sudo()
            .message_post(
                body="Internal",
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                **values,
            )
        )

    # === the full composer === #

    def test_a_composer_addressed_to_a_colleague_reaches_no_customer(self):
        for values, context in (
            ({"partner_ids": self.mate.ids}, {}),
            ({"partner_ids": [(6, 0, self.mate.ids)]}, {}),
            ({"partner_ids": [(4, self.mate.id)]}, {}),
            ({}, {"default_partner_ids": self.mate.ids}),
            ({}, {"default_partner_ids": self.mate.ids, "clicked_on_full_composer": True}),
        ):
            with self.subTest(values=values, context=context):
                self.emails = []
                self._send(self._composer(**context).create({"body": "x", **values}))
                self.assertReached("colleague@house.test")

    def test_a_composer_addressed_to_a_contact_reaches_no_other_customer(self):
        self._send(self._composer().create({"body": "x", "partner_ids": self.bob.ids}))
        self.assertReached("contact1@bob.test")

    def test_a_composer_addressed_to_an_address_and_a_colleague_reaches_these_two(self):
        choices = [{"email": "company2@acme.test", "partner_id": self.acme.id}]
        values = {"body": "x", "partner_ids": self.mate.ids, "recipient_choices": choices}
        self._send(self._composer().create(values))
        self.assertReached("company2@acme.test", "colleague@house.test")

    def test_a_colleague_is_known_in_any_spelling_of_the_address(self):
        for stored, typed in (
            ("colin@bücher.test", "Colin@xn--bcher-kva.test"),
            ("colin@xn--bcher-kva.test", "Colin@Bücher.test"),
        ):
            with self.subTest(stored=stored):
                self.mate.email = stored
                self.emails = []
                template = self._template(use_default_to=False, email_to=typed)
                with self.mock_smtplib_connection():
                    template.with_user(self.salesman).send_mail(self.lead.id, force_send=True)
                self.assertReached("colin@xn--bcher-kva.test")

    def test_a_composer_for_several_cards_reaches_the_colleague_it_is_addressed_to(self):
        other = self._lead(partner_id=self.bob.id)
        other.message_subscribe(self.bob.ids)
        values = {"body": "x", "subject": "x", "model": "crm.lead", "composition_mode": "comment"}
        values |= {"res_ids": (self.lead | other).ids, "partner_ids": self.mate.ids}
        wizard = self.env["mail.compose.message"].with_user(self.salesman).create(values)
        self._send(wizard)
        with self.mock_smtplib_connection():
            self.env["mail.mail"].process_email_queue()
        self.assertReached("colleague@house.test")
        self.assertEqual(len(self.emails), 2)

    def test_a_composer_for_several_cards_is_refused_a_customer_of_one_of_them(self):
        other = self._lead(partner_id=self.acme.id)
        values = {"body": "x", "subject": "x", "model": "crm.lead", "composition_mode": "comment"}
        values |= {"res_ids": (self.lead | other).ids, "partner_ids": self.bob.ids}
        wizard = self.env["mail.compose.message"].with_user(self.salesman).create(values)
        with self.assertRaises(UserError):
            self._send(wizard)
        self.assertNothingLeft()

    def test_internal_followers_hear_of_what_was_sent_to_one_customer(self):
        self.env["mail.followers"]._insert_followers("crm.lead", self.lead.ids, self.mate.ids)
        choices = [{"email": "own1@card.test"}]
        self._send(self._composer().create({"body": "x", "recipient_choices": choices}))
        self.assertReached("own1@card.test", "colleague@house.test")

    def test_a_composer_in_which_nobody_was_chosen_yet_offers_the_preselected_one(self):
        wizard = self._composer().create({"body": "x", "partner_ids": []})
        self.assertEqual([c["email"] for c in wizard.recipient_choices], ["own1@card.test"])

    def test_choosing_a_colleague_on_the_form_preselects_no_customer(self):
        context = {"default_partner_ids": self.mate.ids}
        form = Form(self._composer(**context))
        form.body = "x"
        self.assertFalse(form.recipient_choices)
        self.assertFalse(form.recipient_missing)
        self._send(form.save())
        self.assertReached("colleague@house.test")

    def test_a_template_with_default_recipients_leaves_those_who_were_chosen(self):
        template = self._template(use_default_to=True)
        chosen = [{"email": "company2@acme.test", "partner_id": self.acme.id}]
        for context in (
            {"default_recipient_choices": chosen, "clicked_on_full_composer": True},
            {"default_partner_ids": self.mate.ids},
        ):
            with self.subTest(context):
                self.emails = []
                form = Form(self._composer(**context))
                form.template_id = template
                self._send(form.save())
                expected = (
                    "company2@acme.test"
                    if "default_recipient_choices" in context
                    else "colleague@house.test"
                )
                self.assertReached(expected)

    # === reply and forward === #

    def test_a_reply_to_an_internal_note_reaches_the_colleague_and_no_customer(self):
        note = self._note()
        self._send(self._composer(default_parent_id=note.id).create({"body": "x"}))
        self.assertReached("colleague@house.test")

    def test_a_reply_to_an_internal_note_that_mentions_colleagues_reaches_all_of_them(self):
        third = self.env["res.users"].browse(self.env.ref("base.user_admin").id)
        third.partner_id.email = "third@house.test"
        note = self._note(partner_ids=third.partner_id.ids)
        self.emails = []
        self._send(self._composer(default_parent_id=note.id).create({"body": "x"}))
        self.assertReached("colleague@house.test", "third@house.test")

    def _reply_all(self, message):
        lead = self._as(self.lead)
        found = lead._message_get_suggested_recipients(reply_message=message, no_create=False)
        return [info["partner_id"] for info in found if info["partner_id"]]

    def test_reply_all_to_an_internal_note_proposes_the_colleague_and_no_customer(self):
        proposed = self._reply_all(self._note())
        self.assertEqual(proposed, self.mate.ids)
        wizard = self._composer(
            default_partner_ids=proposed, default_composition_comment_option="reply_all"
        ).create({"body": "x"})
        self.assertFalse(wizard.recipient_missing)
        self._send(wizard)
        self.assertReached("colleague@house.test")

    def test_reply_all_to_ones_own_note_proposes_nobody(self):
        proposed = self._reply_all(self._note(author=self.salesman))
        self.assertEqual(proposed, [])
        wizard = self._composer(
            default_partner_ids=[], default_composition_comment_option="reply_all"
        ).create({"body": "x"})
        self.assertFalse(wizard.recipient_choices)
        self._send(wizard)
        self.assertNothingLeft()

    def test_reply_all_to_a_customer_proposes_the_sender_at_the_address_written_from(self):
        message = self.lead.message_post(
            body="Question",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.bob.id,
            email_from="Bob <contact2@bob.test>",
            incoming_email_cc="stranger@rival.test, company2@acme.test",
        )
        lead = self._as(self.lead)
        found = lead._message_get_suggested_recipients(reply_message=message)
        self.assertEqual(
            [(s["email"], s["partner_id"]) for s in found],
            [("contact2@bob.test", self.bob.id), ("company2@acme.test", self.acme.id)],
        )
        self._send(self._composer(default_parent_id=message.id).create({"body": "x"}))
        self.assertReached("contact2@bob.test", "company2@acme.test")

    def test_reply_all_to_the_leads_own_address_proposes_it_whoever_has_it(self):
        sender = self.env["res.partner"].create({"name": "Own", "email": "own1@card.test"})
        message = self.lead.message_post(
            body="Question",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=sender.id,
            email_from="Own <own1@card.test>",
        )
        found = self._as(self.lead)._message_get_suggested_recipients(reply_message=message)
        self.assertEqual([s["email"] for s in found], ["own1@card.test"])

    def test_reply_all_to_a_message_sent_to_one_address_proposes_that_address(self):
        choice = {"email": "contact2@bob.test", "partner_id": self.bob.id}
        message = self._as(self.lead, self.salesman).message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            recipient_choices=[choice],
        )
        lead = self._as(self.lead)
        found = lead._message_get_suggested_recipients(reply_message=message)
        self.assertEqual([s["email"] for s in found], ["contact2@bob.test"])

    def test_for_any_address_a_reply_goes_to_the_stranger_who_wrote(self):
        self._policy(any_address=True)
        message = self.lead.message_post(
            body="Question",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.outsider.id,
            email_from="outsider@rival.test",
        )
        self._send(self._composer(default_parent_id=message.id).create({"body": "x"}))
        self.assertReached("outsider@rival.test")

    def test_forwarding_preselects_nobody(self):
        context = {"default_composition_comment_option": "forward"}
        form = Form(self._composer(**context))
        self.assertFalse(form.recipient_choices)
        self.assertTrue(form.recipient_missing)
        form.body = "x"
        self._send(form.save())
        self.assertNothingLeft()

    def test_forwarding_to_a_colleague_reaches_no_customer(self):
        context = {"default_composition_comment_option": "forward"}
        values = {"body": "x", "partner_ids": self.mate.ids}
        self._send(self._composer(**context).create(values))
        self.assertReached("colleague@house.test")

    # === message_post, later, activities, templates === #

    def test_a_message_to_a_colleague_reaches_no_customer_who_follows(self):
        for kwargs in (
            {"partner_ids": self.mate.ids},
            {"recipient_choices": [{"email": self.mate.email, "partner_id": self.mate.id}]},
        ):
            for kind in ("comment", "notification"):
                with self.subTest(kwargs=kwargs, kind=kind), self.mock_smtplib_connection():
                    self.emails = []
                    self._as(self.lead).message_post(
                        body="x", message_type=kind, subtype_xmlid="mail.mt_comment", **kwargs
                    )
                    self.assertReached("colleague@house.test")

    def test_a_message_to_an_address_reaches_no_customer_who_follows(self):
        with self.mock_smtplib_connection():
            self._as(self.lead).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                outgoing_email_to="own1@card.test",
            )
        self.assertReached("own1@card.test")

    def test_a_message_notified_later_reaches_no_customer_who_was_not_chosen(self):
        later = fields.Datetime.add(fields.Datetime.now(), days=1)
        for kwargs in (
            {"partner_ids": self.mate.ids},
            {"outgoing_email_to": "own1@card.test"},
        ):
            with self.subTest(kwargs), self.mock_smtplib_connection():
                self.emails = []
                self._as(self.lead).message_post(
                    body="x",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    scheduled_date=later,
                    **kwargs,
                )
                self.env["mail.message.schedule"].search([])._send_notifications()
                self.env["mail.mail"].process_email_queue()
                self.assertReached(
                    "own1@card.test" if "outgoing_email_to" in kwargs else "colleague@house.test"
                )

    def test_a_scheduled_message_to_a_colleague_reaches_no_customer(self):
        wizard = self._composer().create({"body": "x", "partner_ids": self.mate.ids})
        wizard.scheduled_date = fields.Datetime.add(fields.Datetime.now(), days=1)
        message = wizard._action_schedule_message()
        parameters = json.loads(message.notification_parameters)
        self.assertEqual(parameters["recipient_choices"], [])
        with self.mock_smtplib_connection():
            message.post_message()
        self.assertReached("colleague@house.test")

    def test_a_forward_for_later_without_recipients_is_refused(self):
        wizard = self._composer(default_composition_comment_option="forward").create({"body": "x"})
        wizard.scheduled_date = fields.Datetime.add(fields.Datetime.now(), days=1)
        with self.assertRaisesRegex(UserError, "Choose at least one recipient"):
            wizard.action_schedule_message()

    def test_the_mail_of_an_activity_reaches_whom_its_template_names(self):
        template = self._template(partner_to=str(self.bob.id)).with_user(self.salesman)
        with self.mock_smtplib_connection():
            self._as(self.lead).activity_send_mail(template.id)
        self.assertReached("contact1@bob.test")

    def test_a_template_posted_to_named_recipients_reaches_no_others(self):
        template = self._template(partner_to=str(self.bob.id)).with_user(self.salesman)
        with self.mock_smtplib_connection():
            self._as(self.lead).message_post_with_source(
                template,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.mate.ids,
            )
        self.assertReached("colleague@house.test")

    def test_where_a_recipient_is_left_out_nobody_else_is_written_to_instead(self):
        with self.mock_smtplib_connection(), self.assertRaises(UserError):
            self._as(self.lead).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.outsider.ids,
            )
        with self.mock_smtplib_connection():
            # The system goes on without the outsider, and not with somebody else instead.
            self.lead.message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.outsider.ids,
            )
        self.assertReached("salesman@house.test")

    def test_whom_a_rule_names_gets_its_message_and_no_other_customer(self):
        cases = ((self.bob, "contact1@bob.test"), (self.mate, "colleague@house.test"))
        for kind in ("auto_comment", "out_of_office", "comment", "notification"):
            for partner, address in (*cases, (self.outsider, None)):
                self.emails = []
                with self.subTest(kind=kind, partner=partner.name), self.mock_smtplib_connection():
                    self.lead.message_post(
                        body="x",
                        message_type=kind,
                        subtype_xmlid="mail.mt_comment",
                        partner_ids=partner.ids,
                    )
                    colleagues = {"salesman@house.test"}
                    self.assertReached(*colleagues, *filter(None, [address]))

    def test_a_customers_mail_is_told_to_the_linked_customers_who_follow(self):
        with self.mock_smtplib_connection():
            self.lead.message_post(
                body="Question",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=self.bob.id,
                email_from="contact1@bob.test",
                partner_ids=self.mate.ids,
            )
        self.assertReached("colleague@house.test", "company1@acme.test", "salesman@house.test")

    def test_a_message_that_nobody_was_chosen_for_reaches_the_linked_followers(self):
        with self.mock_smtplib_connection():
            self._as(self.lead).message_post(
                body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertReached("contact1@bob.test", "company1@acme.test")

    def test_with_the_policy_off_a_composer_is_stocks(self):
        self._policy(False)
        wizard = self._composer(default_partner_ids=self.mate.ids).create({"body": "x"})
        self.assertFalse(wizard.recipient_choices)
        self._send(wizard)
        reached, _shown = self.envelopes()
        self.assertIn("colleague@house.test", reached)
        self.assertIn("company1@acme.test", reached)
