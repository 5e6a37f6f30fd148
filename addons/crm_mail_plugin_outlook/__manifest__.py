{
    "name": "CRM Mail Plugin: Outlook",
    "summary": "An Outlook add-in that this Odoo serves itself",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "application": True,
    "depends": ["crm_mail_plugin"],
    "data": [
        "wizards/mail_plugin_guide_views.xml",
        "views/outlook_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_unit_tests": [
            "crm_mail_plugin_outlook/static/src/pane/*.js",
            ("remove", "crm_mail_plugin_outlook/static/src/pane/main.js"),
            ("remove", "crm_mail_plugin_outlook/static/src/pane/signed_in.js"),
            ("remove", "crm_mail_plugin_outlook/static/src/pane/too_old.js"),
            "crm_mail_plugin_outlook/static/tests/**/*",
        ],
    },
}
