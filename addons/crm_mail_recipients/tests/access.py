"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                        staff miner enrich seller head officer billing sender admin
mail.recipient.address       rwcu  rwcu  rwcu   rwcu   rwcu rwcu    rwcu    rwcu   rwcu
mail.recipient.log           -     -     -      -      -    -       -       r      r
mail.recipient.model         -     -     -      -      -    -       -       rwcu   rwcu
mail.recipient.registration  -     -     -      -      -    -       -       r      r
mail.recipient.settings      -     -     -      -      -    -       -       rwcu   rwcu
"""

MENUS = """
menu                          staff miner enrich seller head officer billing sender admin
mail_recipient_log_menu       -     -     -      -      -    -       -       -      x
mail_recipient_menu           -     -     -      -      -    -       -       -      x
mail_recipient_model_menu     -     -     -      -      -    -       -       -      x
mail_recipient_settings_menu  -     -     -      -      -    -       -       -      x
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "account.move": "recipient_company_id",
    "crm.lead": "recipient_address_ids recipient_company_id",
    "mail.compose.message": "recipient_bcc_choices recipient_cc_choices recipient_choices",
    "mail.message": "recipient_copies recipient_map",
    "mail.recipient.address": "email label lead_id partner_id sequence",
    "mail.recipient.model": "active field_ids model_id",
    "mail.recipient.settings": (
        "recipient_any_address recipient_log_days recipient_policy recipient_unknown"
    ),
    "mail.scheduled.message": (
        "recipient_bcc_choices recipient_cc_choices recipient_choices recipient_chosen"
    ),
    "res.company": "recipient_any_address recipient_log_days recipient_policy recipient_unknown",
    "res.config.settings": (
        "recipient_any_address recipient_log_days recipient_policy recipient_unknown"
    ),
    "res.partner": "recipient_address_ids",
    "sale.order": "recipient_company_id",
}

#: Fields that must be given.
NEEDED = {
    "mail.recipient.address": "email",
    "mail.recipient.model": "model_id",
    "mail.recipient.registration": "email_key",
    "mail.recipient.settings": "company_id recipient_unknown",
    "res.company": "recipient_unknown",
}

#: Fields that a copy does not take along.
LEFT = {
    "mail.mail": "recipient_origin_id recipient_origin_model",
    "mail.message": "recipient_copies recipient_map",
    "mail.scheduled.message": "recipient_chosen",
}

#: Methods that clients may call.
CALLS = {
    "mail.recipient.settings": "action_apply",
}

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/crm_mail_recipients/accept": "POST:user",
    "/crm_mail_recipients/envelope": "POST:user",
    "/mail/partner/from_email": "POST:user",
    "/mail/thread/recipients/get_suggested_recipients": "POST:user",
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "account.move": "recipient_company_id",
    "crm.lead": "recipient_company_id",
    "mail.recipient.address": "email_key lead_id partner_id",
    "mail.recipient.log": "company_id email_key message_id res_model",
    "sale.order": "recipient_company_id",
}

#: Computed fields by which lists are found, sorted and grouped.
STORED = {
    "mail.compose.message": "recipient_cc_choices recipient_choices",
    "mail.recipient.address": "email_key has_bounced",
    "sale.order": "recipient_company_id",
}

#: Computed fields that stay as they are while a record is open.
FIXED = {
    "account.move": "is_recipient_policed",
    "crm.lead": "is_recipient_policed recipient_search",
    "mail.compose.message": "recipient_has_cc",
    "res.partner": "is_recipient_policed",
    "sale.order": "is_recipient_policed",
}

#: What a new record starts with.
STARTS = {
    "mail.recipient.address": "sequence=10",
    "mail.recipient.model": "active=True",
    "mail.recipient.settings": "recipient_unknown=lead",
    "res.company": "recipient_log_days=365 recipient_unknown=lead",
}

#: Lines that a copy takes along.
TAKEN = {
    "crm.lead": "recipient_address_ids",
    "res.partner": "recipient_address_ids",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "mail.recipient.log": "_gc_old_lines",
}
