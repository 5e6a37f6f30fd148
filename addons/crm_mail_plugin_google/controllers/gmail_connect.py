from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.crm_mail_plugin.controllers.authenticate import CONSENT_HEADERS
from odoo.addons.crm_mail_plugin.exceptions import AddinError

from ..tools import actions, deployment
from .pane import sign

CONNECT_ROUTE = f"{deployment.ROUTE}/connect"


class GmailConnect(http.Controller):
    """The page on which a user connects a Google account, which names both."""

    @http.route(CONNECT_ROUTE, type="http", auth="user", methods=["GET"], sitemap=False)
    def gmail_connect(self, state="", **kwargs):
        self._speak_users_language()
        try:
            action = self._check_connect(state)
        except UserError as error:
            return self._render("error", 400, text=str(error))
        own = request.env["res.partner"].mail_plugin_is_own(action.text.lower())
        return self._render("ask", email=action.text, state=state, is_own=own)

    @http.route(f"{CONNECT_ROUTE}/done", type="http", auth="user", methods=["POST"], sitemap=False)
    def gmail_connect_done(self, state="", do=None, **kwargs):
        self._speak_users_language()
        try:
            action = self._check_connect(state)
            self._use_up(action)
            if not do:
                return self._render("denied", email=action.text)
            if not request.env["res.partner"].mail_plugin_is_own(action.text.lower()):
                request.env["mail.plugin.google.request"].ask(action.subject, action.text)
                return self._render("waiting", email=action.text)
            request.env["mail.plugin.connection"].google_link(action.subject, action.text)
        except UserError as error:
            return self._render("error", 400, text=str(error))
        return self._render("done", email=action.text)

    def _check_connect(self, state):
        """Return what a link says that the sign-in card has given.

        :raise UserError: when it is not taken
        """
        request.env["mail.plugin.setup"]._settings()
        if not request.env.user._is_internal():
            raise AddinError(request.env._("Only internal users can connect their mailbox."))
        try:
            action = actions.read(state, sign)
        except actions.InvalidAction:
            action = None
        # sudo: claims are closed to users; said is only whether this link was used.
        claims_sudo = request.env["mail.plugin.claim"].sudo()
        if (
            not action
            or action.name != actions.CONNECT
            or claims_sudo.search_count(self._used(action), limit=1)
        ):
            raise AddinError(
                request.env._(
                    "This link was used already, or is too old. Go back to Gmail, refresh the "
                    "add-on, and choose Connect again."
                )
            )
        return action

    def _use_up(self, action):
        """Have a link be good once: of two requests at once, Odoo runs one again."""
        request.env["mail.plugin.claim"].take(*self._claim(action))

    def _claim(self, action):
        return ("google link", action.message)

    def _used(self, action):
        return [("key", "=", repr(self._claim(action)))]

    def _speak_users_language(self):
        request.update_context(lang=request.env.user.lang)

    def _render(self, page, status=200, **values):
        response = request.render(
            "crm_mail_plugin_google.gmail_connect",
            {"page": page, "user": request.env.user, "route": CONNECT_ROUTE, **values},
        )
        response.status_code = status
        response.headers.update(CONSENT_HEADERS)
        return response
