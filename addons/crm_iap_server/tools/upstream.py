"""Odoo's own IAP endpoint, which is asked for clients about services that are not kept here."""

import dataclasses
import logging
import threading
import time
from typing import Any

from odoo.addons.crm_common.tools.public_hosts import PublicHostAdapter
from odoo.addons.crm_lead_mining.providers.errors import ProviderError
from odoo.addons.crm_lead_mining.providers.http import HttpClient, Limits
from odoo.addons.crm_lead_mining.providers.public_hosts import resolve_public

from . import shapes

_logger = logging.getLogger(__name__)

URL = "https://iap.odoo.com"
#: Clients give up after 15 seconds, and a worker of ours waits meanwhile.
LIMITS = Limits(connect=3.0, read=5.0, deadline=8.0, attempts=1, max_bytes=1 << 20)
#: Questions of a process at once; further ones are answered without Odoo.
MAX_AT_ONCE = 2
#: Seconds in which a process asks no more after a failure.
REST = 30.0

_slots = threading.BoundedSemaphore(MAX_AT_ONCE)
_rest = {"until": 0.0}

#: As `get-accounts-information` tells it of an account of another service.
ACCOUNT = dataclasses.replace(shapes.ACCOUNT, optional={"sender_name": shapes.text})
ACCOUNT_17 = dataclasses.replace(shapes.ACCOUNT_17, optional={"account_uuid_hashed": shapes.text})


class Upstream(HttpClient):
    """Asks public hosts alone, whatever the name service says, and through no proxy."""

    def _session(self) -> Any:
        session = super()._session()
        session.trust_env = False
        session.mount("https://", PublicHostAdapter(resolve_public, self.limits.deadline))
        return session


def ask(path: str, params: dict[str, Any], tokens: list[str], *, closed: bool) -> Any:
    """Return what Odoo answers, None if it does not.

    :param tokens: of those that are in the parameters, for the log to leave out
    :param closed: whether nobody may be asked, as on a copy of a database
    """
    if time.monotonic() < _rest["until"] or not _slots.acquire(blocking=False):
        return None
    try:
        client = Upstream("odoo", URL, secrets=tuple(tokens), limits=LIMITS, closed=closed)
        body = client.post(path, {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params})
    except ProviderError as error:
        _logger.info("Odoo does not answer %s: %s", path, error)
        _rest["until"] = time.monotonic() + REST
        return None
    finally:
        _slots.release()
    return body.get("result") if isinstance(body, dict) and "error" not in body else None
