import json

from odoo.addons.crm_mail_plugin.tests.common import AddinCase

from ..controllers import gmail_addon
from ..models import mail_plugin_google_trace
from ..tools import events, network, tokens
from ..tools.settings import Settings
from . import card_schema, fake_google
from .shown_card import Shown

BASE = "https://odoo.example"
SUB = "1001"
MAIL = b"""From: Ann Doe <ann@acme.test>
To: Sally <sally@ours.example>
Subject: Offer wanted
Date: Tue, 14 Nov 2023 22:13:20 +0000
Message-ID: <offer@acme.test>
Content-Type: text/html; charset=utf-8

<p>Please send an <b>offer</b>.</p>
"""


class GmailCase(AddinCase):
    """Gmail as it asks the real routes, with Google on loopback; every answer is checked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.google = fake_google.FakeGoogle()
        cls.addClassCleanup(cls.google.close)
        cls.set_google("base_url", BASE)
        cls.set_google("service_account", fake_google.ACCOUNT)
        cls.set_google("client_id", fake_google.CLIENT)
        cls.acme = cls.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "email": "info@acme.test", "city": "London"}
        )
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann Doe", "email": "ann@acme.test", "phone": "+44 20 1", "function": "CEO",
             "parent_id": cls.acme.id}
        )  # fmt: skip

    @classmethod
    def set_google(cls, name, value):
        cls.env["ir.config_parameter"].sudo().set_param(Settings.PREFIX + name, value)

    def setUp(self):
        super().setUp()
        mail_plugin_google_trace._noted.clear()
        for name, value in (
            ("KEYS_URL", self.google.url + "/oauth2/v3/certs"), ("GMAIL_URL", self.google.url)
        ):  # fmt: skip
            self.patch(network, name, value)
        # No key is known yet.
        self.patch(gmail_addon, "KEYS", tokens.Keys(lambda: network.fetch_keys()))
        self.google.__dict__.update(status=[], size=None, asked=[], formats=[], wrong=[])
        self.google.mails = {fake_google.OPEN_ID: MAIL}

    def link(self, user=None, sub=SUB, email="sally@ours.example"):
        user = user or self.user
        return self.env["mail.plugin.connection"].with_user(user).google_link(sub, email)

    # === WHAT GOOGLE SENDS === #

    def event(self, message=fake_google.OPEN, sub=SUB, email="sally@ours.example", **changes):
        """Return the body of a request; `changes` are parts of it, None to leave one out."""
        token = changes.pop("user_token", fake_google.user_token(email, sub))
        scopes = changes.pop("scopes", events.SCOPES)
        return fake_google.event(token, scopes, message, **changes)

    def send(self, sent, route="/gmail_addon", token=None, **headers):
        """Return the HTTP answer to a request of Google's."""
        if token is None:
            token = fake_google.system_token(BASE + route)
        headers = {"Authorization": f"Bearer {token}", **headers}
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        return self.url_open(
            route,
            data=body,
            headers={
                "Content-Type": "application/json",
                **{name: value for name, value in headers.items() if value},
            },
        )

    def ask(self, route="/gmail_addon", **event):
        """Return the answer to a request of Google's, which it takes."""
        response = self.send(self.event(**event), route)
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        card_schema.check(answer, BASE)
        for secret in (fake_google.ACCESS, fake_google.MESSAGE, "eyJ"):
            self.assertNotIn(secret, response.text)
        self.assertEqual(self.google.wrong, [])
        return answer

    def open(self, **event):
        """Return the card that is shown when something is opened."""
        [navigation] = self.ask(**event)["action"]["navigations"]
        return Shown(navigation["pushCard"])

    def press(self, card, label, inputs=None, **event):
        """Return what a press on a button of a card shows: a card or nothing, and a sentence."""
        parameters = {"a": card.parameter(label)}
        answer = self.ask(parameters=parameters, inputs=inputs or {}, **event)
        action = answer["renderActions"]["action"]
        navigations = action.get("navigations", [])
        says = action.get("notification", {}).get("text", "")
        found = [one.get("updateCard") or one.get("pushCard") for one in navigations]
        return (Shown(found[-1]) if found and found[-1] else None), says
