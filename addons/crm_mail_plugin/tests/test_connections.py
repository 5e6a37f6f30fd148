from ast import literal_eval
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import Mock, patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..exceptions import TooManyRequests
from ..models import res_users_apikeys
from ..tools.limits import address_key
from .common import EMPTY, GMAIL_REDIRECT, AddinCase

SEARCH = ("/mail_plugin/partner/search", {"search_term": "nobody@nowhere.example"})

TRANSLATIONS = "/mail_plugin/get_translations"


@tagged("post_install", "-at_install")
class TestConnections(AddinCase):
    @property
    def connection(self):
        return self.env["mail.plugin.connection"].search([("user_id", "=", self.user.id)])

    def _days_left(self, connection):
        connection.invalidate_recordset()
        return round((connection.expiration_date - fields.Datetime.now()) / timedelta(days=1))

    # === SHOWN AND ENDED === #

    def test_a_mailbox_shows_its_add_in_and_its_use(self):
        self.assertEqual(self.connection.name, "Outlook")
        self.assertFalse(self.connection.last_use)
        self.call(*SEARCH)
        self.connection.invalidate_recordset()
        self.assertTrue(self.connection.last_use)
        self.assertEqual(self.connection.last_address, "127.0.0.1")

    def test_a_mailbox_connected_before_our_time_is_shown_once_used(self):
        token = (
            self.env["res.users.apikeys"]
            .with_user(self.user)
            .sudo()
            ._generate(res_users_apikeys.ADDIN_SCOPE, "Gmail", fields.Datetime.now())
        )
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = now() + interval '3 hours'"
            " WHERE name = 'Gmail'"
        )
        self.call(*SEARCH, token=token)
        gmail = self.connection.filtered(lambda mailbox: mailbox.name == "Gmail")
        self.assertEqual(self._days_left(gmail), 90)

    def test_a_user_sees_and_ends_only_their_own(self):
        other = new_test_user(self.env, login="otto")
        seen = self.env["mail.plugin.connection"].with_user(other).search([])
        self.assertFalse(seen)
        with self.assertRaises(AccessError):
            self.connection.with_user(other).action_revoke()
        self.assertEqual(self.user.with_user(self.user).mail_plugin_connection_ids, self.connection)

    def test_a_disconnected_mailbox_is_out_at_once(self):
        self.call(*SEARCH)
        self.connection.with_user(self.user).action_revoke()
        self.assertEqual(self.call(*SEARCH), {"partners": []})
        self.assertIn("expired", self.refuse("/mail_plugin/partner/create", {"name": "x"}))
        self.assertFalse(self.connection)

    def test_logging_out_everywhere_disconnects(self):
        self.make_token(self.user, name="Never expires")
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = NULL WHERE name = 'Never expires'"
        )
        self.env.invalidate_all()
        self.user.with_user(self.user)._action_revoke_all_devices()
        self.assertFalse(self.connection)

    def test_the_add_in_itself_can_log_out(self):
        self.assertTrue(self.call("/mail_plugin/auth/logout"))
        self.assertFalse(self.connection)

    # === TOKENS === #

    def test_use_keeps_a_mailbox_connected(self):
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = now() + interval '1 day'"
            " WHERE user_id = %s",
            [self.user.id],
        )
        self.call(*SEARCH)
        self.assertEqual(self._days_left(self.connection), 90)

    def test_use_is_noted_once_an_hour(self):
        self.call(*SEARCH)
        self.connection.invalidate_recordset()
        noted = self.connection.last_use
        self.call(*SEARCH)
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.last_use, noted)

    def test_a_request_looks_for_its_token_once_and_counts_in_one_statement(self):
        self.set_option("token_limit", 300)
        asked = self.statements(lambda: self.call(EMPTY))
        self.assertEqual(sum("FROM res_users_apikeys" in text for text in asked), 1)
        self.assertEqual(sum("mail_plugin_rate" in text or "SET" in text for text in asked), 1)

    def test_opening_an_e_mail_of_a_stranger_asks_little_more_than_nothing(self):
        email = {"email": "nobody@nowhere.example", "name": "Nobody"}
        for route, params, more in ((*SEARCH, 1), ("/mail_plugin/partner/get", email, 4)):
            cost = self.statements_above_empty(lambda r=route, p=params: self.call(r, p))
            self.assertEqual(cost, more, route)

    def test_the_slow_hash_is_computed_once(self):
        with self._counted_hashes() as hashes:
            self.call(*SEARCH)
            self.call(*SEARCH)
        self.assertEqual(len(hashes), 1)

    @contextmanager
    def _counted_hashes(self):
        context = Mock(wraps=res_users_apikeys.KEY_CRYPT_CONTEXT)
        with patch.object(res_users_apikeys, "KEY_CRYPT_CONTEXT", context):
            yield context.verify.mock_calls

    def test_keys_for_anything_else_are_refused(self):
        keys = self.env["res.users.apikeys"].with_user(self.user).sudo()
        soon = fields.Datetime.add(fields.Datetime.now(), days=1)
        for scope in (None, "rpc", "odoo.plugin.zzz"):
            token = keys._generate(scope, "other", soon)
            self.assertIn("expired", self.refuse("/mail_plugin/get_translations", token=token))

    def test_expired_wrong_and_missing_tokens_are_refused(self):
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = now() - interval '1 day'"
        )
        for token in (self.token, "0" * 40, "x", "", "ü", self.token[:-1]):
            self.assertIn("expired", self.refuse("/mail_plugin/get_translations", token=token))

    def test_a_user_without_right_to_the_backend_is_out(self):
        self.user.group_ids = self.env.ref("base.group_portal")
        self.assertIn("expired", self.refuse("/mail_plugin/get_translations"))

    def test_a_bare_token_is_taken_as_the_second_outlook_add_in_sends_it(self):
        headers = {"Authorization": self.token}
        self.assertEqual(self.call(*SEARCH, token="", **headers), {"partners": []})

    # === WHAT AN ADD-IN CAN READ === #

    def test_every_answer_can_be_read_from_another_origin(self):
        for route, params, token in (
            (*SEARCH, self.token),
            (*SEARCH, "wrong"),
            ("/mail_plugin/get_translations", {}, "wrong"),
            ("/mail_plugin/log_mail_content", {"model": "res.users", "res_id": 1, "message": ""},
             self.token),
            ("/mail_plugin/no_such_route", {}, self.token),
        ):  # fmt: skip
            answer = self.post(route, params, token=token)
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*", route)

    def test_an_expired_login_leads_to_the_login_link(self):
        answer = self.call(
            "/mail_plugin/partner/get",
            {"name": "Ann\ud800", "email": "ann@acme.example"},
            token="wrong",
        )
        self.assertEqual(answer["partner"]["id"], -1)
        self.assertEqual(answer["partner"]["name"], "Ann?")
        self.assertEqual(answer["partner"]["email"], "ann@acme.example")
        self.assertEqual(answer["partner"]["enrichment_info"]["type"], "connection_error")
        self.assertIn("log in", answer["partner"]["enrichment_info"]["info"])
        self.assertEqual(self.call(*SEARCH, token="wrong"), {"partners": []})

    # === LIMITS === #

    def test_a_token_can_ask_so_often_a_minute(self):
        self.set_option("token_limit", 3)
        statuses = [self.post(TRANSLATIONS).status_code for _time in range(5)]
        self.assertEqual(statuses, [200, 200, 200, 429, 429])

    def test_who_fails_is_counted_until_the_next_minute(self):
        rates = self.env["mail.plugin.rate"]
        for _time in range(3):
            rates.count("address:192.0.2.1", 3)
        with self.assertRaises(TooManyRequests) as caught:
            rates.count("address:192.0.2.1", 3)
        self.assertTrue(0 < caught.exception.retry_after <= 60)
        rates.count("address:192.0.2.2", 3)
        with patch.object(type(rates), "_minute", lambda self: 10**9):
            rates.count("address:192.0.2.1", 3)
            rates.count("address:192.0.2.1", 3)

    def test_what_others_of_an_address_get_wrong_shuts_nobody_out(self):
        self.set_option("address_limit", 2)
        for _time in range(2):
            self.env["mail.plugin.rate"].count(address_key("127.0.0.1"), 2)
        self.assertEqual(self.post(TRANSLATIONS, token="wrong").status_code, 429)
        # This process has not met the token yet, as after a restart.
        res_users_apikeys._remembered.clear()
        self.assertEqual(self.call(*SEARCH), {"partners": []})
        self.authenticate("sally", "sally")
        code = self.sign_in()["auth_code"]
        wrong = self.post("/mail_plugin/auth/access_token", {"auth_code": "wrong"}, token="")
        self.assertEqual(wrong.status_code, 429)
        for _time in range(4):
            token = self.call("/mail_plugin/auth/access_token", {"auth_code": code}, token="")
            self.assertTrue(token["access_token"])
            code = self.sign_in()["auth_code"]

    # === ONE ROW FOR EACH === #

    def _connect(self, **values):
        self.call(
            "/mail_plugin/auth/access_token",
            {"auth_code": self.sign_in(**values)["auth_code"]},
            token="",
        )

    def test_who_connects_again_in_the_same_browser_has_one_mailbox(self):
        self.authenticate("sally", "sally")
        before = self.connection
        for _time in range(3):
            self._connect()
        self.assertEqual(len(self.connection - before), 1)
        self.opener.cookies.clear()
        self.authenticate("sally", "sally")
        self._connect()
        self.assertEqual(len(self.connection - before), 2)

    def test_google_s_add_on_is_a_mailbox_for_each_account(self):
        self.authenticate("sally", "sally")
        before = self.connection
        for _time in range(2):
            self._connect(redirect=GMAIL_REDIRECT, friendlyname="Gmail")
        self.assertEqual(len(self.connection - before), 2)

    def test_the_list_opens_without_the_expired_and_disconnects_many_at_once(self):
        admin = new_test_user(self.env, login="adam", groups="base.group_system")
        tokens = [self.make_token(self.user, name=f"Add-in {number}") for number in range(3)]
        mailboxes = self.connection
        old = mailboxes[0]
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = now() - interval '1 day' WHERE id = %s",
            [old.sudo().key_id.id],
        )
        self.env.invalidate_all()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_mail_plugin.mail_plugin_connection_action"
        )
        listed = self.env["mail.plugin.connection"].with_user(admin)
        views = listed.get_views([(False, "list"), (False, "search")])
        fields_ = {name: {} for name in views["models"]["mail.plugin.connection"]["fields"]}
        # Older versions of Odoo have made tokens that never expire.
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = NULL WHERE id = %s",
            [mailboxes[1].sudo().key_id.id],
        )
        self.env.invalidate_all()
        rows = listed.web_search_read(literal_eval(action["domain"]), fields_)["records"]
        self.assertEqual({row["id"] for row in rows}, set((mailboxes - old).ids))
        self.assertEqual(self.user.mail_plugin_connection_ids, mailboxes - old)
        self.assertIn('name="action_revoke"', views["views"]["list"]["arch"].split("</header>")[0])
        (mailboxes - old).with_user(admin).action_revoke()
        for token in tokens:
            self.assertIn("expired", self.refuse(TRANSLATIONS, token=token))
