{
    "name": "Lead Mining: Invented Companies",
    "summary": "Try Lead Mining without a key, a file or a network",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_lead_mining"],
    "data": ["data/lead_mining_provider_data.xml"],
    "uninstall_hook": "uninstall_hook",
}
