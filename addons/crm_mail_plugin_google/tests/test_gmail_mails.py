"""Whose card an e-mail gets."""

import base64
import io
from unittest.mock import patch

from PIL import Image

from odoo.tests import tagged

from ..tools import network
from . import fake_google
from .common import GmailCase


@tagged("post_install", "-at_install")
class TestGmailMails(GmailCase):
    def setUp(self):
        super().setUp()
        self.link()

    def mail(self, **headers):
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        raw = "\n".join([*lines, "Message-ID: <m@x.test>", "", "words"])
        self.google.mails[fake_google.OPEN_ID] = raw.encode()
        return self.open()

    def test_a_contact_is_shown_with_company_and_phone(self):
        self.acme.write({"website": "https://acme.test", "iap_enrich_info": (
            '{"industry": "Rockets", "employees": 42, "description": "Makes <rockets> & more"}'
        )})  # fmt: skip
        card = self.open()
        for text in ("ann@acme.test", "+44 20 1", "CEO, Acme", "Acme", "London", "Rockets", "42",
                     "Makes &lt;rockets&gt; &amp; more"):  # fmt: skip
            self.assertIn(text, card.text)
        urls = [link["url"] for link in card.links]
        self.assertIn("tel:+44201", urls)
        # Google opens no other address than the deployment names.
        self.assertIn("https://acme.test", card.text)
        self.assertNotIn("https://acme.test", urls)

    def test_pictures_are_of_the_kinds_that_gmail_shows(self):
        def told(kind):
            content = io.BytesIO()
            Image.new("RGB", (200, 200), "red").save(content, kind)
            return base64.b64encode(content.getvalue())

        for image, shown in (
            (told("PNG"), "data:image/png;base64,iVBORw0KGgo"),
            (told("JPEG"), "data:image/jpeg;base64,/9j/"),
            (base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"/>'), ""),
        ):
            self.ann.image_1920 = self.acme.image_1920 = image
            card = self.open()
            self.assertTrue(card.card["header"].get("imageUrl", "").startswith(shown))
            self.assertEqual("imageUrl" in card.card["header"], bool(shown))
            company = card.section("Company").card["sections"][0]["widgets"][0]
            self.assertEqual("iconUrl" in company["decoratedText"]["startIcon"], bool(shown))

    def test_a_phone_without_a_number_is_no_link(self):
        self.ann.phone = "ask the desk"
        card = self.open()
        self.assertIn("ask the desk", card.text)
        self.assertFalse([link for link in card.links if link["url"].startswith("tel:")])

    def test_a_company_that_the_user_may_not_see_hides_no_e_mail(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.env["res.partner"].create({
            "name": "Hidden Ltd", "is_company": True, "company_id": second.id,
            "iap_search_domain": "@hidden.test", "iap_enrich_info": '{"industry": "Secrets"}',
        })  # fmt: skip
        card = self.mail(From="New <new@hidden.test>", To="sally@ours.example")
        self.assertEqual(card.title, "New")
        self.assertIn("Not in Odoo yet", card.text)
        self.assertNotIn("Hidden Ltd", card.text)
        self.assertNotIn("Secrets", card.text)

    def test_somebody_unknown_can_be_added(self):
        card = self.mail(From='"Doe, Jane" <J@new.test>', To="sally@ours.example")
        self.assertEqual(card.title, "Doe, Jane")
        self.assertIn("Not in Odoo yet", card.text)
        shown, says = self.press(card, "Add to Odoo")
        contact = self.env["res.partner"].search([("email_normalized", "=", "j@new.test")])
        self.assertEqual(contact.name, "Doe, Jane")
        self.assertIn("was added", says)
        self.assertIn("Open in Odoo", [label for label, _click in shown._clicks])
        self.press(card, "Add to Odoo")
        self.assertEqual(len(contact.search([("email_normalized", "=", "j@new.test")])), 1)

    def test_an_archived_contact_is_told(self):
        self.ann.active = False
        card = self.open()
        self.assertIn("archived", card.text)
        self.press(card, "Add to Odoo")
        self.assertTrue(self.ann.active)

    def test_the_right_person_comes_first(self):
        alias = self.env["mail.alias.domain"].search([], limit=1) or self.env[
            "mail.alias.domain"
        ].create({"name": "ours.example"})
        catchall = alias.catchall_email
        for headers, title in (
            ({"From": "Ann Doe <ANN@acme.test>", "To": "sally@ours.example"}, "Ann Doe"),
            ({"From": "Sally <sally@ours.example>", "To": "New <n@x.test>, ann@acme.test"}, "New"),
            ({"From": "sally@ours.example", "To": "sally@ours.example"}, "Odoo"),
            ({"From": "=?utf-8?B?TcO8bGxlcg==?= <m@x.test>", "To": "ann@acme.test"}, "Müller"),
            ({"To": "sally@ours.example, ann@acme.test"}, "Ann Doe"),
            ({"From": "not an address", "Reply_To": "ann@acme.test"}, "Ann Doe"),
            ({"From": "Shop <noreply@x.test>", "Reply_To": "ann@acme.test"}, "Ann Doe"),
            ({"From": f"x <{catchall}>", "To": "ann@acme.test"}, "Ann Doe"),
            ({}, "Odoo"),
        ):  # fmt: skip
            with self.subTest(headers=headers):
                self.assertEqual(self.mail(**headers).title, title)

    def test_all_others_follow_once_each(self):
        to = ", ".join(f"P{number} <p{number}@x.test>" for number in range(12))
        card = self.mail(From="Ann <ann@acme.test>", To=f"{to}, ANN@acme.test, sally@ours.example",
                         Cc="p3@X.test")  # fmt: skip
        others = card.section("In This E-mail")
        names = [text for text in others.texts if text.startswith("P")]
        self.assertEqual(names, [f"P{number}" for number in range(12)])
        shown, _says = self.press(card, "P7")
        self.assertEqual(shown.title, "P7")
        self.assertIn("Ann", shown.section("In This E-mail").text)

    def test_a_very_long_list_is_cut_and_counted(self):
        to = ", ".join(f"p{number}@x.test" for number in range(200))
        card = self.mail(From="ann@acme.test", To=to)
        self.assertIn("And 170 more.", card.text)

    def test_colleagues_come_last(self):
        self.env["res.users"].create({"name": "Bob", "login": "bob", "email": "bob@ours.example"})
        card = self.mail(From="ann@acme.test", To="bob@ours.example, z@x.test")
        texts = card.section("In This E-mail").texts
        self.assertLess(texts.index("z@x.test"), texts.index("bob@ours.example"))

    def test_gmail_is_asked_as_it_wants_to_be(self):
        self.open()
        self.assertIn(f"/gmail/v1/users/me/messages/{fake_google.OPEN_ID}", self.google.asked)
        self.assertEqual(self.google.formats, ["metadata"])
        self.google.mails = {"msg-a:r-1": self.google.mails[fake_google.OPEN_ID]}
        self.assertEqual(self.open(message="msg-a:r-1").title, "Ann Doe")

    def test_the_other_spelling_of_an_id_is_tried_once(self):
        self.google.mails = {fake_google.OPEN: self.google.mails[fake_google.OPEN_ID]}
        self.assertEqual(self.open().title, "Ann Doe")

    def test_what_gmail_refuses_is_a_sentence(self):
        for status, said in (
            ([401], "has expired"), ([404, 404], "not in this mailbox"), ([429, 429], "busy"),
            ([500, 503], "busy"), (["limited"] * 2, "busy"), ([302], "in time"),
            (["disabled"], "Gmail API is not enabled"), ([403], "does not let this add-on read"),
        ):  # fmt: skip
            with self.subTest(status=status):
                self.google.status = list(status)
                self.assertIn(said, self.open().text)
                self.assertEqual(self.google.status, [])
        self.google.status = ["scopes"]
        self.assertIn("requesting_google_scopes", self.ask())

    def test_gmail_is_asked_again_where_it_is_busy_for_a_moment(self):
        for status in (429, 500, "limited"):
            self.google.status = [status]
            self.assertEqual(self.open().title, "Ann Doe")

    def test_gmail_is_not_asked_once_there_is_no_time_left_to_answer_in(self):
        with patch.object(network, "TOTAL", 0):
            self.assertIn("in time", self.open().text)
        self.assertEqual(self.google.formats, [])

    def test_a_user_sees_only_what_the_own_rights_show(self):
        self.env["crm.lead"].create({"name": "Secret", "partner_id": self.ann.id,
                                     "user_id": self.env.ref("base.user_admin").id})  # fmt: skip
        self.env["crm.lead"].create({"name": "Mine", "partner_id": self.ann.id,
                                     "user_id": self.user.id})  # fmt: skip
        own = self.env.ref("sales_team.group_sale_salesman")
        self.user.write({"group_ids": [(6, 0, (own | self.env.ref("base.group_user")).ids)]})
        card = self.open()
        self.assertIn("Mine", card.text)
        self.assertNotIn("Secret", card.text)
        self.assertIn("Opportunities (1)", card.text)

    def test_without_rights_there_is_no_button(self):
        self.user.write({"group_ids": [(6, 0, self.env.ref("base.group_user").ids)]})
        card = self.mail(From="new@x.test", To="sally@ours.example")
        self.assertNotIn("Add to Odoo", card.text)
        self.assertNotIn("Opportunities", card.text)

    def test_a_record_of_another_company_opens_in_it(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.user.company_ids |= company
        lead = self.env["crm.lead"].create(
            {"name": "There", "partner_id": self.ann.id, "company_id": company.id}
        )
        [url] = [link["url"] for link in self.open().links if f"record_id={lead.id}" in link["url"]]
        self.authenticate("sally", "sally")
        response = self.url_open(url.removeprefix("https://odoo.example"), allow_redirects=False)
        self.assertEqual(response.cookies["cids"].split("-")[0], str(company.id))
