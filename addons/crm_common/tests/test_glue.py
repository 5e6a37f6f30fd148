from odoo.tests import TransactionCase


class TestGlue(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = cls.env["ir.module.module"]

    def _module(self, name, state, *joined, **values):
        dependencies = [(0, 0, {"name": one, "auto_install_required": True}) for one in joined]
        return self.modules.create(
            {"name": name, "state": state, "dependencies_id": dependencies, **values}
        )

    def _glue(self, *joined, state="uninstalled", **values):
        values = {"auto_install": True, **values}
        return self._module("crm_trial_glue", state, *joined, **values)

    def test_glue_is_missing_where_all_that_it_joins_is_there(self):
        self._module("crm_trial", "installed", "crm_common")
        glue = self._glue("crm_trial", "mail")
        self.assertIn(glue, self.modules._missing_glue())
        glue.state = "installed"
        self.assertNotIn(glue, self.modules._missing_glue())

    def test_glue_is_not_missing_where_one_that_it_joins_is_not_there(self):
        trial = self._module("crm_trial", "uninstalled", "crm_common")
        glue = self._glue("crm_trial", "mail")
        self.assertNotIn(glue, self.modules._missing_glue())
        trial.state = "to upgrade"
        self.assertIn(glue, self.modules._missing_glue())

    def test_neither_others_addons_nor_those_that_wait_for_a_click_are_told(self):
        self.assertNotIn(self._glue("mail"), self.modules._missing_glue())
        waiting = self._module("crm_trial", "uninstalled", "crm_common")
        self.assertNotIn(waiting, self.modules._missing_glue())

    def test_only_what_joins_an_addon_that_has_come_comes_with_it(self):
        came = self._module("crm_trial", "installed", "crm_common")
        glue = self._glue("crm_trial", "mail")
        removed = self._module("crm_trial_removed", "uninstalled", "crm_common", auto_install=True)
        came._bring_glue()
        self.assertEqual(glue.state, "to install")
        self.assertEqual(removed.state, "uninstalled")

    def test_the_settings_show_what_is_missing(self):
        self._module("crm_trial", "installed", "crm_common")
        glue = self._glue("crm_trial")
        settings = self.env["res.config.settings"].create({})
        self.assertIn(glue, settings.missing_glue_ids)
