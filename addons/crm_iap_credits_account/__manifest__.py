{
    "name": "IAP Credits: Invoices",
    "summary": "Invoices of bought credits",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["account_payment", "crm_iap_credits"],
    "data": ["views/iap_credit_order_views.xml", "views/res_config_settings_views.xml"],
    "pre_init_hook": "pre_init_hook",
    "auto_install": True,
}
