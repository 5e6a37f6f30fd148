from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTakeOver(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")
        cls.salesperson = new_test_user(cls.env, "salesperson", "sales_team.group_sale_salesman")
        cls.belgium = cls.env.ref("base.be")
        cls.past = (
            cls.env["crm.iap.lead.mining.request"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "LMR042",
                    "state": "done",
                    "lead_number": 5000,
                    "search_type": "people",
                    "contact_number": 10,
                    "country_ids": [Command.set(cls.belgium.ids)],
                    "industry_ids": [
                        Command.set(cls.env["crm.iap.lead.industry"].search([], limit=1).ids)
                    ],
                    "preferred_role_id": cls.env.ref("crm_iap_mine.crm_iap_mine_role_1").id,
                    "filter_on_size": True,
                    "company_size_min": 10,
                    "company_size_max": 500,
                }
            )
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "reveal_id": duns,
                    "website": f"https://{name}.example",
                    "lead_mining_request_id": cls.past.id,
                    "active": active,
                }
                for name, duns, active in (("one", "123456789", True), ("two", "223456789", False))
            ]
        )
        cls.env["crm.iap.lead.mining.request"].create({"name": "LMR043", "state": "error"})

    def take_over(self):
        return self.env["lead.mining.request"].with_user(self.manager)._take_over_iap_requests()

    def test_past_request_is_listed_with_its_leads_and_criteria(self):
        request = self.take_over()
        self.assertEqual((request.name, request.state), ("LMR042 (Odoo)", "done"))
        self.assertEqual((request.create_uid, request.created_count), (self.manager, 2))
        self.assertEqual(self.leads.mining_request_id, request)
        self.assertEqual(request.result_ids.lead_id, self.leads)
        self.assertEqual(request.result_ids.mapped("create_date"), self.leads.mapped("create_date"))
        self.assertEqual((request.country_ids, request.size_min), (self.belgium, 10))
        self.assertEqual((request.target, request.contact_number), ("contacts", 5))
        self.assertEqual(request.lead_number, 200)
        self.assertEqual(request.preferred_role_id.code, "ceo")
        self.assertIn(self.past.industry_ids.name, request.message_ids[0].body)

    def test_its_companies_are_never_bought_again_even_when_the_leads_are_deleted(self):
        self.take_over()
        self.leads.unlink()
        known = self.env["lead.mining.identity"]._known_keys(
            ["reg:DUNS:123456789", "domain:two.example", "domain:three.example"]
        )
        self.assertEqual(known, {"reg:DUNS:123456789", "domain:two.example"})

    def test_taking_over_again_makes_nothing_new(self):
        self.take_over()
        self.assertFalse(self.take_over())
        self.assertEqual(len(self.leads.mining_request_id.result_ids), 2)

    def test_stock_s_own_data_stay_as_they_are(self):
        before = self.past.read(["name", "state", "lead_number", "write_date"])
        self.take_over()
        self.assertEqual(self.past.read(["name", "state", "lead_number", "write_date"]), before)
        self.assertEqual(self.leads.lead_mining_request_id, self.past)
        self.assertEqual(self.leads.mapped("reveal_id"), ["123456789", "223456789"])

    def test_only_administrators_of_sales_take_over(self):
        with self.assertRaises(AccessError):
            self.env["lead.mining.request"].with_user(self.salesperson)._take_over_iap_requests()

    def test_settings_offer_it_as_long_as_there_is_something(self):
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_manager")
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.lead_mining_iap_requests_left, 1)
        action = settings.action_take_over_iap_requests()
        self.assertEqual(len(action["domain"][0][2]), 1)
        with Form(self.env["res.config.settings"]) as form:
            self.assertEqual(form.lead_mining_iap_requests_left, 0)
