import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser
from odoo.addons.crm_mail_plugin.tools import address_check

from ..tools import network
from ..tools.settings import Settings
from . import fake_google


@contextmanager
def reached(result="reached", refuses=True):
    """Have the public address of the database answer so."""

    def ask(url):
        if isinstance(refuses, Exception):
            raise refuses
        return refuses

    with (
        patch.object(address_check, "check", lambda *args: result),
        patch.object(network, "refuses", ask),
    ):
        yield


@tagged("post_install", "-at_install")
class TestSetup(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"]
        cls.parameters.set_param("web.base.url", "https://odoo.example/")
        cls.admin = new_test_user(cls.env, "t_admin", "base.group_system")
        cls.setups = cls.env["mail.plugin.google.setup"].with_user(cls.admin)

    def values(self, **changes):
        return {"service_account": fake_google.ACCOUNT, "client_id": fake_google.CLIENT, **changes}

    def test_the_deployment_has_the_addresses_of_this_database_and_follows_them(self):
        setup = self.setups.create({})
        found = json.loads(setup.deployment)["addOns"]
        self.assertEqual(
            found["common"]["homepageTrigger"]["runFunction"], "https://odoo.example/gmail_addon"
        )
        self.assertFalse(setup.has_moved)
        setup.write(self.values())
        setup.action_save()
        self.parameters.set_param("web.base.url", "https://new.example")
        setup = self.setups.create({})
        self.assertIn("https://new.example/gmail_addon", setup.deployment)
        self.assertNotIn("https://odoo.example", setup.deployment)
        self.assertTrue(setup.has_moved)
        self.assertEqual(setup.pasted_url, "https://odoo.example")
        setup.action_save()
        self.assertFalse(self.setups.create({}).has_moved)

    def test_the_two_values_are_kept_and_the_address_is_frozen(self):
        setup = self.setups.create(self.values(client_id=f" {fake_google.CLIENT} "))
        setup.action_save()
        settings = Settings.of(self.env)
        self.assertTrue(settings.is_complete)
        self.assertEqual(settings.client_id, fake_google.CLIENT)
        self.assertEqual(self.parameters.get_param("web.base.url.freeze"), "True")
        again = self.setups.create({})
        self.assertEqual(again.service_account, fake_google.ACCOUNT)
        again.write({"service_account": False, "client_id": False})
        again.action_save()
        self.assertFalse(Settings.of(self.env).is_complete)

    def test_what_is_no_such_value_is_refused_with_an_example(self):
        for wrong in (
            {"service_account": "me@gmail.com"}, {"client_id": "42"},
            {"client_id": fake_google.ACCOUNT}, {"service_account": fake_google.CLIENT},
            {"service_account": "a@b.iam.gserviceaccount.com.evil.example"},
        ):  # fmt: skip
            with self.assertRaisesRegex(ValidationError, "It looks like"):
                self.setups.create(self.values(**wrong)).action_save()
        self.assertFalse(Settings.of(self.env).is_complete)

    def test_the_check_tells_what_keeps_google_away(self):
        setup = self.setups.create(self.values())
        with reached():
            setup.action_check()
            self.assertIn("Save the two values", setup.problem)
        setup.action_save()
        for result, refuses, said, is_reached in (
            ("reached", True, "refuses strangers", True),
            ("cors", True, "refuses strangers", True),
            ("unreachable", True, "does not answer", False),
            ("database", True, "dbfilter", False),
            ("reached", False, "/gmail_addon", False),
            ("reached", OSError(), "/gmail_addon", False),
        ):
            with reached(result, refuses):
                setup.action_check()
            self.assertIn(said, setup.problem)
            self.assertIs(setup.is_reached, is_reached)
        self.parameters.set_param("database.is_neutralized", "True")
        setup.action_check()
        self.assertIn("neutralized copy", setup.problem)

    def test_nobody_else_comes_here(self):
        seller = new_test_user(self.env, "t_seller", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self.env["mail.plugin.google.setup"].with_user(seller).create({})

    def test_every_reason_of_a_refusal_has_its_sentence(self):
        known = self.setups._reasons()
        for reason in ("issuer", "expired", "early", "audience", "account", "unverified"):
            self.assertTrue(known[reason])


@tagged("post_install", "-at_install")
class TestSetupJourney(KeptBrowser, HttpCase):
    def test_an_administrator_sets_gmail_up_from_the_page(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("web.base.url", "https://odoo.example")
        parameters.set_param("web.base.url.freeze", "True")
        with reached():
            self.start_tour("/odoo/settings", "gmail_setup", login="admin")
        settings = Settings.of(self.env)
        self.assertEqual(
            (settings.base_url, settings.service_account, settings.client_id),
            ("https://odoo.example", fake_google.ACCOUNT, fake_google.CLIENT),
        )
