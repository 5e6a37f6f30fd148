from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from .common import RecipientCase


class Journey:
    """From the card to what became of the message, by keyboard alone, in both languages."""

    def test_all_is_done_by_keyboard_in_english_and_italian(self):
        self._policy()
        self.env["res.lang"]._activate_lang("it_IT")
        self.salesman.password = "salesman"
        for lang in ("en_US", "it_IT"):
            self.salesman.lang = lang
            self.emails.clear()
            deal = self._lead(
                type="opportunity", partner_id=self.bob.id, recipient_company_id=self.acme.id
            )
            with self.subTest(lang), self.mock_smtplib_connection():
                self.start_tour(
                    f"/odoo/crm.lead/{deal.id}", "recipient_by_keyboard", login="salesman"
                )
                self.assertReached("contact1@bob.test", "company1@acme.test")


@tagged("post_install", "-at_install")
class TestByKeyboard(Journey, KeptBrowser, RecipientCase, HttpCase):
    browser_size = "1440x900"


@tagged("post_install", "-at_install")
class TestByKeyboardOnAPhone(Journey, KeptBrowser, RecipientCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
