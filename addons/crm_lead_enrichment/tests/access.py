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
