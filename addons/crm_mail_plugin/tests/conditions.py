"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: Of what stands under a condition: what is seen of an empty record, can be changed, is needed.
EMPTY = {
    "crm_mail_plugin.mail_plugin_guide_view_form": ".div",
    "crm_mail_plugin.res_config_settings_view_form": (
        "mail_plugin_enrichment:need mail_plugin_generation:need"
    ),
}
