import json

from odoo.addons.crm_mail_plugin.tests.common import AddinCase

from ..models import mail_plugin_google_trace
from ..tools import events
from ..tools.settings import Settings
from . import card_schema, fake_google

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
        self.enterContext(self.google.in_place())
        self.google.__dict__.update(status=[], size=None, asked=[], formats=[], wrong=[])
        self.google.mails = {fake_google.OPEN_ID: MAIL}

    def link(self, user=None, sub=SUB, email="sally@ours.example"):
        user = user or self.user
        return self.env["mail.plugin.connection"].with_user(user).google_link(sub, email)

    # === WHAT GOOGLE SENDS === #

    def event(self, message=fake_google.OPEN, sub=SUB, email="sally@ours.example", **changes):
        """Return the body of a request; `changes` are parts of it, None to leave one out."""
        sent = {
            "commonEventObject": {
                "hostApp": "GMAIL", "platform": changes.pop("platform", "WEB"),
                "userLocale": changes.pop("locale", "en-US"),
                "parameters": changes.pop("parameters", {}),
                "formInputs": {
                    name: {"stringInputs": {"value": [value]}}
                    for name, value in changes.pop("inputs", {}).items()
                },
            },
            "authorizationEventObject": {
                "userOAuthToken": fake_google.ACCESS,
                "userIdToken": changes.pop("user_token", fake_google.user_token(email, sub)),
                "authorizedScopes": changes.pop("scopes", list(events.SCOPES)),
                "systemIdToken": changes.pop("body_token", None),
            },
            "gmail": changes.pop("gmail", {"messageId": message, "threadId": message,
                                           "accessToken": fake_google.MESSAGE} if message else {}),
        }  # fmt: skip
        self.assertFalse(changes)
        return sent

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


class Shown:
    """A card as its user sees it.

    :ivar texts: all that can be read on it, in order
    """

    def __init__(self, card):
        self.card = card
        self.texts = []
        self._clicks = []
        self._read(card)

    @property
    def title(self):
        return self.card["header"]["title"]

    @property
    def text(self):
        return "\n".join(self.texts)

    @property
    def links(self):
        return [click["openLink"] for _label, click in self._clicks if "openLink" in click]

    @property
    def labels(self):
        return [label for label, click in self._clicks if "action" in click]

    def parameter(self, label):
        """Return what the first button of a label carries, or of the line of a text."""
        for known, click in self._clicks:
            if known == label and "action" in click:
                return click["action"]["parameters"][0]["value"]
        raise AssertionError(f"{label} is none of {self.labels}")

    def section(self, title):
        """Return the texts of the section whose title begins so."""
        for section in self.card["sections"]:
            if section.get("header", "").startswith(title):
                return Shown({"header": {"title": section["header"]}, "sections": [section]})
        raise AssertionError(f"no section {title}")

    def _read(self, value):
        if isinstance(value, list):
            for one in value:
                self._read(one)
        if not isinstance(value, dict):
            return
        label = value.get("text") or value.get("altText") or value.get("actionLabel") or ""
        if "onClick" in value:
            self._clicks.append((label, value["onClick"]))
        for name in ("title", "subtitle", "header", "topLabel", "text", "bottomLabel", "label"):
            if isinstance(value.get(name), str):
                self.texts.append(value[name])
        for name, one in value.items():
            if name != "onClick":
                self._read(one)
