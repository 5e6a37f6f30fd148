{
    "name": "IAP Credits",
    "summary": "Credit accounts kept by this database: an append-only ledger with holds, "
    "captures and refunds.",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["iap_crm"],
    "data": [
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "data/iap_service_data.xml",
        "data/ir_cron.xml",
        "wizards/iap_credit_move_views.xml",
        "views/iap_credit_entry_views.xml",
        "views/iap_credit_hold_views.xml",
        "views/iap_account_views.xml",
        "views/iap_service_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
