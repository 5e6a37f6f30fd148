from odoo import http
from odoo.http import request
from odoo.tools import html2plaintext

from .mail_plugin import MailPluginController


class CrmClient(MailPluginController):
    """Routes of the add-ins that make or open leads."""

    @http.route("/mail_plugin/lead/create", type="jsonrpc", auth="outlook", cors="*")
    def crm_lead_create(self, partner_id, email_body, email_subject):
        partner = request.env["res.partner"].browse(partner_id).exists()
        if not partner:
            return {"error": "partner_not_found"}
        lead = (
            request.env["crm.lead"]
            .with_company(partner.company_id)
            .create(
                {
                    "name": html2plaintext(email_subject),
                    "partner_id": partner.id,
                    "description": email_body,
                }
            )
        )
        return {"lead_id": lead.id}

    # === ROUTES OF THE FIRST ADD-INS === #

    @http.route(
        "/mail_client_extension/log_single_mail_content",
        type="jsonrpc",
        auth="outlook",
        cors="*",
    )
    def log_single_mail_content(self, lead, message, **kw):
        request.env["crm.lead"].browse(lead).message_post(body=message)

    @http.route(
        "/mail_client_extension/lead/get_by_partner_id", type="jsonrpc", auth="outlook", cors="*"
    )
    def crm_lead_get_by_partner_id(self, partner, limit=5, offset=0, **kwargs):
        partner = request.env["res.partner"].browse(partner)
        return {"leads": self._fetch_partner_leads(partner, limit, offset)}

    @http.route(
        "/mail_client_extension/lead/create_from_partner",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def crm_lead_redirect_create_form_view(self, partner_id):
        action = request.env.ref("crm_mail_plugin.lead_creation_prefilled_action")
        return request.redirect(f"/odoo/action-{action.id}?partner_id={int(partner_id)}")

    @http.route("/mail_client_extension/lead/open", type="http", auth="user")
    def crm_lead_open(self, lead_id):
        action = request.env.ref("crm_mail_plugin.crm_lead_action_form_edit")
        return request.redirect(f"/odoo/action-{action.id}/{int(lead_id)}?edit=1")
