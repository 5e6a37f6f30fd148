# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Helpdesk Mail Plugin",
    "summary": "Tickets of e-mails from the Gmail and Outlook add-ins",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "AGPL-3",
    "depends": ["crm_mail_plugin", "helpdesk_mgmt"],
    "data": ["views/helpdesk_ticket_views.xml"],
    "auto_install": True,
}
