from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser
from odoo.addons.crm_mail_recipients.tests.common import RecipientCase


@tagged("post_install", "-at_install")
class TestJourneys(KeptBrowser, RecipientCase, HttpCase):
    def test_a_quote_to_a_company_goes_to_the_chosen_one_of_its_addresses(self):
        self._policy()
        self.salesman.password = "salesman"
        quote = self.env["sale.order"].create(
            {"partner_id": self.acme.id, "user_id": self.salesman.id}
        )
        with self.mock_smtplib_connection():
            self.start_tour(
                f"/odoo/sale.order/{quote.id}", "recipient_quote_company", login="salesman"
            )
        self.assertReached("company2@acme.test")
        self.assertEqual(quote.state, "sent")
