"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

EXCEPTED = {
    "data about companies, which come in through the gate": {
        "lead.enrichment": "domain registry_id identity_key overwritten",
    },
    "keys and states of the work itself": {
        "lead.enrichment": "batch run_key hold_token lease_token",
    },
}
