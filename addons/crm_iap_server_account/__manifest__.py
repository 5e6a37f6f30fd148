{
    "name": "IAP Server: Invoices",
    "summary": "One invoice for all client databases of a customer",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_iap_credits_account", "crm_iap_server"],
    "data": ["views/iap_server_bill_views.xml"],
    "pre_init_hook": "pre_init_hook",
    "auto_install": True,
}
