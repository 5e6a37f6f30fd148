"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = ""

MENUS = ""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED: dict[str, str] = {}

#: Fields that must be given.
NEEDED: dict[str, str] = {}

#: Fields that a copy does not take along.
LEFT = {
    "lead.mining.request": "iap_request_id",
}

#: Methods that clients may call.
CALLS = {
    "res.config.settings": "action_take_over_iap_requests",
}

#: Computed fields that stay as they are while a record is open.
FIXED = {
    "res.config.settings": "lead_mining_iap_requests_left",
}
