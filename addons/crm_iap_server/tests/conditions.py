"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: Of what stands under a condition: what is seen of an empty record, can be changed, is needed.
EMPTY = {
    "crm_iap_server.iap_server_bill_view_form": "company_id:edit month:edit partner_id:edit",
    "crm_iap_server.iap_server_client_view_form": "company_id:edit uuid:edit web_ribbon",
    "crm_iap_server.iap_server_provider_view_form": "company_id:edit web_ribbon",
    "crm_iap_server.res_config_settings_view_form_iap_server": (
        "iap_server_credit_signal:need iap_server_other_services:need iap_server_registration:need"
    ),
}

#: Buttons that open a list, and by what its lines are of the record.
OPENS = {
    "iap.server.client": "action_view_answers:client_id",
    "iap.server.provider": "action_view_entries:document_model,document_id",
}
