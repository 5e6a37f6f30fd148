{
    "name": "Lead Mining for Partner Autocomplete",
    "summary": "Suggestions and company data for contacts come from the providers of Lead Mining",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_lead_directory", "crm_lead_enrichment", "partner_autocomplete"],
    "auto_install": True,
}
