from contextlib import contextmanager
from unittest.mock import patch

import requests

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools import address_check
from ..tools.address_check import PROOF, REFUSED, VERSION
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

    ADDRESS = "https://odoo.ours.example"

    @contextmanager
    def _proxied(self, **changes):
        """Let the server of the tests answer at an https address, as a proxy would have it."""

        def post(url, *, json, headers, **kw):
            self.assertEqual(kw["allow_redirects"], False)
            route = url.removeprefix(self.ADDRESS)
            answer = self.url_open(route, json=json, headers=headers)
            for change in changes.get(route, ()):
                change(answer)
            return answer

        def get(url, **kw):
            answer = requests.Response()
            answer.status_code = 303
            answer.headers["Location"] = changes["login"]
            return answer

        with patch.object(requests, "post", post), patch.object(requests, "get", get):
            yield

    def _checked(self, **changes):
        guide = self.env["mail.plugin.guide"].with_user(self.user).create({})
        # What other addons ask of an address they try themselves.
        further = patch.object(
            self.registry["mail.plugin.guide"], "_check_further", lambda _self, _address: ""
        )
        with further, self._proxied(**changes):
            guide.action_check()
        return guide.check_result

    def test_the_guide_shows_where_to_connect_and_checks_it(self):
        self.env["ir.config_parameter"].set_param("web.base.url", self.ADDRESS)
        guide = self.env["mail.plugin.guide"].with_user(self.user).create({})
        self.assertEqual((guide.address, guide.is_secure), (self.ADDRESS, True))
        for generation in ("1", "2"):
            self.set_option("generation", generation)
            self.assertEqual(self._checked(), "reached")
        self.env["ir.config_parameter"].set_param("web.base.url", self.ADDRESS + "/")
        self.assertEqual(self._checked(), "reached")
        self.set_option("enabled", False)
        self.assertEqual(self._checked(), "off")

    def test_the_check_tells_what_would_keep_an_add_in_away(self):
        self.env["ir.config_parameter"].set_param("web.base.url", self.ADDRESS)

        def status(code):
            return lambda answer: setattr(answer, "status_code", code)

        def content(text):
            return lambda answer: setattr(answer, "_content", text)

        def without_header(answer):
            del answer.headers["Access-Control-Allow-Origin"]

        def fail(error):
            def change(answer):
                raise error

            return change

        for changes, found in (
            ({PROOF: [status(301)]}, "redirect"),
            ({PROOF: [status(404)], "login": "/web/database/selector"}, "database"),
            ({PROOF: [status(404), content(b"no")], "login": "/x"}, "other"),
            ({PROOF: [content(b'{"result": "x"}')]}, "other"),
            ({PROOF: [content('{"result": "\u00e9"}'.encode())]}, "other"),
            ({PROOF: [content(b"[]")]}, "other"),
            ({PROOF: [content(b"<html>")]}, "other"),
            ({PROOF: [fail(requests.exceptions.SSLError())]}, "certificate"),
            ({PROOF: [fail(requests.ConnectionError())]}, "unreachable"),
            ({PROOF: [fail(requests.Timeout())]}, "unreachable"),
            ({VERSION: [content(b'{"result": 2}')]}, "version"),
            ({REFUSED: [without_header]}, "cors"),
        ):
            with self.subTest(found):
                self.assertEqual(self._checked(**changes), found)

    def test_each_thing_that_is_found_has_a_remedy(self):
        for address, found in (
            ("http://odoo.ours.example", "insecure"), ("https://ours.example/odoo", "path"),
            ("https://[x", "other"), ("ours.example", "insecure"),
        ):  # fmt: skip
            self.assertEqual(address_check.problem_of(address), found)
        self.assertEqual(address_check.problem_of("https://ours.example/"), "")
        labels = dict(self.env["mail.plugin.guide"]._fields["check_result"].selection)
        for found in set(labels) - {"reached", "copy"}:
            self.assertGreaterEqual(labels[found].count(". "), 1, found)

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
