"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: Of what stands under a condition: what is seen of an empty record, can be changed, is needed.
EMPTY = {
    "crm_iap_credits.iap_credit_budget_view_form": "web_ribbon",
    "crm_iap_credits.iap_credit_pack_view_form": "web_ribbon",
    "crm_iap_credits.iap_credit_proof_view_form": ".div",
    "crm_iap_credits.iap_credit_refund_view_form": ".div",
    "crm_iap_credits.iap_credit_transfer_view_form": ".div",
}

#: What only a group sees.
ONLY_FOR = {
    "crm_iap_credits.iap_account_view_form": (
        ".button:base.group_system .button:crm_iap_credits.group_billing_administrator "
        ".button:crm_iap_credits.group_billing_administrator "
        ".button:crm_iap_credits.group_billing_administrator "
        "action_view_credit_orders:crm_iap_credits.group_billing_administrator"
    ),
    "crm_iap_credits.iap_account_view_form_limits": (
        "account_token_source:base.group_system action_rotate_token:base.group_system "
        "statement_partner_ids:crm_iap_credits.group_billing_administrator"
    ),
    "crm_iap_credits.iap_credit_consumption_view_search": (
        "without_cost:sales_team.group_sale_manager,crm_iap_credits.group_billing_administrator"
    ),
    "crm_iap_credits.iap_credit_entry_view_form": (
        "allocation_ids:sales_team.group_sale_manager,crm_iap_credits.group_billing_administrator "
        "idempotency_key:base.group_no_one"
    ),
    "crm_iap_credits.iap_service_view_list": "technical_name:base.group_no_one",
}

#: Buttons that open a list, and by what its lines are of the record.
OPENS = {
    "iap.account": (
        "action_view_credit_orders:account_id action_view_entries:account_id "
        "action_view_holds:account_id"
    ),
    "iap.credit.order": "action_view_entries:document_model,document_id",
}
