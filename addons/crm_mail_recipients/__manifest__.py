{
    "name": "CRM Mail Recipients",
    "summary": "E-mail from a CRM card reaches only the addresses registered on it",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm"],
    "data": [],
    "external_dependencies": {"python": ["idna"]},
    "installable": True,
}
