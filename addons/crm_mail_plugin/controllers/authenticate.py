import re
import secrets

from odoo import http
from odoo.http import request

from odoo.addons.mail_plugin.controllers import authenticate

from ..exceptions import AddinError
from ..tools import codes, limits, params, redirects
from ..tools.settings import Settings
from ..wizards.mail_plugin_guide import CHECK_ROUTE

#: The one scope that add-ins ask for; Gmail's asks for it as well.
SCOPE = "outlook"
NAME_LENGTH = 64
STATE_LENGTH = 4096
#: Where add-ins keep a token for each account by themselves, not for each browser.
KEEP_TOKENS_THEMSELVES = ("https://script.google.com",)
#: By it a browser is known again, and the mailbox that was connected in it before.
DEVICE_COOKIE = "mail_plugin_device"
DEVICE = re.compile(r"[0-9a-f]{32}")
DEVICE_OPTIONS = {
    "max_age": 400 * 24 * 3600,
    "path": "/mail_plugin/auth",
    "httponly": True,
    "samesite": "Lax",
}
CONSENT_HEADERS = {
    # No other page may show this one in a frame and have its button clicked.
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Authenticate(authenticate.Authenticate):
    """Sign-in of an add-in: consent, one-time code, token."""

    @http.route()
    def auth(self, **values):
        self._speak_users_language()
        try:
            asked = self._check_sign_in(**values)
        except AddinError as error:
            return self._render_sign_in_error(error)
        response = super().auth(**values | asked)
        response.headers.update(CONSENT_HEADERS)
        return response

    @http.route()
    def auth_confirm(self, scope=None, friendlyname=None, redirect=None, info=None, do=None, **kw):
        self._speak_users_language()
        try:
            asked = self._check_sign_in(
                scope=scope, friendlyname=friendlyname, redirect=redirect, **kw
            )
        except AddinError as error:
            return self._render_sign_in_error(error)
        answer = {"success": "0", "state": asked["state"]}
        if do:
            name = f"{asked['friendlyname']}: {info}" if info else asked["friendlyname"]
            code = self._generate_auth_code(scope, name[:NAME_LENGTH], redirect)
            answer = {"success": "1", "auth_code": code, "state": asked["state"]}
        response = request.redirect(redirects.with_answer(redirect, answer), local=False)
        if do:
            is_secure = request.httprequest.scheme == "https"
            response.set_cookie(DEVICE_COOKIE, self._device(), secure=is_secure, **DEVICE_OPTIONS)
        return response

    @http.route(addin_params={})
    def auth_check_version(self):
        settings = request.env["mail.plugin.setup"]._settings()
        return int(settings.generation)

    # A function: Odoo warns of a plain False, as stock's route may run on a replica.
    @http.route(
        addin_params={"auth_code": params.anything, "redirect": params.anything},
        readonly=lambda controller, rule, args: False,
    )
    def auth_access_token(self, auth_code: str = "", **kw) -> dict:
        """Give the token for a sign-in code.

        :param auth_code: the code
        :param kw: where the caller names its ``redirect`` too, it must be the code's
        :return: access_token, or error
        """
        request.env["mail.plugin.setup"]._check()
        settings = Settings.of(request.env)
        claims = self._get_auth_code_data(auth_code)
        if not claims or not self._consume_code(claims, settings, kw):
            # Only what fails is counted: an office signs in from one address.
            address = limits.address_key(request.httprequest.remote_addr)
            request.env["mail.plugin.rate"].count(address, settings.address_limit)
            return {"error": request.env._("Invalid code")}
        request.update_env(user=claims["uid"])
        origin = redirects.parse(claims["redirect"]).origin
        # Google's add-on keeps a token for each account, wherever it was connected.
        device = "" if origin in KEEP_TOKENS_THEMSELVES else claims["device"]
        token = request.env["res.users.apikeys"].generate_for_addin(
            claims["name"], origin, settings.token_days, device
        )
        return {"access_token": token}

    @http.route(
        CHECK_ROUTE,
        type="jsonrpc",
        auth="none",
        methods=["POST"],
        addin_params={"challenge": params.text(64)},
    )
    def auth_check(self, challenge="", **kw):
        """Prove that this database and this addon answer at an address, see the guide."""
        return request.env["mail.plugin.guide"]._proof(challenge)

    @http.route(
        "/mail_plugin/auth/logout", type="jsonrpc", auth="outlook", cors="*", addin_params={}
    )
    def auth_logout(self, **kw):
        """Disconnect the mailbox that asks, for add-ins that tell when their user logs out."""
        request.env["mail.plugin.connection"].end(request.env["ir.http"]._addin_token())
        return True

    # === WHAT A SIGN-IN MUST BE === #

    def _check_sign_in(self, *, scope=None, friendlyname=None, redirect=None, state="", **kw):
        """Return what the consent page shows and passes on.

        :raise AddinError: when the sign-in is refused, with the sentence to show
        """
        settings = request.env["mail.plugin.setup"]._settings()
        if not request.env.user._is_internal():
            raise AddinError(request.env._("Only internal users can connect their mailbox."))
        if scope != SCOPE:
            raise AddinError(request.env._("This add-in asks for a right that does not exist."))
        if not self._allows_redirect(settings, redirect):
            raise AddinError(
                request.env._(
                    "This add-in is not allowed here: it would send its access somewhere other "
                    "than the add-ins known to this database. An administrator can allow it in the "
                    "settings of the mail plugins."
                )
            )
        if len(state or "") > STATE_LENGTH:
            raise AddinError(request.env._("This sign-in is not valid. Please start it again."))
        return {
            "friendlyname": _one_line(friendlyname) or request.env._("A mail plugin"),
            "scope": scope,
            "redirect": redirect,
            "redirect_origin": redirects.parse(redirect).origin,
            "state": state or "",
            "user": request.env.user,
        }

    def _allows_redirect(self, settings, redirect) -> bool:
        """Say whether a sign-in code may go to a URL; addons that serve an add-in extend it."""
        return settings.allows(redirect)

    def _speak_users_language(self):
        """Have the page speak as Odoo does to the user, and not as the browser asks for."""
        request.update_context(lang=request.env.user.lang)

    def _device(self):
        """Return the random name of this browser, the one that it has or a new one."""
        known = request.httprequest.cookies.get(DEVICE_COOKIE, "")
        if DEVICE.fullmatch(known):
            return known
        if not hasattr(request, "mail_plugin_device"):
            request.mail_plugin_device = secrets.token_hex(16)
        return request.mail_plugin_device

    def _render_sign_in_error(self, error):
        response = request.render("mail_plugin.app_error", {"error": str(error)})
        response.status_code = 400
        response.headers.update(CONSENT_HEADERS)
        return response

    # === CODES === #

    def _generate_auth_code(self, scope, name, redirect=redirects.SHIPPED[0]):
        """Replace stock's code by one that is good once and bound to where it is sent."""
        return request.env["mail.plugin.code"].issue(
            name=name, scope=scope, redirect=redirect, device=self._device()
        )

    def _get_auth_code_data(self, auth_code):
        """Return what a code says, None when it is none of ours or too old."""
        try:
            claims = request.env["mail.plugin.code"].read_code(auth_code)
        except codes.InvalidCode:
            return None
        return claims.to_dict()

    def _consume_code(self, claims: dict, settings, sent: dict):
        """Use a code up and say whether it may still be redeemed.

        :param claims: of `_get_auth_code_data`
        :param sent: the other parameters of the request
        """
        try:
            request.env["mail.plugin.code"].consume(claims["nonce"])
        except codes.InvalidCode:
            return False
        # sudo: the user is known only by the code, that is by its signature.
        user_sudo = request.env["res.users"].sudo().browse(claims["uid"]).exists()
        return bool(
            settings.enabled
            and claims["scope"] == SCOPE
            and self._allows_redirect(settings, claims["redirect"])
            and sent.get("redirect") in (None, False, claims["redirect"])
            and user_sudo.active
            and user_sudo._is_internal()
        )


def _one_line(text):
    """Return what an add-in calls itself, fit to be shown: one line of printable text."""
    printable = "".join(c if c.isprintable() else " " for c in str(text or ""))
    return " ".join(printable.split())[:NAME_LENGTH]
