import contextlib

from werkzeug.exceptions import BadRequest, HTTPException

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from ..exceptions import InvalidParameter, LoginRequired, TooManyRequests
from ..tools import limits, params
from ..tools.settings import FIRST_GENERATION, Settings

ADDIN_PATHS = ("/mail_plugin/", "/mail_client_extension/")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    # === SIGN-IN === #

    @classmethod
    def _auth_method_outlook(cls):
        """Extend `mail_plugin`: a limit on guesses, a sentence to read, notes on the use."""
        settings = request.env["mail.plugin.setup"]._settings()
        token = cls._addin_token()
        keys, rates = request.env["res.users.apikeys"], request.env["mail.plugin.rate"]
        address = limits.address_key(request.httprequest.remote_addr)
        if not keys.is_remembered(token):
            rates.check(address, settings.address_limit)
        try:
            result = super()._auth_method_outlook()
        except BadRequest:
            rates.count(address, settings.address_limit)
            cls._refuse_token()
        if not request.env.user._is_internal():
            cls._refuse_token()
        key = token and keys._find_addin_key(token)
        if key:
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
        sent = request.httprequest
        if sent.mimetype != "application/json" or not sent.path.startswith(ADDIN_PATHS):
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
        result = None
        if isinstance(exception, LoginRequired):
            result = cls._addin_login_result(message, envelope.get("params"))
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
        if request.dispatcher.routing_type != "jsonrpc":
            status = 404  # No such route in this database.
        if isinstance(exception, TooManyRequests):
            headers["Retry-After"], status = str(exception.retry_after), 429
        return request.make_json_response(answer, headers=headers, status=status)

    @classmethod
    def _addin_envelope(cls) -> dict:
        with contextlib.suppress(ValueError, HTTPException):
            envelope = request.get_json_data()
            return envelope if isinstance(envelope, dict) else {}
        return {}

    @classmethod
    def _addin_login_result(cls, message: str, sent: object) -> dict | None:
        """Return the answer that shows a Login link, where the first add-ins have one to show.

        Opening an e-mail they search first and get the contact's data then. In that one there is
        room for a notice, whose type ``connection_error`` brings the link along.
        """
        if Settings.of(request.env).generation != FIRST_GENERATION:
            return None
        if request.httprequest.path == "/mail_plugin/partner/search":
            return {"partners": []}
        if request.httprequest.path != "/mail_plugin/partner/get":
            return None
        sent = sent if isinstance(sent, dict) else {}
        notice = {"type": "connection_error", "info": message}
        names = {
            name: params.encodable(sent[name]) if isinstance(sent.get(name), str) else ""
            for name in ("name", "email")
        }
        return {
            "partner": {"id": -1, **names, "enrichment_info": notice, "company": {"id": -1}},
            "enrichment_info": notice,
            "user_companies": [],
            "can_create_partner": False,
        }

    @classmethod
    def _addin_error_message(cls, exception) -> str:
        if isinstance(exception, UserError) and exception.args:
            return str(exception.args[0])
        if isinstance(exception, HTTPException):
            return exception.name
        with contextlib.suppress(Exception):  # The language may be what failed.
            return request.env._(
                "Something went wrong. An administrator can find the details in the log."
            )
        return "Something went wrong."
