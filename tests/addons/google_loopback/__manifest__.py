{
    "name": "Google on Loopback",
    "summary": "Has Google asked where a test answers",
    "version": "19.0.1.0.0",
    "author": "Open CRM Services",
    "category": "Hidden",
    "license": "LGPL-3",
    "depends": ["crm_mail_plugin_google"],
}
