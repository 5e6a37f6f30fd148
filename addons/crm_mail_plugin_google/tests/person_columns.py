"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

EXCEPTED = {
    "of users of this database, who manage it themselves": {
        "mail.plugin.connection": "google_sub google_email",
        "mail.plugin.google.request": "email sub",
    },
    "of what Google has signed for an add-on": {
        "mail.plugin.google.trace": "kind reason told",
    },
}
