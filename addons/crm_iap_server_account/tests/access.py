"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = ""

MENUS = ""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED: dict[str, str] = {}

#: Fields that must be given.
NEEDED: dict[str, str] = {}

#: Fields that a copy does not take along.
LEFT = {
    "iap.server.bill": "invoice_id",
}

#: Methods that clients may call.
CALLS = {
    "iap.server.bill": "action_create_invoice",
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "iap.server.bill": "invoice_id",
}
