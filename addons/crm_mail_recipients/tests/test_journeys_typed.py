from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from .common import RecipientCase

LANGUAGES = ("en_US", "it_IT")


class TypedCase(KeptBrowser, RecipientCase, HttpCase):
    browser_size = "1440x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.salesman.password = "salesman"
        cls.env["res.lang"]._activate_lang("it_IT")

    def setUp(self):
        super().setUp()
        self.deal = self._lead(type="opportunity", partner_id=self.bob.id)

    def _journey(self, tour, url=""):
        with self.mock_smtplib_connection():
            url = url or f"/odoo/crm.lead/{self.deal.id}"
            self.start_tour(url, tour, login="salesman")

    def _in_each_language(self):
        """Yield once for each, in which the user works meanwhile."""
        for lang in LANGUAGES:
            self.salesman.lang = lang
            self.emails.clear()
            yield


@tagged("post_install", "-at_install")
class TestTyped(TypedCase):
    """What is typed, pasted and clicked is sent or refused, on a wide screen."""

    def test_an_address_that_is_only_typed_gets_the_message(self):
        self._policy(any_address=True)
        self._journey("recipient_typed_and_sent")
        self.assertReached("contact1@bob.test", "supplier@new.test")

    def test_what_is_typed_and_is_no_address_is_refused_and_nothing_is_lost(self):
        self._journey("recipient_typed_and_refused")
        self.assertReached("contact1@bob.test")

    def test_a_pasted_list_becomes_recipients(self):
        self._policy(any_address=True)
        for _language in self._in_each_language():
            self._journey("recipient_pasted")
            self.assertReached("contact1@bob.test", "anna@x.test", "nora@x.test")

    def test_a_disabled_send_says_why(self):
        self._journey("recipient_reason")
        self.assertNothingLeft()

    def test_the_first_button_opens_the_full_composer_with_what_was_begun(self):
        self._journey("recipient_email_button")
        self.assertReached("contact1@bob.test", "contact2@bob.test")


@tagged("post_install", "-at_install")
class TestTypedOnAPhone(TestTyped):
    browser_size = "390x844"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestButtons(TypedCase):
    def test_a_deal_is_found_by_each_address_of_its_contact(self):
        self.deal.name = "Bob buys"
        self._lead(type="opportunity", name="Another one")
        for _language in self._in_each_language():
            self._journey("recipient_searched", "/odoo/action-crm.crm_lead_action_pipeline")

    def test_with_the_policy_off_the_chatter_s_buttons_are_stocks(self):
        self._policy(False)
        self._journey("recipient_email_button_off")

    def test_reply_all_reaches_all_who_were_on_the_mail(self):
        self._policy(any_address=True)
        self.deal.message_post(
            body="A question",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=False,
            email_from="Asker <asker@x.test>",
            incoming_email_to="office@house.test, contact1@bob.test",
            incoming_email_cc="copied@x.test",
        )
        self._journey("recipient_reply_all")
        self.assertReached("asker@x.test", "copied@x.test", "contact1@bob.test")
