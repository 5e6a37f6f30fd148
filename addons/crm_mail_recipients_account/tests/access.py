"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = ""

MENUS = ""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "account.move.send.wizard": "recipient_choices",
}

#: Fields that must be given.
NEEDED: dict[str, str] = {}

#: Fields that a copy does not take along.
LEFT: dict[str, str] = {}

#: Methods that clients may call.
CALLS: dict[str, str] = {}

#: Computed fields by which lists are found, sorted and grouped.
STORED = {
    "account.move.send.wizard": "recipient_choices",
}
