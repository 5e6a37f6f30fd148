"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

EXCEPTED = {
    "who sent, from which record and by which way": {
        "mail.mail": "recipient_origin_model",
        "mail.recipient.log": "user_name res_model path",
    },
    "whom an exchanged e-mail went to: correspondence stays": {
        "mail.message": "recipient_copies recipient_map",
        "mail.scheduled.message": "recipient_chosen",
    },
}
