"""Who may do what here: see `crm_common/tests/test_access.py`."""

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/mail_plugin/project/create": "any:outlook:anywhere",
    "/mail_plugin/project/search": "any:outlook:anywhere",
    "/mail_plugin/task/create": "any:outlook:anywhere",
}
