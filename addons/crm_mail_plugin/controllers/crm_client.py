from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..tools import params
from .common import get_sender, read_email
from .mail_plugin import MailPluginController


class CrmClient(MailPluginController):
    """Routes of the add-ins that make or open leads."""

    @http.route(
        "/mail_plugin/lead/create",
        type="jsonrpc",
        auth="outlook",
        cors="*",
        addin_params={
            "partner_id": params.identifier,
            "email_body": params.html,
            "email_subject": params.subject,
            **params.EMAIL,
        },
    )
    def crm_lead_create(
        self, partner_id: int, email_body: str, email_subject: str, **kwargs
    ) -> dict:
        """Make a lead of an e-mail, or return the one that was made of it or of its thread.

        :param partner_id: the sender's contact
        :param email_body: HTML
        :param email_subject: subject
        :param kwargs: attachments, and what else is known of the e-mail
        :return: lead_id
        """
        partner = get_sender(partner_id, text=email_body, **kwargs)
        sent = {"subject": email_subject, "email_from": partner.email_formatted, **kwargs}
        email = read_email(email_body, **sent)
        lead = request.env["crm.lead"].mail_plugin_get_or_create(partner, email)
        return {"lead_id": lead.id}

    # === ROUTES OF THE FIRST ADD-INS === #

    @http.route(
        "/mail_client_extension/log_single_mail_content",
        type="jsonrpc",
        auth="outlook",
        cors="*",
        addin_params={"lead": params.identifier, "message": params.html},
    )
    def log_single_mail_content(self, lead, message, **kw):
        return self.log_mail_content("crm.lead", lead, message)

    @http.route(
        "/mail_client_extension/lead/get_by_partner_id",
        type="jsonrpc",
        auth="outlook",
        cors="*",
        addin_params={
            "partner": params.identifier,
            "limit": params.rows,
            "offset": params.count,
        },
    )
    def crm_lead_get_by_partner_id(self, partner, limit=5, offset=0, **kwargs):
        leads = request.env["crm.lead"]
        domain = leads.mail_plugin_domain(request.env["res.partner"].browse(partner).exists())
        found = leads.search(domain, limit=limit or 5, offset=offset or 0)
        return {"leads": self._prepare_leads(found)}

    @http.route(
        "/mail_client_extension/lead/create_from_partner",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def crm_lead_redirect_create_form_view(self, partner_id=""):
        action = request.env.ref("crm_mail_plugin.lead_creation_prefilled_action")
        return request.redirect(f"/odoo/action-{action.id}?partner_id={_record_id(partner_id)}")

    @http.route("/mail_client_extension/lead/open", type="http", auth="user")
    def crm_lead_open(self, lead_id=""):
        action = request.env.ref("crm_mail_plugin.crm_lead_action_form_edit")
        return request.redirect(f"/odoo/action-{action.id}/{_record_id(lead_id)}?edit=1")


def _record_id(text):
    """Return the id in the query of a URL.

    :raise NotFound: when it is none
    """
    if not text.isascii() or not text.isdigit():
        raise NotFound()
    return int(text)
