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
