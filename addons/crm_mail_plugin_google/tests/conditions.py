"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: Of what stands under a condition: what is seen of an empty record, can be changed, is needed.
EMPTY = {
    "crm_mail_plugin_google.mail_plugin_google_setup_view_form": ".div .div",
}
