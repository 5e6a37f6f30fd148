{
    "name": "IAP Server",
    "summary": "Other Odoo databases get lead mining, enrichment, company suggestions and credits "
    "from this one, with nothing installed there",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "application": True,
    "depends": ["crm_lead_mining_partner_autocomplete"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "views/iap_server_answer_views.xml",
        "views/iap_server_client_views.xml",
        "views/other_service_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
}
