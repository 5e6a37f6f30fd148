"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: What only a group sees.
ONLY_FOR = {
    "crm_iap_server_account.iap_server_bill_view_form": (
        "action_create_invoice:account.group_account_invoice "
        "invoice_id:account.group_account_invoice,account.group_account_readonly"
    ),
}
