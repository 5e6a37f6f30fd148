"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

EXCEPTED = {
    "names and identities of databases": {
        "iap.server.client": "name uuid version",
        "iap.server.provider": "name",
    },
    "whom a client's own administrators have named to be warned, and change there": {
        "iap.server.client": "alert_emails",
    },
    "hashes and names of services": {
        "iap.server.bill.line": "service",
        "iap.server.token": "key service_name",
        "iap.server.provider": "key_hash service_name",
        "iap.server.rate": "subject",
    },
    "keys and states of the work itself": {
        "iap.server.answer": "key problem lease_transaction",
    },
    "what identifies companies": {
        "iap.server.delivery": "key",
        "iap.server.gid": "identity",
    },
}
