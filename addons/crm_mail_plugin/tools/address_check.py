"""Whether an add-in would reach this database at its address: asked in the way that one asks."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests

#: Seconds for each of the few requests.
SECONDS = 5
#: Where the published Outlook add-in asks from.
ORIGIN = "https://download.odoocdn.com"
PROOF = "/mail_plugin/auth/check"
VERSION = "/mail_plugin/auth/check_version"
REFUSED = "/mail_plugin/partner/get"
LOGIN = "/web/login"
#: What Odoo answers at the login of a host that has several databases.
_CHOICE = "/web/database/"


def check(address: str, proves: Callable[[Any], bool], challenge: str, generation: str) -> str:
    """Return "reached", or the first thing that would keep an add-in from this database.

    :param address: of the database, as users type it into an add-in
    :param proves: whether an answer to the challenge is this database's, with this addon
    :param challenge: random
    :param generation: of the add-ins that are served, "1" or "2"
    :return: a value of the guide's ``check_result``
    """
    if problem := problem_of(address):
        return problem
    address = address.rstrip("/")
    try:
        answer = _ask(address + PROOF, {"challenge": challenge})
        if problem := _problem_of_answer(address, answer):
            return problem
        if not proves(_result(answer)):
            return "other"
        if str(_result(_ask(address + VERSION, {}))) != generation:
            return "version"
        refused = _ask(address + REFUSED, {"email": "check@example.com", "name": "Check"})
        return "reached" if _may_be_read(refused) else "cors"
    except requests.exceptions.SSLError:
        return "certificate"
    except (requests.ConnectionError, requests.Timeout):
        return "unreachable"
    except (ValueError, requests.RequestException):
        return "other"


def problem_of(address: str) -> str:
    """Return what is wrong with an address before anybody is asked, "" for nothing."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return "other"
    if parts.scheme != "https" or not host:
        return "insecure"
    # Add-ins keep scheme and host of what is typed, and ask there.
    return "path" if parts.path.strip("/") else ""


def _ask(url: str, params: dict[str, str]) -> requests.Response:
    return requests.post(
        url,
        json={"jsonrpc": "2.0", "method": "call", "id": None, "params": params},
        headers={"Origin": ORIGIN},
        timeout=SECONDS,
        allow_redirects=False,
    )


def _problem_of_answer(address: str, answer: requests.Response) -> str:
    if 300 <= answer.status_code < 400:
        return "redirect"
    if answer.status_code == 404:
        login = requests.get(address + LOGIN, timeout=SECONDS, allow_redirects=False)
        if _CHOICE in login.headers.get("Location", ""):
            return "database"
    return ""


def _result(answer: requests.Response) -> Any:
    content = answer.json()
    return content.get("result") if isinstance(content, dict) else None


def _may_be_read(answer: requests.Response) -> bool:
    """Say whether a browser gives an answer to the Outlook add-in; two headers are none."""
    return answer.headers.get("Access-Control-Allow-Origin") in ("*", ORIGIN)
