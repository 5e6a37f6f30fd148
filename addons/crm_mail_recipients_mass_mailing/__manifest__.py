{
    "name": "CRM Mail Recipients: Mailings",
    "summary": "Mailings to CRM cards under the recipient policy",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_mail_recipients", "mass_mailing"],
    "data": ["views/mailing_mailing_views.xml"],
    "auto_install": True,
}
