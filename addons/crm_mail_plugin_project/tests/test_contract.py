"""Each request of the published add-ins, as they send it, and what they read of the answer.

The bodies are those of the first generation; `crm_mail_plugin` has the others.
"""

from odoo.tests import tagged

from odoo.addons.crm_mail_plugin.tests.common import GMAIL_REDIRECT, AddinCase

ROUTE = "/mail_plugin/"


class Contract(AddinCase):
    """What both add-ins ask, each in its own words."""

    groups = AddinCase.groups + ",project.group_project_manager"
    headers = {}
    nothing = None  # How the add-in sends an id that it has not.

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "email": "info@acme.test", "city": "London",
             "website": "https://acme.test"}
        )  # fmt: skip
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann", "email": "ann@acme.test", "function": "CEO", "phone": "123",
             "parent_id": cls.acme.id}
        )  # fmt: skip
        cls.lead = cls.env["crm.lead"].create({"name": "Deal", "partner_id": cls.ann.id})

    def ask(self, route, **params):
        return self.call(ROUTE + route, params, **self.headers)

    def assertHas(self, values, **expected):
        self.assertEqual({name: values[name] for name in expected}, expected)


class BothAddins:
    """The rows that differ only in how an add-in spells nothing."""

    def test_check_version(self):
        answer = self.post(ROUTE + "auth/check_version", {}, token="", **self.headers)
        self.assertEqual(answer.json()["result"], 1)

    def test_translations_of_an_english_user(self):
        self.assertEqual(self.ask("get_translations", **self.translation_params), {})

    def test_translations_of_an_italian_user(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.user.lang = "it_IT"
        terms = self.ask("get_translations", **self.translation_params)
        self.assertEqual(terms["Opportunities (%(count)s)"], "Opportunità (%(count)s)")
        self.assertTrue(terms["Log the email on the lead"])

    def test_search(self):
        [row] = self.ask("partner/search", search_term="ann@acme.test")["partners"]
        self.assertHas(row, id=self.ann.id, name="Ann", email="ann@acme.test", phone="123",
                       title="CEO", is_company=False, can_write_on_partner=True,
                       enrichment_info=None)  # fmt: skip

    def test_search_of_nobody(self):
        result = self.ask("partner/search", search_term="nobody@nowhere.test")
        self.assertEqual(result, {"partners": []})

    def test_get_by_address(self):
        result = self.ask("partner/get", **self.get_params)
        self.assertHas(result["partner"], id=self.ann.id, name="Ann", image=self.image(self.ann))
        self.assertHas(result["partner"]["company"], id=self.acme.id, name="Acme",
                       email="info@acme.test", website="https://acme.test", additionalInfo={},
                       address={"street": False, "city": "London", "zip": False, "country": ""},
                       image=self.image(self.acme))  # fmt: skip
        self.assertHas(result, user_companies=self.user.company_ids.ids, can_create_partner=True,
                       can_create_project=True, tasks=[])  # fmt: skip
        [row] = result["leads"]
        self.assertHas(row, lead_id=self.lead.id, name="Deal", probability=row["probability"])
        self.assertIsInstance(row["expected_revenue"], str)

    def image(self, partner):
        return partner.image_128.decode() if partner.image_128 else False

    def test_get_of_nobody(self):
        params = {**self.get_params, "email": "new@beta.test", "name": "New"}
        result = self.ask("partner/get", **params)
        self.assertHas(result["partner"], id=-1, name="New", email="new@beta.test",
                       enrichment_info=None, company={"id": -1})  # fmt: skip
        self.assertHas(result, leads=[], tasks=[])

    def test_create_contact(self):
        made = self.ask("partner/create", name="New", email="new@beta.test", company=self.nothing)
        self.assertEqual(self.env["res.partner"].browse(made["id"]).name, "New")

    def test_create_contact_of_a_company(self):
        made = self.ask("partner/create", name="Bob", email="bob@acme.test", company=self.acme.id)
        self.assertEqual(self.env["res.partner"].browse(made["id"]).parent_id, self.acme)

    def test_log_mail(self):
        for record in (self.ann, self.lead):
            self.assertTrue(self.ask("log_mail_content", model=record._name, res_id=record.id,
                                     message="<div>From : ann@acme.test</div>Hello",
                                     attachments=self.log_attachments))  # fmt: skip
            self.assertIn("Hello", record.message_ids[0].body)

    def test_create_lead(self):
        made = self.ask("lead/create", partner_id=self.ann.id, email_body="<p>Hi</p>",
                        email_subject="Order")  # fmt: skip
        self.assertEqual(self.env["crm.lead"].browse(made["lead_id"]).name, "Order")

    def test_project_search(self):
        project = self.env["project.project"].create({"name": "Quagga"})
        [row] = self.ask("project/search", search_term="Quagga")
        self.assertHas(row, project_id=project.id, name="Quagga", partner_name=False)

    def test_project_create_and_task_create(self):
        project = self.ask("project/create", name="Quagga")
        self.assertEqual(project["name"], "Quagga")
        task = self.ask("task/create", partner_id=self.ann.id, email_body="<p>Hi</p>",
                        email_subject="Repair", project_id=project["project_id"])  # fmt: skip
        self.assertEqual(task["name"], "Repair")
        self.assertTrue(self.env["project.task"].browse(task["task_id"]).exists())


@tagged("post_install", "-at_install")
class TestOutlook(BothAddins, Contract):
    headers = {"Accept-Language": "*", "Origin": "https://download.odoocdn.com"}
    nothing = -1
    translation_params = {"plugin": "outlook"}
    get_params = {"email": "ann@acme.test", "name": "Ann"}
    log_attachments = [["a.txt", "SGVsbG8="]]

    def test_preflight(self):
        answer = self.opener.options(
            self.base_url() + ROUTE + "partner/get",
            headers={"Origin": "https://download.odoocdn.com",
                     "Access-Control-Request-Method": "POST"},
        )  # fmt: skip
        self.assertEqual(answer.status_code, 204)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        self.assertIn("Authorization", answer.headers["Access-Control-Allow-Headers"])

    def test_get_by_id(self):
        result = self.ask("partner/get", partner_id=self.ann.id)
        self.assertHas(result["partner"], id=self.ann.id, title="CEO")

    def test_create_company(self):
        new = self.env["res.partner"].create({"name": "New", "email": "new@acme.test"})
        result = self.ask("partner/enrich_and_create_company", partner_id=new.id,
                          partner_email="new@acme.test", enrich_on_not_exists=True)  # fmt: skip
        self.assertEqual(result["company"]["id"], self.acme.id)
        self.assertEqual(result["enrichment_info"], {"type": "company_updated"})

    def test_enrich_company_without_address(self):
        nameless = self.env["res.partner"].create({"name": "N", "is_company": True})
        result = self.ask("partner/enrich_and_update_company", partner_id=nameless.id)
        self.assertIsInstance(result["error"], str)

    def test_ticket_create_without_helpdesk(self):
        if "helpdesk.ticket" not in self.env:
            answer = self.post(ROUTE + "ticket/create", {"partner_id": self.ann.id})
            self.assertEqual(answer.status_code, 404)

    def test_opening_records(self):
        for name in (
            "crm_mail_plugin.crm_lead_action_form_edit",
            "project_mail_plugin.project_task_action_form_edit",
        ):
            self.assertEqual(self.env.ref(name).view_mode, "form")


@tagged("post_install", "-at_install")
class TestGmail(BothAddins, Contract):
    translation_params = {}
    get_params = {"email": "ann@acme.test", "name": "Ann", "partner_id": None}
    log_attachments = None

    def test_sign_in(self):
        self.authenticate("sally", "sally")
        answer = self.sign_in(redirect=GMAIL_REDIRECT, friendlyname="Gmail", state="ADEpC8w")
        self.assertHas(answer, success="1", state="ADEpC8w")
        result = self.ask("auth/access_token", auth_code=answer["auth_code"])
        self.assertTrue(result["access_token"])

    def test_project_search_before_anything_is_typed(self):
        self.env["project.project"].create({"name": "Quagga"})
        self.assertTrue(self.ask("project/search", search_term=""))


@tagged("post_install", "-at_install")
class TestFirstAddins(Contract):
    """The routes of the add-ins for Odoo 13 and 14."""

    def ask(self, route, **params):
        return self.call("/mail_client_extension/" + route, params)

    def test_modules(self):
        self.assertEqual(self.ask("modules/get"), {"modules": ["contacts", "crm"]})

    def test_get(self):
        result = self.ask("partner/get", email="ann@acme.test", name="Ann")
        self.assertEqual(result["partner"]["id"], self.ann.id)

    def test_create(self):
        made = self.ask("partner/create", email="new@beta.test", name="New", company=-1)
        self.assertTrue(made["id"])

    def test_leads_of_a_contact(self):
        self.env["crm.lead"].create(
            [{"name": f"L{n}", "partner_id": self.ann.id} for n in range(6)]
        )
        result = self.ask("lead/get_by_partner_id", partner=self.ann.id, limit=5, offset=5)
        self.assertEqual(len(result["leads"]), 2)
        self.assertEqual(len(self.ask("lead/get_by_partner_id", partner=self.ann.id)["leads"]), 5)

    def test_log(self):
        self.assertTrue(self.ask("log_single_mail_content", lead=self.lead.id, message="<p>H</p>"))
        self.assertIn("<p>H</p>", self.lead.message_ids[0].body)

    def test_sign_in(self):
        self.authenticate("sally", "sally")
        page = self.url_open("/mail_client_extension/auth?" + self._query(self.sign_in_values()))
        self.assertEqual(page.status_code, 200)
        code = self.sign_in(info="some info")["auth_code"]
        self.assertTrue(self.ask("auth/access_token", auth_code=code)["access_token"])

    def test_opening_a_lead(self):
        self.authenticate("sally", "sally")
        for route, status in (
            (f"lead/open?lead_id={self.lead.id}", 303),
            (f"lead/create_from_partner?partner_id={self.ann.id}", 303),
            ("lead/open?lead_id=x", 404),
            ("lead/open", 404),
            ("lead/create_from_partner?partner_id='", 404),
        ):
            url = "/mail_client_extension/" + route
            answer = self.url_open(url, allow_redirects=False)
            self.assertEqual(answer.status_code, status, route)
