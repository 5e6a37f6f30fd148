from odoo.tests import tagged

from . import oracle
from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestRules(RecipientCase):
    """The rules on real records, against the oracle."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def _decisions(self, cards):
        return cards.with_user(self.salesman)._recipient_decisions(self.salesman)

    def _contact(self, situation):
        values = {"name": str(situation), "email": ", ".join(oracle.CONTACT[: situation.contact])}
        if situation.employed:
            values["parent_id"] = self.corp.id
        return values

    def _link(self, situations):
        """Return the linked contacts and companies of `situations`, in their order."""
        Partner = self.env["res.partner"]
        wanted = [s for s in situations if s.contact is not None]
        contacts = dict(
            zip(wanted, Partner.create([self._contact(s) for s in wanted]), strict=True)
        )
        with_company = [s for s in situations if s.company is not None]
        companies = Partner.create(
            [
                {
                    "name": str(s),
                    "is_company": True,
                    "email": oracle.COMPANY[0] if s.company else False,
                    "recipient_address_ids": [
                        (0, 0, {"email": email}) for email in oracle.COMPANY[1 : s.company]
                    ],
                }
                for s in with_company
            ]
        )
        return contacts, dict(zip(with_company, companies, strict=True))

    def _leads(self, situations):
        contacts, companies = self._link(situations)
        return self.env["crm.lead"].create(
            [
                {
                    "name": str(s),
                    "type": "lead" if s.card == "lead" else "opportunity",
                    "email_from": oracle.OWN[0] if s.own else False,
                    "recipient_address_ids": [
                        (0, 0, {"email": email}) for email in oracle.OWN[1 : s.own]
                    ],
                    "partner_id": contacts[s].id if s in contacts else False,
                    "recipient_company_id": companies[s].id if s in companies else False,
                }
                for s in situations
            ]
        )

    def _partners(self, situations):
        contacts, companies = self._link(situations)
        cards = self.env["res.partner"].create(
            [
                {
                    "name": str(s),
                    "is_company": s.card == "company",
                    "email": ", ".join(oracle.OWN[: s.own]),
                    "parent_id": companies[s].id if s in companies else False,
                }
                for s in situations
            ]
        )
        for card, situation in zip(cards, situations, strict=True):
            if situation in contacts:
                contacts[situation].parent_id = card
        return cards

    def test_each_of_the_164_combinations_on_records_is_as_the_page_says(self):
        situations = list(oracle.situations())
        leads = [s for s in situations if s.card in ("lead", "deal")]
        partners = [s for s in situations if s.card in ("contact", "company")]
        seen = 0
        for group, cards in ((leads, self._leads(leads)), (partners, self._partners(partners))):
            decisions = self._decisions(cards)
            for situation, card in zip(group, cards, strict=True):
                decision = decisions[card.id]
                keys = {c.address.key for c in decision.candidates}
                self.assertEqual(
                    (keys, decision.selected, decision.error),
                    oracle.expected(situation),
                    str(situation),
                )
                seen += 1
        self.assertEqual(seen, 164)

    def test_the_number_of_queries_does_not_grow_with_the_cards(self):
        def queries(count):
            cards = self.env["crm.lead"].create(
                [
                    {
                        "name": "x",
                        "type": "lead",
                        "partner_id": self.bob.id,
                        "email_from": f"{i}@x.test",
                    }
                    for i in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._decisions(cards)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(200))

    def test_leads_that_have_only_their_contact_s_address_are_duplicates_all_the_same(self):
        for on in (True, False):
            with self.subTest(policy=on):
                self._policy(on)
                first, second = (self._lead(partner_id=self.bob.id) for _number in range(2))
                self._lead(partner_id=self.acme.id)
                found = first._get_lead_duplicates(email=first.email_from)
                self.assertEqual(found & (first | second), first | second)
                self.assertNotIn(self.acme, found.partner_id)

    def test_a_lead_keeps_its_address_apart_from_its_contact_only_under_the_policy(self):
        lead = self._lead(email_from="own1@card.test", partner_id=self.bob.id)
        self.assertEqual(lead.email_from, "own1@card.test")
        self.assertEqual(self.bob.email, ", ".join(oracle.CONTACT))
        self._policy(False)
        other = self.env["res.partner"].create({"name": "Eve", "email": "eve@x.test"})
        lead.partner_id = other
        self.assertEqual(lead.email_from, "eve@x.test")

    def test_a_lead_that_becomes_a_deal_loses_its_own_addresses(self):
        lead = self._lead(email_from="own1@card.test")
        self.assertEqual(self._decisions(lead)[lead.id].selected, "own1@card.test")
        lead.type = "opportunity"
        self.assertEqual(self._decisions(lead)[lead.id].error, "no_link")

    def test_archived_parties_are_not_offered(self):
        lead = self._lead(partner_id=self.bob.id)
        self.bob.active = False
        self.assertEqual(self._decisions(lead)[lead.id].error, "no_address")

    def test_addresses_of_a_party_one_may_not_view_cannot_be_read(self):
        address = self.acme.recipient_address_ids
        self._hide(self.acme)
        addresses = self.env["mail.recipient.address"].with_user(self.salesman)
        self.assertFalse(addresses.search([("id", "=", address.id)]))
        self.assertFalse(addresses.browse(address.id).has_access("read"))
        self.assertFalse(addresses.browse(address.id).has_access("write"))

    def test_a_shared_card_follows_the_strictest_company(self):
        self.env["res.company"].create(
            {"name": "Other", "recipient_policy": True, "recipient_any_address": True}
        )
        self.assertEqual(self.bob._recipient_modes(), {self.bob.id: "registered"})
        self._policy(False)
        self.assertEqual(self.bob._recipient_modes(), {self.bob.id: "any"})
