{
    "name": "IAP Credits",
    "summary": "Credit accounts kept by this database: an append-only ledger with holds, "
    "captures and refunds.",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["iap_crm"],
    "installable": True,
    "uninstall_hook": "uninstall_hook",
}
