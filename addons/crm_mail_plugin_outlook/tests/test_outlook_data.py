import base64
import json
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_mail_plugin.tests.test_fetch import picture

from .common import OutlookCase

EMAIL, CONTACT = "/mail_plugin/outlook/email", "/mail_plugin/outlook/contact"
SESSION = "/mail_plugin/outlook/session"
LOG, LEAD = "/mail_plugin/log_mail_content", "/mail_plugin/lead/create"
ID = "<tea.1@beta.example>"
MAIL = {
    "email_from": '"Carla Rossi" <carla@beta.example>',
    "email_to": "sally@ours.example",
    "email_cc": "",
    "timestamp": 1764000000000,
    "message_id": ID,
}


@tagged("post_install", "-at_install")
class TestOutlookData(OutlookCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.env["res.partner"].create(
            {"name": "Beta Spa", "is_company": True, "email": "info@beta.example",
             "website": "https://beta.example", "city": "Rome",
             "image_1920": base64.b64encode(picture(size=(9, 9)))}
        )  # fmt: skip
        cls.carla = cls.env["res.partner"].create(
            {"name": "Carla", "email": "carla@beta.example", "parent_id": cls.beta.id}
        )

    def log(self, record, **values):
        sent = {"model": record._name, "res_id": record.id, "body": "<p>Tea</p>", "subject": "Tea"}
        return self.call(LOG, {**sent, **MAIL, **values})

    def logged(self, message_id=ID, **kw):
        return self.call(EMAIL, {"people": [], "message_id": message_id}, **kw)["logged"]

    # === PEOPLE === #

    def test_of_all_people_of_an_e_mail_is_told_who_is_known(self):
        asked = ["Carla@BETA.example", "new@beta.example", "nonsense", "", "carla@beta.example"]
        people = self.call(EMAIL, {"people": asked})["people"]
        self.assertEqual(
            people,
            {
                "carla@beta.example": {"id": self.carla.id, "name": "Carla"},
                "new@beta.example": None,
            },
        )

    def test_opening_the_pane_asks_little_more_than_nothing(self):
        sent = {"people": ["carla@beta.example", "new@else.example"], "message_id": ID}
        self.beta.image_1920 = False
        self.set_option("enrichment", "never")  # Or its price is asked for.
        for route, params, more in (
            (SESSION, {}, 1),
            (EMAIL, sent, 2),
            (CONTACT, {"email": "new@else.example", "name": "New"}, 2),
            # The contact and its company are read as well.
            (CONTACT, {"email": "carla@beta.example", "name": "Carla"}, 4),
        ):
            cost = self.statements_above_empty(lambda r=route, p=params: self.call(r, p))
            self.assertEqual(cost, more, (route, params))

    def test_an_e_mail_to_a_thousand_is_one_as_well(self):
        people = [f"p{number}@beta.example" for number in range(1000)]
        self.assertEqual(len(self.call(EMAIL, {"people": people})["people"]), 50)

    def test_opening_an_e_mail_asks_few_queries_however_many_people_it_is_to(self):
        many = [f"p{number}@many.example" for number in range(20)]
        self.env["res.partner"].create([{"name": email, "email": email} for email in many])
        self.env.flush_all()

        def count(route, params):
            counts = []
            for name, sent in ((route, params), ("/mail_client_extension/modules/get", {})):
                self.call(name, sent)
                before = self.env.cr.sql_log_count
                self.call(name, sent)
                counts.append(self.env.cr.sql_log_count - before)
            return counts[0] - counts[1]

        self.assertLessEqual(count(SESSION, {}), 1)
        for people in (many[:1], many):
            # Who they are, what decides who sees them, the log.
            self.assertLessEqual(count(EMAIL, {"people": people, "message_id": ID}), 4)
        kinds = sum(name in self.env for name in ("crm.lead", "project.task", "helpdesk.ticket"))
        # With a company: it, what was bought of it, and its picture.
        for address, most in ((many[0], 5), ("carla@beta.example", 9), ("new@nobody.example", 4)):
            with self.subTest(address):
                self.assertLessEqual(count(CONTACT, {"email": address}), most + kinds)

    def test_a_contact_is_shown_with_company_and_records(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"L{number}", "partner_id": self.carla.id} for number in range(8)]
        )
        self.beta.iap_enrich_info = json.dumps({"industry": "Tea", "employees": 7, "logo": "x"})
        found = self.call(CONTACT, {"email": "carla@beta.example", "name": "Carla Rossi"})
        self.assertEqual(found["partner"]["id"], self.carla.id)
        self.assertEqual((len(found["leads"]), found["lead_count"]), (5, len(leads)))
        company = found["company"]
        self.assertEqual((company["id"], company["name"]), (self.beta.id, "Beta Spa"))
        self.assertEqual(company["facts"], {"industry": "Tea", "employees": 7})
        self.assertTrue(company["image"].startswith("data:image"))
        self.assertIn("Rome", company["city"])
        self.assertIsNone(found["enrichment"])

    def test_an_unknown_sender_is_shown_with_the_company_that_is_known(self):
        found = self.call(CONTACT, {"email": "new@beta.example", "name": "New"})
        self.assertIs(found["partner"]["id"], False)
        self.assertIs(found["can_create_partner"], True)
        self.assertEqual(found["company"]["id"], self.beta.id)
        self.assertIsNone(found["enrichment"])

    def test_the_users_own_address_is_nobody_and_it_says_so(self):
        found = self.call(CONTACT, {"email": "sally@ours.example", "name": "Sally"})
        self.assertIn("your own address", found["error"])

    def test_a_contact_that_was_searched_for_needs_no_address(self):
        self.carla.email = False
        found = self.call(CONTACT, {"email": "", "partner_id": self.carla.id})
        self.assertEqual(found["partner"]["id"], self.carla.id)

    # === LOOKING UP COMPANIES === #

    def offered(self, **values):
        return self.call(CONTACT, {"email": "carla@beta.example", **values})["enrichment"]

    def test_a_look_up_is_offered_with_its_price(self):
        with patch.object(self.registry["iap.enrich.api"], "_get_company_price", lambda _self: 4):
            offered = self.offered()
        expected = {"action": "update", "partner_id": self.beta.id, "price": 4}
        self.assertEqual(offered, expected)
        self.carla.parent_id = False
        self.assertEqual(
            (self.offered()["action"], self.offered()["partner_id"]), ("create", self.carla.id)
        )

    def test_no_look_up_is_offered_that_would_be_refused(self):
        self.assertTrue(self.offered())
        self.set_option("enrichment", "never")
        self.assertIsNone(self.offered())
        self.set_option("enrichment", "request")
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        self.assertIsNone(self.offered())
        self.assertIs(self.call(SESSION)["is_copy"], True)
        self.env["ir.config_parameter"].set_param("database.is_neutralized", False)
        private = self.env["res.partner"].create({"name": "P", "email": "p@gmail.com"})
        self.assertIsNone(self.offered(email=private.email))
        reader = new_test_user(self.env, login="reader", groups="base.group_user")
        token = self.make_token(reader)
        found = self.call(CONTACT, {"email": "carla@beta.example"}, token=token)
        self.assertIsNone(found["enrichment"])

    # === LOGGED ONCE === #

    def test_an_e_mail_that_a_colleague_has_logged_is_shown_as_logged_and_is_logged_once(self):
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": self.carla.id})
        otto = self.make_token(
            new_test_user(self.env, login="otto", groups=self.groups, email="otto@ours.example")
        )
        self.assertEqual(self.logged(), [])
        self.log(lead)
        for token in (self.token, otto):
            [row] = self.logged(token=token)
            self.assertEqual((row["model"], row["id"], row["name"]), ("crm.lead", lead.id, "L"))
        before = len(lead.message_ids)
        sent = {"model": "crm.lead", "res_id": lead.id, "body": "<p>Tea, as Gmail has it</p>"}
        self.call(LOG, {**sent, **MAIL}, token=otto)
        self.assertEqual(len(lead.message_ids), before)

    def test_an_e_mail_that_came_in_by_odoos_own_gateway_is_shown_as_logged(self):
        self.carla.message_post(body="Tea", message_id=ID, message_type="email")
        self.assertEqual([row["id"] for row in self.logged()], [self.carla.id])

    def test_a_reply_finds_the_record_that_the_e_mail_was_logged_on(self):
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": self.carla.id})
        self.log(lead)
        reply = (
            "From: Carla <carla@beta.example>\r\nTo: sally@ours.example\r\nSubject: Re: Tea\r\n"
            f"Message-ID: <tea.2@beta.example>\r\nIn-Reply-To: {ID}\r\nReferences: {ID}\r\n"
            "\r\nMore of it"
        )
        found = self.env["mail.thread"].message_process("crm.lead", reply)
        self.assertEqual(found, lead.id)

    def test_pictures_and_files_come_along_and_what_did_not_is_named(self):
        pixel = base64.b64encode(picture(size=(2, 2))).decode()
        self.log(
            self.carla,
            body='<p>See <img src="cid:logo.png@01"></p>',
            attachments=[
                ["logo.png", pixel, "logo.png@01"],
                ["price.txt", base64.b64encode(b"1 EUR").decode(), ""],
                ["cloud.docx", "https://files.example/cloud", ""],
                ["Old mail", "Subject: Old\r\nFrom: a@b.example\r\n\r\nText", ""],
                ["phone.pdf", None, ""],
            ],
        )
        message = self.carla.message_ids[0]
        self.assertEqual(
            set(message.attachment_ids.mapped("name")), {"logo.png", "price.txt", "Old mail.eml"}
        )
        self.assertNotIn("cid:", message.body)
        self.assertIn("https://files.example/cloud", message.body)
        self.assertIn("phone.pdf", message.body)

    def test_records_that_the_user_may_not_see_are_not_told(self):
        seller = new_test_user(
            self.env, login="own", groups="base.group_user,sales_team.group_sale_salesman"
        )
        lead = self.env["crm.lead"].create(
            {"name": "Secret", "partner_id": self.carla.id, "user_id": self.user.id}
        )
        self.log(lead)
        self.assertEqual(self.logged(token=self.make_token(seller)), [])
        stranger = new_test_user(self.env, login="none", groups="base.group_user")
        self.assertEqual(self.logged(token=self.make_token(stranger)), [])

    def test_records_of_other_companies_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        lead = self.env["crm.lead"].create(
            {"name": "Theirs", "company_id": other.id, "user_id": False, "team_id": False}
        )
        lead.message_post(body="Tea", message_id=ID, message_type="email")
        self.assertEqual(self.logged(), [])
        self.user.company_ids |= other
        self.assertEqual([row["id"] for row in self.logged()], [lead.id])

    def test_a_record_that_is_gone_is_not_told(self):
        lead = self.env["crm.lead"].create({"name": "L"})
        self.log(lead)
        lead.unlink()
        self.assertEqual(self.logged(), [])

    # === MAKING === #

    def test_a_lead_is_made_once_with_the_e_mail_and_a_new_contact(self):
        sent = {"partner_id": False, "partner_email": "new@beta.example", "partner_name": "New",
                "email_subject": "Tea", "email_body": "<p>Please</p>", **MAIL,
                "email_from": "New <new@beta.example>"}  # fmt: skip
        made = [self.call(LEAD, sent)["id"] for _click in range(2)]
        self.assertEqual(made[0], made[1])
        lead = self.env["crm.lead"].browse(made[0])
        self.assertEqual((lead.name, lead.partner_id.email), ("Tea", "new@beta.example"))
        self.assertEqual([row["id"] for row in self.logged()], [lead.id])

    # === SESSION === #

    def test_the_pane_knows_what_the_user_may_do(self):
        session = self.call(SESSION)
        self.assertEqual((session["user"], session["lang"]), (self.user.name, "en_US"))
        self.assertIn("crm.lead", session["models"])
        self.assertIn("crm.lead", session["log_models"])
        self.assertIs(session["is_copy"], False)
        stranger = new_test_user(self.env, login="none", groups="base.group_user")
        session = self.call(SESSION, token=self.make_token(stranger))
        self.assertNotIn("crm.lead", session["models"])

    def test_refusals_come_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["crm_mail_plugin"], ["it_IT"])
        self.user.lang = "it_IT"
        self.assertEqual(self.call(SESSION)["lang"], "it_IT")
        found = self.call(CONTACT, {"email": "sally@ours.example"})
        self.assertIn("indirizzo", found["error"])

    def test_a_page_of_another_origin_reads_none_of_it(self):
        for route in (SESSION, EMAIL, CONTACT):
            self.assertNotIn("Access-Control-Allow-Origin", self.post(route).headers)
