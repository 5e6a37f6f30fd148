import base64

from odoo.tests import tagged

from .common import AddinCase
from .test_fetch import picture

GET, FIND = "/mail_plugin/partner/get", "/mail_plugin/search_records/"


@tagged("post_install", "-at_install")
class TestSecondGeneration(AddinCase):
    def setUp(self):
        super().setUp()
        self.set_option("generation", "2")
        self.ann = self.env["res.partner"].create(
            {"name": "Ann Quagga", "email": "ann@acme.test", "phone": "1",
             "image_1920": base64.b64encode(picture(size=(9, 9)))}
        )  # fmt: skip

    def test_a_contact_is_shown_with_its_leads(self):
        lead = self.env["crm.lead"].create(
            {"name": "L", "partner_id": self.ann.id, "expected_revenue": 5}
        )
        result = self.call(GET, {"email": "ann@acme.test", "partner_id": False})
        partner = result["partner"]
        self.assertEqual(
            {name: partner[name] for name in ("id", "name", "email", "phone", "is_company")},
            {"id": self.ann.id, "name": "Ann Quagga", "email": "ann@acme.test", "phone": "1",
             "is_company": False},
        )  # fmt: skip
        self.assertTrue(partner["image"].startswith("data:image"))
        self.assertIs(partner["can_write_on_partner"], True)
        [row] = result["leads"]
        self.assertEqual((row["id"], row["name"], result["lead_count"]), (lead.id, "L", 1))
        self.assertIn("5.00", row["revenues_description"])
        self.assertIs(result["can_create_partner"], True)

    def test_an_add_in_that_names_its_generation_is_answered_in_it_and_reads_errors(self):
        self.set_option("generation", "1")
        named = {"Mail-Plugin-Generation": "2"}
        person = {"email": "ann@acme.test", "partner_id": False}
        self.assertIn("lead_count", self.call(GET, person, **named))
        self.assertIs(self.call(GET, {"email": "new@beta.test"}, **named)["partner"]["id"], False)
        self.assertEqual(self.call(FIND + "res.partner", {"query": "quagga"}, **named)[1], 1)
        self.assertEqual(self.call("/mail_plugin/auth/check_version", **named), 1)
        error = self.post(GET, person, token="wrong", **named).json()["error"]
        self.assertEqual(error["data"]["name"], "LoginRequired")
        self.assertIn("log in again", error["message"])
        self.refuse(FIND + "res.partner", {"query": [5]}, **named)

    def test_a_generation_that_does_not_exist_is_not_heard(self):
        self.set_option("generation", "1")
        for named in ("3", "", "two"):
            headers = {"Mail-Plugin-Generation": named}
            unknown = self.call(GET, {"email": "new@beta.test", "name": "New"}, **headers)
            self.assertEqual(unknown["partner"]["id"], -1)

    def test_an_unknown_sender_is_shown_without_id(self):
        partner = self.call(GET, {"email": "new@beta.test", "partner_id": False})["partner"]
        self.assertEqual((partner["id"], partner["email"]), (False, "new@beta.test"))

    def test_a_wrong_address_is_an_error_with_an_empty_contact(self):
        for email in ("nonsense", False):
            result = self.call(GET, {"email": email, "partner_id": False})
            self.assertEqual((result["partner"], bool(result["error"])), ({}, True))

    def test_records_are_found_with_a_true_total(self):
        leads = self.env["crm.lead"].create([{"name": f"Zebra {n}"} for n in range(7)])
        rows, total = self.call(FIND + "crm.lead", {"query": "zebra", "limit": 3})
        self.assertEqual((len(rows), total), (3, 7))
        self.assertLessEqual({row["id"] for row in rows}, set(leads.ids))
        rows, total = self.call(FIND + "res.partner", {"query": ["quagg", "nobody@x.test"]})
        self.assertEqual(([row["id"] for row in rows], total), ([self.ann.id], 1))

    def test_short_terms_find_nothing(self):
        for query in ("", "ab", [], [""], None):
            self.assertEqual(self.call(FIND + "res.partner", {"query": query}), [[], 0])

    def test_only_the_add_ins_records_are_searched(self):
        for model in ("res.users", "ir.config_parameter", "no.model", "mail.message"):
            self.refuse(FIND + model, {"query": "admin"})

    def test_a_contact_is_made(self):
        made = self.call("/mail_plugin/partner/create", {"name": "New", "email": "new@beta.test"})
        self.assertEqual((made["name"], made["email"]), ("New", "new@beta.test"))

    def test_a_lead_is_made_with_its_sender(self):
        sent = {
            "email_body": "<p>Hi</p>", "email_subject": "Offer", "partner_id": False,
            "partner_email": "new@beta.test", "partner_name": "New", "attachments": [],
        }  # fmt: skip
        made = self.call("/mail_plugin/lead/create", sent)
        lead = self.env["crm.lead"].browse(made["id"])
        self.assertEqual((lead.name, lead.partner_id.name), ("Offer", "New"))
        self.assertEqual(
            set(made), {"id", "name", "revenues_description", "partner_id", "partner_image"}
        )

    def test_an_e_mail_is_logged_as_the_second_add_ins_send_it(self):
        sent = {
            "model": "res.partner", "res_id": self.ann.id, "body": "<p>Hello</p>", "subject": "S",
            "email_from": "Ann <ann@acme.test>", "email_to": "x@y.test", "email_cc": False,
            "timestamp": 1700000000000, "application_name": "Gmail", "attachments": [],
        }  # fmt: skip
        for _time in range(2):
            self.assertIs(self.call("/mail_plugin/log_mail_content", sent), True)
        [message] = self.ann.message_ids.filtered(lambda message: message.subject == "S")
        self.assertEqual(message.author_id, self.ann)

    def test_a_record_opens_in_the_browser(self):
        self.authenticate("sally", "sally")
        url = f"/mail_plugin/redirect_to_record/res.partner/?record_id={self.ann.id}"
        response = self.url_open(url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(f"/odoo/res.partner/{self.ann.id}"))
        self.assertEqual(response.cookies["cids"], str(self.env.company.id))
        for wrong in ("res.users/?record_id=2", "res.partner/?record_id=x", "res.partner/",
                      "res.partner/?record_id=2147483647"):  # fmt: skip
            response = self.url_open("/mail_plugin/redirect_to_record/" + wrong,
                                     allow_redirects=False)  # fmt: skip
            self.assertEqual(response.status_code, 404, wrong)

    def test_an_expired_login_is_an_error(self):
        self.refuse(GET, {"email": "ann@acme.test", "partner_id": False}, token="wrong")

    def test_the_first_generation_knows_none_of_it(self):
        self.set_option("generation", "1")
        self.refuse(FIND + "res.partner", {"query": "quagg"})
        self.assertIn("company", self.call(GET, {"email": "a@b.test", "name": "x"})["partner"])
