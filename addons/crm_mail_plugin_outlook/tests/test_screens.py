from unittest.mock import patch

import requests

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen

from ..models.mail_plugin_outlook import MANIFEST
from ..tools import pane_check
from ..tools.settings import HOSTS, InvalidHost, Settings, parse_hosts
from .common import ADDRESS

OURS = {"outlook_manifest", "outlook_count", "outlook_last_use"}


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "t_admin", "base.group_system")
        cls.user = new_test_user(cls.env, "t_user", "sales_team.group_sale_salesman")
        cls.env["ir.config_parameter"].set_param("web.base.url", ADDRESS)

    def guide(self, user):
        return self.env["mail.plugin.guide"].with_user(user).create({})

    def connect(self, user, origin=ADDRESS):
        keys = self.env["res.users.apikeys"].with_user(user)
        keys.generate_for_addin("Outlook", origin, 30)
        return self.env["mail.plugin.connection"].search([("user_id", "=", user.id)])

    def test_the_guide_names_the_manifest_and_who_uses_the_add_in(self):
        guide = self.guide(self.user)
        self.assertEqual(guide.outlook_manifest, ADDRESS + MANIFEST)
        self.assertEqual(
            Screen(guide, self.user).fields & OURS, {"outlook_manifest", "outlook_count"}
        )
        self.assertEqual(guide.action_download_outlook_manifest()["url"], MANIFEST)
        mailbox = self.connect(self.user)
        self.connect(self.admin, "https://download.odoocdn.com")
        mailbox.last_use = "2026-01-02 03:04:05"
        for user, count in ((self.admin, 1), (self.user, 1)):
            guide = self.guide(user)
            self.assertEqual(
                (guide.outlook_count, guide.outlook_last_use), (count, mailbox.last_use)
            )
            self.assertLessEqual(OURS, Screen(guide, user).fields)

    def test_users_are_told_only_of_their_own_mailboxes(self):
        self.connect(self.admin)
        self.assertEqual(self.guide(self.user).outlook_count, 0)

    def test_only_administrators_read_how_to_deploy_it_for_everybody(self):
        self.assertTrue(self.guide(self.admin).is_administrator)
        self.assertFalse(self.guide(self.user).is_administrator)

    def test_the_check_of_the_address_looks_at_the_pane_as_well(self):
        guide = self.guide(self.admin)
        parent = "odoo.addons.crm_mail_plugin.tools.address_check.check"
        for reached, pane, told in (("reached", "", "reached"), ("database", "", "database"),
                                    ("reached", "outlook_frame", "outlook_frame")):  # fmt: skip
            with (
                patch(parent, return_value=reached),
                patch.object(pane_check, "check", return_value=pane) as asked,
            ):
                guide.action_check()
            self.assertEqual(guide.check_result, told)
            self.assertEqual(asked.called, reached == "reached")

    def test_settings_keep_the_hosts_of_an_exchange_server_and_refuse_what_is_none(self):
        settings = self.env["res.config.settings"].with_user(self.admin)
        settings.create({"mail_plugin_outlook_hosts": "https://mail.ours.example"}).execute()
        self.assertEqual(Settings.of(self.env).frame_hosts, (*HOSTS, "https://mail.ours.example"))
        self.assertEqual(settings.create({}).mail_plugin_outlook_hosts, "https://mail.ours.example")
        with self.assertRaisesRegex(ValidationError, "mail.ours"):
            settings.create({"mail_plugin_outlook_hosts": "mail.ours.example"})


class TestPaneCheck(BaseCase):
    GOOD = {"Content-Security-Policy": "script-src 'self'; frame-ancestors " + " ".join(HOSTS)}

    def problem(self, status=200, **headers):
        found = requests.structures.CaseInsensitiveDict({**self.GOOD, **headers})
        return pane_check.problem_of(status, found)

    def test_a_pane_that_outlook_can_show_has_no_problem(self):
        self.assertEqual(self.problem(), "")

    def test_a_proxy_that_forbids_frames_is_named(self):
        for headers in ({"x-frame-options": "SAMEORIGIN"}, {"Content-Security-Policy": ""},
                        {"Content-Security-Policy": "frame-ancestors 'self'"}):  # fmt: skip
            self.assertEqual(self.problem(**headers), "outlook_frame")

    def test_a_pane_that_does_not_open_is_named(self):
        for status in (302, 401, 404, 500):
            self.assertEqual(self.problem(status), "outlook_missing")
        with patch("requests.get", side_effect=requests.ConnectionError):
            self.assertEqual(pane_check.check("https://erp.ours.example/x"), "outlook_missing")


class TestHosts(BaseCase):
    def test_hosts_are_https_origins(self):
        text = "https://mail.example/\n\n https://MAIL.example:8443"
        self.assertEqual(parse_hosts(text), ("https://mail.example", "https://mail.example:8443"))
        for line in ("http://x.example", "https://", "https://*.example", "https://x/path",
                     "https://a@b.example", "https://x.example;", "https://x.example?a", "x",
                     "https://x.example:99999", "https://[x"):  # fmt: skip
            with self.subTest(line), self.assertRaises(InvalidHost):
                parse_hosts(line)
