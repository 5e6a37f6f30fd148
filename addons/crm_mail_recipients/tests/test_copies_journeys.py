from datetime import timedelta
from email import message_from_string

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from .test_copies import COMPANY, CONTACT, SECOND, CopiesCase


class Journeys:
    """What is done in a browser, whatever its width."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang(self.lang)
        self.salesman.write({"password": "salesman", "lang": self.lang})

    def _journey(self, tour):
        with self.mock_smtplib_connection():
            self.start_tour(f"/odoo/crm.lead/{self.deal.id}", tour, login="salesman")

    def _copies(self):
        return {
            address: message_from_string(mail["message"])["Cc"] or ""
            for mail in self.emails
            for address in mail["smtp_to_list"]
        }

    def test_cc_and_bcc_are_chosen_shown_and_sent(self):
        self._journey("recipient_copies")
        copies = self._copies()
        self.assertEqual({*copies}, {CONTACT, COMPANY, SECOND})
        for cc in copies.values():
            self.assertIn(COMPANY, cc)
            self.assertNotIn(SECOND, cc)

    def test_cc_and_bcc_are_chosen_in_the_chatter_as_well(self):
        self._journey("recipient_copies_inline")
        copies = self._copies()
        self.assertEqual({*copies}, {CONTACT, COMPANY, SECOND})
        for cc in copies.values():
            self.assertIn(COMPANY, cc)
            self.assertNotIn(SECOND, cc)

    def test_the_recipients_of_a_scheduled_message_are_changed(self):
        composer = self._composer([CONTACT], [], [COMPANY])
        composer.scheduled_date = fields.Datetime.now() + timedelta(days=1)
        composer._action_schedule_message()
        self._journey("recipient_edit_scheduled")
        copies = self._copies()
        self.assertEqual({*copies}, {CONTACT, COMPANY})
        self.assertIn(COMPANY, copies[CONTACT])

    def test_an_address_that_was_typed_is_put_on_the_company_and_written_to(self):
        self._journey("recipient_register_typed")
        self.assertReached(CONTACT, "anna@acme.test")
        self.assertIn("anna@acme.test", self.acme.recipient_address_ids.mapped("email"))


@tagged("post_install", "-at_install")
class TestCopiesJourneys(Journeys, KeptBrowser, CopiesCase, HttpCase):
    browser_size = "1440x900"
    lang = "en_US"


@tagged("post_install", "-at_install")
class TestCopiesJourneysOnAPhoneInItalian(Journeys, KeptBrowser, CopiesCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
    lang = "it_IT"
