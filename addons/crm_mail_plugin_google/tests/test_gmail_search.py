from odoo.tests import tagged

from . import fake_google
from .common import GmailCase


@tagged("post_install", "-at_install")
class TestGmailSearch(GmailCase):
    def setUp(self):
        super().setUp()
        self.link()
        self.card = self.open(message=None)

    def find(self, query, card=None, **event):
        event = {"message": None, **event}
        return self.press(card or self.card, "Search", {"query": query}, **event)

    def test_few_letters_find_nothing(self):
        for query in ("", "a", "ab", "  ab  "):
            card, says = self.find(query)
            self.assertIsNone(card)
            self.assertIn("at least 3 letters", says)

    def test_each_number_of_hits_has_its_card(self):
        contacts = self.env["res.partner"]
        card, _says = self.find("zzzqqq")
        self.assertIn("Nothing was found.", card.text)
        contacts.create({"name": "Zzzqqq One"})
        card, _says = self.find("zzzqqq")
        self.assertIn("Zzzqqq One", card.text)
        for number, shown in ((30, 30), (200, 30)):
            have = contacts.search_count([("name", "ilike", "zzzqqq")])
            contacts.create([{"name": f"Zzzqqq {n:03}"} for n in range(number - have)])
            card, _says = self.find("zzzqqq")
            self.assertEqual(sum(text.startswith("Zzzqqq") for text in card.texts), shown)
            self.assertEqual("30 of 200 are shown." in card.text, number == 200)

    def test_names_are_shown_as_they_are(self):
        self.env["res.partner"].create({"name": "Zzz <script>alert(1)</script> & Sons"})
        card, _says = self.find("zzz")
        self.assertIn("Zzz &lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons", card.text)

    def test_what_is_found_opens_and_takes_the_open_e_mail(self):
        card, _says = self.find("ann doe", message="msg-f:1850000000000000001")
        shown, _says = self.press(card, "Ann Doe")
        self.assertEqual(shown.title, "Ann Doe")
        _card, says = self.press(card, "Log E-mail")
        self.assertIn("was logged on", says)

    def test_leads_are_searched_from_their_section(self):
        self.env["crm.lead"].create({"name": "Rocket engine", "user_id": self.user.id})
        field, _says = self.press(self.open().section("Opportunities"), "Search")
        card, _says = self.find("rocket", field, message="msg-f:1850000000000000001")
        self.assertIn("Rocket engine", card.text)

    def test_a_record_of_a_contact_that_was_found_is_that_contacts(self):
        contacts = self.env["res.partner"]
        nobody = contacts.create({"name": "Zzz Nobody"})
        twin = contacts.create({"name": "Zzz Twin", "email": "ann@acme.test"})
        for contact in (nobody, twin):
            opened = {"message": fake_google.OPEN}
            found, _says = self.find(contact.name, **opened)
            card, _says = self.press(found, contact.name)
            card, says = self.press(card.section("Opportunities"), "New")
            self.assertIn("is in Odoo", says)
            self.assertEqual(card.title, contact.name)
            self.assertIn("Opportunities (1)", card.section("Opportunities").title)
            lead = self.env["crm.lead"].search([("partner_id", "=", contact.id)])
            self.assertEqual(lead.name, "Offer wanted")
            card, _says = self.press(card, "Log E-mail")
            self.assertEqual(card.title, contact.name)

    def test_the_pipeline_of_several_currencies_is_worth_what_it_is_in_the_users(self):
        self.env["crm.lead"].search([]).unlink()
        company = self.env.company
        other = self.env.ref("base.EUR")
        if other == company.currency_id:
            other = self.env.ref("base.USD")
        other.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", other.id)]).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "name": "2020-01-01", "rate": 4, "company_id": company.id}
        )
        second = self.env["res.company"].create({"name": "Second", "currency_id": other.id})
        self.user.company_ids |= second
        self.env["crm.lead"].create([
            {"name": "Deal", "user_id": self.user.id, "expected_revenue": amount,
             "type": "opportunity", "company_id": of.id}
            for of, amount in ((company, 1000), (second, 400))
        ])  # fmt: skip
        card = self.open(message=None)
        self.assertIn("My Pipeline (2)", card.text)
        self.assertIn("1,100.00", card.text)

    def test_the_homepage_is_the_users_own_pipeline(self):
        self.env["crm.lead"].search([]).unlink()
        self.assertIn("no open opportunity", self.open(message=None).text)
        self.env["crm.lead"].create([
            {"name": f"Deal {n}", "user_id": self.user.id, "expected_revenue": n,
             "type": "opportunity"} for n in range(7)
        ])  # fmt: skip
        self.env["crm.lead"].create({"name": "Others", "user_id": False, "type": "opportunity"})
        card = self.open(message=None)
        self.assertIn("My Pipeline (7)", card.text)
        self.assertIn("21.00", card.text)
        self.assertEqual(sum(text.startswith("Deal") for text in card.texts), 5)
        self.assertNotIn("Others", card.text)
