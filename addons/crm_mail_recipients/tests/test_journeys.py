from odoo.tests import HttpCase, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestJourneys(KeptBrowser, RecipientCase, HttpCase):
    """What people see and do in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.salesman.password = "salesman"
        cls.salesman.group_ids |= cls.env.ref("crm.group_use_lead")

    def _journey(self, record, tour):
        with self.mock_smtplib_connection():
            self.start_tour(f"/odoo/{record._name}/{record.id}", tour, login="salesman")

    def test_a_restricted_lead_offers_its_two_addresses_and_its_contact(self):
        lead = self._lead(email_from="own1@card.test", partner_id=self.bob.id)
        lead.recipient_address_ids = [(0, 0, {"email": "own2@card.test", "label": "Private"})]
        self._journey(lead, "recipient_restricted_lead")
        self.assertReached("contact2@bob.test")

    def test_a_deal_with_nobody_linked_says_so_and_cannot_send(self):
        before = self.env["res.partner"].search_count([])
        deal = self._lead(type="opportunity", email_from="own1@card.test")
        self._journey(deal, "recipient_deal_nobody")
        self.assertNothingLeft()
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_a_hidden_contact_is_shown_as_hidden_beside_the_company(self):
        lead = self._lead(partner_id=self.bob.id, recipient_company_id=self.acme.id)
        self._hide(self.bob)
        self._journey(lead, "recipient_hidden_contact")
        self.assertReached("company1@acme.test")

    def test_an_unknown_address_becomes_a_lead(self):
        self._policy(any_address=True)
        deal = self._lead(type="opportunity")
        self._journey(deal, "recipient_unknown_address")
        self.assertReached("supplier@new.test")
        leads = self.env["crm.lead"].search([("email_from", "=", "supplier@new.test")])
        self.assertEqual(len(leads), 1)
        self.assertIn(leads.name, "".join(deal.message_ids.mapped("body")))

    def test_a_blacklisted_address_is_marked_and_can_be_written_to(self):
        emails = ("contact1@bob.test", "contact2@bob.test")
        self.env["mail.blacklist"].create([{"email": email} for email in emails])
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        self._journey(deal, "recipient_blacklisted")
        self.assertReached("contact1@bob.test")

    def _deal_of_bob(self):
        self.env["res.partner"].create({"name": "Eve New", "email": "eve@new.test"})
        return self._lead(type="opportunity", partner_id=self.bob.id)

    def test_the_preselected_contact_follows_the_form(self):
        self._policy(any_address=True)
        self._journey(self._deal_of_bob(), "recipient_contact_changed")
        self.assertReached("eve@new.test")

    def test_a_contact_that_was_changed_elsewhere_is_told_before_anything_is_sent(self):
        self._policy(any_address=True)
        self._journey(self._deal_of_bob(), "recipient_contact_changed_elsewhere")
        self.assertReached("eve@new.test")

    def _followed_deal(self, author):
        deal = self._lead(
            type="opportunity", partner_id=self.bob.id, recipient_company_id=self.acme.id
        )
        self.env["mail.followers"]._insert_followers("crm.lead", deal.ids, self.bob.ids)
        deal.with_user(author).sudo().message_post(
            body="Please look",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.salesman.partner_id.ids,
        )
        return deal

    def test_a_forwarded_message_reaches_only_whom_the_user_chooses(self):
        self._journey(self._followed_deal(self.colleague), "recipient_forward")
        self.assertReached("company1@acme.test")

    def test_a_reply_to_a_colleague_reaches_no_customer(self):
        self._journey(self._followed_deal(self.colleague), "recipient_reply_colleague")
        self.assertReached("colleague@house.test")


@tagged("post_install", "-at_install")
class TestFirstPolicy(RecipientCase, HttpCase):
    def test_newcomer_is_led_to_who_may_be_written_to(self):
        admin = self.env.ref("base.user_admin")
        admin.group_ids |= self.env.ref("crm_mail_recipients.group_recipient_manager")
        self.env.company.recipient_policy = False
        self.start_tour("/odoo", "recipient_first_policy", login="admin")
        self.assertTrue(admin.company_id.recipient_policy)
