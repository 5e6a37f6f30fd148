{
    "name": "Lead Mining instead of IAP Enrichment",
    "summary": "Where both are installed, Odoo's own lead enrichment gives way",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_lead_enrichment", "crm_iap_enrich"],
    "data": ["views/crm_lead_views.xml"],
    "auto_install": True,
}
