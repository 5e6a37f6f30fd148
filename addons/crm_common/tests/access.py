"""Who may do what here: see `test_access.py`."""

MODELS = MENUS = ""
FILLED = {}
NEEDED = {}
LEFT = {}

#: Methods that clients may call.
CALLS = {
    "first.steps": "dismiss get_steps",
    "res.config.settings": "action_install_missing_glue",
}
