from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestTemplateNotes(RecipientCase):
    """A template reaches its registered recipients also where its message is a note."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.eve = cls.env["res.partner"].create({"name": "Eve", "email": "eve@single.test"})

    def setUp(self):
        super().setUp()
        self.lead = self._lead(email_from="own1@card.test", partner_id=self.bob.id)

    def _action(self, template, method):
        return self.env["ir.actions.server"].create(
            {
                "name": "Mail them",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "mail_post",
                "template_id": template.id,
                "mail_post_method": method,
            }
        )

    def _run(self, action):
        action.with_user(self.salesman).sudo().with_context(
            active_id=self.lead.id, active_ids=self.lead.ids, active_model="crm.lead"
        ).run()

    def _stage_mail(self, template):
        def track_template(leads, changes):
            return {"stage_id": (template, {})} if "stage_id" in changes else {}

        # The card was made in an earlier transaction: what is new is not tracked.
        self.env.cr.flush()
        leads = type(self.env["crm.lead"])
        with patch.object(leads, "_track_template", track_template):
            stages = self.env["crm.stage"].search([("id", "!=", self.lead.stage_id.id)], limit=1)
            lead = self._as(self.lead).with_context(tracking_disable=False, mail_notrack=False)
            lead.stage_id = stages
            self.env.flush_all()
            self.env.cr.precommit.run()

    def _ways(self):
        """Each way by which a template leaves a card, by its name."""
        lead = self._as(self.lead)
        return {
            "note by default": lambda t: lead.message_post_with_source(t),
            "comment": lambda t: lead.message_post_with_source(t, subtype_xmlid="mail.mt_comment"),
            "post as note": lambda t: self._run(self._action(t, "note")),
            "post as message": lambda t: self._run(self._action(t, "comment")),
            "e-mail of a rule": lambda t: self._run(self._action(t, "email")),
            "stage": self._stage_mail,
            "activity": lambda t: lead.activity_send_mail(t.id),
            "send": lambda t: t.with_user(self.salesman).send_mail(self.lead.id, force_send=True),
            "mass mail": lambda t: lead.message_mail_with_source(t, message_type="comment"),
        }

    def _reached(self, way, template):
        self.emails = []
        # Whoever got an earlier message may follow the card since.
        self.lead.message_unsubscribe(self.lead.message_partner_ids.ids)
        with self.mock_smtplib_connection():
            way(template)
            self.env.flush_all()
            self.env["mail.mail"].process_email_queue()
        return self.envelopes()[0] - {"salesman@house.test"}

    def test_registered_recipients_are_reached_on_every_way(self):
        for values, expected in (
            ({"partner_to": "{{ object.partner_id.id }}"}, {"contact1@bob.test"}),
            ({"email_to": "own1@card.test"}, {"own1@card.test"}),
            ({"email_to": "{{ object.email_from }}"}, {"own1@card.test"}),
            (
                {"email_to": "{{ object.partner_id.email_formatted }}"},
                {"contact1@bob.test", "contact2@bob.test"},
            ),
            (
                {"email_cc": "contact2@bob.test", "email_to": "own1@card.test"},
                {"contact2@bob.test", "own1@card.test"},
            ),
            ({"use_default_to": True}, {"own1@card.test"}),
        ):
            template = self._template(**values)
            for name, way in self._ways().items():
                with self.subTest(way=name, values=values):
                    self.assertEqual(self._reached(way, template), expected)

    def test_a_colleague_named_by_address_is_reached_as_in_stock(self):
        template = self._template(email_to="colleague@house.test, own1@card.test")
        for name, way in self._ways().items():
            with self.subTest(way=name):
                self.assertEqual(
                    self._reached(way, template), {"colleague@house.test", "own1@card.test"}
                )

    def test_who_is_left_out_by_a_rule_is_logged(self):
        nobody = self.env["res.partner"].create({"name": "Mute"})
        self.lead.recipient_company_id = nobody
        for values, logged in (
            ({"partner_to": f"{self.outsider.id},{self.bob.id}"}, {self.outsider.id}),
            ({"partner_to": f"{nobody.id},{self.bob.id}"}, {nobody.id}),
            ({"email_to": "outsider@rival.test, contact1@bob.test"}, {"outsider@rival.test"}),
            ({"email_to": "a@b@c.test, contact1@bob.test"}, {"a@b@c.test"}),
        ):
            template = self._template(**values)
            for name in ("post as note", "post as message", "e-mail of a rule", "stage"):
                with self.subTest(way=name, values=values):
                    newest = self.env["mail.recipient.log"].search([], limit=1).id or 0
                    reached = self._reached(self._ways()[name], template)
                    self.assertEqual(reached, {"contact1@bob.test"})
                    log = self.env["mail.recipient.log"].search(
                        [("id", ">", newest), ("verdict", "=", "dropped")]
                    )
                    self.assertEqual({line.partner_id or line.email for line in log}, logged)

    def test_a_person_is_told_of_a_recipient_of_a_note_who_is_not_registered(self):
        template = self._template(partner_to=str(self.outsider.id))
        with self.mock_smtplib_connection(), self.assertRaisesRegex(UserError, "not registered"):
            self._as(self.lead).message_post_with_source(template)
        self.assertNothingLeft()

    def test_a_note_without_a_template_mails_nobody(self):
        self.env["mail.followers"]._insert_followers("crm.lead", self.lead.ids, self.bob.ids)
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        wizard = composer.with_context(
            default_model="crm.lead",
            default_res_ids=self.lead.ids,
            default_subtype_xmlid="mail.mt_note",
        ).create({"body": "x"})
        self.assertFalse(wizard.recipient_choices)
        with self.mock_smtplib_connection():
            wizard.action_send_mail()
        self.assertNothingLeft()

    def test_with_the_policy_off_the_same_people_are_reached(self):
        self._policy(False)
        template = self._template(email_to="{{ object.partner_id.email_formatted }}")
        send = self._ways()["send"]
        self.assertEqual(self._reached(send, template), {"contact1@bob.test", "contact2@bob.test"})
