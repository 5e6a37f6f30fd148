from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged

VIEWS = (
    "crm.crm_case_kanban_view_leads",
    "crm.view_crm_lead_kanban",
    "crm.crm_case_tree_view_oppor",
    "crm.crm_case_tree_view_leads",
)


@tagged("post_install", "-at_install")
class TestStockGivesWay(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")
        cls.users = cls.manager + cls.env.ref("base.user_admin")
        for login, group in (("sally", "salesman"), ("all", "salesman_all_leads")):
            cls.users += new_test_user(cls.env, login, f"sales_team.group_sale_{group}")

    def set_lead_mining(self, on: bool) -> None:
        self.env["res.config.settings"].create({"lead_mining": on}).execute()

    def arch(self, view: str, user=None) -> str:
        lead = self.env["crm.lead"].with_user(user or self.manager)
        return lead.get_view(self.env.ref(view).id)["arch"]

    def menus(self, user) -> set:
        return set(self.env["ir.ui.menu"].with_user(user).load_menus(False))

    def test_one_button_is_shown_while_lead_mining_is_on(self):
        for view in VIEWS:
            arch = self.arch(view)
            self.assertIn("action_open_lead_mining", arch, view)
            self.assertNotIn('"action_generate_leads"', arch, view)

    def test_unticked_there_is_no_button_for_any_role(self):
        self.set_lead_mining(False)
        for user in self.users:
            for view in VIEWS:
                arch = self.arch(view, user)
                self.assertNotIn("action_open_lead_mining", arch, view)
                self.assertNotIn('"action_generate_leads"', arch, view)

    def test_unticked_there_is_no_menu_for_any_role(self):
        generating = {
            "crm_iap_mine.crm_iap_lead_mining_request_menu_action",
            "crm_iap_mine.crm_menu_lead_generation",
            "crm_lead_mining.menu_lead_mining_request",
            "crm_lead_mining.menu_lead_mining_request_own",
            "crm_lead_mining.menu_lead_mining_search",
            "crm_lead_mining.menu_lead_mining_refund",
            "crm_lead_mining.menu_lead_mining_report",
        }
        ids = {self.env.ref(xmlid).id for xmlid in generating}
        self.assertTrue(ids & self.menus(self.manager))
        self.set_lead_mining(False)
        for user in self.users:
            self.assertFalse(ids & self.menus(user))

    def test_stock_menu_gives_way_while_ours_is_on(self):
        menu = self.env.ref("crm_iap_mine.crm_iap_lead_mining_request_menu_action")
        for user in self.users:
            self.assertNotIn(menu.id, self.menus(user))

    def test_providers_and_industries_have_a_menu_as_long_as_anything_asks_for_them(self):
        menus = {
            self.env.ref(f"crm_lead_mining.menu_lead_mining_{name}").id
            for name in ("provider", "industry")
        }
        self.set_lead_mining(False)
        self.assertLessEqual(menus, self.menus(self.manager))
        self.env["res.config.settings"].create({"lead_enrichment": False}).execute()
        self.assertFalse(menus & self.menus(self.manager))

    def test_unticked_each_way_refuses_with_one_sentence(self):
        ours = self.env["lead.mining.request"].with_user(self.manager).create({})
        search = self.env["lead.mining.search"].with_user(self.manager).create({"name": "Mine"})
        stock = self.env["crm.iap.lead.mining.request"].with_user(self.manager).create({})
        self.set_lead_mining(False)
        sentence = "Lead Mining is switched off in the CRM settings."
        for user in self.users + self.env.ref("base.user_root"):
            lead = self.env["crm.lead"].with_user(user)
            for way in (
                lead.action_generate_leads,
                lead.action_open_lead_mining,
                ours.with_user(user).action_generate,
                search.with_user(user).action_generate,
            ):
                with self.assertRaisesRegex(UserError, sentence):
                    way()
        for request in (stock, stock.sudo()):
            with self.assertRaisesRegex(UserError, sentence):
                request.action_submit()

    def test_the_way_of_stock_s_button_leads_to_our_dialog(self):
        action = self.env["crm.lead"].with_user(self.manager).action_generate_leads()
        self.assertEqual(action["res_model"], "lead.mining.request")
