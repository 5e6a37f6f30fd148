from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen

from ..tools.settings import Settings


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "t_admin", "base.group_system")

    def screen(self):
        setup = self.env["mail.plugin.google.setup"].with_user(self.admin).create({})
        return Screen(setup, self.admin)

    def test_the_page_warns_of_an_address_that_google_does_not_ask(self):
        for address, is_warned in (("http://x.example", True), ("https://x.example", False)):
            self.env["ir.config_parameter"].set_param("web.base.url", address)
            self.assertIs("warning" in self.screen().alerts, is_warned)

    def test_the_page_tells_when_the_deployment_has_another_address(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("web.base.url", "https://x.example")
        self.assertNotIn("danger", self.screen().alerts)
        parameters.set_param(Settings.PREFIX + "base_url", "https://old.example")
        screen = self.screen()
        self.assertIn("danger", screen.alerts)
        self.assertIn("pasted_url", screen.fields)

    def test_what_became_of_the_last_requests_is_shown_once_there_were_some(self):
        last = {"last_success", "last_refusal", "refusal"}
        self.assertFalse(self.screen().fields & last)
        traces = self.env["mail.plugin.google.trace"]
        traces.create({"kind": "success", "happened_at": "2026-01-01"})
        self.assertEqual(self.screen().fields & last, {"last_success"})
        traces.create({"kind": "refusal", "happened_at": "2026-01-01", "reason": "audience",
                       "told": "https://other.example"})  # fmt: skip
        self.assertEqual(self.screen().fields & last, last)

    def test_the_result_of_the_check_is_shown_after_it(self):
        setup = self.env["mail.plugin.google.setup"].with_user(self.admin).create({})
        self.assertNotIn("problem", Screen(setup, self.admin).fields)
        setup.action_check()
        self.assertIn("problem", Screen(setup, self.admin).fields)
