"""Who may do what here: see `crm_common/tests/test_access.py`."""

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/mail_plugin/ticket/create": "any:outlook:anywhere",
}
