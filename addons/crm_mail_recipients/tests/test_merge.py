from odoo.tests import new_test_user, tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestMerge(RecipientCase):
    """A merged contact or lead keeps every address of all that it was made of, once each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def _contact(self, name, email, *extra, **values):
        return self.env["res.partner"].create(
            {
                "name": name,
                "email": email,
                "recipient_address_ids": [
                    (0, 0, {"email": address, "label": label}) for address, label in extra
                ],
                **values,
            }
        )

    def _merge(self, survivor, *others):
        partners = survivor.union(*others)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, survivor)
        self.assertEqual(partners.exists(), survivor)
        return self._extra(survivor)

    def _extra(self, record):
        return {(a.email_key, a.label or "") for a in record.recipient_address_ids}

    # === contacts === #

    def test_contacts_that_share_one_address_keep_all_the_others(self):
        one = self._contact("A", "a@x.test", ("shared@x.test", "Work"), ("a2@x.test", "Home"))
        two = self._contact("B", "a@x.test", ("shared@x.test", ""), ("b2@x.test", "Bills"))
        self.assertEqual(
            self._merge(one, two),
            {("shared@x.test", "Work"), ("a2@x.test", "Home"), ("b2@x.test", "Bills")},
        )

    def test_of_three_contacts_every_address_is_kept_and_the_label_that_there_is(self):
        one = self._contact("A", "a@x.test", ("shared@x.test", ""))
        two = self._contact("B", "b@x.test", ("Shared@X.test", "Work"), ("b2@x.test", "Two"))
        three = self._contact("C", "c@x.test, c1@x.test", ("shared@x.test.", ""), ("b2@x.test", ""))
        self.assertEqual(
            self._merge(one, two, three),
            {
                ("shared@x.test", "Work"),
                ("b2@x.test", "Two"),
                ("b@x.test", ""),
                ("c@x.test", ""),
                ("c1@x.test", ""),
            },
        )
        self.assertEqual(one.email, "a@x.test")

    def test_spellings_of_one_mailbox_are_one(self):
        one = self._contact("A", "a@bücher.test")
        two = self._contact("B", "A@xn--bcher-kva.test", ("A@BÜCHER.test", "Shop"))
        self.assertEqual(self._merge(one, two), set())

    def test_what_the_survivor_has_in_its_e_mail_field_is_no_other_address(self):
        one = self._contact("A", "a@x.test, b2@x.test")
        two = self._contact("B", "b@x.test", ("b2@x.test", ""), ("a@x.test", ""))
        self.assertEqual(self._merge(one, two), {("b@x.test", "")})

    def test_a_survivor_without_e_mail_gets_one_and_the_others_beside_it(self):
        one = self._contact("A", False, ("c@x.test", "Own"))
        two = self._contact("B", "b@x.test")
        three = self._contact("C", "c@x.test")
        extra = self._merge(one, two, three)
        keys = {key for key, _label in extra}
        self.assertEqual({one.email, *keys}, {"b@x.test", "c@x.test"})
        self.assertNotIn(one.email, keys)

    def test_addresses_of_archived_contacts_are_kept(self):
        one = self._contact("A", "a@x.test", ("shared@x.test", ""))
        two = self._contact(
            "B", "b@x.test", ("shared@x.test", ""), ("b2@x.test", "Old"), active=False
        )
        self.assertEqual(
            self._merge(one, two), {("shared@x.test", ""), ("b2@x.test", "Old"), ("b@x.test", "")}
        )

    def test_an_archived_survivor_keeps_them_too(self):
        one = self._contact("A", "a@x.test", ("shared@x.test", ""), active=False)
        two = self._contact("B", "a@x.test", ("shared@x.test", ""), ("b2@x.test", ""))
        self.assertEqual(self._merge(one, two), {("shared@x.test", ""), ("b2@x.test", "")})

    def test_whoever_may_merge_needs_no_access_to_the_addresses(self):
        user = new_test_user(
            self.env, "merger", groups="base.group_user,base.group_partner_manager"
        )
        one = self._contact("A", "a@x.test", ("shared@x.test", ""))
        two = self._contact("B", "a@x.test", ("shared@x.test", ""), ("b2@x.test", ""))
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user).sudo().create({})
        wizard.sudo()._merge((one | two).ids, one)
        self.assertEqual(self._extra(one), {("shared@x.test", ""), ("b2@x.test", "")})

    def test_the_wizard_that_looks_for_duplicates_keeps_them(self):
        one = self._contact("Twin", "twin@x.test", ("shared@x.test", ""), ("a2@x.test", ""))
        two = self._contact("Twin", "twin@x.test", ("shared@x.test", ""), ("b2@x.test", ""))
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"dst_partner_id": one.id, "partner_ids": [(6, 0, (one | two).ids)]}
        )
        wizard.action_merge()
        self.assertEqual(
            {key for key, _label in self._extra((one | two).exists())},
            {"shared@x.test", "a2@x.test", "b2@x.test"},
        )

    def test_with_the_policy_off_no_address_is_lost_and_none_is_made(self):
        one = self._contact("A", "a@x.test", ("shared@x.test", ""))
        two = self._contact("B", "b@x.test", ("shared@x.test", ""), ("b2@x.test", ""))
        self._policy(False)
        self.assertEqual(self._merge(one, two), {("shared@x.test", ""), ("b2@x.test", "")})

    def test_cards_of_a_merged_contact_offer_what_the_survivor_has(self):
        one = self._contact("A", "a@x.test", ("shared@x.test", ""))
        two = self._contact("B", "b@x.test", ("shared@x.test", ""), ("b2@x.test", ""))
        lead = self._lead(email_from="shared@x.test", partner_id=two.id)
        self._merge(one, two)
        self.assertEqual(lead.partner_id, one)
        decision = self._as(lead)._recipient_decisions(self.salesman)[lead.id]
        self.assertEqual(
            sorted(c.address.key for c in decision.candidates),
            ["a@x.test", "b2@x.test", "b@x.test", "shared@x.test"],
        )

    # === leads === #

    def _twin(self, email, *extra, **values):
        lead = self._lead(email_from=email, **values)
        lead.recipient_address_ids = [
            (0, 0, {"email": address, "label": label}) for address, label in extra
        ]
        return lead

    def test_merged_leads_keep_every_address_and_the_linked_company(self):
        one = self._twin("a@x.test", ("shared@x.test", ""), priority="2")
        two = self._twin("b@x.test", ("Shared@x.test", "Work"), ("b2@x.test", "Home"))
        three = self._twin(False, ("b2@x.test", ""), recipient_company_id=self.acme.id)
        merged = self._as(one | two | three).merge_opportunity()
        keys = {key for key, _label in self._extra(merged)}
        self.assertEqual(
            {merged.email_from, *keys}, {"a@x.test", "b@x.test", "shared@x.test", "b2@x.test"}
        )
        self.assertNotIn(merged.email_from, keys)
        self.assertIn(("shared@x.test", "Work"), self._extra(merged))
        self.assertIn(("b2@x.test", "Home"), self._extra(merged))
        self.assertEqual(merged.recipient_company_id, self.acme)

    def test_the_survivor_keeps_its_own_linked_company(self):
        one = self._twin("a@x.test", recipient_company_id=self.acme.id)
        two = self._twin("a@x.test", recipient_company_id=self.corp.id)
        head = (one | two)._sort_by_confidence_level(reverse=True)[0]
        company = head.recipient_company_id
        merged = self._as(one | two).merge_opportunity()
        self.assertEqual(merged.recipient_company_id, company)

    def test_an_address_in_two_spellings_and_of_a_lost_lead_is_kept_once(self):
        one = self._twin("a@bücher.test")
        two = self._twin("A@xn--bcher-kva.test", ("c@x.test", ""), active=False)
        merged = (one | two).merge_opportunity()
        self.assertEqual(self._extra(merged), {("c@x.test", "")})

    def test_converting_a_lead_into_a_duplicate_keeps_the_addresses(self):
        one = self._twin("a@x.test", ("shared@x.test", ""), type="opportunity")
        two = self._twin("b@x.test", ("shared@x.test", "Work"))
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.salesman)
            .with_context(active_model="crm.lead", active_id=two.id, active_ids=two.ids)
            .create(
                {
                    "name": "merge",
                    "action": "exist",
                    "partner_id": self.bob.id,
                    "duplicated_lead_ids": [(6, 0, (one | two).ids)],
                }
            )
        )
        wizard.action_apply()
        merged = (one | two).exists()
        self.assertEqual(len(merged), 1)
        keys = {key for key, _label in self._extra(merged)}
        self.assertEqual({merged.email_from, *keys}, {"a@x.test", "b@x.test", "shared@x.test"})

    def test_an_address_on_a_lead_and_on_its_contact_is_offered_once(self):
        one = self._twin("a@x.test", partner_id=self.bob.id)
        two = self._twin("contact1@bob.test", partner_id=self.bob.id)
        merged = self._as(one | two).merge_opportunity()
        decision = self._as(merged)._recipient_decisions(self.salesman)[merged.id]
        self.assertEqual(
            sorted(c.address.key for c in decision.candidates),
            ["a@x.test", "contact1@bob.test", "contact2@bob.test"],
        )

    def test_with_the_policy_off_leads_keep_their_rows_and_get_none(self):
        one = self._twin("a@x.test", ("shared@x.test", ""))
        two = self._twin("b@x.test", ("shared@x.test", ""), ("b2@x.test", ""))
        self._policy(False)
        merged = (one | two).merge_opportunity()
        self.assertEqual(self._extra(merged), {("shared@x.test", ""), ("b2@x.test", "")})
