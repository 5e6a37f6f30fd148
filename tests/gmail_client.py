"""Gmail beside a running server, for the tests of this folder and the benchmark."""

import contextlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import requests

from tools import paths
from tools.host import Host

ADDON = paths.ADDONS / "crm_mail_plugin_google"
ROUTE = "/gmail_addon"
#: Links a Google account to the user that the script names `user`.
LINK = """
from odoo.addons.crm_mail_plugin_google.tools.settings import Settings
for name, value in (("base_url", {url!r}), ("service_account", {account!r}),
                    ("client_id", {client!r})):
    env["ir.config_parameter"].set_param(Settings.PREFIX + name, value)
env["mail.plugin.connection"].with_user(user).google_link({sub!r}, user.email)
"""


def _plain(place: str) -> ModuleType:
    """Return a file of the addon that imports nothing of Odoo."""
    name = "google_" + Path(place).stem
    spec = importlib.util.spec_from_file_location(name, ADDON / place)
    assert spec and spec.loader
    # A dataclass is looked up by the name of its module.
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fake_google = _plain("tests/fake_google.py")
shown_card = _plain("tests/shown_card.py")
events = _plain("tools/events.py")


def link(url: str, sub: str) -> str:
    """Return the script that links an account, see `LINK`.

    :param url: of the server
    :param sub: number of the account
    """
    return LINK.format(url=url, account=fake_google.ACCOUNT, client=fake_google.CLIENT, sub=sub)


@contextlib.contextmanager
def google(host: Host) -> Iterator[tuple[Any, list[str]]]:
    """Yield Google on loopback, and the arguments of a server of `host` that asks there."""
    fake = fake_google.FakeGoogle()
    os.environ["GOOGLE_LOOPBACK"] = fake.url
    addons = ",".join(map(str, (*host.addons_path, paths.REPO / "tests/addons")))
    try:
        yield fake, ["--load=base,rpc,web,google_loopback", f"--addons-path={addons}"]
    finally:
        del os.environ["GOOGLE_LOOPBACK"]
        fake.close()


class Gmail:
    """Gmail of one account, which shows what the add-on answers.

    :ivar message: the open e-mail as an event names it
    """

    def __init__(self, url: str, sub: str, email: str):
        self._url = url + ROUTE
        self._session = requests.Session()
        self._token = fake_google.system_token(self._url)
        self._user = fake_google.user_token(email, sub)
        self.message = fake_google.OPEN

    def post(self, **parts: object) -> requests.Response:
        """Return the HTTP answer to an event, see `fake_google.event`."""
        event = fake_google.event(self._user, events.SCOPES, self.message, **parts)
        return self._session.post(
            self._url,
            data=json.dumps(event).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
            },
            timeout=120,
        )

    def open(self):
        """Return the card of the open e-mail."""
        [navigation] = self.post().json()["action"]["navigations"]
        return shown_card.Shown(navigation["pushCard"])

    def press(self, card, label: str):
        """Return the card that a button leads to, None where it stays, and the sentence of it."""
        answer = self.post(parameters={"a": card.parameter(label)}).json()
        action = answer["renderActions"]["action"]
        steps = action.get("navigations", ())
        cards = [one.get("updateCard") or one.get("pushCard") for one in steps]
        shown = shown_card.Shown(cards[-1]) if cards and cards[-1] else None
        return shown, action.get("notification", {}).get("text", "")
