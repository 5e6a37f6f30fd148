{
    "name": "CRM Mail Recipients: Invoices",
    "summary": "The recipient policy on invoices",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_mail_recipients", "account"],
    "pre_init_hook": "pre_init_hook",
    "data": ["views/account_move_views.xml", "wizards/account_move_send_wizard_views.xml"],
    "auto_install": True,
}
