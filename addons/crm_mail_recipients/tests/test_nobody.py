from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestNobody(RecipientCase):
    """A contact that has no e-mail address is nobody: no rule writes to somebody else instead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.mute = cls.env["res.partner"].create({"name": "Mute", "parent_id": cls.corp.id})

    def _template(self, model, **values):
        return super()._template(model, **{"use_default_to": True, **values})

    def _run_action(self, record, template, method):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mail them",
                "model_id": self.env["ir.model"]._get_id(record._name),
                "state": "mail_post",
                "template_id": template.id,
                "mail_post_method": method,
            }
        )
        with self.mock_smtplib_connection():
            action.with_user(self.salesman).sudo().with_context(
                active_id=record.id, active_ids=record.ids, active_model=record._name
            ).run()
            self.env["mail.mail"].process_email_queue()

    def assertNobody(self, record):
        self.assertNothingLeft()
        log = self.env["mail.recipient.log"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
        self.assertIn(
            ("no_address", "dropped"), log.mapped(lambda line: (line.reason, line.verdict))
        )

    def test_the_default_recipients_of_a_card_without_address_are_none(self):
        self.corp.email = False
        for card in (self.mute, self.corp):
            self.assertEqual(
                card._message_get_default_recipients()[card.id],
                {"email_cc": "", "email_to": "", "partner_ids": []},
            )

    def test_an_automation_on_a_contact_without_address_does_not_reach_its_employer(self):
        template = self._template("res.partner")
        for method in ("email", "comment"):
            with self.subTest(method=method):
                self.env["mail.recipient.log"].search([]).sudo().unlink()
                self._run_action(self.mute, template, method)
                self.assertNobody(self.mute)

    def test_a_mail_sent_by_code_on_a_company_without_address_does_not_reach_its_contacts(self):
        self.corp.email = False
        template = self._template("res.partner")
        for user in (self.env.user, self.salesman):
            with self.mock_smtplib_connection():
                template.with_user(user).send_mail(self.corp.id, force_send=True)
            self.assertNobody(self.corp)

    def test_whom_a_rule_names_without_an_address_is_nobody(self):
        deal = self._lead(type="opportunity", partner_id=self.mute.id)
        template = self._template("crm.lead", use_default_to=False, partner_to=str(self.mute.id))
        for method in ("email", "comment"):
            with self.subTest(method=method):
                self.env["mail.recipient.log"].search([]).sudo().unlink()
                self._run_action(deal, template, method)
                self.assertNobody(deal)

    def test_a_list_view_s_mail_to_a_contact_without_address_is_logged(self):
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        with self.mock_smtplib_connection():
            composer.create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "res_ids": self.mute.ids,
                    "subject": "x",
                    "body": "x",
                }
            )._action_send_mail()
            self.env["mail.mail"].process_email_queue()
        self.assertNobody(self.mute)

    def test_suggestions_of_a_rule_are_no_one_else_either_but_a_person_is_offered_the_company(self):
        template = self._template("res.partner")
        for user, reached in ((self.env.user, []), (self.salesman, ["employer1@corp.test"])):
            found = template.with_user(user)._generate_template_recipients(
                self.mute.ids, {"partner_to"}, allow_suggested=True
            )[self.mute.id]
            people = self.env["res.partner"].browse(found.get("partner_ids"))
            self.assertEqual(people.mapped("email"), reached)

    def test_a_contact_named_without_an_address_is_written_to_at_its_first(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        template = self._template("crm.lead", use_default_to=False, partner_to=str(self.bob.id))
        self._run_action(deal, template, "email")
        self.assertReached("contact1@bob.test")

    def test_a_lead_without_an_address_is_written_to_at_its_contact(self):
        lead = self._lead(partner_id=self.bob.id)
        self._run_action(lead, self._template("crm.lead"), "email")
        self.assertReached("contact1@bob.test")

    def test_an_own_address_that_is_the_contact_s_second_one_is_the_default(self):
        lead = self._lead(partner_id=self.bob.id, email_from="contact2@bob.test")
        self._run_action(lead, self._template("crm.lead"), "email")
        self.assertReached("contact2@bob.test")

    def test_a_follower_without_an_address_is_nobody(self):
        deal = self._lead(type="opportunity", partner_id=self.mute.id)
        self.env["mail.followers"]._insert_followers("crm.lead", deal.ids, self.mute.ids)
        with self.mock_smtplib_connection():
            deal.message_post(
                body="x", message_type="auto_comment", subtype_xmlid="mail.mt_comment"
            )
        reached, _shown = self.envelopes()
        self.assertFalse([email for email in reached if not email.endswith("@house.test")])
        log = self.env["mail.recipient.log"].search([("partner_id", "=", self.mute.id)])
        self.assertEqual((log.reason, log.verdict), ("no_address", "dropped"))

    def test_a_message_for_later_to_a_contact_without_an_address_is_refused_with_the_reason(self):
        deal = self._lead(type="opportunity", partner_id=self.mute.id)
        with self.assertRaisesRegex(UserError, "has no e-mail address"):
            self.env["mail.scheduled.message"].with_user(self.salesman).create(
                {
                    "model": "crm.lead",
                    "res_id": deal.id,
                    "body": "later",
                    "author_id": self.salesman.partner_id.id,
                    "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=1),
                    "partner_ids": self.mute.ids,
                }
            )
