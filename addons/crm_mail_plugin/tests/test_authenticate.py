from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..tools import codes
from .common import GMAIL_REDIRECT, AddinCase

EXCHANGE = "/mail_plugin/auth/access_token"


@tagged("post_install", "-at_install")
class TestSignIn(AddinCase):
    def setUp(self):
        super().setUp()
        self.authenticate("sally", "sally")

    # === CONSENT === #

    def test_the_page_shows_who_asks_and_where_the_access_goes(self):
        page = self.consent_page(friendlyname="Gmail", redirect=GMAIL_REDIRECT)
        self.assertEqual(page.status_code, 200)
        for text in ("Gmail", "https://script.google.com", "1a2B3c", "sally"):
            self.assertIn(text, page.text)

    def test_the_page_speaks_the_users_language_and_not_the_browsers(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["crm_mail_plugin"], ["it_IT"])
        self.user.lang = "it_IT"
        self.opener.headers["Accept-Language"] = "en-US"
        self.assertIn("Collegare", self.consent_page().text)
        self.user.lang = "en_US"
        self.opener.headers["Accept-Language"] = "it-IT"
        self.assertIn("Connect your mailbox?", self.consent_page().text)

    def test_no_other_page_can_frame_it(self):
        headers = self.consent_page().headers
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])

    def test_the_name_of_an_add_in_is_text_not_html(self):
        page = self.consent_page(friendlyname="<script>alert(1)</script>\u202e" + "x" * 500).text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("x" * 65, page)

    def test_an_unknown_place_is_refused_on_the_page_and_on_the_form(self):
        for redirect in ("https://evil.example/steal", "javascript:alert(1)", "", None):
            for response in (self.consent_page(redirect=redirect), self.confirm(redirect=redirect)):
                self.assertEqual(response.status_code, 400)
                self.assertIn("is not allowed here", response.text)
                self.assertNotIn("Location", response.headers)

    def test_an_administrator_can_allow_another_place(self):
        self.set_option("redirects", "https://addins.ours.example/outlook/")
        answer = self.sign_in(redirect="https://addins.ours.example/outlook/taskpane.html")
        self.assertTrue(self.call(EXCHANGE, {"auth_code": answer["auth_code"]})["access_token"])

    def test_another_scope_is_refused(self):
        for scope in ("zzz", "", None, "outlook "):
            self.assertEqual(self.consent_page(scope=scope).status_code, 400)
            self.assertEqual(self.confirm(scope=scope).status_code, 400)

    def test_a_form_without_anything_is_refused(self):
        response = self.url_open("/mail_plugin/auth/confirm", data={"csrf_token": self.csrf()})
        self.assertEqual(response.status_code, 400)

    def test_a_portal_user_cannot_connect_a_mailbox(self):
        new_test_user(self.env, login="petra", groups="base.group_portal")
        self.authenticate("petra", "petra")
        page = self.consent_page()
        self.assertEqual(page.status_code, 400)
        self.assertIn("Only internal users", page.text)

    def test_denying_brings_the_state_back_and_no_code(self):
        self.assertEqual(
            self.sign_in(do=None, redirect=GMAIL_REDIRECT, state="s&=1"),
            {"success": "0", "state": "s&=1"},
        )

    def test_the_state_comes_back_as_it_was(self):
        state = '{"loginToken": "a+b/c=", "email": "è@x.example"}'
        answer = self.sign_in(redirect=GMAIL_REDIRECT, state=state)
        self.assertEqual(answer["state"], state)
        self.assertEqual(answer["success"], "1")

    # === CODE === #

    def test_a_code_gives_a_token_that_works(self):
        code = self.sign_in()["auth_code"]
        token = self.call(EXCHANGE, {"auth_code": code}, token="")["access_token"]
        self.assertIn(
            "partners",
            self.call("/mail_plugin/partner/search", {"search_term": "a@b.c"}, token=token),
        )

    def test_a_code_is_good_once(self):
        code = self.sign_in()["auth_code"]
        self.assertIn("access_token", self.call(EXCHANGE, {"auth_code": code}))
        self.assertEqual(self.call(EXCHANGE, {"auth_code": code}), {"error": "Invalid code"})

    def test_a_code_is_good_for_three_minutes(self):
        code = self.sign_in()["auth_code"]
        with patch.object(codes, "SECONDS_VALID", -100):
            self.assertEqual(self.call(EXCHANGE, {"auth_code": code}), {"error": "Invalid code"})

    def test_a_code_is_bound_to_where_it_was_sent(self):
        code = self.sign_in()["auth_code"]
        sent = {"auth_code": code, "redirect": GMAIL_REDIRECT}
        self.assertEqual(self.call(EXCHANGE, sent), {"error": "Invalid code"})

    def test_a_place_that_is_taken_off_the_list_redeems_no_code(self):
        self.set_option("redirects", "https://addins.ours.example/")
        code = self.sign_in(redirect="https://addins.ours.example/x")["auth_code"]
        self.set_option("redirects", "")
        self.assertEqual(self.call(EXCHANGE, {"auth_code": code}), {"error": "Invalid code"})

    def test_a_code_of_a_user_who_left_gives_nothing(self):
        code = self.sign_in()["auth_code"]
        self.user.active = False
        self.assertEqual(self.call(EXCHANGE, {"auth_code": code}), {"error": "Invalid code"})

    def test_a_changed_code_is_refused_in_plain_words(self):
        code = self.sign_in()["auth_code"]
        for wrong in ("", "a", "a.b", "a.b.c", code[:-4], "A" + code[1:], code + ".", "\x00", None,
                      7, [], {}, "\ud800", "=" * 10000):  # fmt: skip
            answer = self.post(EXCHANGE, {"auth_code": wrong})
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.json()["result"], {"error": "Invalid code"}, repr(wrong))

    def test_names_that_no_route_knows_are_left_out(self):
        for route in (EXCHANGE, "/mail_plugin/auth/check_version", "/mail_plugin/auth/check"):
            self.call(route, {"self": 1, "kwargs": 2, "x": 3}, token="")
            self.assertIn("params", self.refuse(route, "x", token=""))

    def test_a_code_is_redeemed_where_writing_is_allowed(self):
        """Odoo asks a replica first where a route does not say that it writes."""
        code = self.sign_in()["auth_code"]
        with self.assertNoLogs("odoo.http", "WARNING"):
            self.assertIn("access_token", self.call(EXCHANGE, {"auth_code": code}))
        with self.assertNoLogs("odoo.http", "WARNING"):
            self.env.registry.clear_cache("routing")
            self.assertEqual(self.call("/mail_plugin/auth/check_version", token=""), 1)

    def test_without_the_tables_an_add_in_is_told_what_to_do(self):
        code = self.sign_in()["auth_code"]
        self.patch(self.registry["mail.plugin.setup"], "_is_done", lambda _self: False)
        self.assertIn("-u crm_mail_plugin", self.refuse(EXCHANGE, {"auth_code": code}, token=""))
        for route in ("/mail_plugin/auth/check_version", "/mail_plugin/get_translations"):
            self.assertIn("-u crm_mail_plugin", self.refuse(route))
        self.assertIn("-u crm_mail_plugin", self.consent_page().text)

    def test_without_the_tables_the_log_tells_the_administrator_what_to_do(self):
        setup, log = self.env["mail.plugin.setup"], "odoo.addons.crm_mail_plugin"
        with self.assertNoLogs(log, "ERROR"):
            setup._register_hook()
        self.patch(self.registry["mail.plugin.setup"], "_is_done", lambda _self: False)
        with self.assertLogs(log, "ERROR") as caught:
            setup._register_hook()
        self.assertIn("-u crm_mail_plugin", caught.output[0])

    # === SETTINGS === #

    def test_the_generation_is_the_administrators_choice(self):
        self.assertEqual(self.call("/mail_plugin/auth/check_version", token=""), 1)
        self.set_option("generation", "2")
        self.assertEqual(self.call("/mail_plugin/auth/check_version", token=""), 2)

    def test_switched_off_nobody_signs_in_or_works(self):
        self.set_option("enabled", False)
        self.assertEqual(self.consent_page().status_code, 400)
        for route in ("/mail_plugin/auth/check_version", "/mail_plugin/get_translations"):
            self.assertIn("switched off", self.refuse(route))
