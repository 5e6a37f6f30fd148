from contextlib import closing

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestOutdated(RecipientCase):
    """Who was preselected is not written to once the card names somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy(any_address=True)
        cls.eve = cls.env["res.partner"].create({"name": "Eve", "email": "eve@new.test"})

    def setUp(self):
        super().setUp()
        self.deal = self._lead(type="opportunity", partner_id=self.bob.id)

    def _composer(self, **values):
        """Return a composer that was opened, with the choices that it shows."""
        wizard = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model="crm.lead", default_res_ids=self.deal.ids)
            .create({"body": "x", **values})
        )
        self.assertTrue(wizard.recipient_choices)
        return wizard

    def _preselected(self):
        """Return the choice that the picker of the open card has made."""
        picker = self._as(self.deal)._recipient_picker()
        return [
            {"email": c["email"], "partner_id": c["partner_id"], "preselected": True}
            for c in picker["candidates"]
            if c["selected"]
        ]

    def _post(self, choices):
        with self.mock_smtplib_connection():
            return self._as(self.deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=choices,
            )

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)

    def _changes(self):
        """Yield each way in which the preselected address can stop being the card's."""

        def other_contact():
            self.deal.partner_id = self.eve

        def no_contact():
            self.deal.partner_id = False

        def other_address():
            self.bob.email = "moved@bob.test"

        def archived():
            self.bob.active = False

        def same_address_of_another_contact():
            self.eve.email = "contact1@bob.test"
            self.deal.partner_id = self.eve

        return (
            other_contact,
            no_contact,
            other_address,
            archived,
            same_address_of_another_contact,
        )

    def test_the_mail_is_refused_however_the_preselected_one_has_left_the_card(self):
        for any_address in (True, False):
            self._policy(any_address=any_address)
            for change in self._changes():
                with (
                    self.subTest(change=change.__name__, any_address=any_address),
                    closing(self.env.cr.savepoint()),
                ):
                    self._assert_refused_after(change)

    def _assert_refused_after(self, change):
        chosen = self._preselected()
        self.assertEqual([c["email"] for c in chosen], ["contact1@bob.test"])
        wizard = self._composer()
        change()
        for send in (lambda: self._post(chosen), wizard.action_send_mail):
            with (
                self.mock_smtplib_connection(),
                self.assertRaisesRegex(UserError, "has changed: check the recipients"),
            ):
                send()
        self.assertNothingLeft()
        log = self.env["mail.recipient.log"].search([], limit=1)
        self.assertEqual((log.verdict, log.reason), ("refused", "changed"))

    def test_a_contact_merged_into_another_is_still_written_to_at_that_address(self):
        chosen = self._preselected()
        self._merge(self.bob, self.eve)
        self.assertEqual(self.deal.partner_id, self.eve)
        self._post(chosen)
        self.assertReached("contact1@bob.test")

    def test_an_address_that_a_merge_did_not_keep_is_refused(self):
        chosen = self._preselected()
        self._merge(self.bob, self.eve)
        self.eve.recipient_address_ids.unlink()
        with self.assertRaisesRegex(UserError, "has changed"):
            self._post(chosen)
        self.assertNothingLeft()

    def test_what_the_user_has_chosen_himself_is_sent_all_the_same(self):
        chosen = [{"email": "contact1@bob.test", "partner_id": self.bob.id}]
        self.deal.partner_id = self.eve
        self._post(chosen)
        self.assertReached("contact1@bob.test")

    def test_what_is_still_on_the_card_is_sent_though_something_else_has_changed(self):
        chosen = self._preselected()
        self.deal.recipient_company_id = self.acme
        self.bob.recipient_address_ids = [(0, 0, {"email": "more@bob.test"})]
        self.deal.active = False
        self._post(chosen)
        self.assertReached("contact1@bob.test")

    def test_a_lead_s_own_address_that_becomes_its_contact_s_is_sent(self):
        self.deal = self._lead(email_from="own1@card.test")
        chosen = self._preselected()
        self.eve.email = "own1@card.test"
        self.deal.partner_id = self.eve
        self._post(chosen)
        self.assertReached("own1@card.test")

    def test_a_message_for_later_is_not_sent_to_the_former_contact(self):
        wizard = self._composer()
        wizard.scheduled_date = fields.Datetime.add(fields.Datetime.now(), days=1)
        message = wizard._action_schedule_message()
        self.deal.partner_id = self.eve
        with self.mock_smtplib_connection(), self.assertRaisesRegex(UserError, "has changed"):
            message.post_message()
        self.assertNothingLeft()
        with self.mock_smtplib_connection():
            message._post_message(raise_exception=False)
        self.assertReached("salesman@house.test")

    def test_what_a_template_took_from_the_card_is_outdated_with_it(self):
        for values in (
            {"email_to": "{{ object.partner_id.email_formatted }}"},
            {"partner_to": "{{ object.partner_id.id }}"},
            {"use_default_to": True},
        ):
            with self.subTest(values):
                self.deal.partner_id = self.bob
                wizard = self._composer(template_id=self._template(**values).id)
                self.deal.partner_id = self.eve
                with (
                    self.mock_smtplib_connection(),
                    self.assertRaisesRegex(UserError, "has changed"),
                ):
                    wizard.action_send_mail()
        self.assertNothingLeft()

    def test_a_stranger_named_by_a_template_is_not_outdated(self):
        wizard = self._composer(template_id=self._template(email_to="new@supplier.test").id)
        self.deal.partner_id = self.eve
        with self.mock_smtplib_connection():
            wizard.action_send_mail()
        self.assertReached("new@supplier.test")
