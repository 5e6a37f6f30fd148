from odoo import http
from odoo.http import request

from odoo.addons.crm_common.tools.plain_text import record_id


class ObjectionController(http.Controller):
    """Where a person who got the notice says no, without a login (Article 21 GDPR)."""

    @http.route(
        "/lead_mining/objection/<int:contact_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def ask(self, contact_id: int, token: str):
        """Show the question; mail scanners follow links, so opening one changes nothing."""
        return self._page(contact_sudo=self._contact(contact_id, token))

    @http.route(
        "/lead_mining/objection/<int:contact_id>/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def object(self, contact_id: int, token: str, **_post):
        contact_sudo = self._contact(contact_id, token)
        if contact_sudo:
            contact_sudo._object()
        return self._page(contact_sudo=contact_sudo, done=True)

    def _contact(self, contact_id: int, token: str):
        """Return the contact that the token belongs to, in sudo, or an empty one."""
        contact_sudo = (
            request.env["lead.mining.contact"].sudo().browse(record_id(contact_id)).exists()
        )
        # One answer for a wrong token and for somebody who was erased: nothing can be probed.
        if contact_sudo and contact_sudo._is_objection_token(token):
            return contact_sudo
        return contact_sudo.browse()

    def _page(self, contact_sudo, **values):
        # The browser tells what its reader reads; else it is as in the notice.
        lang = request.best_lang
        if contact_sudo and not (lang and request.env["res.lang"]._get_data(code=lang)):
            request.update_context(lang=contact_sudo._notice_lang())
            contact_sudo = contact_sudo.with_context(lang=request.env.lang)
        values["contact_sudo"] = contact_sudo
        response = request.render("crm_lead_mining.objection", values)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
