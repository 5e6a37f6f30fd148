from odoo.tests import Form, tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestConversion(RecipientCase):
    """A lead keeps its addresses whatever becomes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.salesman.group_ids += self.env.ref("crm.group_use_lead")
        self.lead = self._lead(
            email_from="first@lead.test",
            contact_name="Lea Der",
            recipient_company_id=self.acme.id,
            recipient_address_ids=[(0, 0, {"email": "second@lead.test", "label": "Home"})],
        )

    def _convert(self, leads, model="crm.lead2opportunity.partner", **values):
        wizard = (
            self.env[model]
            .with_user(self.salesman)
            .with_context(active_model="crm.lead", active_id=leads[:1].id, active_ids=leads.ids)
            .create({"name": "convert", **values})
        )
        wizard.action_mass_convert() if "mass" in model else wizard.action_apply()

    def _shown(self, card):
        """Return the further addresses that the form of a card shows."""
        form = Form(self._as(card))
        if form._get_modifier("recipient_address_ids", "invisible"):
            return set()
        return {line["email"] for line in form.recipient_address_ids._records}

    def _offered(self, card):
        decision = self._as(card)._recipient_decisions(self.salesman)[card.id]
        return {candidate.address.key for candidate in decision.candidates}

    def test_a_lead_converted_for_an_existing_customer_shows_its_further_addresses(self):
        self._convert(self.lead, action="exist", partner_id=self.bob.id)
        self.assertEqual((self.lead.type, self.lead.partner_id), ("opportunity", self.bob))
        self.assertEqual(self._shown(self.lead), {"second@lead.test"})
        self.assertEqual(self.lead.email_from, "first@lead.test")
        self.assertEqual(self.lead.recipient_company_id, self.acme)

    def test_a_lead_converted_without_a_customer_shows_them(self):
        self._as(self.lead).convert_opportunity(self.env["res.partner"])
        self.assertEqual(self._shown(self.lead), {"second@lead.test"})

    def test_the_customer_made_of_a_lead_is_written_to_at_all_its_addresses(self):
        self.lead.email_from = "first@lead.test, third@lead.test"
        self._convert(self.lead, action="create")
        customer = self.lead.partner_id
        self.assertEqual(customer.name, "Lea Der")
        self.assertEqual(
            {(line.email, line.label) for line in customer.recipient_address_ids},
            {("second@lead.test", "Home"), ("third@lead.test", False)},
        )
        self.assertLessEqual(
            {"first@lead.test", "second@lead.test", "third@lead.test"}, self._offered(self.lead)
        )
        self.assertEqual(self._shown(self.lead), {"second@lead.test"})

    def test_leads_converted_together_keep_them_too(self):
        other = self._lead(
            email_from="other@lead.test",
            recipient_address_ids=[(0, 0, {"email": "other2@lead.test"})],
        )
        self._convert(
            self.lead + other,
            "crm.lead2opportunity.partner.mass",
            action="each_exist_or_create",
            deduplicate=False,
        )
        self.assertEqual(self._shown(self.lead), {"second@lead.test"})
        self.assertEqual(self._shown(other), {"other2@lead.test"})
        self.assertIn("other2@lead.test", self._offered(other))

    def test_a_lead_merged_into_an_opportunity_shows_its_addresses_there(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        merged = self._as(self.lead + deal).merge_opportunity()
        self.assertEqual(merged.type, "opportunity")
        self.assertIn("second@lead.test", self._shown(merged))

    def test_a_duplicate_has_the_addresses_of_what_it_was_made_of(self):
        copy = self._as(self.lead).copy()
        self.assertEqual(self._shown(copy), {"second@lead.test"})
        self.assertEqual(copy.recipient_address_ids.label, "Home")
        self.assertEqual(self._shown(self.lead), {"second@lead.test"})
        contact = self._as(self.acme).copy()
        self.assertEqual(
            contact.recipient_address_ids.mapped("email"),
            self.acme.recipient_address_ids.mapped("email"),
        )

    def test_an_opportunity_without_further_addresses_shows_no_page_for_them(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        form = Form(self._as(deal))
        self.assertTrue(form._get_modifier("recipient_address_ids", "invisible"))

    def test_with_the_policy_off_a_customer_made_of_a_lead_is_stocks(self):
        self._policy(False)
        self._convert(self.lead, action="create")
        self.assertFalse(self.lead.partner_id.recipient_address_ids)
