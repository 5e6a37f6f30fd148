{
    "name": "CRM Mail Recipients: Gmail",
    "summary": "The recipient policy on drafts in Gmail",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_mail_plugin_google", "crm_mail_recipients"],
    "auto_install": True,
}
