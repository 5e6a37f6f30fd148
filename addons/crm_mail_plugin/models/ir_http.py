import contextlib

from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from ..exceptions import InvalidParameter, LoginRequired, TooManyRequests
from ..tools import json_bounds, limits, params, refusals
from ..tools.settings import FIRST_GENERATION, SECOND_GENERATION, Settings

#: What Odoo takes for JSON-RPC.
JSON_TYPES = ("application/json", "application/json-rpc")
ADDIN_PATHS = ("/mail_plugin/", "/mail_client_extension/")
#: By it an add-in of one's own names the generation whose answers it reads. It reads errors too.
GENERATION_HEADER = "Mail-Plugin-Generation"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    # === SIGN-IN === #

    @classmethod
    def _auth_method_outlook(cls):
        """Extend `mail_plugin`: a limit on guesses, a sentence to read, notes on the use.

        Guesses are counted by address, but what they have used up is refused to guesses alone:
        an office has one address, and so have all that Google's add-on runs for.
        """
        settings = request.env["mail.plugin.setup"]._settings()
        rates = request.env["mail.plugin.rate"]
        request.addin_key = None
        try:
            result = super()._auth_method_outlook()
        except BadRequest:
            address = limits.address_key(request.httprequest.remote_addr)
            rates.count(address, settings.address_limit)
            cls._refuse_token()
        if not request.env.user._is_internal():
            cls._refuse_token()
        request.env.companies.mail_plugin_read_ahead()
        if key := request.addin_key:
            rates.count(limits.token_key(key.id), settings.token_limit)
            if key.is_due:
                request.env["mail.plugin.connection"].note_use(
                    key.id, request.httprequest.remote_addr, settings.token_days
                )
        return result

    @classmethod
    def _addin_token(cls) -> str:
        """Return the token of the request; the second Outlook add-in sends it bare."""
        return request.httprequest.headers.get("Authorization", "").removeprefix("Bearer ").strip()

    @classmethod
    def _refuse_token(cls):
        raise LoginRequired(
            request.env._("The connection to Odoo has expired. Please log in again.")
        ) from None

    # === GENERATION === #

    @classmethod
    def _addin_generation(cls) -> str:
        """Return the generation whose answers the request is given, the one that it names before
        the one that the administrator has chosen for the published add-ins."""
        return cls._named_generation() or Settings.of(request.env).generation

    @classmethod
    def _named_generation(cls) -> str:
        named = request.httprequest.headers.get(GENERATION_HEADER, "")
        return named if named in (FIRST_GENERATION, SECOND_GENERATION) else ""

    # === SIZE === #

    @classmethod
    def _authenticate(cls, endpoint):
        """Extend `base`: whoever has not shown a token may send little."""
        sent = request.httprequest
        most = sent.max_content_length
        if cls._is_addin_request():
            # Stays as it is where the request is refused, and what was sent is read for the answer.
            sent.max_content_length = json_bounds.MAX_BYTES_UNKNOWN
        result = super()._authenticate(endpoint)
        sent.max_content_length = most
        return result

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Extend `base`: a request is measured before it is parsed."""
        result = super()._pre_dispatch(rule, args)
        if not cls._is_addin_request():
            return result
        sent = request.httprequest
        is_known = rule.endpoint.routing["auth"] != "none"
        most = json_bounds.MAX_BYTES if is_known else json_bounds.MAX_BYTES_UNKNOWN
        sent.max_content_length = min(sent.max_content_length or most, most)
        if json_bounds.is_deep(sent.get_data()):
            raise InvalidParameter(request.env._("This request is not valid."))
        return result

    @classmethod
    def _is_addin_request(cls):
        sent = request.httprequest
        return sent.mimetype in JSON_TYPES and sent.path.startswith(ADDIN_PATHS)

    # === PARAMETERS === #

    @classmethod
    def _dispatch(cls, endpoint):
        """Extend `base`: a route that declares parameters of add-ins gets none unchecked."""
        routing = endpoint.routing
        if "addin_params" in routing and routing["type"] == "jsonrpc":
            request.params = cls._check_addin_params(endpoint)
        return super()._dispatch(endpoint)

    @classmethod
    def _check_addin_params(cls, endpoint) -> dict:
        try:
            return params.check(endpoint, request.params)
        except params.Refused as refusal:
            message = {
                "missing": request.env._("%s is missing.", refusal.name),
                "size": request.env._("%s is too large.", refusal.name),
                "type": request.env._("%s is not valid.", refusal.name),
            }[refusal.reason]
            raise InvalidParameter(message) from None

    # === ERRORS === #

    @classmethod
    def _handle_error(cls, exception):
        """Extend `base`: what an add-in may read of an error, and may read at all.

        A browser hides from the Outlook add-in every answer without the header for other origins,
        and stock sends none with an error.
        """
        response = super()._handle_error(exception)
        if not cls._is_addin_request():
            return response
        if isinstance(exception, HTTPException) and exception.response is not None:
            return response
        return cls._addin_error_response(exception)

    @classmethod
    def _addin_error_response(cls, exception):
        envelope = cls._addin_envelope()
        message = cls._addin_error_message(exception)
        if not isinstance(envelope.get("params", {}), dict):
            # Odoo has failed on it before anything of ours could refuse it.
            message = request.env._("%s is not valid.", "params")
        sent_id = envelope.get("id")
        answer = {
            "jsonrpc": "2.0",
            "id": params.encodable(sent_id) if isinstance(sent_id, str) else sent_id,
        }
        result = cls._addin_refusal(exception, message, envelope.get("params"))
        if result is not None:
            answer["result"] = result
        else:
            answer["error"] = {
                "code": 404 if getattr(exception, "code", None) == 404 else 0,
                "message": message,
                "data": {"name": type(exception).__name__, "message": message, "debug": ""},
            }
        # The add-ins read errors only from an answer with this status.
        headers, status = {"Access-Control-Allow-Origin": "*"}, 200
        if result is None and cls._is_hidden_from_addin(exception):
            del headers["Access-Control-Allow-Origin"]
        if request.dispatcher.routing_type != "jsonrpc":
            status = 404  # No such route in this database.
        if isinstance(exception, TooManyRequests):
            headers["Retry-After"] = str(exception.retry_after)
            status = 200 if result is not None else 429
        return request.make_json_response(answer, headers=headers, status=status)

    @classmethod
    def _addin_refusal(cls, exception, message: str, sent: object):
        """Return the answer that shows a refusal in the add-in's pane, None where none does."""
        if not isinstance(exception, UserError) or cls._named_generation():
            return None
        in_form = refusals.first_generation
        if cls._addin_generation() != FIRST_GENERATION:
            in_form = refusals.second_generation
        asks_login = cls._asks_addin_login(exception)
        return in_form(request.httprequest.path, sent, message, asks_login=asks_login)

    @classmethod
    def _asks_addin_login(cls, exception):
        """Say whether a login would help; of too many guesses the last one has no good token."""
        is_guess = isinstance(exception, TooManyRequests) and not request.env.uid
        return isinstance(exception, LoginRequired) or is_guess

    @classmethod
    def _is_hidden_from_addin(cls, exception):
        return (
            cls._asks_addin_login(exception)
            and cls._addin_generation() == FIRST_GENERATION
            and refusals.is_hidden(request.httprequest.path)
        )

    @classmethod
    def _addin_envelope(cls) -> dict:
        """Return what was sent, {} where it is no object or should not be parsed."""
        with contextlib.suppress(ValueError, HTTPException):
            if not json_bounds.is_deep(request.httprequest.get_data()):
                envelope = request.get_json_data()
                return envelope if isinstance(envelope, dict) else {}
        return {}

    @classmethod
    def _addin_error_message(cls, exception) -> str:
        if isinstance(exception, UserError) and exception.args:
            return str(exception.args[0])
        if isinstance(exception, RequestEntityTooLarge):
            return request.env._("This request is too large.")
        if isinstance(exception, HTTPException):
            return exception.name
        with contextlib.suppress(Exception):  # The language may be what failed.
            return request.env._(
                "Something went wrong. An administrator can find the details in the log."
            )
        return "Something went wrong."
