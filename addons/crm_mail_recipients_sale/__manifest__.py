{
    "name": "CRM Mail Recipients: Quotations",
    "summary": "The recipient policy on quotations and sales orders",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_mail_recipients", "sale"],
    "pre_init_hook": "pre_init_hook",
    "data": ["views/sale_order_views.xml"],
    "auto_install": True,
}
