{
    "name": "CRM Mail Plugin: Tasks",
    "summary": "Tasks of e-mails with their pictures and files, made and logged once",
    "version": "19.0.1.0.0",
    "category": "Services/Project",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["crm_mail_plugin", "project_mail_plugin"],
    "pre_init_hook": "pre_init_hook",
    "auto_install": True,
}
