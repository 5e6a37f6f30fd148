"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                       staff miner enrich seller head officer billing sender admin
mail.plugin.google.request  -     -     -      -      -    -       -       -      r
mail.plugin.google.setup    -     -     -      -      -    -       -       -      rwcu
mail.plugin.google.trace    -     -     -      -      -    -       -       -      -
"""

MENUS = """
menu                             staff miner enrich seller head officer billing sender admin
mail_plugin_google_request_menu  -     -     -      -      -    -       -       -      x
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {"mail.plugin.google.setup": "client_id service_account"}

#: Fields by which rows of a large table are found at once.
QUICK = {"mail.plugin.google.request": "user_id"}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {"mail.plugin.google.request": "_gc_requests"}

#: What is in force before anybody sets it.
SETTINGS = {"crm_mail_plugin_google": "base_url= client_id= service_account="}

#: Fields that must be given.
NEEDED = {
    "mail.plugin.google.request": "email sub user_id",
    "mail.plugin.google.trace": "happened_at kind",
}

#: Methods that clients may call.
CALLS = {
    "mail.plugin.google.request": "action_approve action_refuse",
    "mail.plugin.google.setup": "action_check action_save",
}

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/gmail_addon": "POST:none:unchecked:sessionless",
    "/gmail_addon/compose": "POST:none:unchecked:sessionless",
    "/gmail_addon/connect": "GET:user:unlisted",
    "/gmail_addon/connect/done": "POST:user:unlisted",
}
