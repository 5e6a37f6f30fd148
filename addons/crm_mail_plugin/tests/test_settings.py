from unittest.mock import patch

import requests

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools.settings import Settings
from .common import AddinCase


@tagged("post_install", "-at_install")
class TestSettings(AddinCase):
    def _save(self, **values):
        settings = self.env["res.config.settings"].create(
            {f"mail_plugin_{name}": value for name, value in values.items()}
        )
        settings.execute()
        return Settings.of(self.env)

    def test_what_is_saved_holds_also_where_it_is_nothing(self):
        chosen = {
            "enabled": False, "redirects": "https://a.example/", "token_days": 7,
            "enrichment": "never", "token_limit": 0, "address_limit": 5, "generation": "2",
        }  # fmt: skip
        self.assertEqual(self._save(**chosen), Settings(**chosen))
        shown = self.env["res.config.settings"].create({})
        self.assertEqual({name: shown[f"mail_plugin_{name}"] for name in chosen}, chosen)

    def test_nonsense_falls_back_to_the_defaults(self):
        for name in Settings.__dataclass_fields__:
            self.set_option(name, "nonsense" if name != "redirects" else "no address")
        settings = Settings.of(self.env)
        self.assertEqual(settings.token_days, 90)
        self.assertEqual((settings.enrichment, settings.generation), ("request", "1"))
        self.assertTrue(settings.enabled)
        self.assertFalse(settings.allows("https://evil.example/"))
        self.assertTrue(settings.allows("https://download.odoocdn.com/x"))

    def test_a_mailbox_connects_whatever_number_of_days_is_stored(self):
        for days in ("-1", "0", str(10**12)):
            self.set_option("token_days", days)
            self.assertTrue(self.make_token(self.user, days=Settings.of(self.env).token_days))

    def test_what_cannot_be_is_not_saved(self):
        for values in (
            {"redirects": "http://a.example/"}, {"token_days": 0}, {"token_limit": -1},
            {"address_limit": -1},
        ):  # fmt: skip
            with self.assertRaises(ValidationError, msg=str(values)):
                self._save(**values)

    def test_only_administrators_change_them(self):
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.user).create({}).execute()
        self.assertFalse(self.env["ir.config_parameter"].get_param(Settings.PREFIX + "enabled"))

    # === GUIDE === #

    def _post_as_test(self, url, *, json, **kw):
        """Send a request as one that the server of the tests answers."""
        return self.url_open(url, json=json)

    def test_the_guide_shows_where_to_connect_and_checks_it(self):
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        self.env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
        guide = self.env["mail.plugin.guide"].with_user(self.user).create({})
        self.assertEqual((guide.address, guide.is_secure), (self.base_url(), False))
        with patch.object(requests, "post", self._post_as_test):
            guide.action_check()
        self.assertEqual(guide.check_result, "reached")

    def test_a_neutralized_copy_does_not_ask_the_address_which_may_be_production_s(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        guide = self.env["mail.plugin.guide"].create({})
        with patch.object(requests, "post", side_effect=AssertionError("asked")):
            guide.action_check()
        self.assertEqual(guide.check_result, "copy")

    def test_only_what_was_changed_is_written(self):
        parameters = self.env["ir.config_parameter"].search([("key", "like", Settings.PREFIX)])
        parameters.unlink()
        self._save(token_days=7)
        written = self.env["ir.config_parameter"].search([("key", "like", Settings.PREFIX)])
        self.assertEqual(written.key, Settings.PREFIX + "token_days")

    def test_the_check_tells_another_place_and_none_apart(self):
        guide = self.env["mail.plugin.guide"].create({})
        with patch.object(requests, "post", self._post_as_test):
            self.assertEqual(guide._ask(self.base_url() + "/no"), "other")
        self.assertEqual(guide._ask("http://127.0.0.1:9"), "unreachable")
