from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import RecipientCase


class IncomingCase(RecipientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "in.house.test", "catchall_alias": "catchall", "bounce_alias": "bounce"}
        )
        cls.number = 0

    def _receive(self, sender, to="nobody@in.house.test", model="crm.lead", card=None):
        type(self).number += 1
        text = (
            f"From: {sender}\r\nTo: {to}\r\nSubject: Question\r\n"
            f"Message-Id: <{self.number}@sender.test>\r\n\r\nDear all\r\n"
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"), self.mock_smtplib_connection():
            res_id = self.env["mail.thread"].message_process(
                model, text, thread_id=card.id if card else None
            )
        return self.env[model or "crm.lead"].browse(res_id)

    def _author(self, card):
        return card.message_ids.filtered(lambda m: m.message_type == "email")[:1].author_id


@tagged("post_install", "-at_install")
class TestIncoming(IncomingCase):
    """Who writes to us is known by every address."""

    def test_a_mail_from_a_further_address_is_the_contacts(self):
        for sender in ("Orders <COMPANY2@acme.test>", "company2@acme.test"):
            lead = self._receive(sender)
            self.assertEqual((lead.partner_id, self._author(lead)), (self.acme, self.acme))
        deal = self._lead(type="opportunity", partner_id=self.acme.id)
        self._receive("company2@acme.test", card=deal)
        self.assertEqual(self._author(deal), self.acme)

    def test_a_mail_from_the_second_address_in_the_e_mail_field_is_the_contacts(self):
        lead = self._receive("contact2@bob.test")
        self.assertEqual((lead.partner_id, self._author(lead)), (self.bob, self.bob))

    def test_who_has_the_address_as_the_main_one_goes_before_who_has_it_beside(self):
        main = self.env["res.partner"].create({"name": "Main", "email": "company2@acme.test"})
        self.assertEqual(self._receive("company2@acme.test").partner_id, main)

    def test_nobody_is_known_by_one_of_our_aliases(self):
        catchall = "catchall@in.house.test"
        self.env["res.partner"].create({"name": "As main", "email": catchall})
        self.acme.recipient_address_ids = [(0, 0, {"email": "desk@in.house.test"})]
        self.env["mail.alias"].create(
            {
                "alias_name": "desk",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        for sender in (f'"Us" <{catchall}>', "desk@in.house.test"):
            deal = self._lead(type="opportunity", partner_id=self.bob.id)
            self._receive(sender, card=deal)
            with self.subTest(sender):
                self.assertFalse(self._author(deal))
        lead = self._lead(email_from="desk@in.house.test")
        self.assertFalse(lead._find_matching_partner())

    def test_an_alias_for_known_senders_knows_the_further_address(self):
        self.env["mail.alias"].create(
            {
                "alias_name": "desk",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_contact": "partners",
            }
        )
        before = self.env["crm.lead"].search([])
        self._receive("company2@acme.test", "desk@in.house.test", model=False)
        new = self.env["crm.lead"].search([]) - before
        self.assertEqual(new.partner_id, self.acme)

    def test_an_archived_contact_is_not_matched_nor_a_colleague_by_an_address_put_on_him(self):
        self.acme.active = False
        self.assertFalse(self._receive("company2@acme.test").partner_id)
        self.colleague.partner_id.recipient_address_ids = [(0, 0, {"email": "fake@rival.test"})]
        self.assertFalse(self._author(self._receive("fake@rival.test")))

    def test_a_mail_is_received_where_a_contact_of_another_company_has_the_address(self):
        other = self.env["res.company"].create({"name": "Other", "recipient_policy": True})
        self.acme.company_id = other
        team = self.env["crm.team"].create(
            {"name": "Desk", "company_id": self.env.company.id, "use_leads": True}
        )
        self.env["mail.alias"].create(
            {
                "alias_name": "desk",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_defaults": {"team_id": team.id, "company_id": self.env.company.id},
            }
        )
        before = self.env["crm.lead"].search([])
        self._receive("company2@acme.test", "desk@in.house.test", model=False)
        new = self.env["crm.lead"].search([]) - before
        self.assertEqual(len(new), 1)
        self.assertFalse(new.partner_id)

    def test_a_contact_of_the_cards_company_goes_before_one_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other", "recipient_policy": True})
        self.acme.company_id = other
        own = self.env["res.partner"].create(
            {
                "name": "Own",
                "company_id": self.env.company.id,
                "recipient_address_ids": [(0, 0, {"email": "company2@acme.test"})],
            }
        )
        deal = self._lead(type="opportunity", partner_id=own.id)
        self._receive("company2@acme.test", card=deal)
        self.assertEqual(self._author(deal), own)

    def test_with_the_policy_off_nobody_is_matched_by_a_further_address(self):
        self._policy(False)
        self.assertFalse(self._receive("company2@acme.test").partner_id)

    def test_converting_a_lead_proposes_who_has_its_address_beside(self):
        lead = self._lead(email_from="company2@acme.test")
        self.assertEqual(self._as(lead)._find_matching_partner(), self.acme)

    def test_the_answer_goes_to_the_address_that_was_written_from(self):
        deal = self._lead(type="opportunity", partner_id=self.acme.id)
        self._receive("company2@acme.test", card=deal)
        message = deal.message_ids.filtered(lambda m: m.message_type == "email")
        [reply] = self._as(deal)._message_get_suggested_recipients(reply_message=message)
        self.assertEqual(reply["email"], "company2@acme.test")


@tagged("post_install", "-at_install")
class TestOffers(IncomingCase):
    """Who cannot be answered yet is put on the contact by one click."""

    def _offers(self, card, user=None):
        return self._as(card, user)._recipient_picker()["offers"]

    def _accept(self, card, offer, owner=None, user=None):
        owner = owner or (offer["owners"] or [None])[0]
        self._as(card, user)._recipient_accept(
            offer["email"], owner and owner["model"], owner and owner["id"]
        )

    def _candidates(self, card):
        return [c["email"] for c in self._as(card)._recipient_picker()["candidates"]]

    def test_what_is_accepted_twice_is_registered_once(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        owner = {"model": "res.partner", "id": self.bob.id}
        for known in ("contact2@bob.test", "New@bob.test", "new@bob.test"):
            self._accept(deal, {"email": known, "owners": [owner]}, owner)
        self.assertEqual(self.bob.recipient_address_ids.mapped("email"), ["new@bob.test"])

    def test_an_opportunity_made_of_a_mail_gets_its_contact_by_one_click(self):
        deal = self._receive("Mario Rossi <mario@x.test>")
        deal.write({"type": "opportunity", "user_id": self.salesman.id})
        self.assertFalse(self._candidates(deal))
        [offer] = self._offers(deal)
        self.assertEqual((offer["email"], offer["owners"]), ("mario@x.test", []))
        self._accept(deal, offer)
        self.assertEqual(
            (deal.partner_id.name, deal.partner_id.email), ("Mario Rossi", "mario@x.test")
        )
        self.assertEqual(self._candidates(deal), ["mario@x.test"])
        self.assertFalse(self._offers(deal))

    def test_a_contact_that_is_there_is_linked_and_none_made(self):
        deal = self._lead(type="opportunity", email_from="company2@acme.test")
        before = self.env["res.partner"].search_count([])
        [offer] = self._offers(deal)
        self._accept(deal, offer)
        self.assertEqual(deal.partner_id, self.acme)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_a_colleague_of_the_customer_who_asks_is_registered_by_one_click(self):
        deal = self._lead(
            type="opportunity", partner_id=self.bob.id, recipient_company_id=self.acme.id
        )
        self._receive("Anna <anna@acme.test>", card=deal)
        [offer] = self._offers(deal)
        self.assertEqual(offer["email"], "anna@acme.test")
        self.assertEqual([owner["name"] for owner in offer["owners"]], ["Bob", "Acme"])
        self._accept(deal, offer, offer["owners"][1])
        self.assertIn("anna@acme.test", self.acme.recipient_address_ids.mapped("email"))
        self.assertIn("anna@acme.test", self._candidates(deal))
        self.assertFalse(self._offers(deal))
        with self.mock_smtplib_connection():
            self._as(deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": "anna@acme.test", "partner_id": self.acme.id}],
            )
        self.assertReached("anna@acme.test")

    def test_a_contact_without_an_address_gets_it_as_the_main_one(self):
        mute = self.env["res.partner"].create({"name": "Mute"})
        deal = self._lead(type="opportunity", partner_id=mute.id, email_from="mute@x.test")
        [offer] = self._offers(deal)
        self._accept(deal, offer)
        self.assertEqual(mute.email, "mute@x.test")
        self.assertFalse(mute.recipient_address_ids)

    def test_a_customer_who_asks_in_the_portal_can_be_answered_as_well(self):
        portal = new_test_user(
            self.env, "portal", groups="base.group_portal", email="portal@acme.test"
        )
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        deal.message_post(
            body="x", message_type="comment", subtype_xmlid="mail.mt_comment",
            author_id=portal.partner_id.id,
        )  # fmt: skip
        self.assertEqual([o["email"] for o in self._offers(deal)], ["portal@acme.test"])

    def test_on_a_lead_the_address_of_who_asks_is_put_on_the_lead(self):
        lead = self._lead(email_from="own@card.test")
        self._receive("Other <other@card.test>", card=lead)
        [offer] = self._offers(lead)
        self.assertEqual([owner["model"] for owner in offer["owners"]], ["crm.lead"])
        self._accept(lead, offer)
        self.assertEqual(lead.recipient_address_ids.email, "other@card.test")
        self.assertEqual(self._candidates(lead), ["own@card.test", "other@card.test"])

    def test_the_contacts_own_card_takes_the_address_too(self):
        self._receive("Bob at home <home@bob.test>", model="res.partner", card=self.bob)
        [offer] = self._offers(self.bob)
        self.assertEqual([owner["name"] for owner in offer["owners"]], ["Bob", "Corp"])
        self._accept(self.bob, offer)
        self.assertIn("home@bob.test", self.bob.recipient_address_ids.mapped("email"))

    def test_neither_we_nor_colleagues_nor_who_is_registered_are_offered(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        for sender in ("catchall@in.house.test", "colleague@house.test", "contact2@bob.test"):
            self._receive(sender, card=deal)
        self.assertEqual(self._offers(deal), [])

    def test_who_may_not_edit_the_contact_is_offered_nothing_and_refused(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id, email_from="x@x.test")
        [offer] = self._offers(deal)
        self.env["ir.rule"].create(
            {
                "name": "read only",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.bob.id})]",
                "perm_read": False,
            }
        )
        self.assertEqual(self._offers(deal), [])
        with self.assertRaises(UserError):
            self._accept(deal, offer)
        reader = new_test_user(self.env, "reader", groups="base.group_user")
        alone = self._lead(type="opportunity", email_from="y@x.test")
        with self.assertRaises(AccessError):
            self._accept(alone, {"email": "y@x.test", "owners": []}, user=reader)

    def test_nobody_is_put_on_a_contact_that_is_not_on_the_card(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id, email_from="x@x.test")
        for owner in (
            {"model": "res.partner", "id": self.outsider.id},
            {"model": "res.users", "id": self.salesman.id},
            {"model": "no.model", "id": 10**12},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._accept(deal, {"email": "x@x.test", "owners": []}, owner)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._accept(deal, {"email": "x@x.test", "owners": []})
        self.assertEqual(deal.partner_id, self.bob)

    def test_nobody_is_linked_to_a_contacts_own_card_but_by_what_is_offered(self):
        alone = self.env["res.partner"].create({"name": "Alone", "email": "alone@x.test"})
        with self.assertRaises(UserError), self.cr.savepoint():
            self._as(alone)._recipient_accept("x@x.test", None, None)
        self.assertFalse(alone.parent_id)

    def test_where_the_sender_is_a_contact_one_may_not_view_its_name_is_not_offered(self):
        deal = self._lead(type="opportunity", email_from="contact2@bob.test")
        self._hide(self.bob)
        [offer] = self._offers(deal)
        self.assertEqual(offer, {"email": "contact2@bob.test", "contact": "", "owners": []})

    def test_of_a_hidden_contact_nothing_is_offered(self):
        deal = self._lead(type="opportunity", partner_id=self.bob.id, email_from="x@x.test")
        self._hide(self.bob)
        self.assertEqual(self._offers(deal), [])

    def test_the_address_of_a_hidden_contact_who_asks_is_not_put_on_the_lead(self):
        lead = self._lead(partner_id=self.bob.id)
        self._receive("contact1@bob.test", card=lead)
        self._hide(self.bob)
        self.assertEqual(self._offers(lead), [])

    def test_where_any_address_may_be_written_to_nothing_is_offered(self):
        self._policy(any_address=True)
        deal = self._lead(type="opportunity", email_from="x@x.test")
        self.assertEqual(self._offers(deal), [])
