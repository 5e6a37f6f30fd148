"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                staff miner enrich seller head officer billing sender admin
iap.credit.deferral  -     -     -      -      -    -       -       -      -
"""

MENUS = """
menu                      staff miner enrich seller head officer billing sender admin
iap_credit_deferral_menu  -     -     -      -      -    -       -       -      -
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "res.company": (
        "credit_deferral_account_id credit_deferral_journal_id credit_result_account_id "
        "invoices_credits"
    ),
    "res.config.settings": (
        "credit_deferral_account_id credit_deferral_journal_id credit_result_account_id "
        "invoices_credits"
    ),
}

#: Fields that must be given.
NEEDED = {
    "iap.credit.deferral": "account_id company_id month",
}

#: Fields that a copy does not take along.
LEFT = {
    "iap.credit.deferral": "move_id",
    "iap.credit.order": "invoice_id is_tax_free tax_ids",
}

#: Methods that clients may call.
CALLS = {
    "iap.credit.order": "action_create_invoice",
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "iap.credit.deferral": "company_id move_id",
    "iap.credit.order": "invoice_id",
}
