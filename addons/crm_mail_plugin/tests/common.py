import json
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.sql_db import Cursor
from odoo.tests import HttpCase, new_test_user

from ..models import res_users_apikeys
from ..tools.settings import Settings

OUTLOOK_REDIRECT = "https://download.odoocdn.com/plugins/outlook/taskpane.html"
GMAIL_REDIRECT = "https://script.google.com/macros/d/1a2B3c/usercallback"
OUTLOOK_ORIGIN = "https://download.odoocdn.com"
#: A request that does nothing but what each does.
EMPTY = "/mail_client_extension/modules/get"
#: What a test has in place of transactions.
OF_TESTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class AddinCase(HttpCase):
    """An add-in that talks to the real routes, with a real token."""

    groups = "base.group_user,base.group_partner_manager,sales_team.group_sale_salesman_all_leads"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, login="sally", groups=cls.groups, email="sally@ours.example", lang="en_US"
        )
        cls.token = cls.make_token(cls.user)
        # What is counted in a minute is counted in one.
        cls.classPatch(cls.registry["mail.plugin.rate"], "_minute", lambda _self: 1)
        cls.set_option("token_limit", 0)
        cls.set_option("address_limit", 0)

    def setUp(self):
        super().setUp()
        res_users_apikeys._remembered.clear()

    @classmethod
    def make_token(cls, user, name="Outlook", days=90):
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys.generate_for_addin(name, OUTLOOK_ORIGIN, days)

    @classmethod
    def set_option(cls, name, value):
        cls.env["ir.config_parameter"].sudo().set_param(Settings.PREFIX + name, str(value))

    def post(self, route, params=None, token=None, **headers):
        """Return the HTTP answer to an add-in's request."""
        if token is None:
            token = self.token
        envelope = {"jsonrpc": "2.0", "method": "call", "id": None, "params": params or {}}
        return self.url_open(
            route,
            data=json.dumps(envelope).encode(),
            headers={
                "Content-Type": "application/json",
                "Origin": OUTLOOK_ORIGIN,
                "Accept-Language": "*",
                **({"Authorization": f"Bearer {token}"} if token else {}),
                **headers,
            },
        )

    def call(self, route, params=None, **kw):
        """Return the result of an add-in's request, which must have one."""
        answer = self.post(route, params, **kw).json()
        self.assertIn("result", answer, answer.get("error"))
        return answer["result"]

    def refuse(self, route, params=None, **kw):
        """Return the sentence that an add-in's request is refused with."""
        answer = self.post(route, params, **kw).json()
        self.assertIn("error", answer)
        self.assertNotIn("Traceback", json.dumps(answer))
        return answer["error"]["message"]

    def statements(self, ask: Callable[[], object]) -> list[str]:
        """Return what a request that was made before asks of the database."""
        ask()
        told, execute = [], Cursor.execute

        def noted(cr, query, *args, **kwargs):
            told.append(getattr(query, "code", query).strip())
            return execute(cr, query, *args, **kwargs)

        with patch.object(Cursor, "execute", noted):
            ask()
        return [text for text in told if not text.startswith(OF_TESTS)]

    def statements_above_empty(self, ask: Callable[[], object]) -> int:
        """Return how many statements a request makes more than one that does nothing."""
        return len(self.statements(ask)) - len(self.statements(lambda: self.call(EMPTY)))

    def turn_back_the_log(self, **ago):
        """Have what was logged until now be logged some time ago."""
        messages = self.env["mail.plugin.log"].search([]).message_id
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = create_date - %s WHERE id = ANY(%s)",
            [timedelta(**ago), messages.ids],
        )
        messages.invalidate_recordset(["create_date"])

    # === SIGN-IN === #

    def consent_page(self, **values):
        return self.url_open(
            "/mail_plugin/auth?" + self._query({**self.sign_in_values(), **values}),
            allow_redirects=False,
        )

    def confirm(self, **values):
        """Send the consent page's form; the caller has logged in."""
        data = {**self.sign_in_values(), "do": "1", "csrf_token": self.csrf(), **values}
        data = {name: value for name, value in data.items() if value is not None}
        return self.url_open("/mail_plugin/auth/confirm", data=data, allow_redirects=False)

    def sign_in(self, **values):
        """Return what the add-in finds in the address that it is called back with."""
        response = self.confirm(**values)
        self.assertEqual(response.status_code, 303, response.text)
        query = parse_qs(urlsplit(response.headers["Location"]).query, keep_blank_values=True)
        return {name: value for name, [value] in query.items()}

    def csrf(self):
        page = self.url_open("/mail_plugin/auth?" + self._query(self.sign_in_values())).text
        return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    def sign_in_values(self):
        return {
            "scope": "outlook",
            "friendlyname": "Outlook",
            "redirect": OUTLOOK_REDIRECT,
            "state": "",
        }

    def _query(self, values):
        return urlencode({name: value for name, value in values.items() if value is not None})
