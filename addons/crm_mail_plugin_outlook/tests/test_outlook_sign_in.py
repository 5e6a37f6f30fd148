from urllib.parse import parse_qs, urlsplit

from odoo.tests import new_test_user, tagged

from .common import ADDRESS, OutlookCase

SIGN_IN = "/mail_plugin/outlook/sign_in"
SIGNED_IN = "/mail_plugin/outlook/signed_in"
EXCHANGE = "/mail_plugin/auth/access_token"
STATE = "0a1b2c3d-4444-5555-6666-777788889999"


@tagged("post_install", "-at_install")
class TestOutlookSignIn(OutlookCase):
    mailbox = ""

    def setUp(self):
        super().setUp()
        self.set_address(self.base_url())
        self.authenticate("sally", "sally")

    def sign_in_values(self):
        """Return what the window asks for, by the address that it is sent to."""
        answer = self.get(f"{SIGN_IN}?state={STATE}&mailbox={self.mailbox}")
        self.assertEqual(answer.status_code, 303)
        self.assertNotIn("Set-Cookie", answer.headers)
        query = urlsplit(answer.headers["Location"]).query
        return {name: value for name, [value] in parse_qs(query).items()}

    def test_a_user_allows_the_add_in_and_it_has_a_token(self):
        page = self.consent_page()
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.base_url(), page.text)
        self.assertIn("sally", page.text)
        answer = self.sign_in()
        self.assertEqual((answer["success"], answer["state"]), ("1", STATE))
        redirect = self.base_url() + SIGNED_IN
        sent = {"auth_code": answer["auth_code"], "redirect": redirect}
        token = self.call(EXCHANGE, sent, token="")["access_token"]
        session = self.call("/mail_plugin/outlook/session", token=token)
        self.assertEqual(session["user"], self.user.name)
        mailbox = self.env["mail.plugin.connection"].search([], order="id desc", limit=1)
        self.assertEqual(
            (mailbox.user_id, mailbox.origin, mailbox.name),
            (self.user, self.base_url(), "Outlook"),
        )
        self.assertIn("error", self.call(EXCHANGE, sent, token=""))

    def test_two_mailboxes_in_one_browser_are_connected_and_told_apart(self):
        redirect = self.base_url() + SIGNED_IN
        tokens = []
        for self.mailbox in ("sally@ours.example", "sales@ours.example"):
            sent = {"auth_code": self.sign_in()["auth_code"], "redirect": redirect}
            tokens.append(self.call(EXCHANGE, sent, token="")["access_token"])
        for token in tokens:
            self.call("/mail_plugin/outlook/session", token=token)
        mailboxes = self.env["mail.plugin.connection"].search([("origin", "=", self.base_url())])
        names = {"Outlook sally@ours.example", "Outlook sales@ours.example"}
        self.assertEqual(set(mailboxes.mapped("name")), names)

    def test_a_user_denies_and_no_code_is_given(self):
        answer = self.sign_in(do=None)
        self.assertEqual(answer, {"success": "0", "state": STATE})

    def test_the_code_goes_nowhere_but_to_this_databases_own_page(self):
        own = self.base_url()
        for redirect in (f"{own}{SIGNED_IN}/more", f"{own}/web", f"https://evil.example{SIGNED_IN}",
                         f"{own}@evil.example{SIGNED_IN}", f"{own}{SIGNED_IN}?x=1"):  # fmt: skip
            page = self.consent_page(redirect=redirect)
            self.assertEqual(page.status_code, 400, redirect)

    def test_an_address_is_the_same_however_it_is_spelled(self):
        self.set_address(self.base_url().replace("http://127", "HTTP://127") + "/")
        self.assertEqual(self.sign_in_values()["redirect"], self.base_url() + SIGNED_IN)
        outlook = self.env["mail.plugin.outlook"]
        self.set_address("https://ERP.Ours.example:443")
        self.assertEqual(outlook._address(SIGNED_IN), f"{ADDRESS}{SIGNED_IN}")

    def test_without_https_a_sign_in_is_refused_in_words(self):
        self.set_address("http://erp.ours.example")
        page = self.consent_page()
        self.assertEqual(page.status_code, 400)
        self.assertIn("not allowed here", page.text)

    def test_the_page_at_the_end_is_in_no_frame_and_kept_by_nobody(self):
        answer = self.get(f"{SIGNED_IN}?success=1&auth_code=secret&state={STATE}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertNotIn("secret", answer.text)

    def test_a_sign_in_without_a_name_of_its_own_does_not_begin(self):
        for state in ("", "x" * 65, "a/b", "%00"):
            self.assertEqual(self.get(f"{SIGN_IN}?state={state}").status_code, 404)

    def test_a_portal_user_is_refused_in_words(self):
        new_test_user(self.env, login="port", password="port", groups="base.group_portal")
        self.authenticate("port", "port")
        page = self.consent_page()
        self.assertEqual(page.status_code, 400)
        self.assertIn("Only internal users", page.text)

    def test_an_archived_user_and_a_disconnected_mailbox_have_to_sign_in(self):
        for end in (self.user.action_archive, self.disconnect):
            token = self.make_token(self.user)
            end()
            error = self.post("/mail_plugin/outlook/session", token=token).json()["error"]
            self.assertEqual(error["data"]["name"], "LoginRequired")
            self.assertTrue(error["message"])
            self.user.active = True

    def disconnect(self):
        mailboxes = self.env["mail.plugin.connection"].search([("user_id", "=", self.user.id)])
        mailboxes.action_revoke()

    def test_with_the_mail_plugins_off_nobody_signs_in_and_it_says_why(self):
        values = self.sign_in_values()
        self.set_option("enabled", "False")
        page = self.url_open("/mail_plugin/auth?" + self._query(values), allow_redirects=False)
        self.assertIn("switched off", page.text)
        error = self.post("/mail_plugin/outlook/session").json()["error"]
        self.assertIn("switched off", error["message"])
