from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestOutside(RecipientCase):
    """What is not under the policy reaches whom it reaches in stock, and costs what it costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Hunters"})
        cls.other_company = cls.env["res.company"].create(
            {"name": "Other House", "email": "office@other.test"}
        )
        cls.everybody = cls.colleague.partner_id | cls.bob | cls.outsider
        cls.env["mail.followers"]._insert_followers("crm.team", cls.team.ids, cls.everybody.ids)

    def _both(self, action, *, on=None):
        """Return (recipients, queries) of an action without and with the policy, caches warm."""
        found = []
        for switch in (lambda: self._policy(on=False), on or self._policy):
            switch()
            with self.mock_smtplib_connection():
                counts = []
                for _warm in range(4):
                    self.env["mail.mail"].process_email_queue()
                    self.env.flush_all()
                    self.emails = []
                    before = self.env.cr.sql_log_count
                    action()
                    self.env.flush_all()
                    counts.append(self.env.cr.sql_log_count - before)
                self.env["mail.mail"].process_email_queue()
            reached = sorted(address for mail in self.emails for address in mail["smtp_to_list"])
            # What Odoo keeps for all may have to be read again at any time; every other one is as
            # the one before the last.
            found.append((reached, min(counts[1::2])))
        return found

    def assertStock(self, action, *addresses, on=None):
        without, with_policy = self._both(action, on=on)
        self.assertEqual(without[0], sorted(addresses))
        self.assertEqual(with_policy, without)

    # === MODELS OUTSIDE THE POLICY === #

    def test_a_message_on_another_document_reaches_its_followers_and_whom_it_names(self):
        self.assertStock(
            lambda: self.team.message_post(
                body="x", subtype_xmlid="mail.mt_comment", partner_ids=self.acme.ids
            ),
            "colleague@house.test", "company1@acme.test", "contact1@bob.test",
            "contact2@bob.test", "outsider@rival.test",
        )  # fmt: skip

    def test_a_notification_about_another_document_reaches_whom_it_names(self):
        self.assertStock(
            lambda: self.team.message_notify(body="x", partner_ids=self.outsider.ids),
            "outsider@rival.test",
        )

    def test_anybody_may_follow_another_document(self):
        for on in (False, True):
            self._policy(on=on)
            team = self.env["crm.team"].create({"name": "Farmers"})
            team.message_subscribe(self.everybody.ids)
            self.assertLessEqual(self.everybody, team.message_partner_ids)

    def test_a_template_of_another_document_reaches_whom_it_names(self):
        template = self.env["mail.template"].create(
            {
                "name": "News",
                "model_id": self.env["ir.model"]._get_id("crm.team"),
                "subject": "News",
                "body_html": "<p>News</p>",
                "use_default_to": False,
                "email_to": "outsider@rival.test",
                "email_cc": "anybody@else.test",
            }
        )
        self.assertStock(
            lambda: template.send_mail(self.team.id), "outsider@rival.test", "anybody@else.test"
        )

    def test_a_meeting_invites_whom_it_names(self):
        start = fields.Datetime.add(fields.Datetime.now(), days=1)

        def invite():
            self.env["calendar.event"].with_context(no_mail_to_attendees=False).create(
                {
                    "name": "Meeting",
                    "start": start,
                    "stop": fields.Datetime.add(start, hours=1),
                    "partner_ids": [(6, 0, self.outsider.ids)],
                }
            )

        self.assertStock(invite, "outsider@rival.test")

    # === MAIL OF THE SYSTEM === #

    def test_a_mail_of_no_record_is_sent(self):
        self.assertStock(
            lambda: self.env["mail.mail"].create(
                {"email_to": "outsider@rival.test", "subject": "x", "body_html": "x"}
            ),
            "outsider@rival.test",
        )

    def test_a_user_who_forgot_the_password_is_told_how_to_set_one(self):
        user = new_test_user(self.env, "customer", groups="base.group_portal")
        user.email = "customer@rival.test"
        self.assertStock(user._action_reset_password, "customer@rival.test")

    def test_a_changed_password_is_told_to_its_user(self):
        user = new_test_user(self.env, "customer", groups="base.group_portal")
        user.email = "customer@rival.test"
        self.assertStock(
            lambda: user._notify_security_setting_update("Changed", "Changed"),
            "customer@rival.test",
        )

    def test_a_digest_reaches_its_users(self):
        digest = self.env["digest.digest"].create({"name": "Digest"})
        self.assertStock(
            lambda: digest._action_send_to_user(self.colleague, tips_count=0),
            "colleague@house.test",
        )

    # === CARDS: WHAT IS NO CUSTOMER E-MAIL === #

    def test_a_note_reaches_the_colleagues_it_mentions(self):
        lead = self._lead(partner_id=self.bob.id)
        without, with_policy = self._both(
            lambda: self._as(lead).message_post(body="x", partner_ids=self.colleague.partner_id.ids)
        )
        self.assertEqual(without[0], ["colleague@house.test"])
        self.assertEqual(with_policy[0], without[0])

    def test_what_is_logged_on_a_card_is_told_to_nobody_and_costs_nothing(self):
        lead = self._lead(partner_id=self.bob.id)
        self.assertStock(lambda: self._as(lead)._message_log(body="x"))

    def test_an_activity_is_told_to_the_colleague_it_is_assigned_to(self):
        lead = self._lead(partner_id=self.bob.id)
        todo = self.env.ref("mail.mail_activity_data_todo")

        def assign():
            self._as(lead).activity_schedule(
                activity_type_id=todo.id, user_id=self.colleague.id, summary="Call"
            )

        without, with_policy = self._both(assign)
        self.assertEqual(without[0], ["colleague@house.test"])
        self.assertEqual(with_policy[0], without[0])

    def test_a_card_is_told_to_the_colleague_it_is_assigned_to(self):
        users = [self.colleague, self.salesman]
        lead = self._lead().with_context(mail_auto_subscribe_no_notify=False)

        def assign():
            lead.user_id = users[lead.user_id == users[0]]

        without, with_policy = self._both(assign)
        self.assertEqual(len(without[0]), 1)
        self.assertEqual(with_policy[0], without[0])

    # === A SECOND COMPANY === #

    def test_a_card_of_a_company_without_the_policy_is_as_in_stock(self):
        lead = self._lead(company_id=self.other_company.id, user_id=False, team_id=False)
        without, with_policy = self._both(
            lambda: lead.message_post(
                body="x", subtype_xmlid="mail.mt_comment", partner_ids=self.outsider.ids
            )
        )
        self.assertEqual(without[0], ["outsider@rival.test"])
        self.assertEqual(with_policy[0], without[0])

    def test_each_company_has_its_own_mode(self):
        self.salesman.company_ids |= self.other_company
        ours = self._lead(partner_id=self.bob.id, company_id=self.env.company.id)
        theirs = self._lead(partner_id=self.bob.id, company_id=self.other_company.id, team_id=False)
        for strict, free in ((ours, theirs), (theirs, ours)):
            strict.company_id.write({"recipient_policy": True, "recipient_any_address": False})
            free.company_id.write({"recipient_policy": True, "recipient_any_address": True})
            self.emails = []
            with self.mock_smtplib_connection():
                for lead in (strict, free):
                    sender = self._as(lead).with_context(
                        allowed_company_ids=(self.env.company | self.other_company).ids
                    )
                    if lead == strict:
                        with self.assertRaises(UserError), self.cr.savepoint():
                            self._write_to_outsider(sender)
                    else:
                        self._write_to_outsider(sender)
            self.assertReached("outsider@rival.test")

    def _write_to_outsider(self, lead):
        lead.message_post(body="x", subtype_xmlid="mail.mt_comment", partner_ids=self.outsider.ids)

    # === WHO IS NO COLLEAGUE === #

    def test_who_left_the_house_and_a_portal_user_are_no_colleagues(self):
        self._policy()
        lead = self._lead(partner_id=self.bob.id)
        gone = new_test_user(
            self.env, "gone", groups="sales_team.group_sale_salesman", email="gone@house.test"
        )
        portal = new_test_user(
            self.env, "portal", groups="base.group_portal", email="portal@rival.test"
        )
        write = self._as(lead).message_post
        with self.mock_smtplib_connection():
            write(body="x", partner_ids=gone.partner_id.ids)
            self.assertReached("gone@house.test")
            gone.active = False
            self.emails = []
            for partner in (gone.partner_id, portal.partner_id):
                with self.assertRaises(UserError), self.cr.savepoint():
                    write(body="x", partner_ids=partner.ids)
            self.assertNothingLeft()

    def test_a_portal_user_who_is_linked_is_written_to_as_a_customer(self):
        self._policy()
        portal = new_test_user(
            self.env, "portal", groups="base.group_portal", email="portal@rival.test"
        )
        lead = self._lead(partner_id=portal.partner_id.id, email_from="portal@rival.test")
        with self.mock_smtplib_connection():
            self._as(lead).message_post(
                body="x", subtype_xmlid="mail.mt_comment", partner_ids=portal.partner_id.ids
            )
        self.assertReached("portal@rival.test")
