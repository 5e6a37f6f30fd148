"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                staff miner enrich seller head officer billing sender admin
iap.server.answer    -     -     -      -      -    -       r       -      r
iap.server.client    -     -     -      -      -    -       rwc     -      rwc
iap.server.delivery  -     -     -      -      -    -       -       -      -
iap.server.gid       -     -     -      -      -    -       -       -      -
iap.server.token     -     -     -      -      -    -       r       -      r
"""

MENUS = """
menu                    staff miner enrich seller head officer billing sender admin
iap_server_answer_menu  -     -     -      -      -    -       x       -      x
iap_server_client_menu  -     -     -      -      -    -       x       -      x
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "iap.server.client": (
        "active blocked company_id credit_signal monthly_limit name own_price partner_id "
        "price_enrichment price_lead uuid"
    ),
    "res.config.settings": (
        "iap_server_answer_days iap_server_credit_signal iap_server_other_services "
        "iap_server_rate iap_server_registration iap_server_trial_credits"
    ),
}

#: Fields that must be given.
NEEDED = {
    "iap.server.answer": "client_id company_id key kind state",
    "iap.server.client": "account_id company_id credit_signal name uuid",
    "iap.server.delivery": "client_id key paid_at",
    "iap.server.gid": "gid identity",
    "iap.server.token": "client_id key",
}

#: Fields that a copy does not take along.
LEFT = {
    "iap.server.answer": "state",
    "iap.server.client": ("account_id alert_emails blocked last_seen_at open_until uuid version"),
}

#: Methods that clients may call.
CALLS = {
    "iap.server.client": "action_take_tokens action_view_account action_view_answers",
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
    "/iap/1/balance": "POST:none:readonly:unchecked:sessionless",
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
    "iap.server.client": (
        "active blocked monthly_limit name own_price partner_id price_enrichment price_lead"
    ),
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "iap.server.answer": "client_id company_id",
    "iap.server.client": "account_id company_id partner_id",
    "iap.server.delivery": "paid_at",
    "iap.server.token": "client_id",
}

#: Computed fields that stay as they are while a record is open.
FIXED = {"iap.server.client": "server_url setup_script"}

#: Fields that are computed for everybody from what only some may read.
TOLD_ALL = {
    "iap.server.client": "answer_count credits_available failed_count spent",
}

#: Fields that take nothing of another company.
SAME_COMPANY = {"iap.server.client": "partner_id"}

#: What a new record starts with.
STARTS = {
    "iap.server.answer": "state=running",
    "iap.server.client": "active=True credit_signal=auto price_enrichment=1 price_lead=1",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "iap.server.answer": "_gc_companies",
    "iap.server.delivery": "_gc_deliveries",
}

#: What is in force before anybody sets it, and the bounds of numbers.
SETTINGS = {
    "crm_iap_server": (
        "answer_days=30[0..36500] credit_signal=auto keep_days=400[1..36500] "
        "lease_seconds=120[1..2147483647] max_new=60[1..2147483647] "
        "other_services=refuse rate=60[1..2147483647] "
        "registration=invitation retry_hours=24[1..8760] trial_credits=0[0..1000000000]"
    ),
}
