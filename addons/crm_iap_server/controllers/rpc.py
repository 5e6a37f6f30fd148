"""JSON-RPC as Odoo's IAP clients speak it, without what Odoo's own dispatcher adds.

Clients look for a key `error`, never for its value, and read `error.data.name` as a text. Odoo's
dispatcher would tell them a traceback, and answer what cannot be read with pages. Bodies without
an envelope are answered without one (odoo/odoo#287976).
"""

import json
import logging
from collections.abc import Callable
from typing import Any

import psycopg2
from werkzeug.exceptions import ClientDisconnected

from odoo import http
from odoo.api import SUPERUSER_ID
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import NoCredits, Refused
from ..tools.in_time import MAX_BODY
from ..tools.questions import Asker, BadQuestion, read_asker

_logger = logging.getLogger(__name__)

#: What Odoo itself answers with another try, or with another cursor.
TRIED_AGAIN = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, psycopg2.errors.ReadOnlySqlTransaction)

Handler = Callable[[Any, dict[str, Any]], Any]


def rpc(*paths: str, readonly: bool = False) -> Callable[[Handler], Callable]:
    """Make a route of a method that takes the call's parameters and returns the result.

    :param readonly: whether it only reads, so that a replica can serve it
    """

    def decorate(handler: Handler) -> Callable:
        def endpoint(self, **_query):
            return _respond(lambda params: handler(self, params))

        endpoint.__name__ = handler.__name__
        endpoint.__doc__ = handler.__doc__
        return http.route(
            list(paths),
            type="http",
            auth="none",
            methods=["POST"],
            csrf=False,
            save_session=False,
            readonly=readonly,
            in_time=True,
        )(endpoint)

    return decorate


def _respond(handle: Callable[[dict[str, Any]], Any]):
    envelope: dict[str, Any] | None = None
    try:
        body = _read_body()
        if "jsonrpc" in body or "params" in body:
            asked = body.get("id")
            envelope = {"jsonrpc": "2.0", "id": asked if type(asked) in (str, int) else None}
            body = body.get("params")
        if not isinstance(body, dict):
            raise BadQuestion("params is no object")
        result = {"result": handle(body)}
    except TRIED_AGAIN:
        raise
    except BadQuestion as error:
        _logger.info("A client's call to %s cannot be read: %s", request.httprequest.path, error)
        result = _error(request.env._("The question cannot be read."))
    except NoCredits as error:
        result = _error(error.message, error.name, **error.details)
    except Refused as error:
        result = _error(str(error), error.name)
    except Exception:  # a client is told no more than that
        _logger.exception("A client's call to %s failed", request.httprequest.path)
        request.env.cr.rollback()
        result = _error("The service has a problem. Nothing was charged.")
    answer = result.get("result", result) if envelope is None else {**envelope, **result}
    # ASCII alone: what a client has sent comes back, halves of characters too.
    return request.make_response(json.dumps(answer), [("Content-Type", "application/json")])


def _read_body() -> dict[str, Any]:
    length = request.httprequest.content_length
    if length is None or length > MAX_BODY:
        raise BadQuestion("The body has no length, or is too long")
    try:
        body = json.loads(request.httprequest.get_data())
    except ClientDisconnected as error:
        raise BadQuestion("The body has not come in time") from error
    except (ValueError, RecursionError) as error:
        raise BadQuestion("The body is no JSON") from error
    if not isinstance(body, dict):
        raise BadQuestion("The body is no object")
    return body


def _error(message: str, name: str = Refused.name, **details: str | float) -> dict[str, Any]:
    data = {"name": name, "message": message, "arguments": [message], **details}
    return {"error": {"code": 0, "message": "Odoo Server Error", "data": data}}


class ClientRoutes:
    """What all routes of clients begin with."""

    def asker(self, params: dict[str, Any]) -> Asker:
        return read_asker(params)

    def clients(self, asker: Asker | None = None):
        """Return the model of clients in sudo, in the asker's language if it is installed here."""
        env = request.env(user=SUPERUSER_ID, su=True)
        lang = asker and asker.lang
        if lang and env["res.lang"]._get_data(code=lang):
            env = env(context={**env.context, "lang": lang})
        return env["iap.server.client"]

    def find(self, asker: Asker):
        """Return the client, empty if there is none; nothing is written.

        :raise Refused: if it asks too often
        """
        client = self.clients(asker)._find(asker)
        self.count(client)
        return client

    def admit(self, asker: Asker, service: str):
        """Return the client, made if that is how clients come.

        :raise Refused: if it asks too often
        """
        client = self.find(asker) or self.clients(asker)._admit(asker, service)
        if client:
            client._see(asker)
        return client.with_company(client.company_id) if client else client

    def data(self, client):
        """Return what answers the client, with its company as the current one.

        :raise Refused: if too many of the client's requests are being answered
        """
        if client and not client._take_place():
            raise Refused(client.env._("Too many questions at once. Try again soon."))
        return client.env["iap.server.data"]

    def count(self, whose):
        """Count a question of a client or a provider; of nobody's, by the address it comes from.

        :raise Refused: if there were too many in this minute
        """
        rates = self.clients().env["iap.server.rate"]
        subject = f"{whose._name}:{whose.id}" if whose else rates._stranger(
            request.httprequest.remote_addr)  # fmt: skip
        if not rates._count(subject, "free_rate" if whose else "stranger_rate"):
            raise Refused(request.env._("Too many questions in a minute. Try again soon."))

    def others(self):
        """Return, in sudo, what asks Odoo about services that are not kept here."""
        return self.clients().env["iap.server.relay"]
