import re
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools.translate import code_translations

from odoo.addons.crm_mail_plugin.controllers.authenticate import CONSENT_HEADERS, SCOPE

from ..models.mail_plugin_outlook import ADDON, MANIFEST, PANE, SIGNED_IN
from ..tools import pane_files
from ..tools.manifest import InsecureAddress
from ..tools.settings import Settings

#: The one thing from elsewhere: Microsoft demands that it comes from there.
OFFICE = "https://appsforoffice.microsoft.com"
#: What some versions of office.js load in turn.
OFFICE_LOADS = "https://ajax.aspnetcdn.com/ajax/3.5/MicrosoftAjax.js"
FILES = "/mail_plugin/outlook/files"
#: A random text by which the pane knows its own sign-in again.
STATE = re.compile(r"[0-9a-zA-Z-]{1,64}")
PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class OutlookPages(http.Controller):
    """What Outlook loads from this database. None of it is a person's, and none sets a cookie."""

    @http.route(MANIFEST, type="http", auth="public", methods=["GET"], save_session=False)
    def outlook_manifest(self, **kw):
        """Give the manifest as a file; Outlook and its administrators take it from a file."""
        outlook = request.env["mail.plugin.outlook"]
        try:
            content = outlook._manifest()
        except InsecureAddress:
            text = request.env._(
                "Outlook takes add-ins only from an address that begins with https. This database "
                "has %s.",
                outlook._address(),
            )
            kind = [("Content-Type", "text/plain; charset=utf-8")]
            return request.make_response(text, kind, status=404)
        return request.make_response(
            content,
            [
                ("Content-Type", "application/xml; charset=utf-8"),
                ("Content-Disposition", 'attachment; filename="odoo-outlook.xml"'),
                ("Cache-Control", "no-cache"),
            ],
        )

    @http.route(PANE, type="http", auth="public", methods=["GET"], save_session=False)
    def outlook_pane(self, **kw):
        hosts = Settings.of(request.env).frame_hosts
        return self._page("pane", "main.js", f"frame-ancestors {' '.join(hosts)}")

    @http.route(
        "/mail_plugin/outlook/sign_in",
        type="http", auth="public", methods=["GET"], save_session=False,
    )  # fmt: skip
    def outlook_sign_in(self, state="", **kw):
        """Begin a sign-in in a window of its own, which the pane has opened on its own host."""
        if not STATE.fullmatch(state):
            raise NotFound()
        query = {
            "scope": SCOPE,
            "friendlyname": "Outlook",
            "redirect": request.env["mail.plugin.outlook"]._address(SIGNED_IN),
            "state": state,
        }
        response = request.redirect(f"/mail_plugin/auth?{urlencode(query)}")
        response.headers.update(PAGE_HEADERS)
        return response

    @http.route(SIGNED_IN, type="http", auth="public", methods=["GET"], save_session=False)
    def outlook_signed_in(self, **kw):
        """End a sign-in: the window hands its one-time code to the pane, and is closed by it."""
        response = self._page("signed_in", "signed_in.js", "frame-ancestors 'none'")
        response.headers["Cache-Control"] = CONSENT_HEADERS["Cache-Control"]
        return response

    @http.route(
        f"{FILES}/<string:version>/<string:name>",
        type="http", auth="public", methods=["GET"], save_session=False,
    )  # fmt: skip
    def outlook_file(self, version, name):
        content = pane_files.files().get(name)
        if content is None or version != pane_files.digest():
            raise NotFound()
        kind = pane_files.KINDS[name[name.rindex(".") :]]
        return request.make_response(
            content,
            [
                ("Content-Type", kind),
                ("Cache-Control", "public, max-age=31536000, immutable"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route(
        "/mail_plugin/outlook/texts",
        type="http", auth="public", methods=["GET"], save_session=False,
    )  # fmt: skip
    def outlook_texts(self, lang="", **kw):
        """Give the pane's texts in a language, of Odoo ("it_IT") or of Office ("it-IT").

        :return: translation by English text, none for what is English
        """
        # sudo: who has not signed in may know which languages are installed.
        known = [code for code, _name in request.env["res.lang"].sudo().get_installed()]
        asked = lang.replace("-", "_")
        same = [code for code in known if code.split("_")[0] == asked.split("_")[0]]
        code = asked if asked in known else next(iter(same), "en_US")
        messages = code_translations.get_web_translations(ADDON, code)["messages"]
        return request.make_json_response(
            {"lang": code, "texts": {one["id"]: one["string"] for one in messages}},
            headers=[("Cache-Control", "no-cache")],
        )

    def _page(self, template, module, frames):
        policy = "; ".join(
            (
                f"script-src 'self' {OFFICE} {OFFICE_LOADS}",
                # Some versions of office.js set styles by themselves.
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data:",
                f"connect-src 'self' {OFFICE}",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'none'",
                frames,
            )
        )
        folder = f"{FILES}/{pane_files.digest()}"
        response = request.render(
            f"{ADDON}.{template}",
            {"office": f"{OFFICE}/lib/1/hosted/office.js", "folder": folder, "module": module},
        )
        response.headers.update({**PAGE_HEADERS, "Content-Security-Policy": policy})
        return response
