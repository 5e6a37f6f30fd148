from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.crm_common.tests.screens import Screen

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestSchedule(RecipientCase):
    """Nothing is planned for nobody, and a button that is disabled says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.later = fields.Datetime.add(fields.Datetime.now(), days=1)
        self.deal = self._lead(type="opportunity", partner_id=self.bob.id)
        self.lonely = self._lead(type="opportunity")

    def _composer(self, card, **values):
        return (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model=card._name, default_res_ids=card.ids)
            .create({"body": "x", "subject": "x", **values})
        )

    def _later(self, card, **values):
        return self.env["mail.scheduled.message"].with_user(self.salesman).create(
            {
                "model": card._name,
                "res_id": card.id,
                "body": "x",
                "author_id": self.salesman.partner_id.id,
                "scheduled_date": self.later,
                **values,
            }
        )  # fmt: skip

    def test_a_message_for_later_that_goes_to_nobody_is_refused_with_the_reason(self):
        for card, values, reason in (
            (self.deal, {"recipient_choices": []}, "Choose at least one recipient"),
            (self.lonely, {}, "link a contact or a company first"),
        ):
            composer = self._composer(card, scheduled_date=self.later, **values)
            with self.subTest(reason), self.assertRaisesRegex(UserError, reason):
                composer.action_schedule_message()
            with self.subTest(reason), self.assertRaisesRegex(UserError, reason):
                self._later(card)

    def test_the_recipients_of_a_planned_message_cannot_all_be_taken_away(self):
        message = self._composer(self.deal, scheduled_date=self.later)._action_schedule_message()
        with self.assertRaisesRegex(UserError, "Choose at least one recipient"):
            message.recipient_choices = []
            self.env.flush_all()

    def test_notes_and_messages_to_colleagues_are_planned(self):
        self.assertTrue(self._later(self.lonely, is_note=True))
        mate = self.colleague.partner_id
        self.assertTrue(self._later(self.lonely, partner_ids=mate.ids))

    def test_a_rule_and_a_database_without_the_policy_plan_as_in_stock(self):
        values = {"model": "crm.lead", "res_id": self.lonely.id, "body": "x"}
        values |= {"scheduled_date": self.later, "author_id": self.env.user.partner_id.id}
        self.assertTrue(self.env["mail.scheduled.message"].create(values))
        self._policy(False)
        self.assertTrue(self._later(self.lonely))

    def _buttons(self, composer):
        """Return the buttons that one sees below, with whether they can be pressed."""
        self.env.flush_all()
        composer.invalidate_recordset()
        screen = Screen(composer, self.salesman)
        return {
            (node.get("string"), not node.get("disabled"))
            for node in screen.arch.iterfind(".//footer/button[@type='object']")
            if screen._is_seen(node)
        }

    def test_send_and_schedule_are_disabled_with_the_reason_where_there_is_nobody(self):
        for date, name in ((False, "Send"), (self.later, "Schedule")):
            for card, reason in ((self.deal, ""), (self.lonely, "link a contact or a company")):
                composer = self._composer(card, scheduled_date=date)
                with self.subTest(name=name, reason=reason):
                    self.assertEqual(self._buttons(composer), {(name, not reason)})
                    self.assertIn(reason, composer.recipient_reason)
                    self.assertIs(bool(composer.recipient_reason), bool(reason))

    def test_the_reason_follows_what_is_chosen(self):
        composers = self.env["mail.compose.message"].with_user(self.salesman)
        form = Form(composers.with_context(
            default_model="crm.lead", default_res_ids=self.deal.ids
        ))  # fmt: skip
        self.assertFalse(form.recipient_reason)
        form.recipient_choices = []
        self.assertEqual(form.recipient_reason, "Choose at least one recipient.")

    def test_a_colleague_without_an_address_is_told_as_the_reason(self):
        self.colleague.partner_id.email = False
        composer = self._composer(self.deal, partner_ids=self.colleague.partner_id.ids)
        self.assertIn("colleague", composer.recipient_reason)

    def test_a_note_has_no_reason(self):
        note = self.env.ref("mail.mt_note")
        self.assertFalse(self._composer(self.lonely, subtype_id=note.id).recipient_reason)
