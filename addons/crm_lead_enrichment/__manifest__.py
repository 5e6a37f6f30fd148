{
    "name": "Lead Enrichment",
    "summary": "Fill leads and companies with data that providers know of them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_lead_mining"],
    "data": [
        "security/lead_enrichment_security.xml",
        "security/ir.model.access.csv",
        "data/lead_enrichment_data.xml",
        "views/lead_enrichment_templates.xml",
        "views/lead_enrichment_views.xml",
        "views/res_config_settings_views.xml",
        "wizards/lead_enrichment_wizard_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_lead_enrichment/static/src/**/*"],
        "web.assets_unit_tests": ["crm_lead_enrichment/static/tests/**/*"],
    },
    "auto_install": True,
}
