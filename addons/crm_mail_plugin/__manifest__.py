{
    "name": "CRM Mail Plugin",
    "summary": "Contacts, leads and logged e-mails from the Gmail and Outlook add-ins",
    # Above the version of the stock addon of this name, so that an upgrade runs our migration.
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "application": True,
    "depends": ["crm", "crm_common", "mail_plugin"],
    "external_dependencies": {"python": ["urllib3"]},
    "data": [
        "security/ir.model.access.csv",
        "security/mail_plugin_security.xml",
        "views/crm_lead_views.xml",
        "wizards/mail_plugin_guide_views.xml",
        "views/mail_plugin_connection_views.xml",
        "views/mail_plugin_login_templates.xml",
        "views/res_config_settings_views.xml",
        "views/res_users_views.xml",
    ],
    "auto_install": ["crm", "mail_plugin"],
}
