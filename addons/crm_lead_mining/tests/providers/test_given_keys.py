import logging
import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import LeadMiningCase
from ..http_server import Answer, LoopbackCase

SECRET = "0f7d-of-the-environment"


@tagged("post_install", "-at_install")
class TestGivenKeys(LeadMiningCase, LoopbackCase):
    """Keys that the server's environment gives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, "administrator", "base.group_system,sales_team.group_sale_manager"
        )
        cls.hunter = cls.env.ref("crm_lead_mining.provider_hunter")
        cls.hunter.api_key = "of-the-database"
        cls.hunter = cls.hunter.with_user(cls.administrator)

    def setUp(self):
        super().setUp()
        self.give(OPEN_CRM_DATABASE=self.env.cr.dbname, OPEN_CRM_KEY_HUNTER=SECRET)

    def give(self, **variables):
        self.startPatcher(patch.dict(os.environ, variables))

    def stored(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT api_key FROM lead_mining_provider WHERE id = %s", [self.hunter.id]
        )
        return self.env.cr.fetchone()[0]

    def test_a_provider_is_asked_with_the_key_of_the_environment(self):
        server = self.serve([Answer({"data": {}})])
        self.hunter.base_url = server.url
        with self.assertLogs("odoo.addons.crm_lead_mining", logging.DEBUG) as logs:
            self.hunter.action_test_connection()
        self.assertEqual(server.asked[0].headers["X-API-KEY"], SECRET)
        self.assertTrue([line for line in logs.output if "hunter" in line])
        self.assertNotIn(SECRET, "\n".join(logs.output))

    def test_a_provider_without_a_stored_key_is_ready(self):
        self.hunter.sudo().env.cr.execute("UPDATE lead_mining_provider SET api_key = NULL")
        self.env.invalidate_all()
        self.assertTrue(self.hunter.is_ready)
        self.give(OPEN_CRM_KEY_HUNTER="")
        self.env.invalidate_all()
        self.assertFalse(self.hunter.is_ready)

    def test_the_screen_says_where_the_key_is_and_neither_shows_nor_takes_one(self):
        with Form(self.hunter) as form:
            self.assertEqual(form.api_key_source, "OPEN_CRM_KEY_HUNTER")
            self.assertTrue(form._get_modifier("api_key", "invisible"))
            form.name = "Renamed"
        self.assertEqual(self.stored(), "of-the-database")
        [values] = self.hunter.web_read({"api_key": {}, "api_key_source": {}})
        self.assertFalse(values["api_key"])
        self.assertEqual(self.hunter.export_data(["api_key"])["datas"], [[""]])
        self.assertNotIn(SECRET, str(self.hunter.copy_data()))
        with self.assertRaisesRegex(UserError, "OPEN_CRM_KEY_HUNTER"):
            self.hunter.api_key = "another"
        self.assertEqual(self.stored(), "of-the-database")

    def test_a_provider_goes_with_its_addon_whoever_gives_its_key(self):
        retire = self.hunter.sudo()._retire
        retire("hunter", "crm_lead_mining.provider_hunter")
        self.assertFalse(self.hunter.active)
        self.give(OPEN_CRM_KEY_HUNTER="")
        self.env.invalidate_all()
        retire("hunter", "crm_lead_mining.provider_hunter")
        self.assertFalse(self.stored())

    def test_the_database_keeps_its_own_key_for_when_the_environment_has_none(self):
        self.assertEqual(self.hunter.api_key, SECRET)
        self.give(OPEN_CRM_KEY_HUNTER="")
        self.assertEqual(self.hunter.api_key, "of-the-database")
        self.assertFalse(self.hunter.api_key_source)
        self.hunter.api_key = "another"
        self.assertEqual((self.hunter.api_key, self.stored()), ("another", "another"))

    def test_other_users_see_neither_key_nor_source(self):
        for name in ("api_key", "api_key_source"):
            with self.assertRaises(AccessError):
                self.hunter.with_user(self.salesperson).read([name])

    def test_a_copy_gets_no_key(self):
        self.give(OPEN_CRM_DATABASE="production")
        self.assertEqual(self.hunter.api_key, "of-the-database")
        self.give(OPEN_CRM_DATABASE=self.env.cr.dbname)
        self.assertEqual(self.hunter.api_key, SECRET)
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "1")
        self.assertEqual(self.hunter.api_key, "of-the-database")


@tagged("post_install", "-at_install")
class TestNeededKeys(LeadMiningCase):
    def test_who_sells_data_or_counts_questions_is_ready_only_with_a_key(self):
        needing = {"companies_house", "hunter", "odoo_iap", "people_data_labs"}
        providers = self.env["lead.mining.provider"].with_context(active_test=False).search([])
        self.assertLessEqual(needing, set(providers.mapped("code")))
        for provider in providers.filtered(lambda one: one.code != "synthetic"):
            with self.subTest(provider.code):
                for key in (False, "key"):
                    provider.api_key = key
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertIs(provider.is_ready, bool(key) or provider.code not in needing)
