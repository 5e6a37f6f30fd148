{
    "name": "Lead Mining instead of IAP Mining",
    "summary": "Where both are installed, the button and menu of Odoo's own lead mining give way",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_lead_mining", "crm_iap_mine"],
    "data": ["views/crm_lead_views.xml", "views/res_config_settings_views.xml"],
    "auto_install": True,
}
