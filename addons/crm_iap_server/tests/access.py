"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                staff miner enrich seller head officer billing sender admin
iap.server.answer    -     -     -      -      -    -       r       -      r
iap.server.bill      -     -     -      -      -    -       rwcu    -      rwcu
iap.server.bill.line  -    -     -      -      -    -       r       -      r
iap.server.client    -     -     -      -      -    -       rwc     -      rwc
iap.server.delivery  -     -     -      -      -    -       -       -      -
iap.server.gid       -     -     -      -      -    -       -       -      -
iap.server.provider  -     -     -      -      -    -       rwc     -      rwc
iap.server.rate      -     -     -      -      -    -       -       -      -
iap.server.token     -     -     -      -      -    -       r       -      r
"""

MENUS = """
menu                    staff miner enrich seller head officer billing sender admin
iap_server_answer_menu  -     -     -      -      -    -       x       -      x
iap_server_bill_menu    -     -     -      -      -    -       x       -      x
iap_server_client_menu  -     -     -      -      -    -       x       -      x
iap_server_provider_menu  -   -     -      -      -    -       x       -      x
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "iap.server.bill": "company_id month partner_id price",
    "iap.server.client": (
        "active blocked company_id credit_signal monthly_limit name own_price partner_id "
        "price_enrichment price_lead uuid"
    ),
    "iap.server.provider": "active company_id hold_days name service_name takes_test_tokens",
    "res.config.settings": (
        "iap_server_answer_days iap_server_credit_signal iap_server_other_services "
        "iap_server_rate iap_server_registration iap_server_trial_credits"
    ),
}

#: Fields that must be given.
NEEDED = {
    "iap.server.answer": "client_id company_id key kind state",
    "iap.server.bill": "company_id month partner_id",
    "iap.server.bill.line": "bill_id client_id service",
    "iap.server.client": "account_id company_id credit_signal name uuid",
    "iap.server.delivery": "client_id key paid_at",
    "iap.server.gid": "gid identity",
    "iap.server.provider": "company_id name service_name",
    "iap.server.rate": "asked minute subject",
    "iap.server.token": "client_id key",
}

#: Fields that a copy does not take along.
LEFT = {
    "iap.server.answer": "state",
    "iap.server.bill": "billed_partner_id",
    "iap.server.client": ("account_id alert_emails blocked last_seen_at open_until uuid version"),
    "iap.server.provider": "key_hash key_made_at",
}

#: Methods that clients may call.
CALLS = {
    "iap.server.bill": "action_print",
    "iap.server.client": "action_take_tokens action_view_account action_view_answers",
    "iap.server.provider": "action_make_key action_view_entries",
}

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/api/dnb/1/<string:action>": "POST:none:readonly:unchecked:sessionless",
    "/api/dnb/1/enrich_by_domain": "POST:none:unchecked:sessionless",
    "/api/dnb/1/enrich_by_duns": "POST:none:unchecked:sessionless",
    "/api/dnb/1/enrich_by_gst": "POST:none:unchecked:sessionless",
    "/api/dnb/1/search_by_criteria": "POST:none:unchecked:sessionless",
    "/api/dnb/1/search_by_name": "POST:none:readonly:unchecked:sessionless",
    "/api/dnb/1/search_by_vat": "POST:none:readonly:unchecked:sessionless",
    "/iap/1/authorize": "POST:none:unchecked:sessionless",
    "/iap/1/balance": "POST:none:readonly:unchecked:sessionless",
    "/iap/1/cancel": "POST:none:unchecked:sessionless",
    "/iap/1/capture": "POST:none:unchecked:sessionless",
    "/iap/1/check": "POST:none:unchecked:sessionless",
    "/iap/1/get-accounts-information": "POST:none:readonly:unchecked:sessionless",
    "/iap/1/update-auto-refill-payment-methods": "GET:public:website:unlisted",
    "/iap/1/update-auto-refill-settings": "POST:none:readonly:unchecked:sessionless",
    "/iap/1/update-warning-email-alerts": "POST:none:unchecked:sessionless",
    "/iap/clearbit/1/lead_enrichment_email": "POST:none:unchecked:sessionless",
    "/iap/clearbit/1/lead_mining_request": "POST:none:unchecked:sessionless",
    "/iap/clearbit/1/reveal": "POST:none:readonly:unchecked:sessionless",
    "/iap/clearbit/2/lead_mining_request": "POST:none:unchecked:sessionless",
    "/iap/partner_autocomplete/enrich": "POST:none:unchecked:sessionless",
    "/iap/partner_autocomplete/search": "POST:none:unchecked:sessionless",
    "/iap/partner_autocomplete/search_vat": "POST:none:unchecked:sessionless",
    "/iap/partner_autocomplete/update": "POST:none:readonly:unchecked:sessionless",
    "/iap/services-token": "POST:none:readonly:unchecked:sessionless",
    "/iap/update-warning-odoo": "POST:none:unchecked:sessionless",
}

#: Fields whose changes are told.
TRACKED = {
    "iap.server.bill": "price",
    "iap.server.client": (
        "active blocked monthly_limit name own_price partner_id price_enrichment price_lead"
    ),
    "iap.server.provider": "active hold_days name service_name takes_test_tokens",
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "iap.server.bill": "company_id partner_id",
    "iap.server.bill.line": "bill_id client_id",
    "iap.server.answer": "client_id company_id",
    "iap.server.client": "account_id company_id partner_id",
    "iap.server.delivery": "paid_at",
    "iap.server.provider": "company_id",
    "iap.server.token": "client_id",
}

#: Computed fields that lists are found, sorted and grouped by.
STORED = {"iap.server.bill": "billed_credits credits"}

#: Computed fields that stay as they are while a record is open.
FIXED = {
    "iap.server.client": "server_url setup_script",
    "iap.server.provider": "spent",
}

#: Fields that are computed for everybody from what only some may read.
TOLD_ALL = {
    "iap.server.client": "answer_count credits_available credits_held failed_count spent",
    "iap.server.provider": "spent",
}

#: Fields that take nothing of another company.
SAME_COMPANY = {
    "iap.server.bill": "partner_id",
    "iap.server.client": "partner_id",
}

#: What a new record starts with.
STARTS = {
    "iap.server.answer": "state=running",
    "iap.server.client": "active=True credit_signal=auto price_enrichment=1 price_lead=1",
    "iap.server.provider": "active=True hold_days=180",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "iap.server.answer": "_gc_companies",
    "iap.server.delivery": "_gc_deliveries",
    "iap.server.rate": "_gc_rates",
}

#: What is in force before anybody sets it, and the bounds of numbers.
SETTINGS = {
    "crm_iap_server": (
        "answer_days=30[0..36500] credit_signal=auto free_rate=600[1..2147483647] "
        "keep_days=400[1..36500] lease_seconds=120[1..2147483647] max_new=60[1..2147483647] "
        "other_services=refuse rate=60[1..2147483647] "
        "registration=invitation retry_hours=24[1..8760] stranger_rate=300[1..2147483647] "
        "trial_credits=0[0..1000000000]"
    ),
}
