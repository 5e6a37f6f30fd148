from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import policy
from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestEnforcement(RecipientCase):
    """Each way a mail leaves a card, judged by what is in the SMTP envelopes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.lead = self._lead(email_from="own1@card.test", partner_id=self.bob.id)

    def _comment(self, card, user=None, **kwargs):
        with self.mock_smtplib_connection():
            return self._as(card, user).message_post(
                body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment", **kwargs
            )

    def _refused(self, sentence, call):
        """`call` is refused with `sentence`; nothing is written and nothing leaves."""
        before = [self.env[m].search_count([]) for m in ("mail.message", "mail.mail")]
        with self.assertRaisesRegex(UserError, sentence):
            call()
        self.assertEqual(
            before, [self.env[m].search_count([]) for m in ("mail.message", "mail.mail")]
        )
        self.assertNothingLeft()

    # === message_post === #

    def test_a_linked_contact_gets_the_mail_at_one_address(self):
        self._comment(self.lead, partner_ids=self.bob.ids)
        self.assertReached("contact1@bob.test")

    def test_the_chosen_one_of_several_addresses_gets_it_and_no_other(self):
        choice = {"email": "contact2@bob.test", "partner_id": self.bob.id}
        self._comment(self.lead, recipient_choices=[choice])
        self.assertReached("contact2@bob.test")

    def test_the_leads_own_address_gets_it_without_becoming_a_contact(self):
        before = self.env["res.partner"].search_count([])
        self._comment(self.lead, recipient_choices=[{"email": "own1@card.test"}])
        self.assertReached("own1@card.test")
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_an_outsider_is_refused_by_partner_and_by_address(self):
        self._refused(
            "not registered", lambda: self._comment(self.lead, partner_ids=self.outsider.ids)
        )
        self._refused(
            "outsider@rival.test is not registered",
            lambda: self._comment(self.lead, outgoing_email_to="outsider@rival.test"),
        )
        self._refused(
            "outsider@rival.test is not registered",
            lambda: self._comment(
                self.lead,
                recipient_choices=[{"email": "outsider@rival.test", "partner_id": self.bob.id}],
            ),
        )

    def test_the_company_of_the_contact_is_an_outsider(self):
        self._refused("not registered", lambda: self._comment(self.lead, partner_ids=self.corp.ids))

    def test_a_deal_with_nobody_linked_says_so(self):
        deal = self._lead(type="opportunity", email_from="own1@card.test")
        self._refused(
            "link a contact or a company first",
            lambda: self._comment(deal, outgoing_email_to="own1@card.test"),
        )

    def test_a_colleague_is_notified_on_any_card(self):
        deal = self._lead(type="opportunity")
        self._comment(deal, partner_ids=self.colleague.partner_id.ids)
        self.assertReached("colleague@house.test")

    def test_with_the_policy_off_an_outsider_is_mailed(self):
        self._policy(False)
        self._comment(self.lead, partner_ids=(self.outsider | self.bob).ids)
        self.assertReached("outsider@rival.test", "contact1@bob.test", "contact2@bob.test")

    def test_headers_and_shown_recipients_name_no_stranger(self):
        self._comment(
            self.lead,
            partner_ids=self.bob.ids,
            incoming_email_cc="shown@rival.test",
            mail_headers={
                "Bcc": "bcc@rival.test",
                "cC": "cc@rival.test",
                "X-Forge-To": "forged@rival.test",
                "X-Msg-To-Add": "added@rival.test, own1@card.test",
                "Resent-To": "resent@rival.test",
                "X-Kept": "yes",
            },
        )
        reached, shown = self.envelopes()
        self.assertEqual(reached, {"contact1@bob.test"})
        self.assertNotIn("rival.test", shown)

    def test_a_bcc_header_does_not_ride_on_an_unusable_address(self):
        self.salesman.partner_id.email = "salesman@house.test"
        self.colleague.partner_id.write({"email": "no address", "name": "E <evil@rival.test>"})
        self._comment(
            self.lead,
            partner_ids=self.colleague.partner_id.ids,
            mail_headers={"Bcc": "bcc@rival.test"},
        )
        self.assertNothingLeft()
        notification = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.colleague.partner_id.id)], order="id desc", limit=1
        )
        self.assertNotEqual(notification.notification_status, "sent")

    def test_without_edit_permission_nobody_outside_is_mailed(self):
        lead = self._lead(email_from="own1@card.test", user_id=self.salesman.id)
        self._refused(
            "edit permission",
            lambda: (
                self._as(lead, self.colleague)
                .sudo()
                .message_post(body="x", message_type="comment", outgoing_email_to="own1@card.test")
            ),
        )

    def test_a_hidden_contact_is_refused_without_naming_it(self):
        self._hide(self.bob)
        for kwargs in (
            {"partner_ids": self.bob.ids},
            {"recipient_choices": [{"email": "contact1@bob.test", "partner_id": self.bob.id}]},
        ):
            with self.assertRaises(UserError) as refusal:
                self._comment(self.lead, **kwargs)
            self.assertNotIn("bob", str(refusal.exception).lower())
            self.assertNothingLeft()

    def test_an_outside_follower_gets_nothing(self):
        self.env["mail.followers"]._insert_followers("crm.lead", self.lead.ids, self.outsider.ids)
        self._comment(self.lead)
        self.assertNothingLeft()

    def test_a_follower_who_is_linked_is_not_mailed_beside_the_chosen_one(self):
        self.env["mail.followers"]._insert_followers("crm.lead", self.lead.ids, self.bob.ids)
        self._comment(self.lead)
        self.assertReached("contact1@bob.test")

    def test_outsiders_do_not_become_followers(self):
        self._as(self.lead).message_subscribe((self.outsider | self.bob).ids)
        self.assertIn(self.bob, self.lead.message_partner_ids)
        self.assertNotIn(self.outsider, self.lead.message_partner_ids)

    def test_a_forged_context_exempts_from_nothing(self):
        forged = {
            "recipient_scope": {"model": "crm.lead"},
            "recipient_gate": True,
            "recipient_automation": True,
            "mail_post_autofollow": True,
        }
        card = self.lead.with_context(**forged)
        self._refused("not registered", lambda: self._comment(card, partner_ids=self.outsider.ids))

    # === message_notify === #

    def test_a_notification_about_a_card_reaches_no_outsider(self):
        notify = self.env["mail.thread"].with_user(self.salesman).message_notify
        lead = self._as(self.lead)
        for call in (
            lambda: lead.message_notify(body="x", partner_ids=self.outsider.ids),
            lambda: notify(
                body="x", partner_ids=self.outsider.ids, model="crm.lead", res_id=self.lead.id
            ),
            lambda: notify(body="x", partner_ids=self.outsider.ids),
        ):
            with self.mock_smtplib_connection():
                self._refused("not registered", call)

    # === templates and queue === #

    def test_a_template_reaches_no_outsider_however_it_is_addressed(self):
        for values in (
            {"email_to": "outsider@rival.test"},
            {"email_to": "own1@card.test", "email_cc": "outsider@rival.test"},
            {"partner_to": str(self.outsider.id)},
        ):
            template = self._template(**values).with_user(self.salesman)
            with self.mock_smtplib_connection():
                self._refused("not registered", lambda t=template: t.send_mail(self.lead.id, True))

    def test_a_template_to_the_card_itself_is_sent(self):
        template = self._template(email_to="own1@card.test").with_user(self.salesman)
        with self.mock_smtplib_connection():
            template.send_mail(self.lead.id, force_send=True)
        self.assertReached("own1@card.test")

    def test_a_template_detached_from_its_card_is_still_judged_by_it(self):
        template = self._template(email_to="own1@card.test").with_user(self.salesman)
        elsewhere = self._lead(email_from="outsider@rival.test")
        for values in (
            {"model": False, "res_id": False, "email_to": "outsider@rival.test"},
            {"res_id": elsewhere.id, "email_to": "outsider@rival.test"},
            {"headers": "{'Bcc': 'x@rival.test'}", "email_cc": "x@rival.test"},
            {"recipient_ids": [(4, self.outsider.id)]},
            {"recipient_origin_model": False, "model": False, "email_to": "outsider@rival.test"},
        ):
            with self.mock_smtplib_connection():
                self._refused(
                    "not registered",
                    lambda v=values: template.send_mail(self.lead.id, True, email_values=v),
                )

    def test_a_caller_that_swallows_the_refusal_leaves_no_mail_in_the_queue(self):
        template = self._template(email_to="outsider@rival.test").with_user(self.salesman)
        try:
            template.send_mail(self.lead.id)
        except UserError:
            queued = self.env["mail.mail"].search([("email_to", "ilike", "outsider@rival.test")])
        self.assertFalse(queued)

    def _queries_of(self, action):
        """Return how many queries an action takes once the caches are warm."""
        action()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_mail_of_a_record_outside_the_policy_costs_no_query_more_than_without_it(self):
        team = self.env["crm.team"].create({"name": "Hunters"})

        def post():
            team.message_post(body="x", partner_ids=self.bob.ids, force_send=False)

        with_policy = self._queries_of(post)
        self._policy(on=False)
        self.assertEqual(with_policy, self._queries_of(post))

    def test_a_message_on_a_card_costs_no_query_more_than_without_the_policy(self):
        def post():
            self.env.invalidate_all()
            self._comment(self.lead, partner_ids=self.bob.ids, force_send=False)

        with_policy = self._queries_of(post)
        self._policy(on=False)
        self.assertLessEqual(with_policy, self._queries_of(post))

    def test_an_e_mail_shows_the_tracked_changes_that_its_message_is_given(self):
        fields_get = self.lead.fields_get(["name"])
        _changed, tracked = self.lead._mail_track(fields_get, {"name": "Before it was renamed"})
        message = self._comment(
            self.lead, partner_ids=self.bob.ids, tracking_value_ids=tracked, force_send=False
        )
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertIn("Before it was renamed", mail.body_html)

    def test_outside_the_policy_a_composer_asks_nothing_about_its_cards(self):
        team = self.env["crm.team"].create({"name": "Hunters"})
        for record, on in ((team, True), (self.lead, False)):
            self._policy(on=on)
            composer = self.env["mail.compose.message"].new({"model": record._name})
            composer._recipient_any_policed(record.ids)
            with self.subTest(record), self.assertQueryCount(0):
                self.assertFalse(composer._recipient_any_policed(record.ids))

    def test_a_queued_mail_is_checked_again_when_it_is_sent(self):
        template = self._template(partner_to=str(self.bob.id)).with_user(self.salesman)
        mail = self.env["mail.mail"].browse(template.send_mail(self.lead.id))
        mail.auto_delete = False
        self.lead.partner_id = False
        with self.mock_smtplib_connection():
            mail.send()
        self.assertNothingLeft()
        self.assertEqual((mail.state, mail.failure_type), ("cancel", "recipient_policy"))
        self.lead.partner_id = self.bob
        mail.mark_outgoing()
        with self.mock_smtplib_connection():
            mail.send()
        self.assertReached("contact1@bob.test")
        self.assertEqual(mail.state, "sent")

    def test_a_blocked_mail_is_never_shown_as_sent(self):
        message = self._as(self.lead).message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.bob.ids,
            force_send=False,
        )
        self.lead.partner_id = False
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        with self.mock_smtplib_connection():
            mail.send()
        self.assertNothingLeft()
        notification = message.notification_ids
        self.assertEqual(notification.notification_status, "exception")
        self.assertEqual(notification.failure_type, "recipient_policy")

    def test_a_mail_queued_for_one_address_does_not_follow_the_contact_to_another(self):
        message = self._as(self.lead).message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            recipient_choices=[{"email": "contact1@bob.test", "partner_id": self.bob.id}],
            force_send=False,
        )
        self.bob.email = "new@bob.test"
        with self.mock_smtplib_connection():
            self.env["mail.mail"].search([("mail_message_id", "=", message.id)]).send()
        self.assertNothingLeft()

    # === automation === #

    def test_an_automation_goes_on_without_the_outsider_and_logs_it(self):
        template = self._template(partner_to=f"{self.outsider.id},{self.bob.id}")
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mail them",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "mail_post",
                "template_id": template.id,
                "mail_post_method": "comment",
            }
        )
        with self.mock_smtplib_connection():
            action.with_user(self.salesman).sudo().with_context(
                active_id=self.lead.id, active_ids=self.lead.ids, active_model="crm.lead"
            ).run()
            self.env["mail.mail"].process_email_queue()
        self.assertReached("contact1@bob.test")
        log = self.env["mail.recipient.log"].search([("partner_id", "=", self.outsider.id)])
        self.assertIn("dropped", log.mapped("verdict"))

    def test_incoming_mail_is_never_lost_to_the_policy(self):
        self.env["mail.followers"]._insert_followers("crm.lead", self.lead.ids, self.outsider.ids)
        with self.mock_smtplib_connection():
            self.lead.message_post(
                body="Answer",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.outsider.ids,
                email_from="stranger@rival.test",
            )
        self.assertReached("salesman@house.test")
        self.assertEqual(self.lead.message_ids[0].message_type, "email")

    # === scheduled === #

    def test_a_message_for_later_is_refused_now_and_checked_again_then(self):
        scheduled = self.env["mail.scheduled.message"].with_user(self.salesman)
        values = {
            "model": "crm.lead",
            "res_id": self.lead.id,
            "body": "later",
            "author_id": self.salesman.partner_id.id,
            "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=1),
        }
        with self.assertRaisesRegex(UserError, "not registered"):
            scheduled.create({**values, "partner_ids": self.outsider.ids})
        message = scheduled.create({**values, "partner_ids": self.bob.ids})
        with self.assertRaisesRegex(UserError, "not registered"):
            message.partner_ids = self.outsider
        self.lead.partner_id = False
        with self.mock_smtplib_connection(), self.assertRaises(UserError):
            message.post_message()
        self.assertNothingLeft()

    # === proposals === #

    def test_nothing_is_created_by_looking(self):
        before = self.env["res.partner"].search_count([])
        lead = self._as(self.lead)
        lead._message_get_suggested_recipients(reply_discussion=True, no_create=False)
        lead._partner_find_from_emails_single(["unknown@rival.test"], no_create=False)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_one_recipient_is_proposed(self):
        suggested = self._as(self.lead)._message_get_suggested_recipients(reply_discussion=True)
        self.assertEqual([s["email"] for s in suggested], ["own1@card.test"])

    def test_a_mass_mail_goes_to_the_address_that_would_be_preselected(self):
        template = self._template(use_default_to=True)
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        with self.mock_smtplib_connection():
            composer.create(
                {
                    "composition_mode": "mass_mail",
                    "model": "crm.lead",
                    "res_ids": self.lead.ids,
                    "template_id": template.id,
                }
            )._action_send_mail()
            self.env["mail.mail"].process_email_queue()
        self.assertReached("own1@card.test")

    def test_whom_a_reply_to_all_proposes_can_be_removed_in_the_composer(self):
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        proposed = self.bob | self.outsider | self.colleague.partner_id
        composer = composer.with_context(
            default_model="crm.lead",
            default_res_ids=self.lead.ids,
            default_partner_ids=proposed.ids,
        )
        wizard = composer.create({"body": "x"})
        self.assertEqual(wizard.partner_ids, self.colleague.partner_id)
        self.assertEqual(
            [c["email"] for c in wizard.recipient_choices],
            ["contact1@bob.test", "outsider@rival.test"],
        )
        with self.mock_smtplib_connection(), self.assertRaisesRegex(UserError, "not registered"):
            wizard.action_send_mail()
        wizard.recipient_choices = wizard.recipient_choices[:1]
        with self.mock_smtplib_connection():
            wizard.action_send_mail()
        self.assertReached("contact1@bob.test", "colleague@house.test")

    # === log === #

    def test_what_was_sent_can_be_found_by_its_real_address(self):
        choice = {"email": "contact2@bob.test", "partner_id": self.bob.id}
        self._comment(self.lead, recipient_choices=[choice])
        log = self.env["mail.recipient.log"].search([("email_key", "=", "contact2@bob.test")])
        self.assertEqual((log.res_model, log.res_id), ("crm.lead", self.lead.id))
        self.assertEqual((log.verdict, log.user_name), ("sent", self.salesman.name))
        leads = self.env["crm.lead"]
        found = leads.with_user(self.salesman).search([("recipient_search", "ilike", "contact2")])
        self.assertEqual(found, self.lead)
        self.lead.user_id = self.salesman
        hidden = leads.with_user(self.colleague).search([("recipient_search", "ilike", "contact2")])
        self.assertFalse(hidden)

    def test_old_lines_of_the_log_are_deleted_after_the_time_of_their_company(self):
        log = self.env["mail.recipient.log"]
        log._record([{"email": "old@x.test", "company_id": self.env.company.id}] * 2)
        old = log.search([("email", "=", "old@x.test")])
        self.env.cr.execute(
            "UPDATE mail_recipient_log SET create_date = now() - interval '400 days' WHERE id = %s",
            [old[0].id],
        )
        log._gc_old_lines()
        self.assertEqual(old.exists(), old[1])

    # === configured documents and settings === #

    def test_any_document_with_a_chatter_can_be_put_under_the_policy(self):
        event = (
            self.env["calendar.event"]
            .with_user(self.salesman)
            .with_context(no_mail_to_attendees=True)
            .create({"name": "Call", "partner_ids": [(6, 0, self.bob.ids)]})
        )
        self.assertFalse(event._recipient_modes())
        self.env["mail.recipient.model"].create(
            {
                "model_id": self.env["ir.model"]._get_id("calendar.event"),
                "field_ids": [
                    (6, 0, self.env["ir.model.fields"]._get("calendar.event", "partner_ids").ids)
                ],
            }
        )
        self._refused("not registered", lambda: self._comment(event, partner_ids=self.outsider.ids))
        self._comment(event, partner_ids=self.bob.ids)
        self.assertReached("contact1@bob.test")
        event.partner_ids = False
        with patch.object(type(event), "_recipient_kind", lambda card: policy.LEAD):
            self._refused(
                "this calendar event has no e-mail address",
                lambda: self._comment(event, partner_ids=self.bob.ids),
            )

    def test_an_authorised_employee_changes_the_settings_and_another_does_not(self):
        wizard = self.env["mail.recipient.settings"]
        self.assertFalse(wizard.with_user(self.salesman).has_access("create"))
        self.salesman.group_ids |= self.env.ref("crm_mail_recipients.group_recipient_manager")
        settings = wizard.with_user(self.salesman).create({})
        self.assertTrue(settings.recipient_policy)
        settings.recipient_any_address = True
        settings.action_apply()
        self.assertTrue(self.env.company.recipient_any_address)
