from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestTracking(RecipientCase):
    """What is told at the end of a transaction is told once, whatever is sent before."""

    def setUp(self):
        super().setUp()
        self.first, self.second, self.third = self.env["crm.stage"].create(
            [{"name": name} for name in ("First", "Second", "Third")]
        )
        self.template = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Offer",
                "body_html": "<p>Offer</p>",
                "email_to": "contact1@bob.test",
            }
        )

    def _send_template(self, lead, **options):
        self.template.send_mail(lead.id, **options)

    def _refused(self, lead):
        template = self.template.copy({"email_to": "outsider@rival.test"})
        try:
            template.with_user(self.salesman).send_mail(lead.id)
        except UserError:
            return
        self.env["mail.mail"].search([("email_to", "=", "outsider@rival.test")]).unlink()

    def _mail(self, lead):
        values = {"model": lead._name, "res_id": lead.id, "email_to": "contact1@bob.test"}
        self.env["mail.mail"].create({**values, "body_html": "x"}).send()

    def _message(self, lead):
        lead.message_post(
            body="x", subtype_xmlid="mail.mt_comment", partner_ids=(self.bob | self.outsider).ids
        )

    def _composer(self, lead):
        self.env["mail.compose.message"].create(
            {
                "model": lead._name,
                "res_ids": lead.ids,
                "composition_mode": "mass_mail",
                "template_id": self.template.id,
            }
        )._action_send_mail()

    def test_a_stage_that_changes_before_and_after_a_mail_is_tracked_as_in_stock(self):
        ways = {
            "template": self._send_template,
            "template at once": lambda lead: self._send_template(lead, force_send=True),
            "refused": self._refused,
            "mail": self._mail,
            "message": self._message,
            "mailing": self._composer,
        }
        for name, way in ways.items():
            for on in (False, True):
                with self.subTest(way=name, policy=on), self.mock_smtplib_connection():
                    self._policy(on=on)
                    lead = self._lead(partner_id=self.bob.id, stage_id=self.first.id)
                    self.cr.flush()
                    lead.stage_id = self.second
                    way(lead)
                    lead.stage_id = self.third
                    self.cr.flush()
                    tracked = lead.message_ids.tracking_value_ids.filtered(
                        lambda value: value.field_id.name == "stage_id"
                    )
                    self.assertEqual(
                        [(value.old_value_char, value.new_value_char) for value in tracked],
                        [("First", "Third")],
                    )
