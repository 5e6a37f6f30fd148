from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestCardAddresses(RecipientCase):
    """A card's own address and its contact's are two, and both are seen and found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    # === shown === #

    def _placeholder(self, lead):
        """Return what stands greyed in the empty e-mail field of the form."""
        form = Form(self._as(lead))
        self.assertIn("recipient_email", form._view["fields"])
        return form.recipient_email

    def test_a_new_opportunity_shows_the_contacts_address_greyed_and_has_none_of_its_own(self):
        deals = self._as(self.env["crm.lead"]).with_context(default_type="opportunity")
        form = Form(deals, "crm.crm_lead_view_form")
        form.name = "Deal"
        form.partner_id = self.outsider
        self.assertEqual(form.recipient_email, "outsider@rival.test")
        deal = form.save()
        self.assertFalse(deal.email_from)
        self.assertEqual(self._placeholder(deal), "outsider@rival.test")
        arch = deals.get_view(self.env.ref("crm.crm_lead_view_form").id, "form")["arch"]
        self.assertEqual(arch.count("'placeholder_field': 'recipient_email'"), 2)

    def test_the_address_is_shown_while_an_opportunity_is_added_in_the_pipeline(self):
        deals = self._as(self.env["crm.lead"])
        form = Form(deals, "crm.quick_create_opportunity_form")
        form.partner_id = self.outsider
        self.assertEqual(form.recipient_email, "outsider@rival.test")
        self.assertIn(
            "'placeholder_field': 'recipient_email'",
            form._view["tree"].xpath("string(//field[@name='email_from']/@options)"),
        )

    def test_a_contact_with_further_addresses_only_is_shown_with_the_first_one(self):
        self.acme.email = False
        deal = self._lead(type="opportunity", partner_id=self.acme.id)
        self.assertEqual(self._placeholder(deal), "company2@acme.test")

    def test_of_a_contact_without_any_address_nothing_is_shown(self):
        self.bob.email = False
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        self.assertIs(self._as(deal).recipient_email, False)
        self.assertFalse(self._placeholder(deal))

    def test_eighty_cards_in_a_list_take_no_more_queries_than_eight(self):
        def queries(count):
            leads = self.env["crm.lead"]
            for number in range(count):
                partner = self.env["res.partner"].create({"name": str(number)})
                partner.recipient_address_ids = [(0, 0, {"email": f"{number}@many.test"})]
                leads += self._lead(type="opportunity", partner_id=partner.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self._as(leads).read(["name", "recipient_email", "is_recipient_policed"])
            self.assertTrue(all(row["recipient_email"] for row in rows))
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(8), queries(80))

    def test_nothing_is_shown_of_a_contact_one_may_not_view_nor_with_the_policy_off(self):
        deal = self._lead(type="opportunity", partner_id=self.outsider.id)
        self._hide(self.outsider)
        self.assertFalse(self._as(deal).recipient_email)
        self.env["ir.rule"].search([("name", "=", "hidden")]).unlink()
        self._policy(False)
        self.env.invalidate_all()
        self.assertFalse(self._as(deal).recipient_email)

    # === found === #

    def _found(self, text, view="crm.view_crm_case_opportunities_filter", field="name"):
        """Return the cards that are found where `text` is typed in a search view."""
        leads = self._as(self.env["crm.lead"])
        arch = leads.get_view(self.env.ref(view).id, "search")["arch"]
        domain = self._filter_domain(arch, field, text)
        return leads.search(domain)

    def _filter_domain(self, arch, field, text):
        [node] = etree.fromstring(arch).xpath(f"//field[@name='{field}'][@filter_domain]")
        return safe_eval(node.get("filter_domain"), {"self": text})

    def test_the_search_finds_a_card_by_its_own_address_and_by_its_contacts(self):
        views = (
            "crm.view_crm_case_opportunities_filter",
            "crm.view_crm_case_leads_filter",
        )
        own = self._lead(email_from="own@card.test", partner_id=self.bob.id)
        own.recipient_address_ids = [(0, 0, {"email": "further@card.test"})]
        linked = self._lead(partner_id=self.acme.id)
        beside = self._lead(recipient_company_id=self.acme.id)
        for view in views:
            for text, expected in (
                ("own@card", own),
                ("further@card.test", own),
                ("contact1@bob.test", own),
                ("contact2@bob.test", own),
                ("company1@acme.test", linked + beside),
                ("COMPANY2@acme", linked + beside),
            ):
                with self.subTest(view, text=text):
                    found = self._found(text, view)
                    self.assertEqual(found & (own + linked + beside), expected)
        self.assertIn(linked, self._found("company2@acme", field="partner_id"))

    def test_no_card_is_found_by_the_address_of_a_contact_one_may_not_view(self):
        linked = self._lead(partner_id=self.acme.id)
        self._hide(self.acme)
        for text in ("company1@acme.test", "company2@acme.test"):
            self.assertNotIn(linked, self._found(text))

    def test_a_card_with_an_address_here_or_there_is_not_found_among_those_without_one(self):
        mute = self.env["res.partner"].create({"name": "Mute"})
        own = self._lead(partner_id=mute.id, email_from="own@card.test")
        contacts = self._lead(partner_id=self.acme.id)
        none = self._lead(partner_id=mute.id)
        leads = self.env["crm.lead"]
        for domain, expected in (
            ([("recipient_email", "=", False)], none),
            ([("recipient_email", "!=", False)], own + contacts),
            ([("recipient_email", "in", [False, "own@card.test"])], none + own),
        ):
            with self.subTest(domain):
                found = leads.search(domain) & (own + contacts + none)
                self.assertEqual(found, expected)
        self.assertNotIn(contacts, leads.search([("recipient_email", "not ilike", "acme")]))

    def test_with_the_policy_off_the_search_is_stocks(self):
        linked = self._lead(partner_id=self.acme.id, email_from="own@card.test")
        self._policy(False)
        leads = self.env["crm.lead"]
        self.assertNotIn(linked, leads.search([("recipient_email", "ilike", "acme.test")]))
        self.assertIn(linked, leads.search([("recipient_email", "ilike", "own@card")]))

    # === followed === #

    def _preselected(self, lead):
        picker = self._as(lead)._recipient_picker()
        return [c["email"] for c in picker["candidates"] if c["selected"]]

    def _synchronized(self, **values):
        """Return a lead that got its contact's address before the policy was switched on."""
        self._policy(False)
        lead = self._lead(partner_id=self.outsider.id, **values)
        self.assertEqual(lead.email_from, "outsider@rival.test")
        self._policy()
        return lead

    def test_a_lead_does_not_keep_the_old_address_of_its_contact_preselected(self):
        lead = self._synchronized()
        lost = self._synchronized(active=False)
        self.outsider.email = "moved@rival.test"
        self.assertEqual(self._preselected(lead), ["moved@rival.test"])
        self.assertFalse(lost.email_from)
        self.outsider.email = False
        self.assertEqual(self._preselected(lead), [])

    def test_a_lead_that_gets_another_contact_does_not_keep_the_first_ones_address(self):
        lead = self._synchronized()
        lead.partner_id = self.acme
        self.assertEqual(self._preselected(lead), ["company1@acme.test"])
        self.acme.email = False
        lead = self._synchronized()
        lead.partner_id = self.acme
        self.assertEqual(self._preselected(lead), ["company2@acme.test"])

    def test_the_new_address_of_a_contact_is_not_told_on_its_lead_to_who_may_not_view_it(self):
        lead, other = self._synchronized(), self._synchronized()
        self.acme.email = "hidden@acme.test"
        self._hide(self.outsider)
        self._hide(self.acme)
        self.outsider.email = "moved@rival.test"
        self.assertNotEqual(self._as(lead).email_from, "moved@rival.test")
        other = self._lead(email_from="outsider@rival.test", partner_id=self.outsider.id)
        self.outsider.email = "outsider@rival.test"
        self._as(other).partner_id = self.acme.id
        self.assertNotEqual(self._as(other).email_from, "hidden@acme.test")

    def test_an_address_of_its_own_stays_a_leads_own(self):
        lead = self._lead(partner_id=self.outsider.id, email_from="own@card.test")
        self.outsider.email = "moved@rival.test"
        self.assertEqual(lead.email_from, "own@card.test")
        lead.partner_id = self.acme
        self.assertEqual(lead.email_from, "own@card.test")
        self.assertEqual(self._preselected(lead), ["own@card.test"])
        self.assertEqual(self.outsider.email, "moved@rival.test")

    def test_a_lead_whose_contact_is_taken_away_keeps_its_address(self):
        lead = self._synchronized()
        lead.partner_id = False
        self.assertEqual(lead.email_from, "outsider@rival.test")

    def test_an_address_that_the_contact_still_has_is_kept(self):
        lead = self._synchronized()
        self.outsider.email = "moved@rival.test, outsider@rival.test"
        self.assertEqual(lead.email_from, "outsider@rival.test")
        lead.write({"partner_id": self.acme.id, "email_from": "own@card.test"})
        self.assertEqual(lead.email_from, "own@card.test")

    def test_the_leads_of_many_contacts_follow_in_a_fixed_number_of_queries(self):
        def queries(count):
            partners = self.env["res.partner"].create(
                [{"name": str(n), "email": f"{n}@many.test"} for n in range(count)]
            )
            for partner in partners:
                self._lead(partner_id=partner.id, email_from=partner.email)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners._recipient_leads()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(9))

    # === written to === #

    def test_a_contact_with_further_addresses_only_is_written_to_by_every_way(self):
        self.acme.email = False
        deal = self._lead(type="opportunity", partner_id=self.acme.id)
        template = self._template(partner_to="{{ object.partner_id.id }}")
        choice = {"email": "company2@acme.test", "partner_id": self.acme.id}
        comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", "body": "x"}
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model="crm.lead", default_res_ids=deal.ids)
        )
        ways = {
            "chatter": lambda: self._as(deal).message_post(recipient_choices=[choice], **comment),
            "named": lambda: self._as(deal).message_post(partner_ids=self.acme.ids, **comment),
            "composer": lambda: composer.create({"body": "x", "subject": "s"}).action_send_mail(),
            "template": lambda: template.with_user(self.salesman).send_mail(
                deal.id, force_send=True
            ),
        }
        for name, send in ways.items():
            with self.subTest(name):
                self.emails = []
                with self.mock_smtplib_connection():
                    send()
                self.assertReached("company2@acme.test")
        self.assertFalse(
            deal.message_ids.notification_ids.filtered(
                lambda one: one.notification_status == "exception"
            )
        )
