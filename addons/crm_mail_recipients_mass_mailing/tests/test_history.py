from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from .test_mailing import MailingCase


@tagged("post_install", "-at_install")
class TestHistory(MailingCase):
    """On the cards a mailing went to stands who has opened it, and whom it did not reach."""

    def _told(self, trace):
        self.env.invalidate_all()
        message = self.env["mail.message"].search([("message_id", "=", trace.message_id)])
        self.assertEqual(message.res_id, trace.res_id)
        store = Store().add(message.with_user(self.salesman)).get_result()
        told = store["mail.message"][0].get("recipientEnvelope") or {}
        return {
            (one["email"] or one["name"], one["fate"]) for lines in told.values() for one in lines
        }

    def test_a_mailing_that_was_opened_or_bounced_is_told_so_on_its_card(self):
        deals = self._deal(partner_id=self.bob.id) + self._deal(partner_id=self.acme.id)
        opened, bounced = self._send(deals)
        self.assertEqual(self._told(opened), {("contact1@bob.test", "sent")})
        opened.set_opened()
        bounced.set_bounced()
        self.assertEqual(self._told(opened), {("contact1@bob.test", "opened")})
        self.assertEqual(self._told(bounced), {("company1@acme.test", "bounced")})

    def test_a_mailing_that_could_not_be_sent_is_told_with_the_reason(self):
        with (
            patch.object(
                self.registry["ir.mail_server"], "send_email", side_effect=OSError("no route")
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            [trace] = self._send(self._deal(partner_id=self.bob.id))
        self.assertEqual({fate for _who, fate in self._told(trace)}, {"failed"})
