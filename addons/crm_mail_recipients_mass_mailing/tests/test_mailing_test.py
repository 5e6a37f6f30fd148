from odoo.tests import tagged

from .test_mailing import MailingCase


@tagged("post_install", "-at_install")
class TestMailingTest(MailingCase):
    """The test of a mailing says to whom it was not sent, and why."""

    def setUp(self):
        super().setUp()
        self.deal = self._deal(partner_id=self.bob.id)
        # Stock takes the first record for the test.
        self.env["crm.lead"].search([("id", "!=", self.deal.id)]).active = False

    def _test(self, email_to):
        mailing = self.env["mailing.mailing"].create(
            {
                "name": "News",
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "body_html": "<p>News</p>",
                "email_from": "office@house.test",
            }
        )
        wizard = self.env["mailing.mailing.test"].create(
            {"mass_mailing_id": mailing.id, "email_to": email_to}
        )
        with self.mock_smtplib_connection():
            action = wizard.send_mail_test()
        return action, "".join(mailing.message_ids.mapped("body"))

    def test_an_address_outside_is_told_in_a_warning_and_in_the_chatter(self):
        action, chatter = self._test("out@rival.test")
        self.assertNothingLeft()
        self.assertEqual(action["tag"], "display_notification")
        told = action["params"]
        self.assertEqual((told["type"], told["sticky"]), ("warning", True))
        for text in (told["title"], chatter):
            self.assertIn("out@rival.test", text)
        for text in (told["message"], chatter):
            self.assertIn("is not registered on this record", text)

    def test_of_several_addresses_those_that_may_be_written_to_get_it(self):
        action, chatter = self._test(
            "out@rival.test\ncontact2@bob.test\ncolleague@house.test\nnonsense"
        )
        self.assertReached("contact2@bob.test", "colleague@house.test")
        self.assertNotIn("contact2", str(action))
        self.assertIn("out@rival.test", action["params"]["title"])
        for email in ("contact2@bob.test", "colleague@house.test", "nonsense"):
            self.assertIn(email, chatter)
        self.assertFalse(self.env["mail.mail"].search([("subject", "like", "TEST")]))

    def test_where_all_get_it_nothing_but_stocks_note_is_told(self):
        action, chatter = self._test("contact1@bob.test")
        self.assertIs(action, True)
        self.assertIn("contact1@bob.test", chatter)
        self.assertReached("contact1@bob.test")

    def test_with_the_policy_off_the_test_is_stocks(self):
        self._policy(False)
        action, _chatter = self._test("out@rival.test")
        self.assertIs(action, True)
        self.assertReached("out@rival.test")
