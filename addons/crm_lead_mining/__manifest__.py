{
    "name": "Lead Mining",
    "summary": "Find companies and their contacts, and get them as leads",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm", "iap"],
    "external_dependencies": {"python": ["idna"]},
    "data": [],
    "installable": True,
}
