"""How a Google account becomes a user's, and how it ends."""

from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..tools import actions
from .common import BASE, SUB, GmailCase

CONNECT = "/gmail_addon/connect"


@tagged("post_install", "-at_install")
class TestGmailConnect(GmailCase):
    def state(self, **event):
        [link] = self.open(**event).links
        self.assertEqual((link["openAs"], link["onClose"]), ("OVERLAY", "RELOAD"))
        url = urlsplit(link["url"])
        self.assertEqual(f"{url.scheme}://{url.netloc}", BASE)
        self.assertEqual(url.path, CONNECT)
        return parse_qs(url.query)["state"][0]

    def page(self, state):
        return self.url_open(f"{CONNECT}?state={state}")

    def answer(self, state, do="1", **changes):
        """Press a button of the page."""
        _before, mark, form = self.page(state).text.partition('name="csrf_token" value="')
        if mark:
            self.csrf_token = form.partition('"')[0]
        data = {"state": state, "do": do, "csrf_token": self.csrf_token, **changes}
        return self.url_open(
            f"{CONNECT}/done", data={key: value for key, value in data.items() if value}
        )

    def connections(self):
        return self.env["mail.plugin.connection"].search([("google_sub", "!=", False)])

    def test_a_user_connects_the_account_of_the_own_address(self):
        state = self.state()
        self.authenticate("sally", "sally")
        page = self.page(state)
        self.assertIn("sally@ours.example", page.text)
        self.assertIn("(sally)", " ".join(page.text.split()))
        self.assertEqual(page.headers["X-Frame-Options"], "DENY")
        self.assertNotIn("Cross-Origin-Opener-Policy", page.headers)
        self.assertIn("is connected", self.answer(state).text)
        [connection] = self.connections()
        self.assertEqual(connection.user_id, self.user)
        self.assertEqual(connection.google_email, "sally@ours.example")
        self.assertIn("Ann Doe", self.open().text)

    def test_a_link_is_good_once(self):
        state = self.state()
        self.authenticate("sally", "sally")
        self.answer(state)
        self.connections().key_id.unlink()
        for again in (self.page(state), self.answer(state)):
            self.assertEqual(again.status_code, 400)
            self.assertIn("used already", again.text)
        self.assertFalse(self.connections())

    def test_an_old_or_changed_link_is_refused_in_words(self):
        good = self.state()
        self.authenticate("sally", "sally")
        with patch.object(actions, "SECONDS_TO_CONNECT", -1):
            old = self.state()
        self.authenticate("sally", "sally")
        button = self.open().parameter("I have allowed it")
        changed = good[:-1] + ("0" if good[-1] != "0" else "1")
        for state in (old, changed, "", "x", button):
            response = self.page(state)
            self.assertEqual(response.status_code, 400)
            self.assertIn("too old", response.text)

    def test_denying_connects_nothing_and_uses_the_link_up(self):
        state = self.state()
        self.authenticate("sally", "sally")
        self.assertIn("was not connected", self.answer(state, do="").text)
        self.assertFalse(self.connections())
        self.assertEqual(self.page(state).status_code, 400)

    def test_a_foreign_page_cannot_press_the_button(self):
        state = self.state()
        self.authenticate("sally", "sally")
        self.assertEqual(self.answer(state, csrf_token="wrong").status_code, 400)
        self.assertFalse(self.connections())

    def test_a_stranger_logs_in_first_and_a_portal_user_is_refused(self):
        state = self.state()
        self.assertIn("/web/login", self.page(state).url)
        new_test_user(self.env, "porter", "base.group_portal", email="sally@ours.example")
        self.authenticate("porter", "porter")
        self.assertIn("Only internal users", self.page(state).text)

    def test_an_account_of_another_address_needs_an_administrator(self):
        """A link that somebody passes on would give a stranger's Gmail the rights of a user."""
        state = self.state(email="stranger@evil.test")
        self.authenticate("sally", "sally")
        page = self.page(state).text
        self.assertIn("not among your addresses", page)
        self.assertIn("Ask for Approval", page)
        self.assertIn("has to approve", self.answer(state).text)
        self.assertFalse(self.connections())
        asked = self.env["mail.plugin.google.request"].search([])
        self.assertEqual((asked.email, asked.user_id), ("stranger@evil.test", self.user))
        for name in ("action_approve", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(asked.with_user(self.user), name)()
        asked.with_user(self.env.ref("base.user_admin")).action_approve()
        self.assertFalse(asked.exists())
        [connection] = self.connections()
        self.assertEqual(connection.user_id, self.user)
        self.assertIn("Ann Doe", self.open(email="stranger@evil.test").text)

    def test_a_request_that_is_refused_or_whose_user_is_gone_connects_nothing(self):
        requests = self.env["mail.plugin.google.request"].with_user(self.user)
        requests.ask("5", "a@x.test")
        requests.ask("5", "b@x.test")
        [asked] = requests.sudo().search([])
        self.assertEqual(asked.email, "b@x.test")
        asked.with_user(self.env.ref("base.user_admin")).action_refuse()
        self.assertFalse(asked.exists() or self.connections())
        requests.ask("5", "a@x.test")
        self.user.active = False
        self.assertFalse(requests.sudo().search([]))
        self.user.active = True
        requests.ask("5", "a@x.test")
        self.user.write({"group_ids": [(6, 0, self.env.ref("base.group_portal").ids)]})
        with self.assertRaises(UserError):
            requests.sudo().search([]).with_user(self.env.ref("base.user_admin")).action_approve()

    def test_old_requests_are_dropped(self):
        self.env["mail.plugin.google.request"].with_user(self.user).ask("5", "a@x.test")
        asked = self.env["mail.plugin.google.request"].search([])
        asked._gc_requests()
        self.assertTrue(asked.exists())
        self.env.cr.execute(
            "UPDATE mail_plugin_google_request SET create_date = create_date - interval '31 days'"
        )
        asked.invalidate_recordset()
        asked._gc_requests()
        self.assertFalse(asked.exists())

    def test_an_account_is_one_users(self):
        other = new_test_user(self.env, "other", "base.group_user", email="o@ours.example")
        self.link()
        with self.assertRaisesRegex(UserError, "connected to another user"):
            self.link(other)
        self.link()
        self.assertEqual(len(self.connections()), 1)
        self.connections().with_user(self.user).action_revoke()
        self.link(other)
        self.assertEqual(self.connections().user_id, other)

    def test_it_is_a_connected_mailbox_whose_token_nobody_has(self):
        connection = self.link()
        self.assertEqual(connection.name, "Gmail: sally@ours.example")
        self.assertIn(connection, self.user.mail_plugin_connection_ids)
        self.env.cr.execute("UPDATE mail_plugin_connection SET last_use = NULL")
        self.open()
        connection.invalidate_recordset()
        self.assertTrue(connection.last_use)

    def test_disconnecting_archiving_and_expiry_end_it(self):
        def disconnect(connection):
            connection.with_user(self.user).action_revoke()

        def archive(connection):
            self.user.active = False
            self.user.active = True

        def expire(connection):
            past = fields.Datetime.now() - timedelta(days=1)
            connection.sudo().key_id.expiration_date = past

        def everywhere(connection):
            self.user._action_revoke_all_devices()

        for end in (disconnect, archive, expire, everywhere):
            with self.subTest(end=end.__name__):
                connection = self.link()
                self.assertIn("Ann Doe", self.open().text)
                end(connection)
                self.env.flush_all()
                self.assertIn("Connect", self.open().text)

    def test_it_is_disconnected_from_its_own_menu(self):
        self.link()
        card, _says = self.press(self.open(), "Disconnect")
        self.assertIn("Connect", card.text)
        self.assertFalse(self.connections())

    def test_each_card_shows_whose_account_it_is(self):
        self.link()
        for card in (self.open(), self.open(message=None)):
            shown = card.texts[card.texts.index("Google account") :]
            self.assertEqual(shown[1], "sally@ours.example")
            self.assertIn("Odoo: sally", shown[2])

    def test_an_e_mail_of_a_shared_mailbox_says_so(self):
        self.link(email="team@ours.example", sub=SUB)
        self.assertIn("delegated mailbox", self.open(email="team@ours.example").text)
        self.assertNotIn("delegated mailbox", self.open().text)
