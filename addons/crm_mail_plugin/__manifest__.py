{
    "name": "CRM Mail Plugin",
    "summary": "Contacts, leads and logged e-mails from the Gmail and Outlook add-ins",
    # Above the version of the stock addon of this name, so that an upgrade runs our migration.
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm", "mail_plugin"],
    "data": [
        "views/crm_lead_views.xml",
    ],
    "auto_install": True,
}
