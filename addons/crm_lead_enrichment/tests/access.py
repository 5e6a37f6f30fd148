"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                   staff miner enrich seller head officer billing sender admin
lead.enrichment         -     -     r      r      r    -       -       -      -
lead.enrichment.wizard  -     -     rwcu   rwcu   rwcu -       -       -      -
"""

MENUS = """
menu                  staff miner enrich seller head officer billing sender admin
lead_enrichment_menu  -     -     -      -      x    -       -       -      -
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "crm.lead": "company_logo",
    "lead.enrichment.wizard": (
        "fill overwrite_address overwrite_logo overwrite_name overwrite_profile overwrite_reach"
    ),
    "res.config.settings": (
        "lead_enrichment lead_enrichment_cache_days lead_enrichment_lanes "
        "lead_enrichment_mode lead_enrichment_price lead_enrichment_retry_days"
    ),
}

#: Fields that must be given.
NEEDED = {
    "lead.enrichment": "company_id identity_key origin state user_id",
    "lead.enrichment.wizard": "fill res_ids res_model",
}

#: Fields that a copy does not take along.
LEFT = {
    "lead.enrichment": "state unconnected_at",
}

#: Methods that clients may call.
CALLS = {
    "lead.enrichment": "action_buy_credits action_open_record action_retry",
    "lead.enrichment.mixin": "action_enrich action_open_enrichment action_view_enrichments",
    "lead.enrichment.wizard": "action_enrich",
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "lead.enrichment": "batch company_id state",
}

#: Computed fields that stay as they are while a record is open.
FIXED = {
    "crm.lead": "enrichment_buy_url enrichment_message enrichment_state",
    "res.partner": "enrichment_buy_url enrichment_message enrichment_state",
}

#: Fields that are computed for everybody from what only some may read.
TOLD_ALL = {
    "crm.lead": "can_enrich enrichment_buy_url enrichment_message enrichment_state",
    "res.partner": "can_enrich enrichment_buy_url enrichment_message enrichment_state",
}

#: What a new record starts with.
STARTS = {
    "lead.enrichment": "hold_number=1 origin=user state=queued",
    "lead.enrichment.wizard": "fill=empty overwrite_profile=True",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "lead.enrichment": "_gc_answers _gc_changes",
}

#: What is in force before anybody sets it, and the bounds of numbers.
SETTINGS = {
    "crm_lead_enrichment": (
        "cache_days=30[0..36500] lease_seconds=300[0..2147483647] mode=manual "
        "price=1[0..2147483647] retry_days=30[0..36500]"
    ),
}
