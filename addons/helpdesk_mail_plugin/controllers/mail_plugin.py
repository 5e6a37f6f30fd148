# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.crm_mail_plugin.controllers.common import (
    get_sender,
    read_email,
    sender_values,
    serves_second_generation,
)
from odoo.addons.crm_mail_plugin.controllers.second_generation import SecondGeneration
from odoo.addons.crm_mail_plugin.tools import params

TICKET_ROWS = 100


class MailPluginController(SecondGeneration):
    """Tickets in what the add-ins are told about a contact, and made of e-mails.

    The names of this addon, its window action and its route are those that the published add-ins
    ask for.
    """

    @http.route(
        "/mail_plugin/ticket/create",
        type="jsonrpc",
        auth="outlook",
        cors="*",
        addin_params={
            "partner_id": params.identifier,
            "email_body": params.html,
            "email_subject": params.subject,
            **params.EMAIL,
            **params.SENDER,
        },
    )
    def ticket_create(
        self, partner_id: int | None = None, email_body: str = "", email_subject: str = "", **kwargs
    ) -> dict:
        """Make a ticket of an e-mail, or return the one that was made of it.

        :param partner_id: the sender's contact; the second add-ins may send ``partner_email``
            and ``partner_name`` instead
        :param email_body: HTML
        :param email_subject: subject
        :param kwargs: attachments, and what else is known of the e-mail
        :return: ticket_id, or what the second add-ins read
        """
        partner = get_sender(partner_id, text=email_body, **kwargs)
        sent = {"subject": email_subject, "email_from": partner.email_formatted, **kwargs}
        email = read_email(email_body, **sent)
        ticket = request.env["helpdesk.ticket"].mail_plugin_get_or_create(partner, email)
        if serves_second_generation():
            return ticket.mail_plugin_row() | sender_values(partner)
        return {"ticket_id": ticket.id}

    def _get_contact_data(self, partner):
        """Extend `mail_plugin`: with the tickets, where the user may create one."""
        contact_data = super()._get_contact_data(partner)
        if not self._can_create_tickets():
            return contact_data
        contact_data |= {"tickets": [], "ticket_count": 0}
        if partner:
            contact_data |= self._get_tickets(partner)
        return contact_data

    def _get_tickets(self, partner):
        tickets = request.env["helpdesk.ticket"]
        found, count = tickets.mail_plugin_found_of(partner, "", TICKET_ROWS)
        rows = [
            {"ticket_id": ticket.id, "name": ticket.name, "is_closed": ticket.closed}
            for ticket in found
        ]
        return {"tickets": rows, "ticket_count": count}

    def _mail_content_logging_models_whitelist(self):
        models = super()._mail_content_logging_models_whitelist()
        return [*models, "helpdesk.ticket"] if self._can_create_tickets() else models

    def _translation_modules_whitelist(self):
        modules = super()._translation_modules_whitelist()
        return [*modules, "helpdesk_mail_plugin"] if self._can_create_tickets() else modules

    def _can_create_tickets(self):
        return request.env["helpdesk.ticket"].has_access("create")

    # === SECOND GENERATION === #

    def _searchable_models(self):
        models = super()._searchable_models()
        return [*models, "helpdesk.ticket"] if self._can_create_tickets() else models

    def _section_models(self):
        models = super()._section_models()
        return {**models, "ticket": "helpdesk.ticket"} if self._can_create_tickets() else models
