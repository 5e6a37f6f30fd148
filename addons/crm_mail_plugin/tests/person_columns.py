"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

EXCEPTED = {
    "random, or a digest, or an id of a message": {
        "mail.plugin.code": "nonce",
        "mail.plugin.log": "email_key",
    },
    "of users of this database, who manage it themselves": {
        "mail.plugin.connection": "name origin last_address device",
        "mail.plugin.rate": "key",
    },
}
