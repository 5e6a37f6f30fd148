from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestAnyAddress(RecipientCase):
    """Any-address mode: everybody may be written to, and strangers are registered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy(any_address=True)
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref("crm.group_use_lead")

    def setUp(self):
        super().setUp()
        self.deal = self._lead(type="opportunity")

    def _counts(self):
        return self._count("crm.lead"), self._count("res.partner")

    def _count(self, model):
        return self.env[model].with_context(active_test=False).search_count([])

    def _write_to(self, *emails, card=None):
        with self.mock_smtplib_connection():
            return self._as(card or self.deal).message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": email} for email in emails],
            )

    def test_an_unknown_address_becomes_one_lead_and_gets_the_mail(self):
        leads, partners = self._counts()
        self._write_to("New@Supplier.test", "new@supplier.test.")
        self.assertReached("new@supplier.test")
        self.assertEqual(self._counts(), (leads + 1, partners))
        lead = self.env["crm.lead"].search([("email_from", "=", "new@supplier.test")])
        self.assertEqual((lead.type, lead.user_id), ("lead", self.salesman))
        self._write_to("new@supplier.test")
        self.assertEqual(self._counts(), (leads + 1, partners))

    def test_an_unknown_address_becomes_one_contact_and_is_not_linked_to_the_card(self):
        self._policy(any_address=True, unknown="contact")
        leads, partners = self._counts()
        self._write_to("new@supplier.test")
        self.assertReached("new@supplier.test")
        self.assertEqual(self._counts(), (leads, partners + 1))
        self.assertFalse(self.deal.partner_id)

    def test_where_leads_are_not_used_it_becomes_a_contact(self):
        group_user = self.env.ref("base.group_user")
        group_user.implied_ids -= self.env.ref("crm.group_use_lead")
        (group_user.all_user_ids).write({"group_ids": [(3, self.env.ref("crm.group_use_lead").id)]})
        leads, partners = self._counts()
        self._write_to("new@supplier.test")
        self.assertEqual(self._counts(), (leads, partners + 1))

    def test_what_is_known_anywhere_is_not_created_again(self):
        self.env["res.partner"].create(
            {"name": "Old", "email": "first@old.test, second@old.test", "active": False}
        )
        self._lead(email_from="lost@old.test", active=False)
        self._lead(email_from="x@bücher.test")
        before = self._counts()
        self._write_to(
            "second@old.test",
            "LOST@old.test",
            "x@xn--bcher-kva.test",
            "company2@acme.test",
            "colleague@house.test",
        )
        self.assertEqual(self._counts(), before)

    def test_what_is_no_address_is_refused_and_nothing_is_created(self):
        before = self._counts()
        for text in (
            "nobody",
            "a@b@c.test",
            "a@x.test, b@x.test",
            "",
            "a\x00@x.test",
            "a@x.test\n",
        ):
            with self.assertRaisesRegex(UserError, "valid|not a single, plain"):
                self._write_to(text)
        self.assertEqual(self._counts(), before)
        self.assertNothingLeft()

    def test_looking_and_planning_create_nothing(self):
        before = self._counts()
        composer = self.env["mail.compose.message"].with_user(self.salesman)
        composer = composer.with_context(default_model="crm.lead", default_res_ids=self.deal.ids)
        wizard = composer.create({"body": "x", "recipient_choices": [{"email": "new@x.test"}]})
        wizard._prepare_mail_values(self.deal.ids)
        self.assertEqual(self._counts(), before)

    def test_a_template_to_an_unknown_address_registers_it_too(self):
        template = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "use_default_to": False,
                "email_to": "new@supplier.test",
                "body_html": "x",
            }
        )
        leads, partners = self._counts()
        with self.mock_smtplib_connection():
            template.with_user(self.salesman).send_mail(self.deal.id, force_send=True)
        self.assertReached("new@supplier.test")
        self.assertEqual(self._counts(), (leads + 1, partners))

    def test_edit_permission_is_needed_here_as_well(self):
        with self.assertRaisesRegex(UserError, "edit permission"):
            self._as(self.deal, self.colleague).sudo().message_post(
                body="x", message_type="comment", recipient_choices=[{"email": "new@x.test"}]
            )

    def test_a_colleague_can_be_chosen_as_recipient(self):
        partner = self.colleague.partner_id
        with self.mock_smtplib_connection():
            self._as(self.deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": partner.email, "partner_id": partner.id}],
            )
        self.assertReached("colleague@house.test")
