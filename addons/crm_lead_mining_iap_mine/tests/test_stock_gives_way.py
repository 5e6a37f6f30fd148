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
        cls.menu = cls.env.ref("crm_iap_mine.crm_iap_lead_mining_request_menu_action")

    def set_lead_mining(self, on: bool) -> None:
        self.env["res.config.settings"].create({"lead_mining": on}).execute()

    def arch(self, view: str) -> str:
        lead = self.env["crm.lead"].with_user(self.manager)
        return lead.get_view(self.env.ref(view).id)["arch"]

    def has_stock_menu(self) -> bool:
        menus = self.env["ir.ui.menu"].with_user(self.manager).load_menus(False)
        return self.menu.id in menus

    def test_one_button_is_shown_while_lead_mining_is_on(self):
        for view in VIEWS:
            arch = self.arch(view)
            self.assertIn("action_open_lead_mining", arch, view)
            self.assertNotIn('"action_generate_leads"', arch, view)

    def test_stock_button_is_back_when_lead_mining_is_off(self):
        self.set_lead_mining(False)
        for view in VIEWS:
            arch = self.arch(view)
            self.assertNotIn("action_open_lead_mining", arch, view)
            self.assertIn('"action_generate_leads"', arch, view)

    def test_stock_menu_gives_way_and_comes_back(self):
        self.assertFalse(self.has_stock_menu())
        self.set_lead_mining(False)
        self.assertTrue(self.has_stock_menu())
