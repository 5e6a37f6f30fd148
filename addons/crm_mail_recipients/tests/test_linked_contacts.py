"""Whose addresses the card of a contact or company may be written to besides its own."""

from odoo.tests import tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestLinkedContacts(RecipientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def offered(self, partner):
        self.env.flush_all()
        decision = partner.with_user(self.salesman)._recipient_decisions()[partner.id]
        return {candidate.address.email for candidate in decision.candidates}

    def child(self, name, **values):
        values = {"name": name, "email": f"{name}@child.test", "parent_id": self.acme.id, **values}
        return self.env["res.partner"].create(values)

    def test_a_company_s_contacts_are_and_its_addresses_and_subsidiaries_are_not(self):
        own = self.offered(self.acme)
        self.child("contact")
        for kind in ("invoice", "delivery", "other"):
            self.child(kind, type=kind)
        self.child("subsidiary", is_company=True)
        self.child("archived", active=False)
        self.assertEqual(self.offered(self.acme) - own, {"contact@child.test"})

    def test_a_contact_s_company_is_and_a_person_above_it_is_not(self):
        contact = self.child("contact")
        self.assertLessEqual({"contact@child.test"}, self.offered(contact))
        self.assertTrue(self.offered(contact) & self.offered(self.acme) - {"contact@child.test"})
        colleague = self.child("colleague")
        self.assertNotIn("colleague@child.test", self.offered(contact))
        below = self.child("below", parent_id=colleague.id)
        self.assertEqual(self.offered(below), {"below@child.test"})

    def test_a_subsidiary_s_card_is_not_its_parent_s(self):
        subsidiary = self.child("subsidiary", is_company=True)
        self.assertEqual(self.offered(subsidiary), {"subsidiary@child.test"})

    def test_without_the_policy_of_its_company_a_contact_is_a_contact_of_stock(self):
        other = self.env["res.company"].create({"name": "Other"})
        contact = self.child("contact", company_id=False)
        self.assertTrue(contact.is_recipient_policed)
        contact.parent_id = False
        contact.company_id = other
        contact.invalidate_recordset()
        self.assertFalse(contact.is_recipient_policed)
        self._policy(on=False)
        contact.company_id = self.env.company
        contact.invalidate_recordset()
        self.assertFalse(contact.is_recipient_policed)

    def test_of_two_contacts_with_a_sender_s_address_that_of_the_card_s_company_is_meant(self):
        more = [(0, 0, {"email": "further@writer.test"})]
        Partner = self.env["res.partner"]
        shared = Partner.create({"name": "Shared", "recipient_address_ids": more})
        own = Partner.create(
            {"name": "Own", "company_id": self.env.company.id, "recipient_address_ids": more}
        )
        other = self.env["res.company"].create({"name": "Other", "recipient_policy": True})
        theirs = Partner.create(
            {"name": "Theirs", "company_id": other.id, "recipient_address_ids": more}
        )
        found = Partner._recipient_sender
        self.assertEqual(found("further@writer.test", self.env.company), own)
        self.assertEqual(found("further@writer.test", other), theirs)
        self.assertEqual(found("further@writer.test"), shared)
        self.assertFalse(found("nobody@writer.test"))
        self.assertFalse(found(""))
        self.colleague.partner_id.recipient_address_ids = [(0, 0, {"email": "c@writer.test"})]
        self.assertFalse(found("c@writer.test", self.env.company))
        self._policy(on=False)
        other.recipient_policy = False
        self.assertFalse(found("further@writer.test", self.env.company))
