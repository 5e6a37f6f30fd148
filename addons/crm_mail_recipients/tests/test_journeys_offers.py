from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from .common import RecipientCase


class Journeys:
    """Who wrote and is on no contact yet is answered in one click, whatever the width."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.env["res.lang"]._activate_lang(cls.lang)
        cls.salesman.write({"password": "salesman", "lang": cls.lang})

    def _journey(self, tour, sender, **values):
        """Open an opportunity on which `sender` has asked something by e-mail; return it."""
        deal = self._lead(type="opportunity", **values)
        deal.message_post(body="x", message_type="email", email_from=sender, author_id=False)
        with self.mock_smtplib_connection():
            self.start_tour(f"/odoo/crm.lead/{deal.id}", tour, login="salesman")
        return deal

    def test_who_wrote_is_made_a_contact_and_answered_by_one_click(self):
        deal = self._journey("recipient_create_contact", "Mario Rossi <mario@x.test>")
        self.assertReached("mario@x.test")
        self.assertEqual(deal.partner_id.name, "Mario Rossi")

    def test_the_customers_colleague_who_asks_is_registered_and_answered_by_one_click(self):
        self._journey(
            "recipient_register_colleague",
            "Anna <anna@acme.test>",
            partner_id=self.bob.id,
            recipient_company_id=self.acme.id,
        )
        self.assertReached("anna@acme.test")
        self.assertIn("anna@acme.test", self.acme.recipient_address_ids.mapped("email"))


@tagged("post_install", "-at_install")
class TestOffers(Journeys, KeptBrowser, RecipientCase, HttpCase):
    browser_size = "1440x900"
    lang = "en_US"


@tagged("post_install", "-at_install")
class TestOffersOnAPhoneInItalian(Journeys, KeptBrowser, RecipientCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
    lang = "it_IT"
