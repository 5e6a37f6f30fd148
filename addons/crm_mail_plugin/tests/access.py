"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                   staff miner enrich seller head officer billing sender admin
mail.plugin.claim       -     -     -      -      -    -       -       -      -
mail.plugin.code        -     -     -      -      -    -       -       -      -
mail.plugin.connection  r     r     r      r      r    r       r       r      r
mail.plugin.guide       rwc   rwc   rwc    rwc    rwc  rwc     rwc     rwc    rwc
mail.plugin.log         -     -     -      -      -    -       -       -      -
mail.plugin.rate        -     -     -      -      -    -       -       -      -
"""

MENUS = """
menu                         staff miner enrich seller head officer billing sender admin
mail_plugin_connection_menu  -     -     -      -      -    -       -       -      x
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "res.config.settings": (
        "mail_plugin_address_limit mail_plugin_enabled mail_plugin_enrichment "
        "mail_plugin_generation mail_plugin_redirects mail_plugin_token_days "
        "mail_plugin_token_limit"
    ),
    "res.users": "mail_plugin_connection_ids",
}

#: Fields that must be given.
NEEDED = {
    "mail.plugin.claim": "key taken_at",
    "mail.plugin.code": "made_at nonce",
    "mail.plugin.connection": "key_id name user_id",
    "mail.plugin.log": "email_key message_id",
    "mail.plugin.rate": "hits key minute",
}

#: Fields that a copy does not take along.
LEFT: dict[str, str] = {}

#: Methods that clients may call.
CALLS = {
    "mail.plugin.connection": "action_revoke",
    "mail.plugin.guide": "action_check",
}

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/mail_client_extension/auth": "GET:user:website",
    "/mail_client_extension/auth/access_token": "POST|OPTIONS:none:readonly:anywhere",
    "/mail_client_extension/auth/confirm": "POST:user",
    "/mail_client_extension/lead/create_from_partner": "GET:user",
    "/mail_client_extension/lead/get_by_partner_id": "any:outlook:anywhere",
    "/mail_client_extension/lead/open": "any:user",
    "/mail_client_extension/log_single_mail_content": "any:outlook:anywhere",
    "/mail_client_extension/partner/create": "any:outlook:anywhere",
    "/mail_client_extension/partner/get": "any:outlook:anywhere",
    "/mail_plugin/auth": "GET:user:website",
    "/mail_plugin/auth/access_token": "POST|OPTIONS:none:readonly:anywhere",
    "/mail_plugin/auth/check": "POST:none:readonly",
    "/mail_plugin/auth/check_version": "POST|OPTIONS:none:readonly:anywhere",
    "/mail_plugin/auth/confirm": "POST:user",
    "/mail_plugin/auth/logout": "any:outlook:anywhere",
    "/mail_plugin/get_translations": "any:outlook:anywhere",
    "/mail_plugin/lead/create": "any:outlook:anywhere",
    "/mail_plugin/log_mail_content": "any:outlook:anywhere",
    "/mail_plugin/partner/create": "any:outlook:anywhere",
    "/mail_plugin/partner/enrich_and_create_company": "any:outlook:anywhere",
    "/mail_plugin/partner/enrich_and_update_company": "any:outlook:anywhere",
    "/mail_plugin/partner/get": "any:outlook:anywhere",
    "/mail_plugin/partner/search": "any:outlook:anywhere",
    "/mail_plugin/redirect_to_record/<string:model>": "GET:user",
    "/mail_plugin/search_records/<string:model>": "any:outlook:anywhere",
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "mail.plugin.connection": "user_id",
    "mail.plugin.log": "email_key",
}

#: Fields that are computed for everybody from what only some may read.
TOLD_ALL = {
    "mail.plugin.connection": "expiration_date",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "mail.plugin.claim": "_gc_claims",
    "mail.plugin.code": "_gc_codes",
    "mail.plugin.rate": "_gc_rates",
}

#: What is in force before anybody sets it, and the bounds of numbers.
SETTINGS = {
    "crm_mail_plugin": (
        "address_limit=60[0..2147483647] enabled=True enrichment=request generation=1 redirects= "
        "token_days=90[1..36500] token_limit=300[0..2147483647]"
    ),
}
