from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search

SETTINGS = {
    "mail_plugin_generation", "mail_plugin_enrichment", "mail_plugin_token_days",
    "mail_plugin_token_limit", "mail_plugin_address_limit", "mail_plugin_redirects",
}  # fmt: skip
CONNECTION = "mail_plugin_connection_ids"


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "t_admin", "base.group_system")
        cls.user = new_test_user(cls.env, "t_user", "sales_team.group_sale_salesman")

    def connect(self, user):
        self.env["res.users.apikeys"].with_user(user).generate_for_addin("Outlook", "https://x", 30)
        return self.env["mail.plugin.connection"].search([("user_id", "=", user.id)])

    def test_settings_of_the_add_ins_are_asked_for_only_where_they_are_used(self):
        for is_on in (False, True):
            settings = self.env["res.config.settings"].with_user(self.admin).new(
                {"module_mail_plugin": True, "mail_plugin_enabled": is_on}
            )  # fmt: skip
            screen = Screen(settings, self.admin)
            with self.subTest(is_on=is_on):
                self.assertEqual(screen.fields & SETTINGS, SETTINGS if is_on else set())
                chosen = {"mail_plugin_generation", "mail_plugin_enrichment"}
                self.assertEqual(screen.required & chosen, chosen if is_on else set())
                self.assertIn("mail_plugin_enabled", screen.fields)
        settings = self.env["res.config.settings"].with_user(self.admin).new(
            {"module_mail_plugin": False, "mail_plugin_enabled": True}
        )  # fmt: skip
        self.assertFalse(Screen(settings, self.admin).fields & {*SETTINGS, "mail_plugin_enabled"})

    def test_connected_mailboxes_are_listed_in_the_preferences_and_only_disconnected(self):
        view = "base.view_users_form_simple_modif"
        screen = Screen(self.user, self.user, view)
        self.assertNotIn(CONNECTION, screen.fields)
        self.connect(self.user)
        self.user.invalidate_recordset()
        screen = Screen(self.user, self.user, view)
        self.assertIn(CONNECTION, screen.fields & screen.readonly)

    def test_the_own_mailboxes_are_found(self):
        mine, theirs = self.connect(self.admin), self.connect(self.user)
        self.assertTrue(mine and theirs)
        search = Search(self.env, "crm_mail_plugin.mail_plugin_connection_view_search", self.admin)
        [name] = search.filters
        self.assertEqual(search.filtered(name, mine | theirs), mine)

    def test_the_guide_warns_of_an_address_that_add_ins_refuse(self):
        for address, is_secure in (("http://x.example", False), ("https://x.example", True)):
            self.env["ir.config_parameter"].set_param("web.base.url", address)
            guide = self.env["mail.plugin.guide"].with_user(self.user).create({})
            with self.subTest(address=address):
                self.assertIs("warning" in Screen(guide, self.user).alerts, not is_secure)
